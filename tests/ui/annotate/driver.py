"""A rater who presses and clicks at random, with a seed, and what must hold after every step.

Looked at below the screens: what the window asks of the project while a rater is at work must have the answer that the
rater's own rows alone would give (`tests.ui.annotate.own_eyes`), and every value that the database keeps must follow
from keys and clicks on that question (`tests.ui.annotate.book`). Quitting is left out.
"""

import random
from collections import Counter

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu

from app.ui.parts.judging.draft import CATEGORY, CONFIDENCE
from app.ui.parts.judging.rows import ChoiceRow
from tests.ui.annotate.book import Book
from tests.ui.annotate.own_eyes import OwnEyes
from tests.ui.waiting import settle

KEY = Qt.Key
PLAIN = Qt.KeyboardModifier.NoModifier
ALT, CONTROL, SHIFT = (
    Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier,
)  # fmt: skip
DIGITS = [getattr(KEY, f"Key_{n}") for n in range(10)]
OF_QUESTION = [*DIGITS, KEY.Key_X, KEY.Key_Left, KEY.Key_Right, KEY.Key_Delete, KEY.Key_Backspace]
OTHERS = [KEY.Key_Return, KEY.Key_Enter, KEY.Key_Space, KEY.Key_Escape, KEY.Key_Up, KEY.Key_Down, KEY.Key_PageUp,
          KEY.Key_PageDown, KEY.Key_Tab, KEY.Key_R, KEY.Key_Home, KEY.Key_F1, KEY.Key_O, KEY.Key_A]  # fmt: skip


