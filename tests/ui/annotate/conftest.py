"""The real window on a project made for the test, and keys as the window system would send them."""

import shutil

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.ui.parts.judging import presenter
from tests.ui.annotate.builder import build
from tests.ui.waiting import settle
from tests.waiting import PATIENCE_S


class Desk:
    """A window with the annotation screen up, worked by keys alone."""

    def __init__(self, window):
        self.window = window
        self.screen = window.show_screen("annotate")

    @property
    def page(self):
        return self.screen.stack.currentWidget()

    def key(self, key, modifier=Qt.KeyboardModifier.NoModifier):
        """Press and release, through the window and whatever has the focus."""
        QTest.keyClick(self.window.windowHandle(), key, modifier)

    def until(self, done, what, seconds=PATIENCE_S):
        settle(done, patience=seconds, what=lambda: f"{what}; page {self.page}; banner {self.window.banner.text()!r}")

    def open(self, path):
        self.window.projects.open(path)
        self.until(lambda: self.window.context.opened is not None, "the project")

    def sign_in(self):
        """From the form to the first task, by Enter."""
        self.until(lambda: self.page is self.screen.sign_in and self.screen.sign_in.rater.count(), "the form")
        self.key(Qt.Key.Key_Return)
        self.until(lambda: self.page not in (self.screen.sign_in,), "the session")

    def skip_texts(self):
        """Read on with Enter until a task or the end is there."""
        while self.page is self.screen.text and self.screen.text.go.text() != "Leave":
            words = self.screen.text.text.text()
            self.key(Qt.Key.Key_Return)
            self.until(lambda: (self.page, self.screen.text.text.text()) != (self.screen.text, words), "what follows")  # noqa: B023

    def until_shown(self, *phases):
        """Wait until the task that is due is really up, and its clip in one of these phases."""
        page, flow = self.screen.rating, self.screen.flow

        def up():
            shown = page.presenter.task
            due = flow.task
            same = shown is not None and due is not None and shown.slot.id == due.slot.id
            return self.page is page and same and page.questions.isEnabled() and page.presenter.phase in phases

        self.until(up, f"a task that is {' or '.join(phases)}")

    def focusable_beside(self, page):
        """Every visible widget beside a page that can take the keyboard in any way."""
        self.window.activateWindow()
        settle(self.window.isActiveWindow, what="the window to be active")
        parts = self.window.centralWidget().findChildren(QWidget)
        beside = [part for part in parts if part.isVisible() and part is not page and not page.isAncestorOf(part)]
        return [part for part in beside if part.focusPolicy() != Qt.FocusPolicy.NoFocus]

    @property
    def finished(self):
        return self.page is self.screen.text and self.screen.text.go.text() == "Leave"


@pytest.fixture
def desk(window, monkeypatch):
    monkeypatch.setattr(presenter, "MARK_S", 0.05)
    monkeypatch.setattr(presenter, "SETTLE_S", 0.02)
    window.resize(1300, 860)
    window.activateWindow()
    settle(window.isActiveWindow, what="the window to be active")
    return Desk(window)


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """Changes of the study, in words → a project that was built with them, to be copied with its clips."""
    known = {}

    def find(changes):
        if repr(changes) not in known:
            known[repr(changes)] = build(tmp_path_factory.mktemp("built"), **changes)
        return known[repr(changes)]

    return find


@pytest.fixture
def make(tmp_path, built):
    """Put a project into the test's folder; one that an earlier test had built alike is copied."""

    def made(**changes):
        path = built(changes)
        return shutil.copytree(path.parent, tmp_path / "project") / path.name

    return made
