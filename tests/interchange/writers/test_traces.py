"""Traces written for another tool and read again: the same times and values, or a loss that says why not."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.holding import zero_order_hold
from app.interchange.readers.registry import read_foreign
from app.interchange.writers.record import OutTrace, on_grid
from app.interchange.writers.traces import write_aff_wild2, write_carma, write_darma, write_muse, write_nova

finite = st.floats(-1, 1, width=32, allow_nan=False)
value = st.one_of(finite, st.just(float("nan")))
rows = st.lists(st.tuples(value, value), min_size=2, max_size=40).filter(
    lambda found: any(pair[0] == pair[0] and pair[1] == pair[1] for pair in found)
)
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def trace_of(values, rate=25.0, begin=0, rater="R01"):
    times_s = (begin + np.arange(len(values))) / rate
    return OutTrace("clip01.mp4", rater, "full_context", times_s, np.array(values, np.float32), 60.0)


def read_back(folder):
    """Dimension → (times, values) of all files of a folder."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith(".") and not path.name.endswith("~"):
            for one in read_foreign(path)[0].traces:
                name = one.dimension.lower()
                axis = "valence" if "valence" in name or "negative" in name else "arousal" if name else path.parent.name
                found[axis] = one
    return found


def same(trace, found):
    """Whether both say the same at every time of the trace and shortly before the next."""
    for axis, name in enumerate(("valence", "arousal")):
        if not trace.has(axis):
            continue
        one = found[name]
        at_s = np.concatenate(
            [trace.times_s + 1e-6, trace.times_s + 0.4 * np.diff(trace.times_s, append=0.04 + trace.times_s[-1])]
        )
        want = zero_order_hold(trace.times_s, trace.values[:, axis], at_s, end_s=1e9)
        got = zero_order_hold(one.times_s - 1e-7, one.values, at_s, end_s=1e9)
        np.testing.assert_array_equal(got.astype(np.float32), want.astype(np.float32))


WRITERS = {"nova": write_nova, "carma": write_carma, "darma": write_darma, "muse": write_muse}


@pytest.mark.parametrize("tool", WRITERS)
@SLOW
@given(values=rows, rate=st.sampled_from([1.0, 2.0, 4.0, 10.0, 25.0, 30.0]))
def test_even_traces_come_back_as_they_were(tmp_path_factory, tool, values, rate):
    folder = tmp_path_factory.mktemp(tool)
    trace = trace_of(values, rate)
    written = WRITERS[tool](folder, [trace])
    assert not written.lost
    found = read_back(folder)
    same(trace, found)
    for one in found.values():
        assert float(np.abs(one.times_s[: len(values)] - trace.times_s).max()) <= 1e-6


@SLOW
@given(values=rows)
def test_lists_of_frames_come_back_as_they_were(tmp_path_factory, values):
    folder = tmp_path_factory.mktemp("frames")
    trace = trace_of(values)
    written = write_aff_wild2(folder, [trace], {trace.clip: trace.times_s})
    both = np.isfinite(trace.values).all(axis=1)
    assert bool(written.lost) == bool((np.isfinite(trace.values).any(axis=1) & ~both).any())
    found = read_back(folder)
    for axis, name in enumerate(("valence", "arousal")):
        want = np.where(both, trace.values[:, axis], np.nan)
        np.testing.assert_array_equal(found[name].values.astype(np.float32), want.astype(np.float32))


@pytest.mark.parametrize("tool", ["nova", "carma", "darma"])
def test_uneven_traces_say_that_times_move(tmp_path, tool):
    times_s = np.array([0.0, 0.013, 0.5, 0.77])
    trace = OutTrace("clip01.mp4", "R01", "full_context", times_s, np.full((4, 2), 0.5, np.float32), 1.0)
    written = WRITERS[tool](tmp_path, [trace])
    assert written.lost == [
        "clip01.mp4, rater R01: its samples are not evenly spaced; it is written 25 times a second, so that changes "
        "appear up to 0.04 s late."
    ]


def test_a_trace_that_begins_late_is_empty_before(tmp_path):
    trace = trace_of([(0.5, -0.5), (0.25, 0.25)], begin=10)
    grid = on_grid(trace)
    assert not grid.loss
    assert np.isnan(grid.values[:10]).all()
    write_nova(tmp_path / "out", [trace])
    one = read_back(tmp_path / "out")["valence"]
    np.testing.assert_allclose(one.values[10:], [0.5, 0.25])


def test_several_conditions_and_raters_have_files_of_their_own(tmp_path):
    traces = [trace_of([(0.5, 0.5), (0, 0)], rater=rater) for rater in ("R 1", "R/1")]
    written = write_carma(tmp_path, traces)
    names = sorted(path.name for path in written.files)
    assert len(set(names)) == 4
    assert all(Path(name).name == name for name in names)
