"""Makes, opens and fills projects from the window. Database and media are imported when they are needed."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QWidget

from app.addresses import Place, is_server, place_of, project_name
from app.domain.media_endings import dialog_filter
from app.domain.words import many
from app.errors import UserError
from app.jobs import Context
from app.reach import exists, is_silent
from app.ui.core.context import AppContext
from app.ui.look.language import tr

if TYPE_CHECKING:
    from app.services.projects.files import AddResult, Project
    from app.services.study.reviewers import Lookers

FILTER = tr("Affectograph projects (*.affectograph)")


class ProjectActions(QObject):
    """The actions of the File menu.

    Args:
        context: The window's context.
        window: Parent of the dialogs.
        may_leave: Function that asks whether unsaved changes of the open project may be lost.
    """

    def __init__(self, context: AppContext, window: QWidget, may_leave: Callable[[], bool]) -> None:
        super().__init__(window)
        self._context = context
        self._window = window
        self._may_leave = may_leave
        self._looked_at: Project | None = None
        context.project_wanted.connect(lambda name: self.open_recent(place_of(name)))
        context.project_changed.connect(self._on_project)
        commands = context.commands
        commands.bind("project.new", self.ask_new)
        commands.bind("project.open", self.ask_open)
        commands.bind("project.open_team", self.ask_team)
        commands.bind("project.open_demo", self.open_demo)
        commands.bind("project.close", self.close)
        commands.bind("clips.add", self.ask_clips)

    def fill_recent(self, menu: QMenu | None) -> None:
        """Put the recent projects under the File menu."""
        if menu is None:
            return
        below = QMenu(tr("Open recent"), menu)
        below.aboutToShow.connect(lambda: self._fill(below))
        before = next((action for action in menu.actions() if action.objectName() == "project.open_demo"), None)
        if before is not None:
            menu.insertMenu(before, below)

    def ask_new(self) -> None:
        """Ask for a name and make the project."""
        said = self._context.ask_file.new(
            self._window, tr("New project"), "Untitled.affectograph", FILTER, may_replace=False
        )
        if said is not None:
            self.create(said.path)

    def ask_open(self) -> None:
        """Ask for a file and open it."""
        path = self._context.ask_file.one(self._window, tr("Open project"), FILTER)
        if path is not None:
            self.open(path)

    def ask_team(self, address: str = "") -> None:
        """Ask for the address of a project on a server and open it."""
        from app.ui.shell.dialogs.team import ask_team

        place = ask_team(self._window, address)
        if place is not None:
            self.open(place)

    def open_recent(self, place: Place) -> None:
        """Open a recent project; for one on a server, user and password are asked for, because nobody keeps them."""
        if is_server(place):
            self.ask_team(str(place))
        else:
            self.open(place)

    def ask_clips(self) -> None:
        """Ask for clips and add them."""
        paths = self._context.ask_file.several(self._window, tr("Add clips"), dialog_filter())
        if paths:
            self.add_clips(paths)

    def create(self, path: Path, then: Callable[[], None] | None = None) -> None:
        """Make a project and open it."""
        if self._at_work() or not self._may_leave():
            return
        self._context.work.start(
            tr("Making the project"), "io", _create, path, on_done=lambda found: self._opened(*found, then=then)
        )

    def open(self, path: Place, then: Callable[[], None] | None = None) -> None:
        """Open a project."""
        if self._at_work() or not self._may_leave():
            return

        def failed(error: Exception) -> None:
            if isinstance(error, UserError):
                self._context.recent.remove(path)
            self._context.fail(error)

        self._context.work.start(
            tr("Opening the project"),
            "io",
            _open,
            path,
            on_error=failed,
            on_done=lambda found: self._opened(*found, then=then),
        )

    def close(self) -> None:
        """Close the open project."""
        if not self._at_work() and self._may_leave():
            self._context.set_project(None)

    def open_demo(self, then: Callable[[], None] | None = None) -> None:
        """Make the demo if it is missing, and open it."""
        if self._at_work():
            return
        self._context.work.start(tr("Preparing the demo"), "io", _demo, on_done=lambda path: self.open(path, then))

    def add_clips(self, paths: Sequence[Path]) -> None:
        """Add files to the open project. Unreadable files are named, and all others are added."""
        if self._at_work():
            return
        project = self._context.project
        if project is None and self._context.opened is not None:
            raise UserError(
                tr("Only an owner or reviewer of this project can add clips."),
                tr("Sign in first, for instance in Review."),
            )
        if project is None:
            raise UserError(tr("No project is open."), tr("Open or make one first (File)."))

        def done(result: "AddResult") -> None:
            refused = result.refused
            if refused:
                others = many(len(refused) - 1, tr("more file was"), tr("more files were"))
                more = tr(" ({others} refused, too.)", others=others) if len(refused) > 1 else ""
                self._context.notify(refused[0].what, refused[0].todo + more, "danger")
            if result.known:
                self._context.notify(_known_words([clip.name for clip in result.known]), tone="ok")

        self._context.work.start(
            tr("Adding clips"),
            "media",
            _add,
            project,
            tuple(paths),
            on_done=done,
            at_once=True,
        )

    def take_files(self, names: Sequence[str]) -> None:
        """Take files that were dropped on the window: open a project, or add clips and folders."""
        if self._at_work():
            return
        paths = [Path(name) for name in names]
        projects = [path for path in paths if path.suffix == ".affectograph"]
        if projects:
            self.open(projects[0])
            return
        files = [path for path in paths if exists(path) or is_silent(path)]  # a slow disk is told by whoever reads it
        if not files:
            self._context.notify(
                tr("There is nothing to add in what was dropped."), tr("Drop videos, images or a project file.")
            )
        elif self._context.opened is not None:
            self.add_clips(files)
        else:
            title, name = tr("Where should the new project be kept?"), f"{files[0].stem}.affectograph"
            said = self._context.ask_file.new(self._window, title, name, FILTER, beside=files[0], may_replace=False)
            if said is not None:
                self.create(said.path, lambda: self.add_clips(files))

    def _at_work(self) -> bool:
        """Return whether a rater is signed in, here or in another window: nothing is opened or changed then."""
        self._context.seat.look_elsewhere()
        busy = self._context.commands.holds("annotating") or self._context.seat.access.elsewhere
        if busy:
            self._context.notify(tr("Somebody is judging clips here."), tr("Pause and leave first (Esc)."))
        return busy

    def _fill(self, menu: QMenu) -> None:
        menu.clear()
        for place in self._context.recent.places():
            action = menu.addAction(project_name(place))
            action.setToolTip(str(place))
            action.triggered.connect(lambda _checked=False, where=place: self.open_recent(where))
        if menu.isEmpty():
            menu.addAction(tr("No projects yet")).setEnabled(False)
        else:
            menu.addSeparator()
            menu.addAction(tr("Forget these")).triggered.connect(lambda: self._context.recent.clear())

    def _opened(self, project: "Project", lookers: "Lookers", *, then: Callable[[], None] | None) -> None:
        from app.services.projects.health import incomplete

        self._context.set_project(project, lookers)
        for said in incomplete(project):
            self._context.notify(said.what, said.todo)
        if then is not None:
            then()

    def _on_project(self) -> None:
        """Look for what older versions left behind, once whoever sits here may see a project's answers."""
        project = self._context.project
        if project is not None and project is not self._looked_at:
            self._context.query(_left_behind, on_done=self._tell_left_behind)
            self._context.query(_due, on_done=self._tell_due)
        self._looked_at = project

    def _tell_due(self, reminder: UserError | None) -> None:
        if reminder is not None:
            self._context.notify(reminder.what, reminder.todo, command="people.open")

    def _tell_left_behind(self, count: int) -> None:
        if count:
            self._context.notify(
                tr(
                    "Older versions left {answers_and_traces} in this project that should be "
                    "looked at. Nothing was deleted.",
                    answers_and_traces=many(count, tr("answer or trace"), tr("answers and traces")),
                ),
                command="study.show_problems",
            )


