"""Pure parts: the study and its file, trace quality, the face-only view, colourings, orders."""

import random
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.answers import Answer, Intensity, outside, passes
from app.domain.balance import deal_colours
from app.domain.emotions import RATED
from app.domain.face_view import FaceViewGeometry, face_view
from app.domain.sequence import arrange
from app.domain.study import (
    AttentionCheck,
    Condition,
    PracticeClip,
    Scale,
    Study,
    Term,
    check_study,
    study_from_dict,
    study_to_dict,
    text_in,
)
from app.domain.study_defaults import LANGUAGES, default_condition, default_study, default_trace
from app.domain.trace_quality import trace_quality
from app.domain.traces import TraceSamples
from app.errors import UserError
from app.interchange.study_file import parse_study, read_study, study_text, write_study


def test_the_default_is_the_seed_papers_design():
    study = default_study()
    check_study(study)
    assert study.emotion_names == RATED
    assert (study.scale.low, study.scale.high) == (0, 5)
    assert [(c.name, c.view) for c in study.conditions] == [("face_only",) * 2, ("full_context",) * 2]
    assert set(study.languages) == set(LANGUAGES)
    assert study.emotions[2].label("de_AT") == "Fröhlich"
    assert study.emotions[2].label("fi") == "Happy"
    assert study.kinds == ("rating", "trace")
    assert replace(study, trace=default_trace(joint=False)).kinds == ("rating", "trace_valence", "trace_arousal")
    assert text_in({}, "de", "x") == "x"


names = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,10}", fullmatch=True)
labels = st.dictionaries(
    st.sampled_from(["en", "de", "ja"]),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=12),
)


@st.composite
def studies(draw):
    emotions = tuple(Term(n, draw(labels)) for n in draw(st.lists(names, max_size=4, unique=True)))
    low = draw(st.integers(-3, 3))
    scale = Scale(low, low + draw(st.integers(1, 9)), {str(low): draw(labels)})
    views = draw(st.lists(st.sampled_from(["face_only", "full_context", "context_only"]), min_size=1, unique=True))
    expected = {e.name: (low, low + 1) for e in emotions}
    practice = (PracticeClip("clip 1", views[0], expected=expected, feedback=draw(labels)),) if emotions else ()
    attention = (AttentionCheck("a", draw(labels), expected),) if emotions else ()
    return Study(
        draw(names),
        draw(st.integers(1, 9)),
        draw(labels),
        emotions,
        scale,
        (Term("happy"), Term("sad")),
        draw(st.sampled_from([None, default_trace(), default_trace(joint=False)])),
        tuple(replace(default_condition(view), audio=draw(st.booleans())) for view in views),
        design=draw(st.sampled_from(["within", "between", "rotated"])),
        practice=practice,
        attention=attention,
        attention_every=draw(st.integers(0, 3)) if attention else 0,
        instructions={"welcome": draw(labels)},
    )


@settings(max_examples=25, deadline=None)
@given(studies())
def test_a_study_survives_its_file(study):
    assert study_from_dict(study_to_dict(study)) == study
    assert parse_study(study_text(study)).fingerprint() == study.fingerprint()
    assert parse_study(study_text(study)).version == study.version


