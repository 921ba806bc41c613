"""The kiosk: it is left by its code alone, and keeps nothing of anybody who did not allow it."""

import random
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtTest import QTest

import db.clips
from app.errors import UserError
from app.services.consent.covered import people_rows
from app.services.kiosk.plans import FORGOTTEN, LONGEST, NOTICE_KEPT, KioskPlan, plan_kiosk
from app.services.kiosk.visits import AGREED, REFUSED, visit_path
from app.services.projects.files import create_project, open_project
from app.ui.shell.kiosk.main import make_kiosk
from app.ui.shell.main import make_application
from tests.ui.random_kiosk import VISITOR, files_of, press
from tests.ui.waiting import idle, settle

CODE = "ring 7"


@pytest.fixture
def plan(clip_files):
    return KioskPlan(tuple(clip_files), VISITOR, CODE, each_s=1000.0, idle_s=1000.0, read_s=0.0)


@pytest.fixture
def kiosk(qapp, nothing_left):
    made = []
    make_application()

    def make(plan):
        window = make_kiosk(plan)
        made.append(window)
        window.fill()
        window.begin()
        settle(lambda: window.stage.present.video.has_picture)
        return window

    yield make
    for window in made:
        window.leave()
        window.deleteLater()


def agree(window, *, keep=False):
    """Go to the notice and accept it."""
    window.stage.go.click()
    settle(window.notice.agree.isEnabled)
    window.notice.keep.setChecked(keep)
    window.notice.agree.click()
    settle(lambda: window.stage.present.session.state == "on" and window.stage.present.width == 160)


def type_in(window, text):
    for letter in text:
        QTest.keyClick(window.windowHandle(), letter)


def test_the_notice_is_read_before_the_camera_is_switched_on(kiosk, plan):
    window = kiosk(replace(plan, read_s=1000.0))
    assert window.visit == "clips"
    assert window.stage.go.text() == "Try it with your own face"
    window.stage.go.click()
    assert window.visit == "notice"
    assert window.stage.present.session.state == "off"
    assert not window.notice.agree.isEnabled()
    assert window.notice.kept_text.text() == FORGOTTEN
    assert not window.notice.keep.isVisible()
    window.notice.agree.click()
    assert window.visit == "notice"
    window.notice.refuse.click()
    assert window.visit == "clips"


def test_a_visit_begins_and_ends(kiosk, plan):
    window = kiosk(plan)
    agree(window)
    assert window.visit == "camera"
    assert window.stage.go.text() == "Stop and forget"
    window.stage.go.click()
    assert window.visit == "clips"
    assert window.stage.present.result is None
    settle(lambda: window.stage.present.width not in (0, 160), what="a clip again")


def test_nobody_is_there_any_more(kiosk, plan):
    window = kiosk(replace(plan, idle_s=0.6))
    window.stage.go.click()
    settle(lambda: window.visit == "clips", what="the notice to go")
    window = kiosk(replace(plan, idle_s=0.6))
    agree(window)
    settle(lambda: window.visit == "clips", what="the picture to go: there is no face in it")


def test_clips_are_shown_in_turn(kiosk, plan):
    window = kiosk(replace(plan, each_s=0.1))
    session = window.stage.present.session
    seen = set()
    settle(lambda: seen.add(session.choice.camera.label) or len(seen) == 2)
    assert seen == {"clip0.mp4", "clip1.mp4"}


@pytest.mark.slow
def test_random_keys_and_clicks_do_not_leave_it_and_leave_nothing_behind(kiosk, plan, tmp_path):
    window = kiosk(plan)
    idle(window.context)
    before = files_of(tmp_path)
    rng = random.Random(7)
    for _ in range(300):
        press(window, rng)
        assert window.visit in ("clips", "notice", "camera")
    window.begin()
    idle(window.context)
    assert files_of(tmp_path) == before


def test_the_code_ends_it(kiosk, plan):
    window = kiosk(plan)
    type_in(window, "ring")
    assert window.isVisible()
    type_in(window, "x" + CODE)
    settle(lambda: not window.isVisible())


