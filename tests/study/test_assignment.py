"""Properties of assignments over random studies: balance, distance, reproducibility, no forbidden order."""

import random
from collections import Counter, defaultdict
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.assignment import plan_study
from app.domain.slots import Slot, Target, answered
from app.domain.study import AttentionCheck, Condition, PracticeClip, Study, Term, TraceSpec
from app.errors import UserError

VIEWS = ("face_only", "full_context", "context_only")
CONDITIONS = (*(Condition(view, view) for view in VIEWS), Condition("silent", "full_context", audio=False))


@st.composite
def designs(draw):
    """A random study, its targets (some clips with two faces) and raters."""
    n = draw(st.integers(1, 14))
    targets = []
    for clip in range(n):
        faces = draw(st.sampled_from([1, 1, 1, 2]))
        targets += [Target(f"c{clip}f{face}", f"c{clip}") for face in range(faces)]
    conditions = draw(st.lists(st.sampled_from(CONDITIONS), min_size=1, max_size=4, unique_by=lambda c: c.name))
    study = Study(
        "s",
        emotions=draw(st.sampled_from([(Term("happy"),), ()])) or (),
        trace=draw(st.sampled_from([None, TraceSpec(), TraceSpec(joint=False)])),
        categories=(Term("happy"),),
        conditions=tuple(conditions),
        design=draw(st.sampled_from(["within", "between", "rotated"])),
        raters_per_cell=draw(st.integers(1, 4)),
        passes=draw(st.integers(1, 2)),
        min_distance=draw(st.integers(0, 4)),
        context_before_face=draw(st.booleans()),
        condition_blocks=draw(st.booleans()),
    )
    raters = [f"R{i}" for i in range(draw(st.integers(1, 9)))]
    return study, targets, raters, draw(st.integers(0, 2**31))


def mains(plan, rater=None):
    return [s for s in plan.slots if s.purpose == "main" and rater in (None, s.rater)]


def check_order(study: Study, targets, slots):
    """Distance between presentations of a clip, and no bare face after its context."""
    stimulus = {t.item: t.stimulus for t in targets}
    shows_context = {c.name: c.shows_context for c in study.conditions}
    last: dict[str, int] = {}
    seen_context: set[str] = set()
    for place, slot in enumerate(sorted(slots, key=lambda s: s.position)):
        s = stimulus[slot.item]
        if s in last:
            assert place - last[s] > study.min_distance
        last[s] = place
        if shows_context[slot.condition]:
            seen_context.add(s)
        elif not study.context_before_face:
            assert s not in seen_context


def infeasible(study, targets, raters, seed):
    """Whether even the freest order of some rater's list breaks the distance (most frequent clip first is optimal)."""
    stimulus = {t.item: t.stimulus for t in targets}
    relaxed = plan_study(Study(**{**study.__dict__, "min_distance": 0}), targets, raters, seed)
    blocks: dict[tuple, Counter] = defaultdict(Counter)
    for slot in mains(relaxed):
        blocks[slot.rater, slot.pass_no, slot.kind][stimulus[slot.item]] += 1
        blocks[slot.rater, slot.pass_no, slot.kind, slot.condition][stimulus[slot.item]] += 1
        blocks[slot.rater,][stimulus[slot.item]] += 1
    for counts in blocks.values():
        most = max(counts.values())
        ties = sum(1 for n in counts.values() if n == most)
        if (most - 1) * (study.min_distance + 1) + ties > sum(counts.values()):
            return True
    # Blocks of clips that are shown several times each can fail at their border although each alone could be ordered.
    return max(Counter(t.stimulus for t in targets).values()) > 1 or len(study.conditions) > 1