def _left_behind(project: "Project") -> int:
    """Count what older versions left behind; 0 where there is something more urgent to tell."""
    from app.services.projects.health import incomplete, left_behind

    return 0 if incomplete(project) else len(left_behind(project))


def _due(project: "Project") -> UserError | None:
    """Return a reminder of people whose data may not be kept any longer."""
    from app.services.consent.retention import due

    return due(project)


def _create(_ctx: Context, path: Path) -> "tuple[Project, Lookers]":
    from app.services.projects.files import create_project

    return _with_lookers(create_project(path))


def _open(_ctx: Context, path: Place) -> "tuple[Project, Lookers]":
    from app.services.projects.files import open_project

    return _with_lookers(open_project(path))


def _with_lookers(project: "Project") -> "tuple[Project, Lookers]":
    """Return a project that was just opened, and who may see its labels."""
    from app.services.study.reviewers import lookers

    try:
        return project, lookers(project)
    except BaseException:
        project.close()
        raise


def _demo(ctx: Context) -> Path:
    from app.services.demo.project import ensure_demo_project

    return ensure_demo_project(ctx)


def _known_words(names: Sequence[str]) -> str:
    """Say which files were not added because their clips were in the project already."""
    if len(names) == 1:
        return tr("{name} is in the project already: its file was not added again.", name=names[0])
    files = many(len(names), tr("file"), tr("files"))
    return tr("{files} were not added again: their clips are in the project already.", files=files)


def _add(ctx: Context, project: "Project", paths: tuple[Path, ...]) -> "AddResult":
    from app.services.projects.files import add_clips

    return add_clips(project, paths, ctx=ctx)