class RandomRater:
    """Presses and clicks.

    Args:
        desk: The window with a project, `tests.ui.annotate.conftest.Desk`.
        path: The project's file, which is dropped on the window and asked for, too.
        seed: Decides everything.
    """

    def __init__(self, desk, path, seed):
        self.desk, self.window, self.screen, self.path = desk, desk.window, desk.screen, path
        self.random = random.Random(seed)
        self.done = Counter()
        self.book = Book(self.screen)
        self.eyes = OwnEyes(desk.window.context.opened)
        self.project = desk.window.context.opened
        self.act, self.lately = "", []
        self.window.context.commands.bind("app.quit", lambda: None)

    @property
    def at_work(self):
        return self.window.context.commands.holds("annotating")

    def run(self, steps):
        """Do so many steps; what must hold is looked at after each."""
        with self.eyes:
            for number in range(steps):
                if not self.at_work:
                    self.sign_in()
                self.step(number)

    def sign_in(self):
        form = self.screen.sign_in
        settle(lambda: self.screen.stack.currentWidget() is form and form.go.isEnabled(), what="the form")
        form.go.click()
        settle(lambda: self.at_work, what="the rater")
        settle(lambda: self.screen.stack.currentWidget() is not form, what="the first page")
        # What the form asked before stays behind; a query that was replaced by another may still be running.
        jobs, project = self.window.context.jobs, self.project
        settle(lambda: jobs.busy == project._sessions == 0, what="work in the background")  # noqa: SLF001
        self.eyes.forget()
        self.rater_id = self.screen.flow._desk.session.rater.id  # noqa: SLF001 — who it is stands nowhere on the screen

    def step(self, number):
        if not self.window.isActiveWindow():  # keys reach the window in front only
            self.window.activateWindow()
            settle(self.window.isActiveWindow, what="the window to be active")
        page, draft = self.screen.stack.currentWidget(), self.screen.rating.draft
        before, own = said(draft), self.questions_of(self.screen.rating.questions.current)
        touched = self.do()
        settle(seconds=0.004)
        self.close_dialogs()
        self.done[self.act] += 1
        self.lately = [*self.lately[-4:], self.act]
        where = f"step {number}, after {self.lately}, keys for {own}"
        assert not self.book.differs(), f"{where}: {self.book.differs()}"
        if self.at_work:
            self.nothing_else_is_seen(where)
        if self.screen.rating.draft is draft and page is self.screen.rating:
            after = said(draft)
            changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
            if self.act in ("key of a question", "click"):
                allowed = own if self.act == "key of a question" else touched
                assert changed <= allowed, f"{where} changed {changed - allowed}"
            elif self.act not in ("Ctrl+Z", "Ctrl+X", "whole answer"):
                assert not changed, f"{where} changed {changed}"

    def nothing_else_is_seen(self, where):
        window = self.window
        assert window.screen_id == "annotate", where
        assert window.stack.currentWidget() is self.screen, where
        assert window.context.project is None, where
        assert not any(part.isVisible() for part in (window.rail, window.menuBar(), window.status)), where
        assert window.context.opened is self.project, where
        more = self.eyes.seen_more(self.rater_id)
        assert not more, f"{where}: {more}"
        page, at = self.screen.stack.currentWidget(), window.focusWidget()
        kept = page in (self.screen.rating, self.screen.trace, self.screen.text) and window.isActiveWindow()
        assert not kept or at is page or page.isAncestorOf(at), f"{where}: keys go to {at}"

    def questions_of(self, widget):
        """Names of the question that a widget of the form belongs to."""
        questions = self.screen.rating.questions
        rows = {**questions.emotion_rows, CATEGORY: questions.category_row, CONFIDENCE: questions.confidence_row}
        while widget is not None and not isinstance(widget, ChoiceRow):
            widget = widget.parentWidget()
        return {name for name, row in rows.items() if row is widget and row is not None}

    def do(self):
        """One act, whose kind `act` says while it is done; the questions that a click was on."""
        acts = {
            "key of a question": (40, self._question), "key": (14, self._key), "Ctrl+Z": (3, self._undo),
            "Ctrl+X": (1, self._give_up), "whole answer": (14, self._whole_answer),
            "other screen": (4, self._other_screen), "project key": (4, self._project_key),
            "palette": (2, self._palette), "drop": (2, self._drop), "ask": (3, self._ask),
            "command": (4, self._command), "click": (20, self._click),
        }  # fmt: skip
        self.act = self.random.choices(list(acts), [weight for weight, _ in acts.values()])[0]
        self.book.act = self.act
        return acts[self.act][1]() or set()

    def _question(self):
        self._press(self.random.choice(OF_QUESTION))

    def _press(self, key):
        """A key of a question, noted for the question that keys belong to."""
        questions = self.screen.rating.questions
        if questions.current is questions.comment and questions.comment.hasFocus():
            self.book.comment()
        for question in self.questions_of(questions.current):
            if key in DIGITS:
                self.book.digit(question, DIGITS.index(key))
            elif key == KEY.Key_X:
                self.book.reason(question)
            elif key in (KEY.Key_Left, KEY.Key_Right):
                self.book.step(question, -1 if key == KEY.Key_Left else 1)
            else:
                self.book.clear(question)
        before = self.book.sheet
        self.desk.key(key)
        assert self.book.sheet is not before or not self.book.differs(), (KEY(key), self.book.differs(), self.lately)

    def _whole_answer(self):
        """Do what a rater does most of the time: answer what is open, watch to the end, press Enter."""
        page = self.screen.rating
        if self.screen.stack.currentWidget() is not page or page.draft is None or not page.questions.isEnabled():
            self.desk.key(KEY.Key_Return)
            return
        for _ in range(4 * len(page.questions.stops)):
            if page.draft.complete or not page.questions.isEnabled():
                break
            if page.questions.current is None or page.questions.current is page.questions.stops[-1]:
                page.questions.focus_first()
            self._press(self.random.choice((*DIGITS[1:6], KEY.Key_X, KEY.Key_Right)))
            if self.random.random() < 0.3:
                self.desk.key(KEY.Key_Down)
        shown = page.presenter
        settle(lambda: shown.seen_whole or shown.phase not in ("opening", "marking", "playing"), what="the clip's end")
        self.desk.key(KEY.Key_Return)

    def _key(self):
        questions = self.screen.rating.questions
        if questions.comment.hasFocus():
            self.book.comment()
        self.desk.key(self.random.choice(OTHERS), self.random.choice((PLAIN, PLAIN, SHIFT)))

    def _undo(self):
        self.book.take_back()
        self.desk.key(KEY.Key_Z, CONTROL)

    def _give_up(self):
        self.book.give_up()
        self.desk.key(KEY.Key_X, CONTROL)

    def _other_screen(self):
        self.desk.key(getattr(KEY, f"Key_{self.random.randint(1, 9)}"), ALT)

    def _project_key(self):
        self.desk.key(
            getattr(KEY, f"Key_{self.random.choice('WNOSFPLYBD')}"), CONTROL | self.random.choice((PLAIN, SHIFT))
        )

    def _palette(self):
        self.window.run("app.open_palette")
        settle(seconds=0.01)
        palette = QApplication.activePopupWidget()
        if palette is not None and self.random.random() < 0.5:
            QTest.keyClicks(palette.field, self.random.choice(("new", "open", "close", "demo", "add", "review", "the")))
            QTest.keyClick(palette.field, KEY.Key_Return)

    def _drop(self):
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(self.random.choice([self.path, *self.path.parent.glob("*.mp4")])))])
        at = QPointF(self.random.randint(1, self.window.width()), 300)
        self.window.dropEvent(QDropEvent(at, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, PLAIN))

    def _ask(self):
        context, projects = self.window.context, self.window.projects
        self.random.choice((
            lambda: projects.open(self.path), projects.close, projects.open_demo, lambda: context.open_clip(1),
            context.play, lambda: self.window.show_screen(self.random.choice(list(self.window.screens))),
            lambda: projects.create(self.path.with_name("new.affectograph")),
        ))()  # fmt: skip

    def _command(self):
        names = [one.id for one in self.window.context.commands.all() if one.id != "app.quit"]
        self.window.actions_table[self.random.choice(names)].trigger()

    def _click(self):
        at = QPoint(self.random.randrange(self.window.width()), self.random.randrange(self.window.height()))
        widget = self.window.childAt(at)
        if widget is None:
            return set()
        touched = self.questions_of(widget)
        if touched:
            row, place = widget, QPointF(widget.mapFrom(self.window, at))
            hit = [number for number in range(len(row.cells)) if row.cell_rect(number).contains(place)]
            for question in touched if hit else ():
                self.book.cell(question, hit[0])
        if widget is self.screen.rating.none:  # it belongs to every question
            self.book.give_up()
            touched = {question for sheet in self.book.sheets[-1:] for question in sheet.values}
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, PLAIN, widget.mapFrom(self.window, at))
        return touched

    def close_dialogs(self):
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QDialog | QMenu) and widget.isVisible():
                widget.close()
        settle(seconds=0.001)


def said(draft):
    """Question → what was said of it."""
    if draft is None:
        return {}
    found = {name: (draft.score(name), draft.reason(name)) for name in draft.study.emotion_names}
    return {**found, CATEGORY: (draft.category, draft.category_missing), CONFIDENCE: draft.confidence}