@pytest.mark.slow
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(designs())
def test_assignment_properties(design):
    study, targets, raters, seed = design
    try:
        plan = plan_study(study, targets, raters, seed)
    except UserError as error:
        assert infeasible(study, targets, raters, seed)
        allowed = int(error.todo.split("repeats” to ")[1].split(",")[0])
        assert allowed < study.min_distance
        plan_study(Study(**{**study.__dict__, "min_distance": allowed}), targets, raters, seed)
        return
    rng = random.Random(seed)
    again = plan_study(study, rng.sample(targets, len(targets)), rng.sample(raters, len(raters)), seed)
    assert again == plan  # reproducible, whatever the order of the lists
    for rater in raters:
        slots = mains(plan, rater)
        check_order(study, targets, slots)
        assert len({s.position for s in slots}) == len(slots)
        assert len({s.cell for s in slots}) == len(slots)
    check_balance(study, targets, raters, plan)


def check_balance(study, targets, raters, plan):
    k, names = study.raters_per_cell, [c.name for c in study.conditions]
    q = len(names)
    judges = defaultdict(set)
    for slot in mains(plan):
        judges[slot.item, slot.condition].add(slot.rater)
    by_item = defaultdict(list)
    for target in targets:
        for name in names:
            have = len(judges[target.item, name])
            assert have <= k
            assert plan.missing.get((target.item, name), 0) == k - have
            by_item[target.item].append(have)
    if study.design == "within":
        assert all(n == min(k, len(raters)) for counts in by_item.values() for n in counts)
    elif study.design == "rotated":
        for counts in by_item.values():
            assert max(counts) - min(counts) <= 1  # conditions counter-balanced over clips
            assert sum(counts) == min(k * q, len(raters))
        for rater in raters:
            seen = {(t.stimulus, s.condition) for s in mains(plan, rater) for t in targets if t.item == s.item}
            assert len({stimulus for stimulus, _ in seen}) == len(seen)  # each clip in one condition
            shares = Counter(condition for _, condition in seen)
            assert max(shares[n] for n in names) - min(shares[n] for n in names) <= 1  # and over raters
    else:
        groups = {rater: {s.condition for s in mains(plan, rater)} for rater in raters}
        assert all(len(conditions) <= 1 for conditions in groups.values())
    loads = Counter(s.rater for s in mains(plan))
    per_cell = study.passes * len(study.kinds) * (q if study.design == "within" else 1)
    largest = max(Counter(t.stimulus for t in targets).values()) * per_cell
    if study.design != "between":
        assert max(loads[r] for r in raters) - min(loads[r] for r in raters) <= largest


@pytest.mark.slow
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(designs(), st.integers(0, 3), st.integers(0, 4), st.floats(0, 1))
def test_extending_keeps_what_was_answered(design, more_raters, more_clips, share):
    study, targets, raters, seed = design
    try:
        plan = plan_study(study, targets, raters, seed)
    except UserError:
        return
    done = []
    for rater in raters:
        slots = mains(plan, rater)
        done += [(rater, s.cell) for s in slots[: round(share * len(slots))]]
    existing = answered(plan.slots, done)
    assert plan_study(study, targets, raters, seed, existing).slots == tuple(existing)  # nothing joined, nothing moves
    wider = targets + [Target(f"new{i}", f"new{i}") for i in range(more_clips)]
    crowd = raters + [f"N{i}" for i in range(more_raters)]
    extended = plan_study(study, wider, crowd, seed, existing)
    kept = [s for s in existing if s.state == "answered"]
    assert set(kept) <= set(extended.slots)
    for rater in crowd:
        slots = mains(extended, rater)
        if not study.context_before_face:
            check_order(Study(**{**study.__dict__, "min_distance": 0}), wider, slots)
        places = [s.position for s in slots]
        assert len(set(places)) == len(places)
        assert len({s.cell for s in slots}) == len(slots)
        first_open = min((s.position for s in slots if s.state == "planned"), default=None)
        last_done = max((s.position for s in slots if s.state == "answered"), default=0)
        assert first_open is None or first_open > last_done  # resumed at the exact item


def simple(**changes):
    base = {
        "emotions": (Term("happy"),),
        "conditions": (Condition("face_only", "face_only"), Condition("full_context", "full_context")),
        "raters_per_cell": 2,
    }
    return Study("s", **{**base, **changes})


def clips(n):
    return [Target(f"c{i:02d}", f"c{i:02d}") for i in range(n)]


