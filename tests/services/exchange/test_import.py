"""Labels of other tools in a project: the plan, the store, the undo; nothing by halves."""

import sqlite3

import numpy as np
import pytest

import db.answers
import db.gold
import db.items
import db.notes
import db.raters
import db.studies
import db.traces
from app.cli import main
from app.domain.study_defaults import default_study
from app.domain.trace_rules import counting
from app.errors import UserError
from app.services.exchange.mapping import Mapping, Rule, read_mapping
from app.services.exchange.planning import plan_import
from app.services.exchange.store import last_import, store_plan, undo_import
from app.services.labels.import_csv import import_labels, storing
from app.services.labels.label_files import read_label_file
from app.services.labels.tables import load_project_ratings
from app.services.study.setup import store_new_study
from tests.interchange.readers.examples import CARMA, TEXTS, write_all
from tests.interchange.readers.mutations import mutated

NAMES = Mapping(
    (Rule("clip", "*", "clip01.mp4"), Rule("scale", "pagan*", "-10:10"), Rule("emotion", "w.csv", "joy"))
)  # fmt: skip


def bring(project, paths, mapping=None):
    plan = plan_import(project, paths, mapping)
    return plan, store_plan(project, plan, condition="full_context", study="imported")


def rows(path):
    """Every row of every table but the log of changes, as the file holds them."""
    with sqlite3.connect(path) as file:
        names = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        # The words that answers point to are kept, and so is the log.
        return {
            name: file.execute(f'SELECT * FROM "{name}"').fetchall() for name in names if name not in ("audit", "term")
        }


def test_carma_becomes_a_trace_of_the_rater_in_the_file_s_name(project, tmp_path):
    (tmp_path / "R7.csv").write_text(CARMA)
    plan, done = bring(project, [tmp_path / "R7.csv"])
    assert done.traces == 1
    (line,) = plan.lines
    assert (line.clip, line.rater, line.dimension, line.scale, line.problem) == (
        "clip01.mp4", "R7", "valence", "-100 to 100", "",
    )  # fmt: skip
    (trace,) = counting(db.traces.every(project))
    assert (trace.rater, trace.dimensions, trace.device, trace.blinded) == ("R7", "valence", "imported", True)
    assert trace.note == "Imported from R7.csv (CARMA)."
    samples = db.traces.samples(project, trace.id)
    np.testing.assert_allclose(samples.times_s, [0, 1, 2, 3])
    np.testing.assert_allclose(samples.values[:, 0], [0.105, -0.2, np.nan, np.nan], atol=1e-6)
    assert np.isnan(samples.values[:, 1]).all()
    assert len(load_project_ratings(project).traces) == 1


def test_importing_twice_changes_nothing(project, tmp_path):
    (tmp_path / "R7.csv").write_text(CARMA)
    bring(project, [tmp_path / "R7.csv"])
    _, done = bring(project, [tmp_path / "R7.csv"])
    assert (done.traces, done.known) == (0, 1)


def test_two_dimensions_of_one_file_are_one_trace_and_of_two_files_two(project, tmp_path):
    (tmp_path / "R1.csv").write_text(TEXTS["darma"][1])
    for name in ("valence", "arousal"):
        (tmp_path / f"{name}_clip02.csv").write_text("timestamp,A1\n0,0.5\n1,0.25\n")
    bring(project, [tmp_path])
    found = {(trace.rater, trace.dimensions) for trace in db.traces.every(project)}
    assert found == {("R1", "both"), ("A1", "valence"), ("A1", "arousal")}


