"""Names with every awkward character go through every output, as they stand."""

import csv
import json
import unicodedata

import numpy as np
import pytest

from app.cli import main
from app.drawing import new_figure
from tests.media.clips import write_clip

NAMES = {
    "dollar": "a $x^2$ and $ 5",
    "underscore and percent": "50%_of_{all}",
    "markup": "<b>&amp;</b> \"quoted\" 'too'",
    "backslash": r"\alpha\begin",
    "cjk": "喜び_기쁨_喜悦",
    "right to left": "سعادة_שמחה",
    "combining": unicodedata.normalize("NFD", "é_ñ_ü"),
    "emoji": "face 😀",
    "formula": "=1+1",
    "long": "n" * 200,
}


@pytest.fixture(params=NAMES.values(), ids=NAMES)
def name(request):
    return request.param


def test_figures_draw_it(name, tmp_path):
    figure = new_figure(figsize=(3, 2))
    axes = figure.add_subplot()
    axes.set_title(name)
    axes.plot([0, 1], label=name)
    axes.legend()
    for ending in ("png", "svg", "pdf"):
        figure.savefig(tmp_path / f"a.{ending}")
        assert (tmp_path / f"a.{ending}").stat().st_size > 500


def test_a_clip_of_this_name_is_analysed(name, tmp_path, capsys):
    if "/" in name or "\\" in name:
        name = name.replace("/", "_").replace("\\", "_")
    clip = write_clip(tmp_path / f"{name}.mp4", 6)
    assert main(["analyze", str(clip), "--out", str(tmp_path / "out"), "--device", "cpu"]) == 0
    assert f"{name}.mp4" in capsys.readouterr().out
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert [entry["path"] for entry in summary["clips"]] == [str(clip)]
    assert (tmp_path / "out" / f"{name}.png").stat().st_size > 5000


def test_raters_emotions_and_clips_of_this_name_are_reported(name, tmp_path, capsys):
    ratings = tmp_path / "ratings.csv"
    scores = np.random.default_rng(2).integers(0, 6, (12, 2, 3))
    with ratings.open("w", newline="", encoding="utf-8") as file:
        sheet = csv.writer(file)
        sheet.writerow(["clip", "condition", "rater", "emotion", "score"])
        for clip in range(12):
            for number, condition in enumerate(("face_only", "full_context")):
                for rater in range(3):
                    sheet.writerow([f"{name}{clip}", condition, f"{name}{rater}", name, scores[clip, number, rater]])
    out = tmp_path / "out"
    words = ["agreement", "--ratings", str(ratings), "--json", str(out / "a.json"), "--html", str(out / "a.html")]
    assert main([*words, "--csv", str(out / "tables"), "--bootstrap", "20"]) == 0
    found = json.loads((out / "a.json").read_text("utf-8"))
    assert list(found["conditions"]["face_only"]["emotions"]) == [name]
    page = (out / "a.html").read_text("utf-8")
    assert "<b>&amp;</b>" not in page
    tables = [path.read_text("utf-8") for path in (out / "tables").glob("*.csv")]
    assert any(name in row for text in tables for line in csv.reader(text.splitlines()) for row in line)
