"""What is mistyped on the command line is refused by the command that it belongs to, with what may be meant."""

import pytest

from app.cli import build_parser, main
from app.domain.study import check_study
from app.domain.study_defaults import default_study
from app.errors import UserError


@pytest.mark.parametrize(
    ("words", "usage", "said"),
    [
        (["exprot"], "usage: affectograph [", "(did you mean export?)"),
        (["study", "asign"], "usage: affectograph study [", "(did you mean assign?)"),
        (
            ["fuse", "--project", "p", "--weigths", "1"],
            "usage: affectograph fuse [",
            "(did you mean --weights?)",
        ),
        (["models", "info", "a", "b"], "usage: affectograph models info [", "unrecognized arguments: b\n"),
        (["fuse", "--project", "p", "--way", "stakcing"], "usage: affectograph fuse [", "(did you mean stacking?)"),
    ],
)
def test_a_slip_is_refused_with_the_usage_of_its_command(capsys, words, usage, said):
    with pytest.raises(SystemExit) as left:
        main(words)
    told = capsys.readouterr().err
    assert (left.value.code, told.startswith(usage), said in told) == (2, True, True), told


def test_a_model_in_another_case_is_meant(capsys):
    assert main(["models", "info", "Affectograph_face"]) == 1
    assert "no model called Affectograph_face (did you mean affectograph_face?)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "near"), [("Studie Ä 1", "Studie A 1"), ("Größe", "Grosse"), ("-first", "first"), ("研究", "")]
)
def test_a_name_of_a_study_is_refused_with_the_letters_that_it_may_have(name, near):
    with pytest.raises(UserError, match="letters from A to Z without accents") as refused:
        check_study(default_study(name))
    assert refused.value.todo == (f"Choose another name, such as {near}." if near else "Choose another name.")


WRITTEN = ["export", "--format", "eaf", "--out", "X"]


@pytest.mark.parametrize("said", [["--project", "P.affectograph"], ["--project=P.affectograph"], ["P.affectograph"]])
@pytest.mark.parametrize(
    "words", [["project", "info"], ["study", "show"], ["gaps"], ["fuse", "A", "B"], ["train", "--list"], WRITTEN]
)
def test_a_project_is_named_with_or_without_its_option(words, said):
    lines = [[*words, *said]]
    if words[0] in ("fuse", "train", "export"):
        lines.append([*words[:1], *said, *words[1:]])
    for line in lines:
        found = build_parser().parse_args(line)
        assert str(found.project) == "P.affectograph"
        assert getattr(found, "members", ["A", "B"]) == ["A", "B"]


def test_the_value_of_another_option_is_no_project():
    found = build_parser().parse_args([*WRITTEN[:-1], "X.affectograph", "--project", "P.affectograph"])
    assert (found.project.name, found.out.name) == ("P.affectograph", "X.affectograph")
    with pytest.raises(SystemExit):
        build_parser().parse_args([*WRITTEN[:-1], "X.affectograph"])
