"""The scale: where it is stated, what stands for it where it is not, and prevalence above its lowest point."""

import json

import numpy as np
import pytest

from app.agreement.report import agreement_report
from app.agreement.settings import AgreementSettings
from app.cli import main
from app.errors import UserError
from app.interchange.tidy_ratings import read_ratings


def write(path, low=0, high=5, head="score", above="", top=None):
    rng = np.random.default_rng(0)
    lines = [f"clip,condition,rater,emotion,{head}"]
    scores = rng.integers(low, (high if top is None else top) + 1, (30, 3))
    lines += [f"c{i},all,r{k},happy,{s}" for i, row in enumerate(scores) for k, s in enumerate(row)]
    path.write_text(above + "\n".join(lines) + "\n")
    return scores


@pytest.mark.parametrize(
    ("head", "above"), [("score [0:5]", ""), ("Score (0 to 5)", ""), ("score", "# scale: 0:5\n"), ("score", None)]
)
def test_a_file_can_state_its_scale(tmp_path, head, above):
    path = tmp_path / "r.csv"
    write(path, head=head, above=above or "", low=1, top=4)
    if above is None:
        (tmp_path / "dictionary.csv").write_text(
            "file,column,type,unit,values,required,meaning\nintensities.csv,score,integer,points,0 to 5,yes,intensity\n"
        )
    table = read_ratings(path)
    assert table.scale == (0, 5)
    report = agreement_report(table, None, AgreementSettings(replicates=0))
    assert report.emotions[0].prevalence.value == 1
    assert not any("scale" in w for w in report.warnings)


def test_an_export_says_its_scale_to_the_program_that_reads_it(tmp_path):
    from app.domain.study_defaults import default_study
    from app.interchange.data_dictionary import write_dictionary

    write(tmp_path / "intensities.csv")
    study = default_study("s", trace=False)
    write_dictionary(tmp_path / "dictionary.csv", [study])
    assert read_ratings(tmp_path / "intensities.csv").scale == (study.scale.low, study.scale.high)


@pytest.mark.parametrize(("low", "high"), [(1, 9), (-3, 3), (0, 5)])
def test_prevalence_is_above_the_lowest_point_of_any_scale(tmp_path, low, high):
    path = tmp_path / "r.csv"
    scores = write(path, low, high)
    report = agreement_report(read_ratings(path), None, AgreementSettings(replicates=0))
    assert report.emotions[0].prevalence.value == pytest.approx((scores > low).mean())
    said = next(w for w in report.warnings if "state no scale" in w)
    assert f"{low} to {high}" in said
    fixed = agreement_report(read_ratings(path), None, AgreementSettings(replicates=0, present=high))
    assert fixed.emotions[0].prevalence.value == pytest.approx((scores >= high).mean())
    assert f"ratings of {high} or more" in fixed.emotions[0].prevalence.estimator


def test_the_command_takes_a_scale_and_a_threshold(tmp_path, capsys):
    path = tmp_path / "r.csv"
    scores = write(path, 1, 4)
    words = ["agreement", "--ratings", str(path), "--json", str(tmp_path / "o.json")]
    assert main([*words, "--scale", "0:5"]) == 0
    cell = json.loads((tmp_path / "o.json").read_text())["conditions"]["all"]["emotions"]["happy"]
    assert cell["prevalence"] == 1
    assert "state no scale" not in capsys.readouterr().out
    assert main([*words, "--scale=-3:9", "--present", "3"]) == 0
    cell = json.loads((tmp_path / "o.json").read_text())["conditions"]["all"]["emotions"]["happy"]
    assert cell["prevalence"] == pytest.approx((scores >= 3).mean())
    assert main([*words, "--scale", "wide"]) == 1
    assert "is not a scale" in capsys.readouterr().err
    assert main([*words, "--scale", "0:3"]) == 1
    assert "outside the scale 0 to 3" in capsys.readouterr().err


def test_a_score_outside_the_stated_scale_is_refused(tmp_path):
    path = tmp_path / "r.csv"
    write(path, head="score [0:4]")
    with pytest.raises(UserError, match="outside the scale"):
        agreement_report(read_ratings(path), None, AgreementSettings(replicates=0))
