"""Every edit can be undone and done again, and nothing goes over somebody else's change."""

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.domain.changes import Changes, Edit, RowChange
from app.domain.project import TraceStart
from app.errors import UserError
from db import audit, clips, edits, gold, items, raters, runs, traces, tracks
from db import settings as project_settings
from db.project import Project
from db.schema import Audit, Base, Clip, Subject

from .build import analysis, media_info, samples


def dump(project):
    """Every row of every table, without the audit log and without subjects that nobody is."""
    with project.read() as session:
        people = session.execute(select(Clip.id, Subject.code).join(Subject)).all()
        return {"people": sorted(map(repr, people))} | {
            table.name: sorted(map(repr, session.execute(select(table)).all()))
            for table in Base.metadata.sorted_tables
            if table.name not in (Audit.__tablename__, "subject")
        }


def there_and_back(project, edit):
    """Apply, undo, redo, undo; returns what the first application changed."""
    before = dump(project)
    changes = edits.apply(project, edit)
    after = dump(project)
    assert after != before
    assert edits.apply(project, edit.inverse()) == changes
    assert dump(project) == before
    edits.apply(project, edit)
    ignoring_numbers = lambda rows: {name: len(found) for name, found in rows.items()}  # noqa: E731
    assert ignoring_numbers(dump(project)) == ignoring_numbers(after)
    edits.apply(project, edit.inverse())
    return changes


@pytest.fixture
def filled(project, clip, item, rater, tmp_path):
    """A project with two clips, a run, labels and two gold standards."""
    clips.add(project, media_info(tmp_path / "ben.mp4"), "b" * 64, subject="S02")
    runs.save(project, clip.id, analysis())
    traces.add(project, TraceStart(item.id, rater.id, "full_context", True, "mouse"), samples(10))
    for name in ("mean", "median"):
        gold.add(
            project,
            item.id,
            "trace",
            name,
            {"method": name},
            ["t1"],
            condition="full_context",
            times_s=np.arange(3.0),
            values=np.zeros((3, 2), np.float32),
        )
    return project


EDITS = {
    "rename subject": lambda p, clip, item, rater: edits.rename_subject(p, "S01", "S99"),
    "merge subjects": lambda p, clip, item, rater: edits.rename_subject(p, "S01", "S02"),
    "set subject": lambda p, clip, item, rater: edits.set_subject(p, [1, 2], "S50"),
    "no subject": lambda p, clip, item, rater: edits.set_subject(p, [clip.id], ""),
    "rename clip": lambda p, clip, item, rater: edits.rename_clip(p, clip.id, "Anna"),
    "remove clips": lambda p, clip, item, rater: edits.remove_clips(p, [1, 2]),
    "relink": lambda p, clip, item, rater: edits.relink(p, clip.id, p.folder / "x.mp4", clip.sha256),
    "add item": lambda p, clip, item, rater: edits.add_item(
        p, clip.id, start_s=1.0, end_s=2.0, track_id=tracks.of_clip(p, clip.id)[0].id
    ),
    "change item": lambda p, clip, item, rater: edits.change_item(p, item, start_s=0.5, end_s=4.0, note="smile"),
    "set target": lambda p, clip, item, rater: edits.set_target(p, item, track_id=tracks.of_clip(p, clip.id)[1].id),
    "mark target": lambda p, clip, item, rater: edits.set_target(p, item, target={"time_s": 1, "box": [1, 2, 3, 4]}),
    "remove items": lambda p, clip, item, rater: edits.remove_items(p, [item.id]),
    "change rater": lambda p, clip, item, rater: edits.change_rater(p, rater, code="R09", role="owner", active=False),
    "exclude rater": lambda p, clip, item, rater: edits.exclude_rater(p, rater, "fell asleep", "owner"),
    "choose gold": lambda p, clip, item, rater: edits.choose_gold(p, gold.for_item(p, item.id)[0]),
    "new setting": lambda p, clip, item, rater: edits.change_setting(p, "smoothing", {"cutoff_hz": 1.5}),
}


@pytest.mark.parametrize("name", EDITS)
def test_every_edit_goes_there_and_back(filled, clip, item, rater, name):
    edit = EDITS[name](filled, clip, item, rater)
    assert edit.title
    assert edit.inverse().inverse() == edit
    assert there_and_back(filled, edit).touched
    assert json.loads(json.dumps(edit.to_json())) == edit.to_json()  # plain data: it can be stored


def test_an_edit_says_what_changed(filled, item, rater):
    changes = edits.apply(filled, edits.set_target(filled, item, target={"time_s": 0, "box": [0, 0, 1, 1]}))
    assert changes == Changes.of("item", item.id)
    both = edits.apply(filled, edits.set_subject(filled, [1, 2], "S50"))
    assert (both.kinds, both.ids("clip")) == (frozenset({"clip"}), frozenset({1, 2}))
    assert (changes | both).kinds == {"clip", "item"}


def test_what_is_so_already_is_no_edit(filled, clip):
    assert edits.set_subject(filled, [clip.id], "S01").changes == ()
    assert edits.change_setting(filled, "unknown", None).changes == ()


def test_an_edit_is_in_the_audit_log_with_who_did_it(filled, clip):
    edits.apply(filled, edits.rename_clip(filled, clip.id, "Anna"), actor="R77")
    (line, *_) = audit.recent(filled, action="edit.")
    assert (line.action, line.actor, line.detail["title"]) == ("edit.apply", "R77", "Rename clip to Anna")


