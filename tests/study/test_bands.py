"""Bands of valence and arousal that practised and checked traces are expected to keep, and verdicts on corrections."""

import json
from dataclasses import replace

import numpy as np
import pytest

import db.answers
import db.studies
import db.trace_verdicts
import db.traces
from app.cli import main
from app.domain.answers import PresentationLog
from app.domain.bands import passes_band, trace_means
from app.domain.study import AttentionCheck, PracticeClip, study_from_dict, study_to_dict
from app.domain.traces import TraceSamples
from app.errors import UserError
from app.interchange.study_file import parse_study, study_text
from app.services.labels.tables import current_traces
from app.services.study.expectations import Verdicts, find_verdicts, put_part
from app.services.study.owner import study_state
from app.services.study.session import AnnotateSession
from app.services.study.simulate import simulate_study
from tests.study.helpers import SEEN, full_answer, make_study

LOG = PresentationLog(frames_shown=100, plays=1, first_frame_s=0.0, last_frame_s=4.0, seen_whole=True)
RIGHT, WRONG = {"en": "Well done."}, {"en": "She is delighted."}
TRACED = {"trace": True, "emotions": (), "categories": (), "min_distance": 0}


def happy(item, **changes):
    return PracticeClip(
        item.name, "full_context", "trace", band={"valence": (0.3, 1.0), "arousal": (-0.2, 0.6)}, right=RIGHT,
        wrong=WRONG, **changes,
    )  # fmt: skip


def give(session, valence, arousal):
    """Trace the task that is due; returns (what is told, the trace)."""
    task = session.current()
    recorder = session.start_trace(task, "mouse")
    for i in range(200):
        recorder.add(i * 0.02, valence, arousal)
    kept = session.accept_trace(task, recorder, LOG)
    return session.feedback(task, kept), kept


def test_means_weigh_samples_by_how_long_they_stood_and_leave_pauses_out():
    times = np.array([0.0, 0.1, 0.2, 0.3, 5.0])
    values = np.array([[0.0, np.nan], [1.0, np.nan], [np.nan, np.nan], [0.5, np.nan], [1.0, np.nan]], np.float32)
    found = trace_means(TraceSamples(times, values, times, "mouse"), 0.0, 5.2)
    # 0.1 s of 0, 0.1 s of 1, a pause, 0.25 s of 0.5 (no more of a gap counts), 0.2 s of 1
    assert found == pytest.approx({"valence": (0.1 + 0.125 + 0.2) / 0.65})


def test_a_dimension_that_was_not_traced_is_not_within_its_band():
    part = PracticeClip("a", "full_context", "trace", band={"valence": (-1, 1), "arousal": (-1, 1)})
    assert passes_band(part, {"valence": 0.0, "arousal": 0.0}) is True
    assert passes_band(part, {"valence": 0.0}) is False
    assert passes_band(replace(part, band={}), {"valence": 0.0}) is None


@pytest.mark.parametrize(
    ("valence", "arousal", "passed", "outside", "told"),
    [(0.5, 0.1, True, (), "Well done."), (0.5, 0.9, False, ("arousal",), "She is delighted."),
     (-0.5, -0.5, False, ("valence", "arousal"), "She is delighted.")],
)  # fmt: skip
def test_a_practised_trace_gets_a_verdict_and_words(project, items, valence, arousal, passed, outside, told):
    record = make_study(project, items[:2], practice=(happy(items[0]),), **TRACED)
    with AnnotateSession(project, "R01") as session:
        found, kept = give(session, valence, arousal)
        assert give(session, -1.0, -1.0)[0] is None  # what is analysed has no verdict
    assert (found.passed, found.outside, found.text) == (passed, outside, told)
    assert found.expected == {"valence": (0.3, 1.0), "arousal": (-0.2, 0.6)}
    assert kept.quality["passed"] is passed
    assert kept.quality["means"] == pytest.approx({"valence": valence, "arousal": arousal}, abs=1e-6)
    key = (items[0].name, "full_context", "trace")
    assert find_verdicts(project, "faces") == {key: Verdicts(int(passed), int(not passed))}
    assert kept.id not in [one.id for one in current_traces(project, record.id)]


def test_an_attention_check_may_be_a_trace_and_counts_with_the_others(project, items):
    asked = AttentionCheck(
        "up", {"en": "Keep the marker at the top."}, item=items[0].name, condition="full_context", kind="trace",
        band={"arousal": (0.8, 1.0)},
    )  # fmt: skip
    record = make_study(project, items[:3], attention=(asked,), attention_every=1, **TRACED)
    with AnnotateSession(project, "R01") as session:
        given, main_ones = [], 0
        while (task := session.current()) is not None:
            if task.purpose == "attention":
                assert task.prompt == "Keep the marker at the top."
                found, _ = give(session, 0.0, 0.9 if not given else 0.0)
                assert found is None  # a check says nothing unless the study has words for it
                given.append(task)
            else:
                give(session, 0.1, 0.1)
                main_ones += 1
    assert len(given) >= 2
    (mine, _) = study_state(project, "faces").raters
    assert mine.attention == (1, len(given))
    assert len(db.trace_verdicts.of_checks(project, record.id)) == len(given)
    assert len(current_traces(project, record.id)) == main_ones


