"""Which traces count is decided once: for gold standards, training, agreement, export and the lists."""

from dataclasses import replace

import numpy as np
import pytest

import db.edits
import db.gold
import db.presentations
import db.raters
import db.traces
from app.domain.answers import AnswerKey, PresentationLog, PresentationStart
from app.domain.project import TraceStart
from app.domain.trace_rules import counting, why_not
from app.domain.traces import TraceSamples
from app.errors import UserError
from app.services.labels.export import export_labels
from app.services.labels.gold import GoldRequest, make_gold
from app.services.labels.tables import current_traces, load_project_ratings
from app.services.retrain.labels import LabelChoice, labels_of, rater_traces, settled, usable_traces
from app.services.study.corrections import AnswerCorrections
from app.services.study.reviewers import add_owner
from tests.study.helpers import make_study

CONDITION = "full_context"


def samples(value, until_s=3.0):
    times = np.arange(0.0, until_s, 0.04)
    return TraceSamples(times, np.full((len(times), 2), value, np.float32), times, "mouse")


class World:
    """A study with two raters, each of whom traced the same two items."""

    def __init__(self, project, items):
        self.project, self.items = project, items
        self.record = make_study(project, items[:2], trace=True)
        self.raters = {code: db.raters.by_code(project, code) for code in ("R01", "R02")}
        self.good = [self.trace(code, item).id for code in ("R01", "R02") for item in items[:2]]

    def start(self, code, item, **changes):
        start = TraceStart(item.id, self.raters[code].id, CONDITION, True, "mouse", self.record.id, 1)
        return replace(start, **changes)

    def trace(self, code, item, value=0.5, **changes):
        return db.traces.add(self.project, self.start(code, item, **changes), samples(value))

    def broken_off(self, code, item):
        number = db.traces.begin(self.project, self.start(code, item))
        db.traces.append(self.project, number, samples(0.9))
        return db.traces.finish(self.project, number, "interrupted")

    def show(self, code, item, purpose="main", trace_id=None, **detail):
        key = AnswerKey(self.record.id, self.raters[code].id, item.id, CONDITION, 1, purpose)
        number = db.presentations.begin(self.project, PresentationStart(key, "trace", None, 1, "full_context"))
        log = PresentationLog(detail=detail)
        db.presentations.finish(self.project, number, "answered", log, trace_id=trace_id)

    def practise(self, code, item):
        made = self.trace(code, item, 0.9)
        self.show(code, item, "practice", made.id)
        return made


@pytest.fixture
def world(project, items):
    return World(project, items)


def everywhere(project, folder):
    """Numbers or uids of the traces that each part of the program uses."""
    uids = {trace.uid: trace.id for trace in db.traces.every(project, usable_only=False)}
    made = make_gold(project, GoldRequest("trace"))
    export_labels(project, folder)
    lines = (folder / "traces.csv").read_text().splitlines()
    names = lines[0].split(",")
    exported = {tuple(line.split(",")[names.index(n)] for n in ("item", "rater")) for line in lines[1:]}
    loaded = load_project_ratings(project).traces
    assert exported == {(trace.item, trace.rater) for trace in loaded}
    return {
        "agreement": sorted(uids[trace.uid] for trace in loaded),
        "gold": sorted({uids[uid] for gold in made for uid in gold.sources}),
        "training": sorted(trace.id for trace in usable_traces(project)),
        "rule": [trace.id for trace in current_traces(project)],
    }


def test_only_judgements_count_and_they_do_everywhere(world, tmp_path):
    project, (first, second, third, *_) = world.project, world.items
    world.practise("R01", third)
    world.broken_off("R02", third)
    world.trace("R01", third, calibration=True)
    db.traces.abandon(project, world.trace("R02", third).id)
    empty = world.trace("R01", third, condition="face_only")
    db.traces.finish(project, empty.id, quality={"flags": ["empty"]})
    world.trace("R02", third)
    world.show("R02", third, missing_reason="cannot_tell")
    again = world.trace("R02", second)
    world.broken_off("R02", second)
    wanted = sorted([*world.good[:3], again.id])
    assert everywhere(project, tmp_path) == dict.fromkeys(("agreement", "gold", "training", "rule"), wanted)
    assert set(rater_traces(project, CONDITION, "none")[0]) == {first.id, second.id}
    reasons = [why_not(trace) for trace in db.traces.every(project, usable_only=False)]
    assert reasons[4:] == [
        "practice", "interrupted", "calibration", "abandoned", "empty", "declined", None, "interrupted"
    ]  # fmt: skip


def test_who_first_cannot_judge_and_traces_later_counts(world):
    third = world.items[2]
    world.show("R01", third, missing_reason="cannot_tell")
    later = world.trace("R01", third)
    assert later.id in {trace.id for trace in current_traces(world.project)}


def test_gold_for_training_is_stored_once_beside_a_practice_trace(world):
    project = world.project
    world.practise("R01", world.items[2])
    world.practise("R02", world.items[0])
    world.broken_off("R02", world.items[1])
    choice = settled(project, LabelChoice())
    for _ in range(3):
        labels = labels_of(project, choice)
        assert len(db.gold.every(project, kind="trace")) == 2
    for one in labels:
        np.testing.assert_array_equal(one.values[~np.isnan(one.values)], 0.5)


def test_a_gold_standard_of_one_study_names_its_own_traces_only(world):
    outside = world.trace("R01", world.items[0], study_id=None, study_version=None)
    made = make_gold(world.project, GoldRequest("trace", study="faces"))
    assert outside.uid not in {uid for gold in made for uid in gold.sources}


def test_the_order_of_reading_does_not_matter(world):
    world.trace("R01", world.items[0])
    found = db.traces.every(world.project, usable_only=False)
    assert counting(reversed(found)) == counting(found)


def test_a_reviewer_accepts_what_was_broken_off_but_not_practice(world):
    project, third = world.project, world.items[2]
    broken, practised = world.broken_off("R01", third), world.practise("R02", third)
    add_owner(project, "OWN")
    corrections = AnswerCorrections(project, "OWN")
    opened = corrections.trace(broken.id)
    assert (opened.counts, opened.acceptable) == (False, True)
    edit = corrections.accept(opened, "long enough")
    db.edits.apply(project, edit)
    assert broken.id in {trace.id for trace in current_traces(project)}
    db.edits.apply(project, edit.inverse())
    assert db.traces.get(project, broken.id).status == "interrupted"
    with pytest.raises(UserError, match="does not count"):
        corrections.reject(corrections.trace(practised.id), "no")
    with pytest.raises(UserError, match="No reviewer has rejected"):
        corrections.accept(corrections.trace(practised.id), "yes")
