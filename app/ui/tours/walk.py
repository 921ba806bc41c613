"""Opens every screen of the real window on the demo project and saves one picture each."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from app.batch import Failures
from app.errors import UserError
from app.results import result
from app.services.study.views import NOBODY, Looker
from app.settings import Settings
from app.ui.shell.main import make_window
from app.ui.shell.window import MainWindow
from app.ui.tours.agreement import agreement_shots
from app.ui.tours.annotate import Guide, annotate_shots, study_shots
from app.ui.tours.answers import answers_shots, sign_in, sign_in_as
from app.ui.tours.camera import camera_shots
from app.ui.tours.first_study import first_study_shots
from app.ui.tours.fusion import fusion_shots
from app.ui.tours.notes import note_shots

if TYPE_CHECKING:
    from app.ui.screens.review.view import ReviewScreen

Theme = Literal["light", "dark"]
SIZE: Final = (1440, 900)
PATIENCE_S: Final = 180.0


def tour(
    project: Path,
    folder: Path,
    theme: Theme = "light",
    tell: Callable[[str], None] = lambda _name: None,
    may_write: bool = True,
    failures: Failures | None = None,
    who: Looker = NOBODY,
) -> list[Path]:
    """Take the pictures.

    Args:
        project: A project with at least one clip.
        folder: The folder for the pictures, which is made if it is missing.
        theme: The window's fonts and colours.
        tell: Receives the name of each picture when it is saved.
        may_write: Whether to analyse, record, judge and correct as well; otherwise nothing is added to the project.
        failures: Receives the screens and pictures that fail; the others are shown and saved. None raises the first
            failure.
        who: The owner or reviewer who signs in first. Without one, a project that has an owner or reviewer is refused
            if nothing may be written.

    Returns:
        The paths of the pictures, in the order of the tour.

    Raises:
        UserError: The project cannot be opened or shown to this person, or the folder cannot be written.
    """
    gathered = Failures() if failures is None else failures
    with _guided(folder, theme, tell, gathered) as guide:
        guide.walk(project, may_write, who)
    if failures is None and gathered:
        raise gathered.errors[0]
    return guide.pictures


def first_study(clips: Sequence[Path], folder: Path, theme: Theme = "light", work: Path | None = None) -> list[str]:
    """Walk from clips to a report as a new user does, and take a picture of each stage.

    Args:
        clips: Files of the clips.
        folder: The folder for the pictures, which is made if it is missing.
        theme: The window's fonts and colours.
        work: Where the project and the report are saved; None for the folder of the pictures.

    Returns:
        What was pressed, in order.

    Raises:
        UserError: The folder cannot be written, or the walk does not come to its end.
    """
    failures = Failures()
    with _guided(folder, theme, lambda _name: None, failures) as guide:
        steps = first_study_shots(guide.window, guide.guide, clips, work or folder)
    if failures:
        raise failures.errors[0]
    return steps


def first_screen(project: Path, folder: Path) -> QImage:
    """Return a picture of the window that shows the first clip of a project, to which nothing is added.

    Args:
        project: A project with at least one clip, and without an owner.
        folder: A folder that may be made; nothing is written to it.

    Raises:
        UserError: The project cannot be opened, or the clip is not shown within three minutes.
    """
    failures = Failures()
    with _guided(folder, "light", lambda _name: None, failures) as guide:
        return guide.first_screen(project)


def every_look(
    project: Path,
    folder: Path | None,
    themes: Sequence[Theme],
    tell: Callable[[str], None] = lambda _name: None,
    looks: Sequence[str] = (),
) -> list[str]:
    """Draw every screen and page in both sizes, at two pixels for one, and with large text.

    Args:
        project: A project that nobody looks after, such as the demo.
        folder: The folder for the pictures, with a folder for each theme; None draws none.
        themes: The themes.
        tell: Receives the path of each picture.
        looks: Names of the looks; all if empty.

    Returns:
        A line for each text that is cut, and for each part that a screen reader could not tell.

    Raises:
        UserError: The project cannot be opened, or the folder cannot be written.
    """
    from app.ui.tours.looks import LOOKS, looked_at, save_into

    found: list[str] = []
    for theme in themes:
        with _guided(folder, theme, tell, Failures()) as guide:
            guide.window.projects.open(project)
            guide.guide.until(lambda guide=guide: guide.window.context.project is not None, "the project")  # type: ignore[misc]
            save = save_into(folder / theme, tell) if folder is not None else None
            for look in (one for one in LOOKS if not looks or one.name in looks):
                found += looked_at(guide.window, guide.guide, look, save)
    return list(dict.fromkeys(found))


@contextmanager
def _guided(folder: Path | None, theme: Theme, tell: Callable[[str], None], failures: Failures) -> "Iterator[_Guide]":
    """Show a window of its own for as long as it is needed."""
    try:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder} cannot be made: {error.strerror}.", "Choose another folder.") from error
    # Settings of its own: the pictures do not depend on what the user chose, and change nothing of it.
    window = make_window(Settings(), remember=False)
    window.context.theme.force(theme)
    try:
        window.resize(*SIZE)
        window.show()
        yield _Guide(window, folder or Path(), tell, failures)
    finally:
        window.close()
        window.context.faults.remove()
        window.deleteLater()
        QCoreApplication.processEvents()


class _Guide:
    def __init__(self, window: MainWindow, folder: Path, tell: Callable[[str], None], failures: Failures) -> None:
        self.window = self._window = window
        self._folder, self._tell, self._failures = folder, tell, failures
        self.guide = Guide(self._take, self._until, self._rest, self._save)
        self.pictures: list[Path] = []
        self._taken = 0

    def walk(self, project: Path, may_write: bool, who: Looker) -> None:
        window = self._window
        self._rest(0.3)
        self._take("welcome")
        window.projects.open(project)
        self._until(lambda: window.context.opened is not None, "the project")
        guide = self.guide
        if who.code:
            sign_in_as(window, guide, who)
        elif window.context.project is None:
            if not may_write:
                raise UserError(
                    "The screens of this project are shown to its owners and reviewers.", "Name one with --as CODE."
                )
            sign_in(window, guide)
        parts: dict[str, Callable[[], None]] = {"review": lambda: self._review(may_write, guide)}
        if may_write:
            parts["study"] = lambda: study_shots(window, guide)
            parts["annotate"] = lambda: annotate_shots(window, guide)
            parts["answers"] = lambda: answers_shots(window, guide)
        own = {"agreement": agreement_shots, "camera": camera_shots, "fusion": fusion_shots}
        for screen_id in window.screens:
            if screen_id in own:
                parts[screen_id] = partial(own[screen_id], window, guide)
            elif screen_id not in ("review", "annotate", "study", "answers"):
                parts[screen_id] = partial(self._screen, screen_id)
        parts["dialogs"] = self._dialogs
        for name, part in parts.items():
            with self._failures.of(name):
                part()

    def first_screen(self, project: Path) -> QImage:
        self._window.projects.open(project)
        self._until(lambda: self._window.context.opened is not None, "the project")
        self._open_desk()
        self._settle()
        return self._window.grab().toImage()

    def _open_desk(self) -> "ReviewScreen":
        """Show the player and wait for its clip."""
        from app.ui.screens.review.home import ReviewHome

        home = self._window.show_screen("review")
        if not isinstance(home, ReviewHome):
            raise TypeError("the review screen is not what it was")
        desk = home.desk
        self._until(lambda: desk.player.is_open, "the clip")
        return desk

    def _screen(self, screen_id: str) -> None:
        self._window.show_screen(screen_id)
        self._settle()
        self._take(screen_id)

    def _review(self, may_write: bool, guide: Guide) -> None:
        screen = self._open_desk()
        start_s, end_s = screen.player.range_s
        if screen.state.analysis is None and may_write:
            self._window.run("analysis.analyse_clip")
            self._rest(1.0)
            self._take("analysing")
        self._settle()
        screen.player.seek(start_s + 0.42 * (end_s - start_s))
        self._settle()
        self._window.run("player.toggle_play")
        self._rest(2.5)
        self._window.run("player.toggle_play")
        self._settle()
        self._take("review")
        screen.timeline.zoom(0.3, screen.player.position_s)
        self._settle()
        self._take("timeline_zoomed")
        screen.timeline.zoom_all()
        if may_write:
            self._record(screen)
            note_shots(screen, guide)

    def _record(self, screen: "ReviewScreen") -> None:
        window = self._window
        window.context.settings.set("recording.countdown_s", 0)
        window.context.settings.set("recording.rater", "TOUR")
        window.run("recording.toggle")
        self._until(lambda: screen.recording.phase == "running", "the recording")
        began = time.monotonic()
        while (gone := time.monotonic() - began) < 2.5:
            screen.side.plane.point_at(0.6 * gone / 2.5, 0.5 - 0.2 * gone)
            self._rest(0.03)
        self._take("recording")
        window.run("recording.discard")
        self._until(lambda: screen.recording.phase == "asking", "the question whether to discard the recording")
        self._take("recording_asks")
        window.run("recording.discard")  # is the answer
        self._until(lambda: not screen.recording.active, "the end of the recording")
        self._settle()
        window.messages.forget()

    def _dialogs(self) -> None:
        self._window.show_screen("review")
        for command_id, name in (
            ("app.open_palette", "palette"),
            ("app.open_settings", "settings"),
            ("help.show_shortcuts", "shortcuts"),
            ("help.about", "about"),
        ):
            self._window.run(command_id)
            self._rest(0.3)
            dialog = QApplication.activeModalWidget() or QApplication.activePopupWidget()
            if dialog is not None:
                self._save(dialog, name)
                dialog.close()
                self._rest(0.1)

    def _take(self, name: str) -> None:
        self._save(self._window, name)

    def _save(self, widget: QWidget, name: str) -> None:
        self._taken += 1
        file = self._folder / f"{self._taken:02d}_{name}.png"
        with self._failures.of(file.name):
            with result(file) as temporary:
                # In full colours: choosing a palette takes longer than everything else that a tour does.
                if not widget.grab().save(str(temporary), "PNG"):
                    raise UserError(f"{file.name} could not be written.", "Check whether the disk has room.")
            self.pictures.append(file)
            self._tell(file.name)

    def _settle(self) -> None:
        """Wait until nothing is under way, then a moment for the plots."""
        context = self._window.context
        self._rest(0.2)
        self._until(lambda: not context.work.tasks and context.jobs.busy == 0, "work in the background")
        self._rest(0.4)

    def _until(self, done: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while not done():
            if time.monotonic() > end:
                told = self._window.banner.text()
                raise UserError(
                    f"The tour waited for {what}, but it did not come." + (f" The window says: {told}" if told else ""),
                    "Make the tour again when the machine has less to do.",
                )
            self._rest(0.05)

    def _rest(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, max(round(1000 * left), 1))
            time.sleep(min(left, 0.005))
