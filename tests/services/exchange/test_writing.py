"""Labels written for other tools come back into another project as they were, or the report names the difference."""

import numpy as np
import pytest

import db.gold
import db.items
import db.raters
import db.studies
import db.traces
from app.cli import main
from app.cli.exchange import TOOLS as offered
from app.domain.project import TraceStart
from app.domain.traces import TraceSamples
from app.errors import UserError
from app.services.exchange.planning import plan_import
from app.services.exchange.store import store_plan
from app.services.exchange.writing import TOOLS, export_for
from app.services.labels.import_csv import import_labels
from app.services.labels.tables import load_project_ratings
from app.services.projects.files import add_clips
from db.project import Project

RATINGS = (
    "clip,rater,condition,emotion,score\nclip01.mp4,R01,full_context,happy,3\nclip01.mp4,R02,full_context,happy,5\n"
    "clip02.mp4,R01,face_only,happy,0\nclip02.mp4,R01,face_only,sad,2\n"
)
CHOICES = "clip,rater,condition,category\nclip01.mp4,R01,full_context,joy\nclip02.mp4,R02,face_only,anger\n"


@pytest.fixture
def filled(project, tmp_path):
    """Ratings and categories of two conditions, and traces at the clip's own ten frames a second."""
    for name, text in (("r.csv", RATINGS), ("c.csv", CHOICES)):
        (tmp_path / name).write_text(text)
    import_labels(project, [tmp_path / "r.csv", tmp_path / "c.csv"])
    items = {item.clip: item.id for item in db.items.every(project)}
    rng = np.random.default_rng(3)
    for code in ("R01", "R02"):
        rater = db.raters.add(project, code)
        for clip, frames in (("clip01.mp4", 51), ("clip02.mp4", 52)):
            times_s = np.arange(frames) / 10
            values = rng.uniform(-1, 1, (frames, 2)).astype(np.float32)
            values[3:5] = np.nan
            start = TraceStart(items[clip], rater.id, "full_context", True, "mouse")
            db.traces.add(project, start, TraceSamples(times_s, values, times_s, "mouse"))
    return project


@pytest.fixture
def other(tmp_path, clips):
    with Project.create(tmp_path / "other.affectograph") as made:
        add_clips(made, clips)
        yield made


def traces_of(project):
    """(clip, rater, dimension) → value by time in tenths of a second."""
    items = {item.id: item.clip for item in db.items.every(project)}
    found = {}
    for trace in db.traces.every(project):
        samples = db.traces.samples(project, trace.id)
        for axis, name in enumerate(("valence", "arousal")):
            known = np.isfinite(samples.values[:, axis])
            if known.any():
                at = dict(zip(np.round(samples.times_s[known] * 10), samples.values[known, axis], strict=True))
                assert np.abs(samples.times_s * 10 - np.round(samples.times_s * 10)).max() < 1e-5
                found[items[trace.item_id], trace.rater, name] = at
    return found


def judged(project):
    """Every answer as a line."""
    ratings = load_project_ratings(project)
    table, kinds = ratings.intensities, ratings.categories
    scores = {
        (table.items.names[i], table.condition.names[c], table.rater.names[r], table.emotion.names[e], s)
        for i, c, r, e, s in zip(
            table.item, table.condition.codes, table.rater.codes, table.emotion.codes, table.score, strict=True
        )
    }
    return scores, {
        (kinds.items.names[i], kinds.condition.names[c], kinds.rater.names[r], kinds.category.names[k])
        for i, c, r, k in zip(
            kinds.item, kinds.condition.codes, kinds.rater.codes, kinds.category.codes, strict=True
        )
    }  # fmt: skip


def bring(project, folder):
    plan = plan_import(project, [folder])
    assert not plan.refused
    return store_plan(project, plan, condition="full_context", study="imported")


@pytest.mark.parametrize("tool", ["nova", "carma", "darma", "muse"])
def test_traces_come_back(filled, other, tmp_path, tool):
    written = export_for(filled, tmp_path / "out", tool)
    assert [said for said in written.lost if "spaced" in said or "times" in said] == []
    assert any("intensities" in said for said in written.lost)
    bring(other, tmp_path / "out")
    assert traces_of(other) == traces_of(filled)


def test_lists_of_frames_come_back_as_gold_standards(filled, other, tmp_path):
    export_for(filled, tmp_path / "out", "aff-wild2")
    folder = tmp_path / "out" / "R01"
    bring(other, folder)
    again = export_for(other, tmp_path / "again", "aff-wild2")
    assert sorted(path.name for path in again.files) == ["clip01.txt", "clip02.txt"]
    for name in ("clip01.txt", "clip02.txt"):
        assert (tmp_path / "again" / "gold" / name).read_bytes() == (folder / name).read_bytes()
    want = {clip: at for (clip, rater, name), at in traces_of(filled).items() if rater == "R01" and name == "valence"}
    items = {item.id: item.clip for item in db.items.every(other)}
    got = {
        items[gold.item_id]: {
            tenth: value
            for tenth, value in zip(np.round(gold.times_s * 10), gold.values[:, 0], strict=True)
            if value == value
        }
        for gold in db.gold.every(other)
    }
    assert got == want


def test_ratings_come_back_by_elan(filled, other, tmp_path):
    written = export_for(filled, tmp_path / "out", "eaf")
    assert any(path.name.endswith("_tsconf.xml") for path in written.files)
    assert any("traces as linked series" in said for said in written.lost)
    documents = tmp_path / "eaf"
    documents.mkdir()
    for path in written.files:
        if path.suffix == ".eaf":
            path.rename(documents / path.name)
    bring(other, documents)
    assert judged(other) == judged(filled)


def test_wide_tables_hold_every_score(filled, tmp_path):
    written = export_for(filled, tmp_path / "out", "wide")
    happy = (tmp_path / "out" / "happy_full_context.csv").read_text().splitlines()
    assert happy == ["item,R01,R02", "clip01.mp4,3,5"]
    assert {path.name for path in written.files} == {
        "happy_full_context.csv", "happy_face_only.csv", "sad_face_only.csv",
    }  # fmt: skip


def test_nothing_to_write_is_refused(project, tmp_path):
    for tool in TOOLS:
        with pytest.raises(UserError, match="nothing to write"):
            export_for(project, tmp_path / "out", tool)


def test_the_command_offers_every_format():
    assert offered == TOOLS


def test_the_command_writes_and_says_what_is_lost(filled, tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["export", "--project", str(filled.path), "--format", "nova", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "16 files" in said
    assert "note: Not written for NOVA: 4 intensities." in said
    (out / "clip01.valence.R01.annotation").write_text("mine")
    assert main(["export", "--project", str(filled.path), "--format", "nova", "--out", str(out)]) == 1
    assert (out / "clip01.valence.R01.annotation").read_text() == "mine"