def test_fused_traces_become_gold_standards(project, tmp_path):
    (tmp_path / "arousal_clip01.csv").write_text(TEXTS["muse-fused"][1])
    frames = "".join("0.5,0.25\n" if n else "-5,-5\n" for n in range(52))
    (tmp_path / "clip02.txt").write_text("valence,arousal\n" + frames)
    _, done = bring(project, [tmp_path])
    assert done.standards == 2
    golds = {gold.name: gold for gold in db.gold.every(project)}
    fused, frames = golds["MuSe (fused)"], golds["Aff-Wild2 (valence and arousal)"]
    np.testing.assert_allclose(fused.times_s, [0, 0.5, 1])
    assert np.isnan(fused.values[:, 0]).all()
    assert len(frames.times_s) == 52
    np.testing.assert_allclose(frames.times_s[:3], [0, 0.1, 0.2], atol=1e-6)
    assert np.isnan(frames.values[0]).all()
    assert not db.traces.every(project)
    _, again = bring(project, [tmp_path])
    assert (again.standards, again.known) == (0, 2)


def test_wide_ratings_and_choices_become_answers(project, tmp_path):
    (tmp_path / "w.csv").write_text("Clip,R01,R02,R03\nclip01.mp4,1,2,3\nclip02.mp4,5,,4\nother.mp4,1,1,1\n")
    (tmp_path / "ls.json").write_text(TEXTS["label-studio"][1])
    mapping = Mapping((Rule("emotion", "w.csv", "joy"),))
    plan, done = bring(project, [tmp_path], mapping)
    assert done.answers == 7
    assert any("clips that the project lacks" in note for note in plan.notes)
    ratings = load_project_ratings(project)
    assert len(ratings.intensities.score) == 7
    assert len(ratings.categories.item) == 1


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("x.csv", "0,0.5\n1,0.25\n", "does not state which clip it belongs to"),
        ("clip01.csv", "0,0.5\n1,0.25\n", "its dimension is not named"),
        ("clip01_valence.csv", "0,0.5\n1,7\n", "its scale is not known"),
        ("clip01_valence.csv", "0,0.5\n100,0.7\n", "lies outside clip01.mp4"),
        ("valence.csv", CARMA.replace("clip01.mp4", "gone.mp4"), "the project has no clip gone.mp4"),
        ("clip02.txt", "valence,arousal\n0,0\n0,0\n", "clip02.mp4 has 52 frames"),
    ],
)  # fmt: skip
def test_what_cannot_be_told_stays_out_with_its_reason(project, tmp_path, name, text, problem):
    (tmp_path / name).write_text(text)
    before = rows(project.path)
    plan = plan_import(project, [tmp_path / name])
    assert plan.empty
    assert all(problem in line.problem for line in plan.lines)
    with pytest.raises(UserError, match="None of the files"):
        store_plan(project, plan, condition="full_context", study="imported")
    assert rows(project.path) == before


def test_the_table_says_what_names_mean(project, tmp_path):
    (tmp_path / "x.csv").write_text("0,5\n1,10\n")
    table = tmp_path / "map.csv"
    table.write_text("what,from,to\nclip,x.csv,clip02\nrater,x*,R5\ndimension,x.csv,arousal\nscale,x.csv,0:10\n")
    plan, _ = bring(project, [tmp_path / "x.csv"], read_mapping(table))
    (line,) = plan.lines
    assert (line.clip, line.rater, line.dimension, line.scale) == ("clip02.mp4", "R5", "arousal", "0 to 10")
    (trace,) = db.traces.every(project)
    np.testing.assert_allclose(db.traces.samples(project, trace.id).values[:, 1], [0, 1])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("what,from\nclip,a\n", "no column to"),
        ("what,from,to\nfilm,a,b\n", "line 2: “film” is none of clip, rater"),
        ("what,from,to\nclip,a,\n", "line 2: from or to is empty"),
        ("what,from,to\ndimension,a,joy\n", "a dimension is valence or arousal"),
        ("what,from,to\nscale,a,wide\n", "“wide” is not a scale"),
    ],
)
def test_a_table_that_means_nothing_is_refused_by_line(tmp_path, text, said):
    (tmp_path / "map.csv").write_text(text)
    with pytest.raises(UserError, match=said):
        read_mapping(tmp_path / "map.csv")


