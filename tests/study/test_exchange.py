"""Tidy CSV: exactly the agreed columns, and what is read back equals what was written."""

import csv
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import db.answers
import db.clips
import db.items
import db.raters
import db.studies
import db.traces
from app.domain.answers import Answer, AnswerKey, Circumstances, Intensity
from app.domain.project import TraceStart
from app.domain.study import Scale
from app.domain.traces import TraceSamples
from app.errors import UserError
from app.interchange import tidy
from app.interchange.label_sheet import Place
from app.interchange.tidy_ratings import read_categories, read_ratings
from app.services.labels.export import export_labels
from app.services.labels.import_csv import import_labels
from app.services.labels.tables import load_project_ratings
from app.services.study.session import AnnotateSession
from db.project import Project
from tests.study.helpers import SEEN, full_answer, make_study, media_info

INTENSITIES = (
    "study,item,clip,clip_sha256,subject,condition,rater,pass,emotion,score,missing_reason,answered_at,response_s"
)
CATEGORIES = "study,item,clip,clip_sha256,subject,condition,rater,pass,category,missing_reason,answered_at,response_s"
TRACES = "study,item,clip,clip_sha256,subject,condition,rater,pass,time_s,valence,arousal,monotonic_s,device"
ANSWERS = "study,item,clip,clip_sha256,subject,condition,rater,pass,confidence,comment,answered_at,response_s"
FILES = ("intensities.csv", "categories.csv", "answers.csv", "traces.csv", "raters.csv")


def filled(project, items):
    record = make_study(project, items)
    for code in ("R01", "R02"):
        with AnnotateSession(project, code) as session:
            for score in range(6):
                session.submit(full_answer(session.study, score=score), SEEN)
            session.skip("face_not_visible")
    rater = db.raters.by_code(project, "R01")
    for dimensions, axis in (("both", slice(None)), ("valence", slice(0, 1)), ("arousal", slice(1, 2))):
        values = np.full((5, 2), np.nan, np.float32)
        values[:, axis] = np.linspace(-1, 1, 5)[:, None] / 3
        samples = TraceSamples(np.arange(5) / 30, values, 1000 + np.arange(5) / 70, "gamepad")
        start = TraceStart(
            items[1].id, rater.id, "full_context", True, "gamepad", record.id, 1, pass_no=2, dimensions=dimensions
        )
        db.traces.add(project, start, samples)
    return record


def other_project(folder, items):
    """Another project with the same clips and no labels."""
    other = Project.create(folder / "other.affectograph")
    for item in items:
        db.clips.add(other, media_info(folder / "again" / item.clip), item.clip_sha256, subject=item.subject)
    return other


def texts(folder):
    return {name: (folder / name).read_text(encoding="utf-8") for name in FILES}


def test_columns_are_those_that_were_agreed(project, items, tmp_path):
    filled(project, items)
    done = export_labels(project, tmp_path / "out")
    heads = {name: text.splitlines()[0] for name, text in texts(tmp_path / "out").items()}
    assert heads["intensities.csv"] == INTENSITIES
    assert heads["categories.csv"] == CATEGORIES
    assert heads["answers.csv"] == ANSWERS
    assert heads["traces.csv"] == TRACES
    with (tmp_path / "out" / "presentations.csv").open(encoding="utf-8", newline="") as text:
        shown = list(csv.DictReader(text))
    heads["presentations.csv"] = ",".join(shown[0])
    assert {path.name: rows for path, rows in done.files.items()} == {
        "intensities.csv": 2 * 7 * 9, "categories.csv": 14, "answers.csv": 14, "traces.csv": 15, "raters.csv": 2,
        "presentations.csv": len(shown),
    }  # fmt: skip
    with (tmp_path / "out" / "dictionary.csv").open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    described = {(row["file"], row["column"]) for row in rows}
    assert described == {(name, column) for name, head in heads.items() for column in head.split(",")}
    assert all(row["meaning"] for row in rows)
    required = {row["column"] for row in rows if row["file"] == "intensities.csv" and row["required"] == "yes"}
    assert required == {"clip", "condition", "rater", "emotion", "score"}
    assert (tmp_path / "out" / "study_faces.toml").is_file()


