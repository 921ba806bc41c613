"""Streams of LSL that are recorded beside a camera: two local outlets, received by name, on the clock of this machine.

The tests with outlets need the extra lsl and are left out without it.
"""

import time

import numpy as np
import pytest

from app.services.predict.lsl import OWN
from app.services.predict.lsl_in import LslIn, is_wanted
from tests.waiting import until

NAME = "affectograph test"


def test_streams_are_wanted_by_name_or_type():
    assert is_wanted("*", "anything", "EEG")
    assert is_wanted("eeg", "Amplifier", "EEG")
    assert is_wanted("other, my stream", "My Stream", "")
    assert not is_wanted("my", "My Stream", "EEG")
    assert not is_wanted("", "", "")


def test_samples_and_markers_come_with_the_times_of_our_clock(outlets):
    eda, markers = outlets
    heard = LslIn(f"{NAME} EDA, {NAME} markers")
    try:
        until(lambda: len(heard.names) == 2)
        heard.record()
        shift_s = time.monotonic() - pytest.importorskip("pylsl").local_clock()
        stamps = [time.monotonic() + step / 100 for step in range(20)]
        for step, at in enumerate(stamps):
            eda.push_sample([step / 4, -1.0], at - shift_s)
        markers.push_sample(["start"], stamps[3] - shift_s)
        markers.push_sample(["stop"], stamps[9] - shift_s)
        found = {one.name: one for one in heard.take()}
        told = found[f"{NAME} EDA"]
        assert told.channels == ("gsr (microsiemens)", "channel 2")
        np.testing.assert_allclose(told.monotonic_s, stamps, atol=0.005)
        assert told.values.dtype == np.float32
        np.testing.assert_array_equal(told.values[:, 0], np.arange(20) / 4)
        assert abs(told.correction_s) < 0.005, "both clocks are those of this machine"
        said = found[f"{NAME} markers"]
        assert (said.texts, said.values) == (("start", "stop"), None)
        np.testing.assert_allclose(said.monotonic_s, [stamps[3], stamps[9]], atol=0.005)
        eda.push_sample([1.0, 1.0])
        assert heard.take() == [], "nothing is kept once the recording has ended"
    finally:
        heard.close()


def test_our_own_stream_and_those_not_named_are_left_out(outlets):
    lsl = pytest.importorskip("pylsl")
    own = lsl.StreamOutlet(lsl.StreamInfo(f"{NAME} EDA", "Affect", 1, 0, "float32", f"{OWN}elsewhere"))
    heard = LslIn(f"{NAME} EDA")
    try:
        until(lambda: heard.names)
        resolver = lsl.ContinuousResolver()
        until(lambda: {one.source_id() for one in resolver.results()} >= {"test-eda", f"{OWN}elsewhere"})
        assert heard.names == (f"{NAME} EDA",)
    finally:
        heard.close()
        del own


@pytest.fixture
def outlets():
    lsl = pytest.importorskip("pylsl")
    info = lsl.StreamInfo(f"{NAME} EDA", "EDA", 2, 100, "double64", "test-eda")
    channel = info.desc().append_child("channels").append_child("channel")
    channel.append_child_value("label", "gsr")
    channel.append_child_value("unit", "microsiemens")
    marks = lsl.StreamInfo(f"{NAME} markers", "Markers", 1, lsl.IRREGULAR_RATE, "string", "test-markers")
    return lsl.StreamOutlet(info), lsl.StreamOutlet(marks)