def test_a_scale_that_runs_the_other_way_is_turned(project, tmp_path):
    text = (
        CARMA.replace("very negative", "x")
        .replace("very positive", "very negative")
        .replace("Label,x", "Label,positive")
    )
    (tmp_path / "R7.csv").write_text(text)
    bring(project, [tmp_path / "R7.csv"])
    (trace,) = db.traces.every(project)
    np.testing.assert_allclose(db.traces.samples(project, trace.id).values[:2, 0], [-0.105, 0.2], atol=1e-6)


def test_undo_leaves_the_project_as_it_was(project, tmp_path):
    (tmp_path / "first.csv").write_text("clip,rater,emotion,score\nclip01.mp4,R01,joy,1\n")
    import_labels(project, [tmp_path / "first.csv"])
    before = rows(project.path)
    folder = tmp_path / "in"
    write_all(folder)
    (folder / "more.csv").write_text("clip,rater,emotion,score\nclip01.mp4,R01,joy,3\nclip02.mp4,R09,fear,5\n")
    plan, done = bring(project, [folder], NAMES)
    assert done.traces > 5
    assert done.answers > 3
    assert done.standards > 0
    assert rows(project.path) != before
    taken = undo_import(project)
    assert taken.files == tuple(plan.files)
    assert rows(project.path) == before
    assert db.answers.every(project, db.studies.find(project, "imported").id)[0].answer.intensities["joy"].score == 1
    assert undo_import(project).files == ("first.csv",)
    assert not db.raters.every(project)
    assert not db.studies.every(project)
    assert last_import(project) is None
    with pytest.raises(UserError, match="no import to take back"):
        undo_import(project)


def test_an_import_of_what_is_there_already_is_nothing_to_take_back(project, tmp_path):
    (tmp_path / "first.csv").write_text("clip,rater,emotion,score\nclip01.mp4,R01,joy,1\n")
    first = import_labels(project, [tmp_path / "first.csv"])
    assert last_import(project) == first.record
    again = import_labels(project, [tmp_path / "first.csv"])
    assert (again.known, again.record) == (1, None)
    _, third = bring(project, [tmp_path / "first.csv"])
    assert (third.known, third.record) == (1, None)
    assert last_import(project) == first.record


SLIPS = "clip,rater,condition,emotion,score\nclip01.mp4,R01,full_context,happy,3\nclip01.mp4,R2,faceonly,hapy,55\n"
LACKS = (
    "it lacks the emotion hapy (did you mean happy?) and the condition faceonly (did you mean face_only?); the scores "
    "of the rows go beyond its scale of 0 to 5: 55 (clip01.mp4, rater R2, hapy)"
)


def test_rows_that_do_not_fit_the_study_that_they_name_are_refused_and_widen_it_only_if_asked(
    project, tmp_path, capsys
):
    study = store_new_study(project, default_study("emotions")).study
    (tmp_path / "x.csv").write_text(SLIPS)
    before = rows(project.path)
    words = ["ratings", "import", str(project.path), str(tmp_path / "x.csv"), "--study", "emotions"]
    assert main(words) == 1
    said = capsys.readouterr()
    assert (said.out, LACKS in said.err, "accept all of it with --widen" in said.err) == ("", True, True)
    assert rows(project.path) == before
    with pytest.raises(UserError, match="hapy"):
        storing(project, [read_label_file(tmp_path / "x.csv")], "emotions")
    assert main([*words, "--widen"]) == 0
    told = capsys.readouterr().out
    assert "Study emotions was widened by the emotion hapy (did you mean happy?) and the condition faceonly" in told
    assert (
        "The scale of study emotions was widened from 0 to 5 to 0 to 55 by the score 55 (clip01.mp4, rater R2" in told
    )
    assert db.studies.get(project, "emotions").study.scale.high == 55
    assert main(["import", "--undo", "--project", str(project.path)]) == 0
    assert rows(project.path) == before
    assert db.studies.get(project, "emotions").study == study


