"""Numbers in cells: those with which nothing can be computed are refused where they stand."""

import warnings

import pytest

from app.cli import main
from app.interchange.cells import number


@pytest.mark.parametrize("text", ["1e308", "-1e308", "2,5e200", "1e51"])
def test_a_number_whose_square_is_none_is_refused(text):
    with pytest.raises(ValueError, match="too large for a score or a time"):
        number(text, comma=True)
    assert number("1e50") == 1e50


@pytest.mark.parametrize("score", ["1e+308", "-3e77"])
def test_ratings_that_overflow_are_a_sentence_with_line_and_column(tmp_path, capsys, score):
    ratings = tmp_path / "ratings.csv"
    rows = [f"c{clip},R{rater},joy,{clip + rater}" for clip in range(4) for rater in range(3)]
    ratings.write_text("\n".join(["clip,rater,emotion,score", *rows, f"c9,R1,joy,{score}"]) + "\n")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert main(["agreement", "--ratings", str(ratings), "--bootstrap", "0"]) == 1
    said = capsys.readouterr().err
    assert "line 14" in said
    assert "score" in said
    assert f"“{score}”, too large for a score or a time" in said
