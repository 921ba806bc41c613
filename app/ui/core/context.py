"""The context of every screen: jobs, settings, commands, theme, the open project, and the broadcasts between them.

Views never call views. A view asks the context (`open_clip`, `fail`, `broadcast`), and other views listen to it.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QApplication

from app.command_table import COMMANDS
from app.commands import Commands
from app.domain.changes import Changes, Edit
from app.domain.verdicts_beside import VerdictsBeside
from app.errors import ProjectLost, UserError
from app.jobs import Jobs
from app.reach import NotAnswering, within
from app.settings import KEYS, Settings
from app.ui.core.ask_file import AskFile
from app.ui.core.dispatch import Dispatcher, Ticker
from app.ui.core.edits import EditCommand
from app.ui.core.exports import Exports
from app.ui.core.faults import Faults
from app.ui.core.messages import Notice
from app.ui.core.recent import Recent
from app.ui.core.seat import Seat
from app.ui.core.store import window_store
from app.ui.core.work import Work
from app.ui.look.language import tr
from app.ui.look.theme import Theme

if TYPE_CHECKING:
    from app.services.projects.files import Project
    from app.services.projects.watch import ProjectWatch
    from app.services.study.reviewers import Lookers

CLOSE_S: Final = 20.0
"""Seconds that closing a project may take, because its log is copied into its file."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ClipPlace:
    """The place that the Review screen should show; see `AppContext.open_clip`."""

    clip_id: int
    time_s: float = 0.0
    item_id: int | None = None
    condition: str = ""
    end_s: float | None = None
    beside: VerdictsBeside | None = None


@dataclass(frozen=True)
class ClipList:
    """Places that the Review screen should play one after the other; see `AppContext.play_list`."""

    title: str
    places: tuple[ClipPlace, ...]


