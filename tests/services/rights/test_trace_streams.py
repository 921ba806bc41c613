"""What came by LSL beside raters' traces: on the clip's clock, a part of the trace, with the rights of the rater."""

import numpy as np
import pytest

import db.clips
import db.trace_streams
import db.traces
from app.domain.traces import TraceSamples
from app.errors import UserError
from app.jobs import Context
from app.services.consent.covered import Uncovered
from app.services.consent.pseudonyms import Pseudonyms
from app.services.exchange.measured import write_measured
from app.services.exchange.trace_streams import MOST_TEXTS, OTHER_TEXTS, keep_streams, trace_may_leave
from app.services.predict.clip_curves import clip_curves
from app.services.predict.lsl_in import ReceivedStream
from app.services.rights.erase import erase, plan_erasing
from db.check import problems
from db.project import Project
from tests.services.rights.filled import CLIP, RATER, SUBJECT, WORD
from tests.services.rights.test_consent import set_consent

BEGUN_S = 7000.0
CLOCK_S = BEGUN_S + np.array([0.0, 0.1, 0.2, 5.2, 5.3, 5.4])
"""The trace is paused for five seconds after its third sample."""
GIVEN = TraceSamples(np.array([0, 0.1, 0.2, 0.2, 0.3, 0.4]), np.zeros((6, 2), np.float32), CLOCK_S, "mouse")
STAMPS = BEGUN_S + np.array([-1.0, 0.05, 2.0, 5.25, 9.0])
EDA = ReceivedStream("EDA", "zwyxqu-lab", ("gsr (µS)",), STAMPS, np.arange(5, dtype=np.float32)[:, None], (), 0.0125)
MARKERS = ReceivedStream("PsychoPy", "", ("channel 1",), STAMPS, None, ("early", "face", "lost", "", "late"))


@pytest.fixture
def project(path):
    with Project.open(path) as project:
        for trace in db.traces.every(project):
            keep_streams(project, trace.id, GIVEN, [EDA] if trace.rater == RATER else [EDA, MARKERS])
        yield project


def hers(project):
    return next(one for one in db.clips.every(project) if one.name == CLIP)


def test_what_came_while_the_clip_played_is_kept_on_its_clock(project):
    first, second, third = db.trace_streams.of_clip(project, hers(project).id)
    assert [one.rater for one in (first, second, third)] == [RATER, "R02", "R02"]
    assert first.measures.times_s.tolist() == pytest.approx([0.05, 0.25], abs=1e-9)
    assert first.measures.values.tolist() == [[1], [3]]
    assert first.measures.file == "EDA of zwyxqu-lab, clock corrected by +0.012500 s"
    assert third.measures.names == ("face", "marker")
    np.testing.assert_array_equal(third.measures.values, [[1, np.nan], [np.nan, 1]])
    assert not list(problems(project))
    assert db.trace_streams.clips(project) == {hers(project).id}


def test_nothing_of_another_time_is_kept(project):
    trace = db.traces.every(project)[0]
    before = len(db.trace_streams.of_clip(project, hers(project).id))
    late = TraceSamples(GIVEN.times_s, GIVEN.values, CLOCK_S + 1000, "mouse")
    assert keep_streams(project, trace.id, late, [EDA, MARKERS]) == ()
    assert (
        keep_streams(
            project, trace.id, TraceSamples(np.zeros(0), np.zeros((0, 2), np.float32), np.zeros(0), "mouse"), [EDA]
        )
        == ()
    )
    assert len(db.trace_streams.of_clip(project, hers(project).id)) == before


def test_they_are_curves_under_the_timeline_until_the_trace_is_discarded(project):
    assert clip_curves(project, hers(project)).foreign["LSL EDA beside R02 gsr (µS)"].values.tolist() == [1, 3]
    for trace in db.traces.every(project):
        db.traces.abandon(project, trace.id)
    assert not [title for title in clip_curves(project, hers(project)).foreign if "beside" in title]
    assert db.trace_streams.clips(project) == set()


def written(project, folder, names, **options):
    out = write_measured(project, folder, Context(), names=names, **{"without_refused": False, **options})
    return [path.name for path in out.files], out.lost, "".join(path.read_text("utf-8") for path in out.files)


def test_they_leave_with_the_consent_of_the_rater_alone(project, tmp_path):
    names, _, text = written(project, tmp_path / "all", Pseudonyms(off=True))
    assert [name.split(".")[1] for name in names if "R02" in name] == ["LSL_EDA_beside_R02", "LSL_PsychoPy_beside_R02"]
    assert f"LSL EDA beside {RATER},,0.25" in text
    assert WORD not in written(project, tmp_path / "hidden", Pseudonyms())[2].lower()
    set_consent(project, "rater", RATER, "export", granted=False)
    with pytest.raises(Uncovered, match=RATER):
        written(project, tmp_path / "none", Pseudonyms(off=True))
    names, told, text = written(project, tmp_path / "rest", Pseudonyms(off=True), without_refused=True)
    assert len(names) == 3
    assert RATER not in text
    assert any(RATER in one for one in told)


def test_they_go_with_the_rater(project):
    assert erase(project, plan_erasing(project, "rater", RATER)).left == ()
    assert {one.rater for one in db.trace_streams.of_clip(project, hers(project).id)} == {"R02"}
    assert erase(project, plan_erasing(project, "rater", "R02")).left == ()
    assert db.trace_streams.clips(project) == set()


@pytest.mark.parametrize(("party", "code"), [("rater", RATER), ("subject", SUBJECT)])
def test_a_trace_is_not_sent_without_consent_and_the_rater_learns_no_name(project, party, code):
    trace_may_leave(project, hers(project).id, RATER)
    set_consent(project, party, code, "export", granted=False)
    with pytest.raises(UserError, match="consent does not cover") as error:
        trace_may_leave(project, hers(project).id, RATER)
    assert WORD not in str(error.value).lower()


def test_a_name_is_cut_and_rare_markers_share_a_column(path):
    n = 400
    texts = tuple("face" if row % 2 else f"counter {row}" for row in range(n))
    stamps = BEGUN_S + np.linspace(0.01, 0.19, n)
    counter = ReceivedStream("P" * 150, "", ("channel 1",), stamps, None, texts)
    with Project.open(path) as project:
        trace = next(iter(db.traces.every(project)))
        keep_streams(project, trace.id, GIVEN, [counter])
        (kept,) = db.trace_streams.of_clip(project, hers(project).id)
        names, values = kept.measures.names, kept.measures.values
        assert len(kept.measures.program) == 100
        assert len(names) == MOST_TEXTS + 1
        assert names[-1] == OTHER_TEXTS
        assert np.nansum(values[:, names.index("face")]) == n / 2
        assert np.nansum(values) == n