def test_who_allows_it_is_kept_with_the_consent(kiosk, plan, tmp_path):
    path = tmp_path / "visits.affectograph"
    create_project(path).close()
    window = kiosk(replace(plan, project=path))
    assert window.notice.kept_text.text() == NOTICE_KEPT
    agree(window, keep=True)
    settle(lambda: (window.stage.present.session.recording_s or 0.0) > 0.5)
    assert window.stage.kept.text() == "● This visit is recorded"
    assert window.stage.go.text() == "Stop"
    window.stage.go.click()
    window.stage.go.click()
    assert not window.notice.keep.isChecked()
    window.leave()
    with open_project(path) as project:
        (clip,) = db.clips.every(project)
        (row,) = people_rows(project)
        assert clip.name.startswith("visitor ")
        assert row.person.code == Path(clip.name).stem
        said = {purpose: consent.granted for purpose, consent in row.consents.items()}
        assert said == dict.fromkeys(AGREED, True) | dict.fromkeys(REFUSED, False)


def test_a_visit_that_the_end_of_the_program_cuts_short_is_kept(kiosk, plan, tmp_path):
    path = tmp_path / "visits.affectograph"
    create_project(path).close()
    window = kiosk(replace(plan, project=path))
    agree(window, keep=True)
    settle(lambda: (window.stage.present.session.recording_s or 0.0) > 0.5)
    window.leave()
    with open_project(path) as project:
        assert [clip.name.split(" ")[0] for clip in db.clips.every(project)] == ["visitor"]


def test_a_visit_that_cannot_be_recorded_is_not_said_to_be(kiosk, plan, tmp_path):
    path = tmp_path / "visits.affectograph"
    create_project(path).close()
    (tmp_path / "visits recordings").write_text("a file where the folder would be")
    window = kiosk(replace(plan, project=path))
    agree(window, keep=True)
    settle(lambda: window.stage.kept.text() == "")
    assert window.stage.go.text() == "Stop and forget"
    assert window.stage.present.session.recording_s is None


def test_who_does_not_allow_it_leaves_nothing(kiosk, plan, tmp_path):
    path = tmp_path / "visits.affectograph"
    create_project(path).close()
    before = files_of(tmp_path)
    window = kiosk(replace(plan, project=path))
    agree(window)
    settle(seconds=0.5)
    window.stage.go.click()
    window.leave()
    assert files_of(tmp_path) == before


def test_recordings_of_one_second_have_names_of_their_own(tmp_path):
    first = visit_path(tmp_path / "p.affectograph")
    first.parent.mkdir()
    first.write_bytes(b"")
    assert visit_path(tmp_path / "p.affectograph") != first


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"clips": [Path("none.mp4")]}, "none.mp4"),
        ({"each_s": 0.0}, "longer than 0"),
        ({"idle_s": -1.0}, "longer than 0"),
        ({"camera": "no such camera"}, "no camera named"),
        ({"notice": Path("none.txt")}, "cannot be read"),
        ({"project": Path("none.affectograph")}, "none.affectograph"),
    ],
)
def test_what_cannot_be_shown_is_refused_before_the_screen_is_filled(tmp_path, monkeypatch, changes, what):
    monkeypatch.chdir(tmp_path)
    asked = {
        "clips": [], "camera": "none", "code": CODE, "each_s": 20.0, "idle_s": 45.0, "notice": None, "project": None,
    } | changes  # fmt: skip
    with pytest.raises(UserError, match=what):
        plan_kiosk(asked.pop("clips"), **asked)


def test_a_notice_of_ones_own(tmp_path):
    own = tmp_path / "notice.txt"
    asked = {"camera": "none", "code": CODE, "each_s": 20.0, "idle_s": 45.0, "project": None}
    own.write_text("  Read me.\n", "utf-8")
    made = plan_kiosk([], notice=own, **asked)
    assert (made.notice, made.camera, [clip.name for clip in made.clips]) == ("Read me.", None, ["demo.mp4"])
    for text in ("", "x" * (LONGEST + 1)):
        own.write_text(text, "utf-8")
        with pytest.raises(UserError):
            plan_kiosk([], notice=own, **asked)
