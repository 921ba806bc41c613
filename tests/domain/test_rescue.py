"""An entry of what raters gave is the same document, whichever way it is written."""

import json
import math
from types import MappingProxyType

import numpy as np
import pytest

from app.domain.answers import Answer, Intensity, PresentationLog
from app.domain.rescue import Named, Rescued, Shown, from_dict, to_dict, to_line
from app.domain.traces import TraceSamples

ANSWER = Answer(
    MappingProxyType({"joy": Intensity(3, "", 1.25), "fear": Intensity(None, "cannot_tell")}),
    "happy",
    confidence=2,
    comment='Ä "quoted"\nline',
)

TRACE = TraceSamples(np.zeros(2), np.ones((2, 2), np.float32), np.zeros(2), "mouse")


def entry(what="answer", *, answer=ANSWER, response_s=2.5, samples=None, geometry=None):
    log = PresentationLog(frames_shown=25, plays=1, first_frame_s=0.04, last_frame_s=response_s, detail={"scale": 2.0})
    shown = Shown(
        "p" * 32, 1.7e9, 1.7e9 + 5, 1, "face", True, "a" * 64, "b" * 64, geometry or {"margin": 0.2}, True, log
    )
    return Rescued(
        "u" * 32, what, True, 1.7e9, Named("r" * 32, "R01"), Named("i" * 32, "clip ü"), Named("s" * 32, "study"), 1,
        "face_only", 1, "main", "", "rating", shown=shown, answer=answer, samples=samples,
    )  # fmt: skip


@pytest.mark.parametrize(
    "made",
    [
        entry(),
        entry("declined", answer=None),
        entry(response_s=math.nan),
        entry(geometry=MappingProxyType({"sizes": (1, 2), "far": math.inf})),
        entry(
            "trace", answer=None, samples=TraceSamples(np.zeros(2), np.ones((2, 2), np.float32), np.zeros(2), "mouse")
        ),
    ],
    ids=["answer", "declined", "a number that is none", "another mapping", "trace"],
)
def test_a_line_is_the_entry_as_plain_values(made):
    line = to_line(made)
    assert "\n" not in line
    assert json.loads(line) == json.loads(json.dumps(to_dict(made)))
    assert "NaN" not in line
    assert "Infinity" not in line


def test_an_entry_comes_back_from_its_line():
    assert from_dict(json.loads(to_line(entry()))) == entry()