class AppContext(QObject):
    """Everything shared by the screens of one window.

    Args:
        app: The application.
        settings: The user's choices.
        store: The storage of window geometry and recent projects; None for the user's own file.

    Attributes:
        opened: The open project, regardless of who sits at the window. It is only for signing in and for rating.
        left_behind: Whether some work still hung when the window was closed. Then the process must be ended at once.
        seat: The person who sits at the window.
    """

    project_changed = Signal()
    project_lost = Signal(object)
    changed = Signal(object)
    notice_raised = Signal(object)
    clip_requested = Signal(object)
    list_requested = Signal(object)
    playback_requested = Signal()
    screen_requested = Signal(str)
    beside_wanted = Signal(str)
    project_wanted = Signal(str)
    closing = Signal()

    def __init__(self, app: QApplication, settings: Settings, store: QSettings | None = None) -> None:
        super().__init__()
        self.app = app
        self.settings = settings
        self.store = store or window_store()
        self.recent = Recent(self.store)
        self.ask_file = AskFile(self.store)
        self.commands = Commands(
            replace(row, title=tr(row.title), help=tr(row.help), also=tr(row.also)) for row in COMMANDS
        )
        self.dispatcher = Dispatcher(self)
        self.jobs = Jobs(self.dispatcher, self.broadcast)
        self.faults = Faults(self.dispatcher)
        self.faults.on_user_error = self._on_user_error
        self.work = Work(self.jobs, self.fail)
        self.ticker = Ticker(self)
        self.undo = QUndoStack(self)
        self.theme = Theme(app, settings)
        self.exports = Exports(self, self)
        self.opened: Project | None = None
        self.left_behind = False
        self._watch: ProjectWatch | None = None
        self._told_lost = False
        self.seat = Seat(self, self)
        self.changed.connect(self._on_changed)
        self._forget = settings.on_change(self._on_setting)

    def fail(self, error: BaseException) -> None:
        """Show an error: one that the user can mend in the banner, a bug in the crash dialog."""
        self.faults.report(error)

    def notify(
        self,
        what: str,
        todo: str = "",
        tone: Literal["danger", "warning", "ok"] = "warning",
        command: str = "",
        file: Path | None = None,
    ) -> None:
        """Show a sentence; see `Notice` and the rule in `app.ui.core.messages`."""
        self.notice_raised.emit(Notice(what, todo, tone, command, file))

    def broadcast(self, changes: Changes) -> None:
        """Tell every view what changed. Each visible one reloads its part.

        Jobs do this by themselves with everything that they have written.
        """
        self.changed.emit(changes)

    @property
    def project(self) -> "Project | None":
        """The open project as screens see it. It is None while nobody sits here who may see predictions and labels."""
        return self.opened if self.seat.access.sees_labels else None

    def query(
        self,
        fn: Callable[..., Any],
        *args: Any,
        on_done: Callable[[Any], None],
        replace: str | None = None,
        past_lock: bool = False,
    ) -> None:
        """Read something from the open project off the window's thread.

        Args:
            fn: `fn(project, *args)`.
            args: Further arguments of `fn`.
            on_done: Called with the result, if the same project is still open.
            replace: A key; an earlier query with the same key is dropped.
            past_lock: Whether anybody may read it, because it reveals neither predictions nor labels.
        """
        project = self._reached(past_lock)
        if project is None:
            return
        self.jobs.start(
            "io",
            lambda _ctx: fn(project, *args),
            replace=replace,
            on_error=self.fail,
            on_done=lambda result: on_done(result) if self._reached(past_lock) is project else None,
        )

    def write(
        self,
        fn: Callable[..., Any],
        *args: Any,
        on_done: Callable[[Any], None] | None = None,
        on_error: Callable[[Exception], None] | None = None,
        past_lock: bool = False,
    ) -> None:
        """Change the open project on the writing thread; the changes are broadcast automatically.

        Args:
            fn: `fn(project, *args)`.
            args: Further arguments of `fn`.
            on_done: Called with the result after the broadcast, if the same project is still open.
            on_error: Called with the error instead of the window.
            past_lock: Whether anybody may do it.

        Raises:
            UserError: No project is open.
        """
        project = self._reached(past_lock)
        if project is None:
            raise UserError(tr("No project is open."), tr("Open or make one first (File)."))

        def done(result: Any) -> None:
            if self._reached(past_lock) is project and on_done is not None:
                on_done(result)

        self.jobs.start("db", lambda _ctx: fn(project, *args), on_done=done, on_error=on_error or self.fail)

    def apply(self, edit: Edit) -> None:
        """Apply an edit and put it on the undo list. Every view is told when it is in the file."""
        self.undo.push(EditCommand(edit, self._run_edit))

    def _run_edit(self, edit: Edit, on_error: Callable[[Exception], None]) -> None:
        def failed(error: Exception) -> None:
            on_error(error)
            self.fail(error)

        if self.project is not None:
            self.write(_apply, edit, on_error=failed)

    def open_clip(self, clip_id: int, time_s: float = 0.0, item_id: int | None = None, condition: str = "") -> None:
        """Show a clip at a place in the Review screen.

        Args:
            clip_id: Number of the clip.
            time_s: Time on its PTS axis in seconds.
            item_id: The item whose face and range are wanted; None for the whole clip.
            condition: The viewing condition whose traces are wanted; empty for any.
        """
        self.screen_requested.emit("review")
        if self.project is not None:
            self.clip_requested.emit(ClipPlace(clip_id, time_s, item_id, condition))

    def show_beside(self, item: str) -> None:
        """Show an item in all its viewing conditions side by side, with the raters' points, over Agreement.

        Args:
            item: Name of the item.
        """
        self.screen_requested.emit("agreement")
        if self.project is not None:
            self.beside_wanted.emit(item)

    def play_list(self, title: str, places: Sequence[ClipPlace]) -> None:
        """Play some places one after the other in the Review screen.

        Args:
            title: The common property of the places.
            places: One or more places.
        """
        self.screen_requested.emit("review")
        if self.project is not None and places:
            self.list_requested.emit(ClipList(title, tuple(places)))

    def play(self) -> None:
        """Play the chosen clip, or else the first one, in the Review screen."""
        self.screen_requested.emit("review")
        if self.project is not None:
            self.playback_requested.emit()

    def set_project(self, project: "Project | None", lookers: "Lookers | None" = None) -> None:
        """Make this the open project. The one before is closed when its work has stopped.

        Args:
            project: The project; None closes the one that is open.
            lookers: The people who may see its labels; None looks them up in the project.
        """
        before, self.opened = self.opened, project
        self.undo.clear()
        if project is not None and lookers is None:
            from app.services.study.reviewers import lookers as look_up

            lookers = look_up(project)
        self.seat.reset(lookers)
        self.commands.set_condition("project file", project is not None)
        self.commands.set_condition("project", self.project is not None)
        self._end_watch()
        self.ask_file.begin_beside(project.path if project is not None else None)
        if project is not None:
            self.recent.add(project.place)
            self._begin_watch(project)
        self.project_changed.emit()
        if before is not None:
            self.work.cancel_all()
            self.jobs.start("db", lambda _ctx: _close(before), on_error=self.fail)

    def project_seen(self) -> None:
        """Let screens see the open project from now on, or no longer, as if it was opened or closed."""
        self.commands.set_condition("project", self.project is not None)
        self.project_changed.emit()

    def _reached(self, past_lock: bool) -> "Project | None":
        return self.opened if past_lock else self.project

    @property
    def project_name(self) -> str:
        """The name of the open project, empty without one."""
        if self.opened is None:
            return ""
        return str(self.opened.name)

    def close(self) -> None:
        """Stop everything in order: screens, jobs, then the project."""
        self.closing.emit()
        self.ticker.close()
        # Its signals reach menu entries that are gone by the time Qt takes the stack itself.
        self.undo.clear()
        self.work.cancel_all()
        self.left_behind = not self.jobs.close()
        self._end_watch()
        self.dispatcher.close()
        if self.opened is not None:
            self.left_behind |= not _close(self.opened)
            self.opened = None
        self._forget()
        self.theme.close()
        self.store.sync()

    def _on_changed(self, changes: Changes) -> None:
        if changes.touches("rater"):
            self.seat.look()

    def _on_setting(self, key: str) -> None:
        if key == KEYS:
            self.commands.set_keys(self.settings.keys)
            return
        changes = Changes.of("settings")
        self.broadcast(changes | Changes.of("model") if key == "analysis.model" else changes)

    def _begin_watch(self, project: "Project") -> None:
        from app.services.projects.watch import ProjectWatch

        self._told_lost = False
        self._watch = ProjectWatch(
            project,
            lambda lost: self.dispatcher(lambda: self._on_lost(project, lost)),
            lambda silent: self.dispatcher(lambda: self.fail(silent)),
        )

    def _end_watch(self) -> None:
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.end()

    def _on_lost(self, project: "Project", lost: ProjectLost) -> None:
        """The open project can no longer be saved: told once, before and besides what fails because of it."""
        if self.opened is project and not self._told_lost:
            self._told_lost = True
            self.notice_raised.emit(Notice(lost.what, lost.todo, "danger", everywhere=True))
            self.project_lost.emit(lost)

    def _on_user_error(self, error: UserError) -> None:
        if isinstance(error, ProjectLost) and self.opened is not None and self.opened.lost is not None:
            self._on_lost(self.opened, error)
        self.notice_raised.emit(Notice(error.what, error.todo, "danger"))


def _close(project: "Project") -> bool:
    """Close a project; False where its disk does not answer. SQLite brings it in order at its next opening then."""
    try:
        within(project.path or "server", project.close, CLOSE_S, alone=True)
    except NotAnswering as error:
        log.error("the project is left open: %s", error)
        return False
    return True


def _apply(project: "Project", edit: Edit) -> Changes:
    from app.services.projects.edits import apply_edit

    return apply_edit(project, edit)
