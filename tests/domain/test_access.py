"""Who may see which screen."""

import pytest

from app.domain.access import Access

SCREENS = {"annotate": False, "answers": True, "models": False, "review": True}
"""Screens, and whether they show labels."""

SHOW_LABELS = {screen for screen, shows_labels in SCREENS.items() if shows_labels}


def may_show(access, screen):
    return access.may_show(screen, shows_labels=SCREENS[screen])


@pytest.mark.parametrize("role", ["owner", "reviewer"])
def test_who_sees_labels_may_show_everything(role):
    assert all(may_show(Access(guarded, role), screen) for screen in SCREENS for guarded in (True, False))


def test_without_an_owner_everything_is_open():
    assert Access().sees_labels
    assert all(may_show(Access(), screen) for screen in SCREENS)


def test_with_an_owner_nobody_sees_labels_without_signing_in():
    access = Access(guarded=True)
    assert not access.sees_labels
    assert {screen for screen in SCREENS if not may_show(access, screen)} == SHOW_LABELS
    assert may_show(access, "annotate")


@pytest.mark.parametrize("guarded", [True, False])
def test_a_rater_at_work_sees_the_own_tasks_only(guarded):
    access = Access(guarded, "rater")
    assert not access.sees_labels
    assert [screen for screen in SCREENS if may_show(access, screen)] == ["annotate"]


@pytest.mark.parametrize("role", [None, "owner", "rater"])
def test_a_rater_in_another_window_closes_what_shows_labels(role):
    access = Access(False, role, elsewhere=True)
    assert not access.sees_labels
    assert not any(may_show(access, screen) for screen in SHOW_LABELS)