def test_the_simulator_traces_nothing_that_does_not_count(project, items):
    make_study(project, items[:2], practice=(happy(items[0]),), **TRACED)
    simulate_study(project, "faces", 1, 1)
    assert {one.item_id for one in db.traces.every(project)} <= {one.id for one in items[:2]}
    assert not any(one.practice for one in db.traces.every(project, usable_only=False))
    cells = [(one.rater, one.item_id, one.condition, one.pass_no) for one in db.traces.every(project)]
    assert len(cells) == len(set(cells))


def test_a_band_goes_through_the_study_file_and_older_studies_keep_their_fingerprint(project, items):
    record = make_study(project, items[:2], **TRACED)
    before = record.study.fingerprint()
    changed = put_part(project, "faces", happy(items[0])).study
    assert parse_study(study_text(changed)) == changed
    assert study_from_dict(study_to_dict(changed)) == changed
    bare = replace(happy(items[0]), band={}, right={}, wrong={})
    assert "band" not in study_to_dict(put_part(project, "faces", bare).study)["practice"][0]
    assert study_from_dict(study_to_dict(record.study)).fingerprint() == before


@pytest.mark.parametrize(
    ("part", "what"),
    [
        (PracticeClip("clip0.mp4", "full_context", "trace", band={"valence": (0.5, 1.5)}), "expects 0.5 to 1.5"),
        (PracticeClip("clip0.mp4", "full_context", "trace", band={"joy": (0, 1)}), "not traced"),
        (PracticeClip("clip0.mp4", "full_context", "trace", {"happy": (1, 2)}), "expects ratings of a trace"),
        (PracticeClip("clip0.mp4", "full_context", band={"valence": (0, 1)}), "expects a band of a rating"),
        (AttentionCheck("a", kind="trace", band={"valence": (0, 1)}), "traces nothing"),
        (AttentionCheck("a", item="clip0.mp4", condition="full_context", kind="trace"), "cannot fail"),
        (AttentionCheck("a", item="clip0.mp4", condition="full_context", kind="trace_valence",
                        band={"valence": (0, 1)}), "asks for 'trace_valence'"),
    ],
)  # fmt: skip
def test_what_contradicts_the_task_is_refused(project, items, part, what):
    record = make_study(project, items[:2], trace=True)
    with pytest.raises(UserError, match=what):
        put_part(project, "faces", part)
    assert db.studies.get(project, "faces").version == record.version


def test_the_command_sets_lists_and_takes_back_a_band(project, items, capsys):
    make_study(project, items[:2], trace=True)
    expect = ("study", "expect", str(project.path), "faces")
    clip = (*expect, "--practice", items[0].name, "--condition", "full_context", "--kind", "trace")
    assert main([*clip, "--expect", "valence=0.25-1", "arousal=-1--0.1", "--wrong", "Look again."]) == 0
    check = (*expect, "--check", "up", "--kind", "trace", "--item", items[1].name, "--condition", "full_context")
    assert main([*check, "--expect", "arousal=.8-1"]) == 0
    capsys.readouterr()
    assert main([*expect]) == 0
    out = capsys.readouterr().out
    assert f"practice {items[0].name}, full_context, trace: mean valence 0.25 to 1, mean arousal −1 to −0.1" in out
    assert f"attention check up, {items[1].name}, full_context, trace: mean arousal 0.8 to 1" in out
    assert main([*clip, "--expect", "arousal=any"]) == 0
    assert main([*clip, "--expect", "valence=high"]) == 1
    assert "does not state an expected mean" in capsys.readouterr().err
    assert main([*expect, "--json"]) == 0
    first, second = json.loads(capsys.readouterr().out)
    assert (first["kind"], first["band"], first["wrong"]) == ("trace", {"valence": [0.25, 1.0]}, "Look again.")
    assert (second["kind"], second["band"]) == ("trace", {"arousal": [0.8, 1.0]})


def test_a_corrected_practice_answer_is_judged_anew_under_the_version_of_now(project, items):
    practice = PracticeClip(items[0].name, "full_context", expected={"happy": (4, 5)})
    make_study(project, items[:2], practice=(practice,), min_distance=0)
    with AnnotateSession(project, "R01") as session:
        assert session.submit(full_answer(session.study, score=2), SEEN).passed is False
        (first,) = session.history()
        session.revise(first, full_answer(session.study, score=5))
    put_part(project, "faces", replace(practice, expected={"happy": (0, 1)}))
    with AnnotateSession(project, "R01") as session:
        (second,) = session.history()
        session.revise(second, full_answer(session.study, score=5))
        third = next(one for one in session.history() if one.current)
        session.revise(third, full_answer(session.study, score=0))
    revisions = db.answers.revisions(project, first.key)
    assert [one.circumstances.passed for one in revisions] == [False, True, False, True]