def test_what_was_exported_comes_back_into_another_project(project, items, tmp_path):
    filled(project, items)
    export_labels(project, tmp_path / "a")
    with other_project(tmp_path, items) as other:
        result = import_labels(other, [tmp_path / "a"])
        assert (result.answers, result.traces, result.known, result.revised) == (14, 3, 0, 0)
        export_labels(other, tmp_path / "b")
        assert texts(tmp_path / "a") == texts(tmp_path / "b")
        again = import_labels(other, [tmp_path / "a"])
        assert (again.answers, again.traces, again.known) == (0, 0, 17)
        assert db.studies.get(other, "faces").study == db.studies.get(project, "faces").study


def test_nothing_of_a_raters_identity_is_exported(project, items, tmp_path):
    filled(project, items)
    rater = db.raters.by_code(project, "R01")
    db.raters.set_name(project, rater.id, "Ada Lovelace", "ada@example.org")
    db.raters.set_pin(project, rater.id, "1234")
    export_labels(project, tmp_path / "out")
    everything = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "out").iterdir())
    assert "Lovelace" not in everything
    assert "example.org" not in everything
    assert "scrypt" not in everything


def test_confidence_comes_back_and_comments_only_when_asked_for(project, items, tmp_path):
    record = make_study(project, items, raters=("R01",), min_distance=0)
    words = 'He says "no",\nand looks away – Ω'
    with AnnotateSession(project, "R01") as session:
        session.submit(full_answer(session.study, comment=words), SEEN)
        session.submit(full_answer(session.study), SEEN)
    export_labels(project, tmp_path / "shy")
    assert "looks away" not in "".join(texts(tmp_path / "shy").values())
    with (tmp_path / "shy" / "answers.csv").open(encoding="utf-8", newline="") as text:
        assert [(row["confidence"], row["comment"]) for row in csv.DictReader(text)] == [("4", "")] * 2
    export_labels(project, tmp_path / "open", comments=True)
    # What an export leaves out is not taken away by bringing it in again.
    assert import_labels(project, [tmp_path / "shy"]).known == 2
    with other_project(tmp_path, items) as other:
        assert import_labels(other, [tmp_path / "shy"]).answers == 2
        study_id = db.studies.get(other, "faces").id
        assert [(a.answer.confidence, a.answer.comment) for a in db.answers.every(other, study_id)] == [(4, "")] * 2
        assert import_labels(other, [tmp_path / "open" / "answers.csv"]).revised == 1
        again = import_labels(other, [tmp_path / "open"])
        assert (again.answers, again.known) == (0, 2)
        export_labels(other, tmp_path / "back", comments=True)
        assert texts(tmp_path / "back") == texts(tmp_path / "open")
        mine = {(a.key.condition, a.answer.comment) for a in db.answers.every(project, record.id)}
        assert {(a.key.condition, a.answer.comment) for a in db.answers.every(other, study_id)} == mine