def test_somebody_elses_later_change_is_not_overwritten(filled, clip):
    mine = edits.rename_clip(filled, clip.id, "mine")
    edits.apply(filled, mine)
    edits.apply(filled, edits.rename_clip(filled, clip.id, "theirs"))
    with pytest.raises(UserError, match="changed meanwhile"):
        edits.apply(filled, mine.inverse())
    assert clips.get(filled, clip.id).name == "theirs"


def test_an_edit_is_done_whole_or_not_at_all(filled, clip):
    good = edits.rename_clip(filled, clip.id, "Anna")
    bad = RowChange("clip", "no such clip", {"name": "x"}, {"name": "y"})
    before = dump(filled)
    with pytest.raises(UserError, match="changed meanwhile"):
        edits.apply(filled, Edit("both", (*good.changes, bad)))
    assert dump(filled) == before


def test_a_name_that_is_taken_is_a_sentence(filled, clip):
    with pytest.raises(UserError, match="a name is taken"):
        edits.apply(filled, edits.rename_clip(filled, clip.id, "ben.mp4"))


def test_adding_an_item_is_not_undone_over_labels(filled, clip, rater):
    edit = edits.add_item(filled, clip.id, start_s=1.0, end_s=2.0)
    edits.apply(filled, edit)
    added = items.by_uid(filled, edit.changes[0].key)
    traces.add(filled, TraceStart(added.id, rater.id, "face_only", True, "mouse"), samples(3))
    with pytest.raises(UserError, match="labels depend"):
        edits.apply(filled, edit.inverse())
    edits.apply(filled, edits.remove_items(filled, [added.id]))
    assert added.id not in [one.id for one in items.every(filled)]
    assert len(traces.for_item(filled, added.id)) == 1


def test_removed_clips_take_their_items_out_of_the_lists_and_labels_stay(filled, clip, item):
    edits.apply(filled, edits.remove_clips(filled, [clip.id]))
    assert [one.clip for one in items.every(filled)] == ["ben.mp4"]
    assert len(traces.for_item(filled, item.id)) == 1
    back = clips.add(filled, media_info(filled.folder / "back" / "anna.mp4"), clip.sha256)
    assert (back.id, back.removed) == (clip.id, False)


def test_only_one_gold_standard_is_chosen(filled, item):
    median, mean = gold.for_item(filled, item.id)
    assert (mean.chosen, median.chosen) == (True, False)
    edits.apply(filled, edits.choose_gold(filled, median))
    assert [one.name for one in gold.every(filled, kind="trace", chosen_only=True)] == ["median"]


def test_an_exclusion_needs_a_reason_and_is_remembered(filled, rater):
    with pytest.raises(UserError, match="reason"):
        edits.exclude_rater(filled, rater, "  ")
    edits.apply(filled, edits.exclude_rater(filled, rater, "fell asleep", "owner"))
    with pytest.raises(UserError, match="already"):
        edits.exclude_rater(filled, rater, "again")
    assert [(one.rater, one.reason, one.decided_by) for one in raters.exclusions(filled)] == [
        ("R01", "fell asleep", "owner")
    ]
    there_and_back(filled, edits.include_rater(filled, rater))
    edits.apply(filled, edits.include_rater(filled, rater))
    assert raters.exclusions(filled) == ()
    assert "fell asleep" in str(audit.recent(filled, action="edit.apply"))


def test_only_listed_columns_can_be_edited(filled):
    with pytest.raises(ValueError, match="sha256"):
        edits.apply(filled, Edit("no", (RowChange("clip", "a" * 64, {"sha256": "a"}, {"sha256": "b"}),)))


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("subject"), st.integers(1, 3), st.sampled_from(["S01", "S02", "S03", ""])),
        st.tuples(st.just("rename"), st.integers(1, 3), st.text("abc", min_size=1, max_size=2)),
        st.tuples(st.just("add"), st.integers(1, 3), st.integers(0, 5)),
        st.tuples(st.just("remove"), st.integers(1, 3), st.just(0)),
        st.tuples(st.just("setting"), st.integers(0, 3), st.sampled_from(["k", "l"])),
    ),
    max_size=6,
)


@pytest.mark.slow
@given(steps=STEPS)
@settings(
    max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
def test_any_history_can_be_undone_to_its_beginning(tmp_path_factory, empty_project, steps):
    folder = tmp_path_factory.mktemp("history")
    path = folder / "p.affectograph"
    path.write_bytes(empty_project.read_bytes())
    with Project.open(path) as project:
        for name in "abc":
            clips.add(project, media_info(folder / f"clip {name}"), name * 64)
        first, done = dump(project), []
        for kind, number, value in steps:
            edit = _step(project, kind, number, value)
            try:
                edits.apply(project, edit)
            except UserError:
                continue  # a name that is taken
            done.append(edit)
        last = dump(project)
        for edit in reversed(done):
            edits.apply(project, edit.inverse())
        assert dump(project) == first
        for edit in done:
            edits.apply(project, edit)
        assert {name: len(rows) for name, rows in dump(project).items()} == {n: len(r) for n, r in last.items()}


def _step(project, kind, number, value):
    if kind == "subject":
        return edits.set_subject(project, [number], value)
    if kind == "rename":
        return edits.rename_clip(project, number, value)
    if kind == "add":
        return edits.add_item(project, number, start_s=float(value), end_s=value + 1.0)
    if kind == "remove":
        return edits.remove_clips(project, [number])
    return edits.change_setting(project, value, number or None)


def test_settings_hold_anything_json_can(project):
    for value in (1, 1.5, "ü", True, None, [1, {"a": None}]):
        project_settings.put(project, "k", value)
        assert project_settings.get(project, "k", "default") == value
    project_settings.remove(project, "k")
    assert project_settings.get(project, "k", "default") == "default"
