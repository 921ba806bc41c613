"""Who may see which screen."""

import pytest

from app.domain.access import SHOW_LABELS, Access

SCREENS = ("review", "annotate", "study", "answers", "agreement", "train", "models", "camera")


@pytest.mark.parametrize("role", ["owner", "reviewer"])
def test_who_sees_labels_may_show_everything(role):
    assert all(Access(guarded, role).may_show(screen) for screen in SCREENS for guarded in (True, False))


def test_without_an_owner_everything_is_open():
    assert Access().sees_labels
    assert all(Access().may_show(screen) for screen in SCREENS)


def test_with_an_owner_nobody_sees_labels_without_signing_in():
    access = Access(guarded=True)
    assert not access.sees_labels
    assert {screen for screen in SCREENS if not access.may_show(screen)} == SHOW_LABELS
    assert access.may_show("annotate")


@pytest.mark.parametrize("guarded", [True, False])
def test_a_rater_at_work_sees_the_own_tasks_only(guarded):
    access = Access(guarded, "rater")
    assert not access.sees_labels
    assert [screen for screen in SCREENS if access.may_show(screen)] == ["annotate"]


@pytest.mark.parametrize("role", [None, "owner", "rater"])
def test_a_rater_in_another_window_closes_what_shows_labels(role):
    access = Access(False, role, elsewhere=True)
    assert not access.sees_labels
    assert not any(access.may_show(screen) for screen in SHOW_LABELS)