def test_a_confidence_that_cannot_be_is_refused(project, items, tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text("clip,condition,rater,confidence\nclip0.mp4,full_context,A,0\n")
    with pytest.raises(UserError, match=r"answers\.csv, line 2: the confidence 0\.0 is not a whole number from 1"):
        import_labels(project, [path])
    path.write_text("clip,condition,rater,confidence\nclip0.mp4,full_context,A,7\n")
    assert import_labels(project, [path]).answers == 1
    record = db.studies.get(project, "imported")
    assert record.study.confidence_levels == 7
    (stored,) = db.answers.every(project, record.id)
    assert stored.answer.confidence == 7


def test_a_file_with_only_the_required_columns_fills_a_project(project, items, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(
        "clip;condition;rater;emotion;score\n"
        "clip0.mp4;full_context;A;happy;3\nclip0.mp4;full_context;A;sad;\nclip1.mp4;face_only;B;happy;0\n"
    )
    categories = tmp_path / "categories.csv"
    categories.write_text("clip,condition,rater,category\nclip0.mp4,full_context,A,happy\n")
    result = import_labels(project, [path, categories])
    assert result.answers == 2
    tables = load_project_ratings(project)
    scores = tables.intensities.score.tolist()
    assert sorted(scores, key=lambda x: (math.isnan(x), x))[:2] == [0.0, 3.0]
    assert math.isnan(sorted(scores, key=lambda x: (math.isnan(x), x))[2])
    assert tables.categories.category.names == ("happy",)
    record = db.studies.get(project, "imported")
    assert record.study.emotion_names == ("happy", "sad")
    assert {c.name: c.view for c in record.study.conditions} == {
        "face_only": "face_only", "full_context": "full_context",
    }  # fmt: skip


def test_one_kind_after_the_other_makes_one_answer(project, items, tmp_path):
    filled(project, items)
    export_labels(project, tmp_path / "a")
    with other_project(tmp_path, items) as other:
        import_labels(other, [tmp_path / "a" / "categories.csv"])
        result = import_labels(other, [tmp_path / "a" / "intensities.csv"])
        assert result.revised == 14
        import_labels(other, [tmp_path / "a" / "traces.csv"])
        assert import_labels(other, [tmp_path / "a" / "answers.csv"]).revised == 12  # two gave no confidence
        export_labels(other, tmp_path / "b")
        assert texts(tmp_path / "a") == texts(tmp_path / "b")


def test_a_changed_row_becomes_a_revision(project, items, tmp_path):
    record = filled(project, items)
    export_labels(project, tmp_path / "a")
    path = tmp_path / "a" / "intensities.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    place = next(i for i, line in enumerate(lines) if ",happy,3," in line)
    lines[place] = lines[place].replace(",happy,3,", ",happy,4,")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    result = import_labels(project, [path])
    assert (result.answers, result.revised, result.known) == (1, 1, 13)
    revised = [a for a in db.answers.every(project, record.id) if a.revision == 2]
    assert [a.answer.intensities["happy"].score for a in revised] == [4]
    old = db.answers.revisions(project, revised[0].key)[0]
    assert old.answer.intensities["happy"].score == 3
    assert revised[0].answer.confidence == old.answer.confidence


def test_unknown_clips_and_broken_files_change_nothing(project, items, tmp_path):
    record = filled(project, items)
    before = db.answers.uids(project, record.id)
    for name, text, match in (
        ("a.csv", "clip,condition,rater,emotion,score\nnowhere.mp4,c,A,happy,3\n", "no clip nowhere.mp4"),
        ("b.csv", "clip,condition,rater,emotion,score\nclip0.mp4,c,A,happy,3.5\n", "line 2.*not a whole number"),
        ("c.csv", "clip,condition,rater,emotion,score\nclip0.mp4,c,,happy,3\n", "line 2: the rater is empty"),
        (
            "d.csv",
            "clip,condition,emoton\nclip0.mp4,c,happy\n",
            r"answers nor traces \(its columns: clip, condition, emoton; perhaps emoton for emotion\)",
        ),
        ("e.csv", "clip,rater,condition,time_s,valence,arousal\nclip0.mp4,A,c,0,2,0\n", "within −1 and 1"),
        (
            "ms.csv",
            "clip,rater,time_s,valence\n" + "".join(f"clip0.mp4,A,{i * 400},0.1\n" for i in range(10)),
            "it seems to be in milliseconds",
        ),
        ("long.csv", "clip,rater,time_s,valence\nclip0.mp4,A,0,0.1\nclip0.mp4,A,7,0.1\n", "lies outside clip0.mp4"),
        ("clock.csv", "clip,rater,time_s,valence\nclip0.mp4,A,00:00:01.5,0.1\n", "line 2: time_s is “00:00:01.5”"),
    ):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        with pytest.raises(UserError, match=match):
            import_labels(project, [path])
    assert db.answers.uids(project, record.id) == before
    assert [s.name for s in db.studies.every(project)] == ["faces"]


def test_statistics_read_the_same_from_project_and_files(project, items, tmp_path):
    filled(project, items)
    export_labels(project, tmp_path)
    tables = load_project_ratings(project)
    ratings, categories = read_ratings(tmp_path / "intensities.csv"), read_categories(tmp_path / "categories.csv")

    def rows(table):
        parts = zip(table.item, table.condition.codes, table.rater.codes, table.emotion.codes, table.score, strict=True)
        return sorted(
            (table.items.names[i], table.condition.names[c], table.rater.names[r], table.emotion.names[e], str(s))
            for i, c, r, e, s in parts
        )

    assert rows(tables.intensities) == rows(ratings)
    assert tables.intensities.scale == (0.0, 5.0)
    assert not tables.intensities.simulated
    assert len(tables.categories) == len(categories) == 14
    assert int((tables.categories.category.codes < 0).sum()) == 2
    assert len(tables.traces) == 3
    assert {trace.item for trace in tables.traces} == {"clip1.mp4"}


def test_moments_and_numbers_survive_text():
    for at in (0.0, 1_700_000_000.123457, 1e9 + 0.000001, 4102444800.999999):
        assert tidy.moment_of(tidy.moment_text(round(at, 6))) == round(at, 6)
    assert tidy.moment_of("2026-01-02T03:04:05+01:00") == tidy.moment_of("2026-01-02T02:04:05Z")
    assert tidy.moment_of("") is None


words = st.sampled_from(["happy", "sad", "angry"])
seconds = st.one_of(st.none(), st.floats(0, 1e4, allow_nan=False))
moments = st.one_of(st.none(), st.floats(0, 4e9, allow_nan=False).map(lambda at: round(at, 6)))
scores = st.one_of(
    st.builds(Intensity, st.integers(0, 5), st.just(""), seconds),
    st.builds(Intensity, st.none(), st.sampled_from(["cannot_tell", 'free, "text"; ü']), seconds),
)
categories = st.one_of(
    st.builds(Answer, st.dictionaries(words, scores, min_size=1), category=st.just("happy"), response_s=seconds),
    st.builds(
        Answer, st.dictionaries(words, scores, min_size=1), category_missing=st.just("cannot_tell"), response_s=seconds
    ),
)
cells = st.tuples(st.integers(0, 2), st.sampled_from(["face_only", "full_context"]), st.integers(1, 2))
sample = st.tuples(st.floats(0, 100), st.floats(-1, 1, width=32), st.floats(-1, 1, width=32), st.floats(0, 1e6))
traces = st.lists(sample, min_size=1, max_size=6).map(lambda rows: np.array(sorted(rows), np.float64))
places = st.builds(
    Place,
    st.sampled_from(["faces", ""]), st.sampled_from(["a", 'b, "c"']), st.just("x.mp4"), st.just("f" * 64),
    st.sampled_from(["", "S1"]), st.sampled_from(["face_only", "c d"]), st.sampled_from(["R1", "Ü"]), st.integers(1, 3),
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    given_scores=st.lists(st.tuples(places, words, scores, moments), min_size=1, max_size=8),
    given_traces=st.dictionaries(places, traces, max_size=4),
)
def test_files_come_back_bit_by_bit(given_scores, given_traces, tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    rows = [
        tidy.Judgement(place, word, one.score, one.missing_reason, at, one.response_s)
        for place, word, one, at in given_scores
    ]
    tidy.write_intensities(folder / "i.csv", rows)
    assert tidy.read_intensities(folder / "i.csv") == rows
    chosen = [row._replace(score=None, missing_reason="") for row in rows]
    tidy.write_categories(folder / "c.csv", chosen)
    assert tidy.read_categories(folder / "c.csv") == chosen
    written = [
        tidy.TidyTrace(place, TraceSamples(t[:, 0], t[:, 1:3].astype(np.float32), t[:, 3], "mouse"))
        for place, t in given_traces.items()
    ]
    tidy.write_traces(folder / "t.csv", written)
    read = tidy.read_traces(folder / "t.csv")
    assert [one.place for one in read] == [one.place for one in written]
    for a, b in zip(written, read, strict=True):
        for name in ("times_s", "values", "monotonic_s"):
            np.testing.assert_array_equal(getattr(a.samples, name), getattr(b.samples, name))
        assert b.samples.device == "mouse"


@pytest.mark.slow
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    given_answers=st.dictionaries(cells, categories, min_size=1, max_size=6),
    given_moments=st.lists(moments, min_size=6, max_size=6),
    # The clips of this test last four seconds.
    given_traces=st.dictionaries(cells, traces.map(lambda rows: rows * [0.04, 1, 1, 1]), max_size=3),
)
def test_reimport_equals_export(given_answers, given_moments, given_traces, tmp_path_factory):
    folder = tmp_path_factory.mktemp("trip")
    with Project.create(folder / "one.affectograph") as one:
        clips = [db.clips.add(one, media_info(folder / "m" / f"c{i}.mp4"), f"{i:064x}", f"S{i}") for i in range(3)]
        items = [db.items.every(one, clip_id=clip.id)[0] for clip in clips]
        record = make_study(one, items, raters=("R01",))
        rater = db.raters.by_code(one, "R01")
        new = [
            db.answers.NewAnswer(
                AnswerKey(record.id, rater.id, items[i].id, condition, number),
                answer,
                Circumstances(1, source="import"),
                at,
            )
            for ((i, condition, number), answer), at in zip(given_answers.items(), given_moments, strict=False)
        ]
        db.answers.add_many(one, new)
        for (i, condition, number), table in given_traces.items():
            samples = TraceSamples(table[:, 0], table[:, 1:3].astype(np.float32), table[:, 3], "mouse")
            start = TraceStart(items[i].id, rater.id, condition, True, "mouse", record.id, 1, number)
            db.traces.add(one, start, samples)
        export_labels(one, folder / "a")
    with Project.create(folder / "two.affectograph") as two:
        for i in range(3):
            db.clips.add(two, media_info(folder / "n" / f"c{i}.mp4"), f"{i:064x}", f"S{i}")
        import_labels(two, [folder / "a"])
        assert import_labels(two, [folder / "a"]).answers == 0
        export_labels(two, folder / "b")
    assert texts(folder / "a") == texts(folder / "b")


def test_fast_columns_say_the_same_as_slow_ones(project, items):
    import db.answer_columns

    record = filled(project, items)
    columns = db.answer_columns.answers(project, record.id)
    fast = db.answer_columns.intensities(project, columns)
    slow = db.answer_columns.intensities(project, columns, details=True)
    for name in ("row", "emotion", "score"):
        np.testing.assert_array_equal(getattr(fast, name), getattr(slow, name))
    assert int(np.isnan(fast.score).sum()) == 18
    some = db.answer_columns.answers(project, with_simulated=False)
    np.testing.assert_array_equal(some.answer, columns.answer)


@pytest.mark.parametrize("word", ["NA", "N/A", "None", "null", "#N/A", "nan", "<NA>", ".", "n.a.", " na "])
def test_words_for_missing_are_missing_in_a_project_and_in_statistics(tmp_path, word):
    header = "clip,condition,rater,category\n"
    lines = [
        f"clip{i}.mp4,full_context,{r},{word if r == '03' else 'joy'}\n" for i in (0, 1) for r in ("01", "02", "03")
    ]
    (tmp_path / "cat.csv").write_text(header + "".join(lines))
    table = read_categories(tmp_path / "cat.csv")
    assert table.category.names == ("joy",)
    assert table.notes == (f"Cells read as missing, not as categories: “{word.strip()}” (2).",)
    with Project.create(tmp_path / "p") as project:
        for i in (0, 1):
            db.clips.add(project, media_info(tmp_path / "m" / f"clip{i}.mp4"), f"{i:064x}")
        import_labels(project, [tmp_path / "cat.csv"])
        assert load_project_ratings(project).categories.category.names == ("joy",)
        (record,) = db.studies.every(project)
        assert [term.name for term in record.study.categories] == ["joy"]


def test_names_that_read_as_missing_come_back_from_an_export(tmp_path):
    place = Place("", "None", "n/a.mp4", "", "NA", "face_only", "NA", 1)
    rows = [tidy.Judgement(place, name, None, "", None, None) for name in ("none", "NA", "'None", "joy")]
    tidy.write_categories(tmp_path / "c.csv", rows)
    assert tidy.read_categories(tmp_path / "c.csv") == rows
    assert set(read_categories(tmp_path / "c.csv").rater.names) == {"NA"}


def test_of_several_files_those_that_cannot_be_used_are_named_and_the_others_come_in(tmp_path, capsys):
    from app.cli import main

    contents = {
        "good.csv": "clip,rater,emotion,score\nclip0.mp4,A,joy,1\n",
        "bad.csv": "clip,rater,emotion,score\nclip0.mp4,B,joy,1_3\n",
        "unknown.csv": "clip,rater,emotion,score\nnobody.mp4,C,joy,1\n",
        "late.csv": "clip,rater,time_s,valence\nclip0.mp4,D,0,0.1\nclip0.mp4,D,99,0.1\n",
        "also good.csv": "clip,rater,category\nclip0.mp4,E,joy\n",
    }
    for name, text in contents.items():
        (tmp_path / name).write_text(text)
    with Project.create(tmp_path / "p.affectograph") as project:
        db.clips.add(project, media_info(tmp_path / "m" / "clip0.mp4"), f"{0:064x}")
    words = ["ratings", "import", str(tmp_path / "p.affectograph"), *(str(tmp_path / name) for name in contents)]
    for came in ("2 answers", "0 answers"):
        assert main(words) == 1
        said = capsys.readouterr()
        assert said.out.startswith(came)
        lines = said.err.splitlines()
        assert [next(name for name in contents if name in line) for line in lines] == [
            "bad.csv", "unknown.csv", "late.csv",
        ]  # fmt: skip
    with Project.open(tmp_path / "p.affectograph") as project:
        assert {rater.code for rater in db.raters.every(project)} == {"A", "E"}


def trace_beyond(project, items):
    """Store a trace that ends two seconds after its clip, as a player that ran on left it; its samples."""
    record = filled(project, items)
    times = np.linspace(0, 6, 61)
    samples = TraceSamples(times, np.full((61, 2), 0.25, np.float32), 1000 + times, "mouse")
    rater = db.raters.by_code(project, "R02")
    db.traces.add(project, TraceStart(items[2].id, rater.id, "full_context", True, "mouse", record.id, 1), samples)


def test_an_own_export_comes_back_even_where_a_trace_ends_after_its_clip(project, items, tmp_path):
    trace_beyond(project, items)
    export_labels(project, tmp_path / "a")
    with other_project(tmp_path, items) as other:
        done = import_labels(other, [tmp_path / "a"])
        assert (done.answers, done.traces, done.refused) == (14, 4, [])
        assert any("R02 (0 to 6 s) lies outside clip2.mp4" in note and "taken as it is" in note for note in done.notes)
        export_labels(other, tmp_path / "b")
        assert texts(tmp_path / "a") == texts(tmp_path / "b")
        again = import_labels(other, [tmp_path / "a"])
        assert (again.answers, again.traces, again.known) == (0, 0, 18)


def test_a_copy_of_an_export_comes_back_too_but_not_in_other_units(project, items, tmp_path):
    trace_beyond(project, items)
    export_labels(project, tmp_path / "a")
    with (tmp_path / "a" / "traces.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for name, change in {
        "copy": lambda row: row,
        "ms": lambda row: {**row, "time_s": repr(1000 * float(row["time_s"]))},
        "no hash": lambda row: {**row, "clip_sha256": ""},
    }.items():
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            sheet = csv.DictWriter(file, rows[0].keys())
            sheet.writeheader()
            sheet.writerows(change(row) for row in rows)
    with other_project(tmp_path, items) as other:
        assert import_labels(other, [tmp_path / "copy.csv"]).traces == 4
        with pytest.raises(UserError, match="it seems to be in milliseconds"):
            import_labels(other, [tmp_path / "ms.csv"])
        with pytest.raises(UserError, match=r"\(0 to 6 s\) lies outside clip2\.mp4"):
            import_labels(other, [tmp_path / "no hash.csv"])


def test_a_scale_that_a_score_widens_is_told_with_the_row(tmp_path, project, items):
    clip = db.clips.every(project)[0].name
    path = tmp_path / "scores.csv"
    path.write_text(f"clip,rater,emotion,score\n{clip},01,joy,2\n{clip},02,joy,33\n", "utf-8")
    done = import_labels(project, [path])
    (note,) = [one for one in done.notes if "scale" in one]
    assert f"scale of 0 to 33 instead of 0 to 5, because of the score 33 ({clip}, rater 02, joy)" in note
    path.write_text(f"clip,rater,emotion,score\n{clip},03,joy,-1\n{clip},04,joy,5\n", "utf-8")
    done = import_labels(project, [path])
    (note,) = [one for one in done.notes if "scale" in one]
    assert f"widened from 0 to 33 to -1 to 33 by the score -1 ({clip}, rater 03, joy)" in note
    assert not any("emotion" in one for one in done.notes)
    path.write_text(f"clip,rater,emotion,score\n{clip},05,joy,5\n{clip},06,anger,\n", "utf-8")
    assert not any("scale" in one for one in import_labels(project, [path]).notes)


def test_a_study_of_a_short_scale_is_not_passed_by_the_usual_one(tmp_path, project, items):
    clip = db.clips.every(project)[0].name
    make_study(project, items, scale=Scale(0, 3))
    record = db.studies.every(project)[0]
    name = record.study.emotions[0].name
    path = tmp_path / "scores.csv"
    path.write_text(f"study,clip,rater,emotion,score\n{record.name},{clip},07,{name},5\n", "utf-8")
    with pytest.raises(UserError, match="go beyond its scale of 0 to 3: 5"):
        import_labels(project, [path])
    done = import_labels(project, [path], widen=True)
    assert any(f"widened from 0 to 3 to 0 to 5 by the score 5 ({clip}, rater 07, {name})" in one for one in done.notes)
    assert db.studies.get(project, record.name).study.scale.high == 5
