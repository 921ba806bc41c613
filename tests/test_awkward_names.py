"""Names with every awkward character go through every output, as they stand."""

import csv
import html
import io
import json
import re
import sys
import unicodedata

import numpy as np
import pytest

import db.answers
import db.assignments
import db.clips
import db.items
import db.raters
import db.studies
from app.cli import main
from app.cli.streams import plain_output
from app.domain.answers import Answer, AnswerKey, Circumstances, Intensity
from app.domain.assignment import plan_study
from app.domain.path_text import one_line, visible
from app.domain.slots import Target
from app.domain.spreadsheet import SheetWriter, plain
from app.domain.study import Term
from app.domain.study_defaults import default_study
from app.drawing import new_figure
from app.interchange.study_file import read_study
from app.services.labels.export import export_labels
from app.services.labels.import_csv import import_labels
from app.services.projects.files import add_clips, create_project, open_project
from app.services.study.kits import make_kit
from app.services.study.owner import export_study
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
    "newline": "two\nlines",
    "apostrophe and comma": '\'=a, b;"c"',
    "control characters": "a\x1b[2J\x1b]0;title\x07b\x7f\x9b",
    "turned around": "a\u202egpj.4pm",
    "console markup": "[bold]a[/red] :dog: [link=x]",
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
    if name == "n" * 200:
        name = "n" * 251  # with the ending, the longest name that there can be
    clip = write_clip(tmp_path / f"{name}.mp4", 6)
    assert main(["analyze", str(clip), "--out", str(tmp_path / "out"), "--device", "cpu"]) == 0
    assert f"{one_line(name)}.mp4: 6 frames" in capsys.readouterr().out
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert [entry["path"] for entry in summary["clips"]] == [str(clip)]
    assert (tmp_path / "out" / f"{name}.png").stat().st_size > 5000


def test_raters_emotions_and_clips_of_this_name_are_reported(name, tmp_path, capsys):
    ratings = tmp_path / "ratings.csv"
    scores = np.random.default_rng(2).integers(0, 6, (12, 2, 3))
    with ratings.open("w", newline="", encoding="utf-8") as file:
        sheet = SheetWriter(file)
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
    assert " ".join(name.split()) in " ".join(html.unescape(re.sub("<[^>]*>", "", page)).split())
    cells = [plain(cell) for path in (out / "tables").glob("*.csv") for row in rows_of(path) for cell in row]
    assert name in cells
    latex = [cell for path in (out / "tables").glob("*.tex") for cell in cells_of(path)]
    assert " ".join(name.split("\n")) in latex


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


ESCAPED = {r"\textbackslash{}": "\\", r"\textasciitilde{}": "~", r"\textasciicircum{}": "^"}
ESCAPED |= {rf"\{sign}": sign for sign in "&%$#_{}"}


def cells_of(path):
    """The cells of a LaTeX table as people read them; a sign that LaTeX would take for its own raises an error."""
    found = []
    body = path.read_text("utf-8").partition(r"\midrule")[2].partition(r"\bottomrule")[0]
    for line in body.splitlines():
        for cell in line.removesuffix(r" \\").split(" & "):
            text, at = "", 0
            while at < len(cell):
                escape = next((one for one in ESCAPED if cell.startswith(one, at)), "")
                own = "" if escape or cell.startswith("$-$", at) else cell[at]
                assert own not in {"&", "%", "#", "_", "{", "}", "~", "^", "\\"}, cell
                text += ESCAPED.get(escape, cell[at])
                at += len(escape) or 1
            found.append(text)
    return found


def test_a_project_a_study_file_and_a_kit_keep_it(name, tmp_path, capsys):
    file_name = name.replace("/", "_").replace("\\", "_")[:60]
    clips = [write_clip(tmp_path / f"{file_name} {number}.mp4", 6 + number) for number in range(3)]
    code = " ".join(name.split())[:40]
    with create_project(tmp_path / "p.affectograph") as project:
        added, refused, _ = add_clips(project, clips, code)
        assert refused == []
        assert {clip.path.name for clip in added} == {clip.name for clip in clips}
        asked = (Term("asked", {"en": code}), Term("other"))
        study = default_study("faces").next_version(emotions=asked, categories=asked, min_distance=1, raters_per_cell=1)
        record = db.studies.save(project, study)
        items = db.items.every(project)
        db.studies.add_items(project, record.id, [item.id for item in items])
        rater = db.raters.add(project, code)
        db.studies.add_raters(project, record.id, [rater.id])
        for item in items:
            key = AnswerKey(record.id, rater.id, item.id, "full_context")
            answer = Answer({"asked": Intensity(3), "other": Intensity(0)}, category="asked", comment=name)
            db.answers.add_many(project, [db.answers.NewAnswer(key, answer, Circumstances(1, source="import"), 1.0)])
        export_study(project, "faces", tmp_path / "faces.toml")
        again = read_study(tmp_path / "faces.toml")
        assert [term.labels.get("en") for term in (again.emotions[0], again.categories[0])] == [code, code]
        export_labels(project, tmp_path / "labels", comments=True)
        targets = [Target(item.name, item.clip) for item in items]
        db.assignments.replace(project, record.id, plan_study(record.study, targets, (code,), 1))
        kit = make_kit(project, code, tmp_path / "kit")
    for column in ("rater", "subject"):
        rows = rows_of(tmp_path / "labels" / "intensities.csv")
        at = rows[0].index(column)
        assert {plain(row[at]) for row in rows[1:]} == {code}
    comments = rows_of(tmp_path / "labels" / "answers.csv")
    assert {plain(row[comments[0].index("comment")]) for row in comments[1:]} == {name}
    assert main(["project", "info", str(tmp_path / "p.affectograph")]) == 0
    listed = [line for line in capsys.readouterr().out.splitlines() if ", 6 frames" in line]
    assert [line.split(" 0.mp4")[0].strip() for line in listed] == [one_line(file_name).strip()]
    with open_project(tmp_path / "kit" / kit.name) as opened:
        assert not any(clip.missing for clip in db.clips.every(opened))
        assert db.raters.by_code(opened, code) is not None
    with create_project(tmp_path / "q.affectograph") as other:
        add_clips(other, clips)
        done = import_labels(other, [tmp_path / "labels"])
        assert (done.answers, done.refused) == (3, [])
        (said,) = {one.answer.comment for one in db.answers.every(other, db.studies.get(other, "faces").id)}
        assert said == name


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_a_terminal_of_any_encoding_prints_it(name, encoding, monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(raw, encoding=encoding))
    with plain_output():
        print(name)
        sys.stdout.flush()
    shown = raw.getvalue().decode(encoding).replace("\r\n", "\n")
    assert shown == visible(name).encode(encoding, "backslashreplace").decode(encoding) + "\n"
    assert not set(shown) & CONTROLS


CONTROLS = {chr(code) for code in (*range(32), *range(127, 160), 0x202E)} - {"\n", "\t"}
