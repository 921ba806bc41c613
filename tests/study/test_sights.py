"""What was shown is kept, and judgements given afterwards say that they were not blind."""

import pytest

import db.answers
import db.items
import db.leftovers
import db.raters
import db.runs
import db.sights
import db.traces
from app import paths
from app.domain.project import TraceStart
from app.services.agreement.choose import load_labels
from app.services.labels.tables import load_project_ratings
from app.services.predict.clip_curves import clip_curves, note_predictions
from app.services.study.corrections import open_corrections
from app.services.study.kits import make_kit, merge_kit
from app.services.study.session import AnnotateSession
from app.services.study.simulate import simulate_study
from app.services.study.views import note_judged
from db.project import Project
from tests.study.helpers import SEEN, full_answer
from tests.ui.annotate.builder import build


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Lets a test sit down at another machine."""

    def at(name):
        monkeypatch.setenv("AFFECTOGRAPH_HOME", str(tmp_path / "homes" / name))

    at("here")
    return at


@pytest.fixture
def project(tmp_path, home):
    with Project.open(build(tmp_path / "project", clips=3, raters=("R01", "R02"))) as opened:
        yield opened


def clips(project):
    return [one.clip_id for one in db.items.every(project)]


def give(project, rater, count=1):
    """Answers to what comes next; the clips they were of."""
    given = []
    with AnnotateSession(project, rater) as session:
        for _ in range(count):
            task = session.current()
            session.begin(task)
            session.submit(full_answer(session.study), SEEN)
            given.append(task.item.clip_id)
    return given


def blind(project, rater):
    """Clip → whether the rater's newest answer to it was blind."""
    number = db.raters.by_code(project, rater).id
    item_of = {one.id: one.clip_id for one in db.items.every(project)}
    found = db.answers.every(project, 1, rater_id=number)
    return {item_of[one.key.item_id]: one.circumstances.blinded for one in found}


def test_opening_a_project_changes_nothing_and_showing_a_clip_counts_for_everybody_here(project, home):
    first = give(project, "R01")[0]
    assert blind(project, "R01") == {first: True}
    clip = next(one for one in db_clips(project) if one.id != first)
    clip_curves(project, clip)
    clip_curves(project, clip)
    rows = [(one.rater, one.machine, one.clip, one.what) for one in db.sights.every(project)]
    assert rows == [("", paths.machine_id(), clip.name, "predictions")]
    give(project, "R01", 2)
    give(project, "R02", 3)
    for rater in ("R01", "R02"):
        assert blind(project, rater) == {number: number != clip.id for number in clips(project)}


def db_clips(project):
    import db.clips

    return db.clips.every(project)


def test_elsewhere_nobody_has_seen_it(project, home):
    for clip in clips(project):
        note_predictions(project, clip)
    home("elsewhere")
    give(project, "R01", 3)
    assert set(blind(project, "R01").values()) == {True}


def test_a_view_by_an_owner_counts_for_the_owner_alone(project):
    give(project, "R01", 1)
    owner = open_corrections(project, "OWN", first=True)
    listed = owner.listed("faces")
    shown = owner.answer(listed[0].id)
    owner.close()
    assert [(one.rater, one.what) for one in db.sights.every(project)] == [("OWN", "labels")]
    give(project, "R02", 3)
    assert set(blind(project, "R02").values()) == {True}
    item, raters = shown.stored.key.item_id, {one.code: one.id for one in db.raters.every(project)}

    def traced(rater):
        start = TraceStart(item, raters[rater], "full_context", True, "mouse")
        return db.traces.get(project, db.traces.begin(project, start))

    assert (traced("OWN").blinded, traced("R02").blinded) == (False, True)
    note_predictions(project, db.items.get(project, item).clip_id)
    assert not traced("R02").blinded


def test_agreement_shows_something_of_every_judged_clip(project):
    given = give(project, "R01", 2)
    load_labels(project)
    names = {one.id: one.name for one in db_clips(project)}
    assert {(one.clip, one.what) for one in db.sights.every(project)} == {(names[n], "agreement") for n in given}
    note_judged(project.path, "agreement")
    assert len(db.sights.every(project)) == 2


def test_what_was_seen_goes_into_the_kit_and_comes_back(project, home, tmp_path):
    seen, other, last = clips(project)
    note_predictions(project, seen)
    kit = make_kit(project, "R01", tmp_path / "kit")
    with Project.open(kit) as inner:
        give(inner, "R01", 3)
        by_name = {one.name: blind(inner, "R01")[one.id] for one in db_clips(inner)}
    names = {one.id: one.name for one in db_clips(project)}
    assert by_name == {names[seen]: False, names[other]: True, names[last]: True}
    home("elsewhere")
    merge_kit(project, kit)
    assert blind(project, "R01") == {seen: False, other: True, last: True}
    assert len(db.sights.every(project)) == 1


def test_a_merge_knows_what_the_rater_has_seen_in_the_project_meanwhile(project, home, tmp_path):
    kit = make_kit(project, "R01", tmp_path / "kit")
    project.viewer = db.raters.by_code(project, "R01").id
    note_predictions(project, clips(project)[0])
    project.viewer = None
    home("elsewhere")
    with Project.open(kit) as inner:
        give(inner, "R01", 3)
        assert set(blind(inner, "R01").values()) == {True}, "the kit cannot know"
    merge_kit(project, kit)
    assert blind(project, "R01") == {number: number != clips(project)[0] for number in clips(project)}
    assert not [one for one in db.leftovers.find(project) if one.kind == "led"]


def test_simulated_raters_look_at_nothing_and_reports_count_what_was_not_blind(project):
    for clip in clips(project):
        note_predictions(project, clip)
    simulate_study(project, "faces", 2, 1, add_items=True)
    give(project, "R01", 2)
    assert set(blind(project, "S01").values()) == {True}
    assert db.sights.unblinded(project) == (2, 0)
    notes = load_project_ratings(project).intensities.notes
    assert "2 answers given unblinded: predictions or labels of the clip were in sight, then or before." in notes


def test_an_examination_names_what_says_blind_and_was_not(project):
    given = give(project, "R01", 1)[0]
    stored = db.answers.every(project, 1)[0]
    with project.write() as session:
        from db.schema import Sight

        rater = db.raters.by_code(session, "R01").id
        session.add(Sight(rater_id=rater, machine="m", clip_id=given, what="labels", at=stored.answered_at - 1))
    found = [one for one in db.leftovers.find(project) if one.kind == "led"]
    assert [(one.table, one.id, one.rater) for one in found] == [("answer", stored.id, "R01")]


def test_the_number_of_a_machine_is_kept_and_names_nobody(home):
    first = paths.machine_id()
    assert len(first) == 32
    paths._machines.clear()  # noqa: SLF001 — as another run of the program
    assert paths.machine_id() == first
    home("elsewhere")
    assert paths.machine_id() != first
