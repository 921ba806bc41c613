"""Files of others that ask for too much are a sentence, soon."""

import pytest

from app import toml_text
from app.domain.study_defaults import default_study
from app.errors import UserError
from app.interchange.sheet import open_sheet
from app.interchange.study_file import parse_study, study_text
from app.settings import Settings


@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 3000 + "]" * 3000, "a = " + "{ b = " * 3000 + "1" + " }" * 3000, "[" + ".".join("a" * 3000) + "]"],
    ids=["lists", "inline", "dotted"],
)
def test_deeply_nested_tables_are_a_sentence(text):
    with pytest.raises(UserError, match="not readable TOML"):
        parse_study(text)


def test_a_file_that_is_too_long_is_refused():
    with pytest.raises(ValueError, match="longer than"):
        toml_text.loads("#" * (toml_text.MAX_CHARACTERS + 1))


@pytest.mark.parametrize("name", ["passes", "raters_per_cell", "batch_size", "confidence_levels", "break_every"])
def test_a_study_that_asks_for_a_million_is_refused(name):
    lines = [line for line in study_text(default_study("faces")).splitlines() if not line.startswith(f"{name} =")]
    at = next(number for number, line in enumerate(lines) if line.startswith("name ="))
    text = "\n".join([*lines[:at], f"{name} = 1000000", *lines[at:]])
    with pytest.raises(UserError, match=f"{name} is 1000000"):
        parse_study(text)


def sheet(path):
    with open_sheet(path) as opened:
        return list(opened.rows)


def test_a_million_columns_are_refused(tmp_path):
    path = tmp_path / "wide.csv"
    path.write_text(",".join(f"c{i}" for i in range(1_000_000)) + "\n")
    with pytest.raises(UserError, match="1000000 columns"):
        sheet(path)


def test_an_endless_first_line_is_refused(tmp_path):
    path = tmp_path / "long.csv"
    path.write_text("x" * (1 << 25))
    with pytest.raises(UserError, match="a line that is too long"):
        sheet(path)


def test_zero_bytes_and_huge_cells_are_refused(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_bytes(b"rater,clip,emotion,score\nR1,a\0b,happy,3\n")
    with pytest.raises(UserError, match="zero byte"):
        sheet(path)
    path.write_text("rater,clip,emotion,score\nR1," + "x" * 1_000_000 + ",happy,3\n")
    with pytest.raises(UserError, match="cannot be read as CSV"):
        sheet(path)


@pytest.mark.parametrize("content", [b"[look\n", b"\xff\xfe\0", b"a = " + b"[" * 3000 + b"]" * 3000])
def test_broken_settings_are_kept_aside_and_told(tmp_path, content):
    path = tmp_path / "settings.toml"
    path.write_bytes(content)
    settings = Settings(path)
    assert "the defaults are used" in settings.note
    (aside,) = tmp_path.glob("settings-unreadable-*.toml")
    assert aside.read_bytes() == content
    assert str(aside) in settings.note
    assert Settings(path).note == ""