def test_a_column_study_names_its_study_too_and_the_study_imported_grows(project, tmp_path):
    store_new_study(project, default_study("emotions"))
    (tmp_path / "x.csv").write_text("study,clip,rater,category\nemotions,clip01.mp4,R01,gladd\n")
    with pytest.raises(UserError, match=r"x\.csv: .* lacks the category gladd"):
        import_labels(project, [tmp_path / "x.csv"])
    (tmp_path / "y.csv").write_text("clip,rater,category\nclip01.mp4,R01,happy\n")
    (tmp_path / "z.csv").write_text("clip,rater,category\nclip02.mp4,R01,hapy\n")
    assert import_labels(project, [tmp_path / "y.csv"]).notes == [
        "Rater R01 was added to the project.", "Study imported was made."
    ]  # fmt: skip
    assert any(
        "the category hapy (did you mean happy?)" in one for one in import_labels(project, [tmp_path / "z.csv"]).notes
    )


def test_a_study_and_raters_that_are_made_by_a_slip_are_told_with_who_may_be_meant(project, tmp_path):
    store_new_study(project, default_study("emotions"))
    db.raters.add(project, "R02")
    (tmp_path / "x.csv").write_text("clip,rater,emotion,score\nclip01.mp4,R2,happy,1\nclip01.mp4,R3,happy,1\n")
    done = import_labels(project, [tmp_path / "x.csv"], "emotoins")
    assert done.notes == [
        "Raters R2 (did you mean R02?) and R3 were added to the project.",
        "Study emotoins was made (did you mean emotions?).",
    ]


def test_the_plan_says_what_a_study_lacks_before_anything_is_stored(project, tmp_path, capsys):
    store_new_study(project, default_study("emotions"))
    (tmp_path / "x.csv").write_text(SLIPS)
    before = rows(project.path)
    words = ["import", str(tmp_path / "x.csv"), "--project", str(project.path), "--study", "emotions"]
    assert main([*words, "--dry-run"]) == 1
    assert f"note: The rows do not fit study emotions: {LACKS}." in capsys.readouterr().out
    assert main(words) == 1
    assert rows(project.path) == before
    assert main([*words, "--widen"]) == 0


@pytest.mark.parametrize(("times", "said"), [(1, "1 was there already."), (2, "2 were there already.")])
def test_what_was_there_already_is_told_in_grammar(project, tmp_path, capsys, times, said):
    lines = "".join(f"clip0{i + 1}.mp4,R01,joy,1\n" for i in range(times))
    (tmp_path / "x.csv").write_text(f"clip,rater,emotion,score\n{lines}")
    words = ["ratings", "import", str(project.path), str(tmp_path / "x.csv")]
    assert main(words) == 0
    assert "there already" not in capsys.readouterr().out
    assert main(words) == 0
    assert capsys.readouterr().out == f"0 answers and 0 traces were imported. {said}\n"


def test_undo_is_refused_where_other_work_is_built_on_it(project, tmp_path):
    (tmp_path / "R7.csv").write_text(CARMA)
    bring(project, [tmp_path / "R7.csv"])
    (trace,) = db.traces.every(project)
    item = db.items.every(project)[0]
    db.gold.add(
        project, item.id, "trace", "mean", {}, [trace.uid], condition="full_context", times_s=np.zeros(1),
        values=np.zeros((1, 2), np.float32),
    )  # fmt: skip
    before = rows(project.path)
    with pytest.raises(UserError, match="other work of the project is built on it"):
        undo_import(project)
    assert rows(project.path) == before


def test_undo_is_refused_where_a_later_import_answers_in_its_study(project, tmp_path):
    (tmp_path / "a.csv").write_text("clip,rater,emotion,score\nclip01.mp4,R01,joy,1\n")
    bring(project, [tmp_path / "a.csv"])
    record = last_import(project)
    (tmp_path / "b.csv").write_text("clip,rater,emotion,score\nclip02.mp4,R01,joy,2\n")
    bring(project, [tmp_path / "b.csv"])
    before = rows(project.path)
    with pytest.raises(UserError, match="other work of the project is built on it"):
        undo_import(project, record)
    assert rows(project.path) == before
    undo_import(project)
    undo_import(project)
    assert not db.raters.every(project)