def test_order_of_conditions_is_counter_balanced_where_it_is_free():
    study = simple(context_before_face=True, raters_per_cell=4)
    plan = plan_study(study, clips(10), [f"R{i}" for i in range(4)], 1)
    first = {}
    for slot in mains(plan):
        first.setdefault((slot.item, slot.rater), slot.condition)
    by_item, by_rater = Counter(), Counter()
    for (item, rater), condition in first.items():
        by_item[item, condition] += 1
        by_rater[rater, condition] += 1
    assert set(by_item.values()) == {2}
    assert set(by_rater.values()) == {5}


def test_seeds_give_different_orders_and_raters_differ():
    study = simple()
    a, b = (plan_study(study, clips(12), ["A", "B"], seed) for seed in (1, 2))
    order = [[s.cell for s in mains(p, r)] for p in (a, b) for r in ("A", "B")]
    assert len({tuple(o) for o in order}) == 4


def test_a_new_rater_leaves_the_lists_of_busy_ones_alone_where_nothing_changes():
    study = simple(raters_per_cell=5)
    plan = plan_study(study, clips(6), ["A", "B"], 3)
    wider = plan_study(study, clips(6), ["A", "B", "C"], 3, plan.slots)
    assert [s for s in wider.slots if s.rater != "C"] == list(plan.slots)
    assert len(mains(wider, "C")) == 12


def test_practice_comes_first_and_its_clips_are_not_judged():
    study = simple(practice=(PracticeClip("c00", "full_context"),))
    plan = plan_study(study, clips(5), ["A", "B"], 3)
    assert plan.of("A")[0].purpose == "practice"
    assert all(s.item != "c00" for s in mains(plan))
    assert "c00" in plan.notes[0]


def test_attention_checks_come_at_about_the_wished_distance():
    check = AttentionCheck("five", {"en": "Set Happy to 5."}, {"happy": (5, 5)})
    plan = plan_study(simple(attention=(check,), attention_every=6), clips(60), ["A"], 3)
    places = [i for i, s in enumerate(plan.of("A")) if s.purpose == "attention"]
    gaps = [b - a - 1 for a, b in pairwise([-1, *places])]
    assert min(gaps) >= 3
    assert max(gaps) <= 9
    assert len(set(gaps)) > 1
    assert 120 / 9 <= len(places) + 1 <= 120 / 3 + 1


def test_too_large_a_distance_is_refused_with_the_largest_possible():
    with pytest.raises(UserError, match=r"cannot be kept 5 apart.*“Other clips between repeats” to 2"):
        plan_study(simple(min_distance=5), clips(3), ["A"], 0)


def test_a_rater_who_left_keeps_what_was_answered_and_others_fill_up():
    study = simple(raters_per_cell=2)
    plan = plan_study(study, clips(6), ["A", "B"], 3)
    done = [("A", s.cell) for s in mains(plan, "A")[:4]]
    wider = plan_study(study, clips(6), ["B", "C"], 3, answered(plan.slots, done))
    assert [s.cell for s in mains(wider, "A")] == [cell for _, cell in done]
    assert not wider.missing


def test_a_condition_that_joins_never_shows_a_face_after_its_context():
    study = simple(conditions=(Condition("full_context", "full_context"),), raters_per_cell=1)
    plan = plan_study(study, clips(4), ["A", "B"], 3)
    done = [(s.rater, s.cell) for s in mains(plan)]
    both = simple(raters_per_cell=1)
    wider = plan_study(both, clips(4), ["A", "B"], 3, answered(plan.slots, done))
    assert len(mains(wider)) == 8
    by_clip = {s.item: s.rater for s in mains(plan)}
    assert all(s.rater != by_clip[s.item] for s in mains(wider) if s.condition == "face_only")


def test_thousand_clips_take_seconds():
    plan = plan_study(simple(raters_per_cell=3), clips(1000), [f"R{i}" for i in range(6)], 0)
    assert len(plan.slots) == 6000
    assert isinstance(plan.slots[0], Slot)