def test_a_file_is_written_and_read(tmp_path):
    study = default_study("faces")
    write_study(tmp_path / "faces.toml", study)
    assert read_study(tmp_path / "faces.toml") == study
    text = (tmp_path / "faces.toml").read_text(encoding="utf-8")
    assert 'de = "Fröhlich"' in text
    assert read_study(tmp_path / "faces.toml").fingerprint() == study.next_version().fingerprint()


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"name": "a  b"}, "name must be"),
        ({"emotions": (Term("x"), Term("x"))}, "repeat a name"),
        ({"emotions": (Term("ä"),)}, "unusable names"),
        ({"emotions": (), "categories": (), "trace": None}, "nothing is asked"),
        ({"conditions": ()}, "no condition"),
        ({"conditions": (Condition("x", "upside_down"),)}, "unknown view"),
        ({"design": "mixed"}, "unknown design"),
        ({"passes": 0}, "passes is 0"),
        ({"raters_per_cell": True}, "raters_per_cell is True"),
        ({"scale": Scale(5, 5)}, "scale must rise"),
        ({"attention_every": 5}, "none is written"),
        ({"practice": (PracticeClip("a", "nowhere"),)}, "unknown condition"),
        ({"practice": (PracticeClip("a", "face_only", expected={"joy": (1, 1)}),)}, "unknown emotion"),
        ({"practice": (PracticeClip("a", "face_only", expected={"happy": (4, 9)}),)}, "expects 4–9"),
        ({"practice": (PracticeClip("a", "face_only", category="joy"),)}, "unknown category"),
        ({"practice": (PracticeClip("a", "face_only", kind="trace_valence"),)}, "not asked"),
        ({"attention": (AttentionCheck("a", {}),)}, "cannot fail"),
    ],
)
def test_contradictions_are_refused(change, match):
    with pytest.raises(UserError, match=match):
        check_study(replace(default_study(), **change))


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("name = ", "not readable TOML"),
        ('name = "x"', "not a study file"),
        ('format = "affectograph-study"\nformat_version = 99', "format version 99"),
        ('format = "affectograph-study"\nformat_version = 1\nname = "x"\nspeed = 3', "unknown entries: speed"),
        (
            'format = "affectograph-study"\nformat_version = 1\nname = "x"\n[scale]\nlow = 0.5\nhigh = 5',
            "whole numbers",
        ),
        ('format = "affectograph-study"\nformat_version = 1\nname = "x"\n[[emotions]]\nlabel = "y"', "cannot be read"),
    ],
)
def test_broken_files_are_told_in_a_sentence(text, match):
    with pytest.raises(UserError, match=match):
        parse_study(text)


def test_practice_and_attention_compare_with_ranges():
    part = PracticeClip("a", "face_only", expected={"happy": (3, 5), "sad": (0, 1)}, category="happy")
    good = Answer({"happy": Intensity(3), "sad": Intensity(0)}, category="happy")
    assert passes(part, good)
    assert not passes(part, replace(good, category="sad"))
    bad = Answer({"happy": Intensity(2), "sad": Intensity(None, "cannot_tell")}, category="happy")
    assert not passes(part, bad)
    assert outside(part, bad) == ("happy", "sad")


@settings(max_examples=200, deadline=None)
@given(
    st.sets(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("RSTUVW")), min_size=1),
    st.integers(1, 4),
)
def test_colours_are_balanced_at_every_vertex(pairs, n):
    colours = deal_colours(sorted(pairs), n)
    assert colours.keys() == pairs
    for side in (0, 1):
        for vertex in {pair[side] for pair in pairs}:
            counts = Counter(colour for pair, colour in colours.items() if pair[side] == vertex)
            used = [counts[c] for c in range(n)]
            assert max(used) - min(used) <= 1


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=12), st.integers(0, 5), st.integers(0, 1000))
def test_an_order_is_found_whenever_there_is_one(counts, distance, seed):
    block = {f"s{i}": [(i, j) for j in range(n)] for i, n in enumerate(counts)}
    order = arrange([block], distance, random.Random(seed))
    most = max(counts)
    feasible = (most - 1) * (distance + 1) + counts.count(most) <= sum(counts)
    assert (order is not None) == feasible
    if order is None:
        return
    assert sorted(order) == sorted(x for queue in block.values() for x in queue)
    last = {}
    for place, (s, j) in enumerate(order):
        if s in last:
            assert place - last[s][0] > distance
            assert j == last[s][1] + 1
        last[s] = (place, j)


def steady(n=600, rate=60.0, **changes):
    """A trace that follows a slow wave, sampled at 60 Hz."""
    t = np.arange(n) / rate
    values = np.column_stack([np.sin(t), np.cos(t)]).astype(np.float32) * 0.8
    return TraceSamples(**{"times_s": t, "values": values, "monotonic_s": 50 + t, "device": "mouse", **changes})