def test_what_fails_while_it_is_stored_stores_nothing(project, tmp_path, monkeypatch):
    (tmp_path / "R7.csv").write_text(CARMA)
    (tmp_path / "arousal_clip01.csv").write_text(TEXTS["muse-fused"][1])
    before = rows(project.path)
    plan = plan_import(project, [tmp_path])

    def full(*_args, **_more):
        raise UserError("The disk is full.", "Make room.")

    monkeypatch.setattr(db.gold, "add", full)
    with pytest.raises(UserError, match="disk is full"):
        store_plan(project, plan, condition="full_context", study="imported")
    assert rows(project.path) == before


def test_events_become_notes_on_their_clips(project, tmp_path):
    (tmp_path / "b.tsv").write_text(TEXTS["boris"][1])
    plan, done = bring(project, [tmp_path / "b.tsv"])
    assert done.events == 3
    assert all(line.kind == "events" and not line.problem for line in plan.lines)
    notes = [(clip, one.kind, one.start_s, one.end_s, one.category, one.text) for clip, one in db.notes.every(project)]
    assert notes == [
        ("clip01.mp4", "state", 1.5, 2.5, "smile", "(S1)"), ("clip01.mp4", "point", 3.0, None, "blink", "(S1)"),
        ("clip02.mp4", "state", 0.5, 0.75, "smile", "(S2)"),
    ]  # fmt: skip
    _, again = bring(project, [tmp_path / "b.tsv"])
    assert (again.events, again.known) == (0, 3)


def test_events_by_frame_and_outside_the_clip(project, tmp_path):
    lines = "".join(f"{int(10 <= n < 20)},0,0\n" for n in range(51))
    (tmp_path / "clip01.txt").write_text("AU1,AU2,AU4\n" + lines)
    bring(project, [tmp_path / "clip01.txt"])
    ((_, note),) = db.notes.every(project)
    assert (note.start_s, note.end_s) == (pytest.approx(1.0), pytest.approx(2.0))
    (tmp_path / "late.csv").write_text(TEXTS["datavyu"][1].replace("4000", "4000000"))
    plan = plan_import(project, [tmp_path / "late.csv"], NAMES)
    assert {bool(line.problem) for line in plan.lines} == {True, False}
    assert "lies outside clip01.mp4" in next(line.problem for line in plan.lines if line.problem)


@pytest.mark.slow
def test_mutated_files_are_imported_whole_or_not_at_all(project, tmp_path):
    paths = write_all(tmp_path / "in")
    (tmp_path / "x").mkdir()
    before = rows(project.path)
    stored = 0
    for seed, (kind, path) in enumerate(sorted(paths.items()) * 2):
        if kind.startswith("nova"):
            continue
        damaged = tmp_path / "x" / path.name
        damaged.write_bytes(mutated(path.read_bytes(), 1000 + seed))
        try:
            plan = plan_import(project, [damaged], NAMES)
            store_plan(project, plan, condition="full_context", study="imported")
        except UserError:
            assert rows(project.path) == before
        else:
            stored += 1
            undo_import(project)
            assert rows(project.path) == before
        damaged.unlink()
    assert stored > 3


def test_the_command_shows_stores_and_takes_back(project, tmp_path, capsys):
    (tmp_path / "R7.csv").write_text(CARMA)
    (tmp_path / "bad.csv").write_text("nothing that anybody knows\n")
    path = str(project.path)
    files = [str(tmp_path / "R7.csv"), str(tmp_path / "bad.csv")]
    before = rows(path)
    assert main(["import", *files, "--project", path, "--dry-run"]) == 1
    told = capsys.readouterr()
    assert "R7.csv (CARMA): trace of valence, 4 samples, rater R7, clip clip01.mp4" in told.out
    assert "bad.csv has no format that this program reads" in told.err
    assert rows(path) == before
    assert main(["import", *files, "--project", path]) == 1
    assert "0 answers and 1 trace were imported." in capsys.readouterr().out
    assert main(["import", "--undo", "--project", path]) == 0
    assert "The import of R7.csv was taken back." in capsys.readouterr().out
    assert rows(path) == before
