"""The fusion screen in the real window, from ticked members to clips that play with every verdict."""

import shutil
from threading import Event

import pytest
from PySide6.QtCore import QEvent, QObject

from app.jobs import Context
from app.services.fusion import runs
from app.services.fusion.runs import FusionRequest, fuse
from app.services.projects.files import open_project
from app.services.retrain.category_runs import CategoryRequest, train_categories
from app.ui.screens.fusion.result import TABS, WRITING
from app.ui.screens.fusion.view import FOUND, NEW, FusionScreen
from tests.services.judged_people import judged_project
from tests.ui.waiting import idle, settle

STREAMS = {"scene": ("context_masked",), "motion": ("dynamic",)}


def tell(_event):
    """Nobody listens."""


class Moves(QObject):
    """Notes whether something is hidden, shown, moved or resized."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def eventFilter(self, watched, event):
        if event.type() in (QEvent.Type.Hide, QEvent.Type.Show, QEvent.Type.Move, QEvent.Type.Resize):
            self.seen.append((watched.title.text(), event.type()))
        return False


def test_without_members_the_screen_says_how_to_get_them(window, project_path):
    screen = window.show_screen("fusion")
    assert screen.stack.currentWidget() is screen.no_project
    window.projects.open(project_path)
    settle(lambda: screen.known is not None)
    assert screen.stack.currentWidget() is screen.no_members
    assert "two folds" in screen.no_members.text.text()
    screen.no_members.buttons[0].click()
    assert window.screen_id == "train"


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Seven synthetic people and two members of one modality each, once fused."""
    place = tmp_path_factory.mktemp("fusion-screen")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AFFECTOGRAPH_HOME", str(place / "home"))
        path = judged_project(place, people=7, clips=2)
        with open_project(path) as project:
            for name, streams in STREAMS.items():
                request = CategoryRequest(
                    "aggregation", {"folds": 2, "grid": "1"}, device="cpu", name=name, streams=streams
                )
                train_categories(project, request, tell, Context())
            fuse(project, FusionRequest(tuple(STREAMS), name="before", device="cpu"), tell, Context())
    return path


@pytest.fixture
def screen(window, trained, tmp_path, monkeypatch):
    """The screen on a copy of that project, with the people looked at."""
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(trained.parent / "home"))
    shutil.copytree(trained.parent, tmp_path / "at", ignore=shutil.ignore_patterns("home"))
    window.context.settings.set("analysis.device", "cpu")
    window.projects.open(tmp_path / "at" / trained.name)
    settle(lambda: window.context.project is not None)
    made = window.show_screen("fusion")
    assert isinstance(made, FusionScreen)
    settle(lambda: made.setup.found is not None)
    return made


@pytest.mark.process
@pytest.mark.slow
def test_a_fusion_is_made_read_and_played(window, screen, monkeypatch):
    assert screen.stack.currentWidget() is screen.desk
    setup = screen.setup
    assert setup.members.names() == ("motion", "scene")
    assert setup.form.start.isEnabled()
    assert setup.people.search.text().startswith("Choose the weights: ")
    # A refused choice says why, and cannot be started.
    setup.form.people.setText("Nobody")
    assert not setup.form.start.isEnabled()
    settle(lambda: setup.found is not None)
    assert "No item that the members have in common shows Nobody." in setup.people.text()
    assert not setup.form.start.isEnabled()
    setup.start()
    assert screen.queue is None
    setup.form.people.setText("")
    settle(lambda: setup.found is not None)
    setup.form.name.setText("joint")
    # What was found is shown while the model is still being written.
    shown, wrote = Event(), runs.save_trial

    def waits(*args):
        assert shown.wait(60)
        return wrote(*args)

    monkeypatch.setattr(runs, "save_trial", waits)
    setup.form.start.click()
    result = screen.result
    settle(lambda: screen.tabs.currentIndex() == FOUND and WRITING in result.notes.text())
    early = result.sentence.text()
    assert "The fusion is" in early or "Too few people" in early
    assert result.promote.isHidden()
    assert not screen.progress.stop.isEnabled()
    assert result.scores.isVisible()
    assert screen.progress.isVisible()
    shown.set()
    settle(lambda: WRITING not in result.notes.text())
    idle(window.context)
    assert screen.queue.current is None
    assert screen.queue.runs[0].error is None
    assert result.sentence.text() == early
    assert result.list.currentText().startswith("joint")
    assert "The fusion is" in result.sentence.text() or "Too few people" in result.sentence.text()
    assert result.report.isVisible()
    # The one of before is read from its files.
    result.list.setCurrentIndex(1)
    settle(lambda: "people" in result.sentence.text())
    assert result.list.currentText().startswith("before")
    for title in TABS:
        result.page(title)
        settle(seconds=0.05)
    # Its clips play in Review, with every verdict.
    side = next((each for each in (result.turns.won, result.turns.lost) if each.items), None)
    items = side.items if side is not None else screen.outcome.items
    screen.play("All items", items)
    desk = window.show_screen("review").desk
    settle(lambda: desk.player.is_open and desk.state.item is not None)
    assert desk.list_bar.said.text() == f"All items: 1 of {len(items)}"
    assert desk.state.item.name == items[0].name
    said = desk.state.category
    assert [name for name, _ in said.members] == list(STREAMS)
    assert said.label == items[0].label
    assert desk.side.verdict.accessibleDescription().count("motion") == 1
    # The next clip of the list is shown without moving the cards.
    if len(items) > 1:
        moved = Moves()
        for card in (*desk.side.cards, desk.side.category):
            card.installEventFilter(moved)
        desk.list_bar.go(1)
        settle(lambda: desk.state.item is not None and desk.state.item.name == items[1].name)
        idle(window.context)
        assert desk.state.category.label == items[1].label
        assert moved.seen == []


@pytest.mark.process
@pytest.mark.slow
def test_a_cancelled_fusion_is_discarded(window, screen):
    screen.setup.form.way.setCurrentIndex(screen.setup.form.way.findData("class"))
    screen.setup.form.draws.setValue(10_000_000)
    settle(lambda: screen.setup.found is not None)
    screen.setup.form.start.click()
    settle(lambda: screen.progress.isVisible() and screen.progress.stop.isEnabled())
    assert screen.progress.best.text().startswith("Best so far: accuracy 0.")
    screen.progress.cancel.click()
    settle(lambda: "cancelled" in screen.result.list.itemText(0))
    assert screen.queue.runs[0].state == "cancelled"
    assert screen.tabs.currentIndex() == NEW
    screen.open_page(FOUND)
    # Stopped, the best weights so far become the fusion.
    screen.open_page(NEW)
    settle(lambda: screen.setup.form.start.isEnabled() and not screen.progress.isVisible())
    screen.setup.form.start.click()
    settle(lambda: screen.progress.isVisible() and screen.progress.stop.isEnabled())
    screen.progress.stop.click()
    settle(lambda: screen.tabs.currentIndex() == FOUND and screen.queue.current is None)
    idle(window.context)
    assert screen.outcome.stopped
    assert "was stopped" in screen.result.notes.text()