def test_a_steady_trace_has_no_flag():
    quality = trace_quality(steady(), 0.0, 10.0)
    assert quality.flags == ()
    assert quality.rate_hz == pytest.approx(60)
    assert quality.covered_share == 1.0
    assert quality.longest_idle_s < 0.1


def test_each_fault_has_its_flag():
    good = steady()
    late = good.times_s >= 3.0
    cut = TraceSamples(good.times_s[late], good.values[late], good.monotonic_s[late], "mouse")
    assert "late_start" in trace_quality(cut, 0.0, 10.0).flags
    assert trace_quality(cut, 0.0, 10.0).first_sample_s == pytest.approx(3.0)
    paused = good.values.copy()
    paused[200:260] = np.nan
    quality = trace_quality(steady(values=paused), 0.0, 10.0)
    assert quality.flags == ("gaps",)
    assert (quality.gaps, quality.longest_gap_s) == (1, pytest.approx(61 / 60))
    still = np.full_like(good.values, 0.3)
    assert trace_quality(steady(values=still), 0.0, 10.0).flags == ("idle",)
    assert trace_quality(steady(values=still), 0.0, 10.0).first_move_s is None
    edge = good.values.copy()
    edge[:300, 0] = 1.0
    quality = trace_quality(steady(values=edge), 0.0, 10.0)
    assert quality.flags == ("saturation",)
    assert quality.saturated_share == pytest.approx(0.5, abs=0.01)
    assert "ends_early" in trace_quality(good, 0.0, 14.0).flags
    empty = TraceSamples(np.zeros(0), np.zeros((0, 2), np.float32), np.zeros(0), "mouse")
    assert trace_quality(empty, 0.0, 10.0).flags == ("empty",)
    one_axis = good.values.copy()
    one_axis[:, 1] = np.nan
    assert trace_quality(steady(values=one_axis), 0.0, 10.0).flags == ()
    with pytest.raises(ValueError, match="no length"):
        trace_quality(good, 1.0, 1.0)


def test_the_face_view_follows_smoothly_and_knows_where_the_face_is_lost():
    t = np.arange(200) / 25
    rng = np.random.default_rng(0)
    centre = 300 + 100 * t + rng.normal(0, 4, t.size)
    boxes = np.column_stack([centre - 40, np.full(t.size, 100.0), np.full(t.size, 80.0), np.full(t.size, 100.0)])
    seen = (t < 3) | (t > 5)
    view = face_view(t[seen], boxes[seen].astype(np.float32), t, 0.0, 8.0)
    assert view.lost.shape == (1, 2)
    np.testing.assert_allclose(view.lost[0], [2.96, 5.04])
    assert view.visible_share == pytest.approx(1 - 2.08 / 8)
    shown = ~np.isnan(view.squares[:, 0])
    assert not shown[(t > 3) & (t < 5)].any()
    inner = (t > 0.8) & (t < 2.2)
    jitter = np.diff(view.squares[inner, 0]).std() / np.diff(centre[inner]).std()
    assert jitter < 0.2  # the crop glides where the boxes jump
    np.testing.assert_allclose(view.squares[inner, 0], 300 + 100 * t[inner], atol=6)
    np.testing.assert_allclose(view.squares[shown, 2], 100 * FaceViewGeometry().margin, rtol=1e-6)


def test_an_image_and_a_clip_without_face():
    box = np.float32([[10, 20, 50, 60]])
    image = face_view(np.zeros(1), box, np.zeros(1), 0.0, 0.0)
    assert image.visible_share == 1.0
    np.testing.assert_allclose(image.squares[0], [35, 50, 78])
    none = face_view(np.zeros(0), np.zeros((0, 4), np.float32), np.arange(3.0), 0.0, 2.0)
    assert none.visible_share == 0.0
    assert np.isnan(none.squares).all()
