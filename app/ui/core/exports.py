"""The export registry: what a screen shows, as tables and figures for other programs. All screens export through it.

Tables in the window are offered by themselves, as are plots of pyqtgraph (`app.ui.parts.exporting.found`). A painted
chart, or a screen that has more to offer than it shows, has a method `exports` that returns offers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Protocol, TypeAlias, runtime_checkable

from PySide6.QtCore import QObject, QSettings
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from app.commands import Commands
from app.domain.paper import WIDTHS, Paper
from app.domain.tables import Table, file_stem
from app.domain.words import many
from app.results import Goal, path_of
from app.ui.core.ask_file import AskFile
from app.ui.core.whose import EVERYBODY, Whose
from app.ui.core.work import Work
from app.ui.look.language import tr

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from app.jobs import Context
    from app.services.projects.files import Project

WhenRefused: TypeAlias = Callable[[Exception, Callable[[], None]], None]
"""Handles the error of an export; may do it again without the people whom consent does not cover."""
Drawing: TypeAlias = "Callable[[], Figure]"
"""Draws a figure for paper, off the window's thread."""


@dataclass(frozen=True, eq=False)
class Offer:
    """Something that can be exported.

    Attributes:
        title: Its name for people, such as "Raters".
        tables: Returns its tables as they are now; called in the window's thread. None without any.
        figure: Returns what draws its figure; called in the window's thread. None without one.
        command: The command that exports it instead, which asks for a file by itself; empty for tables and figures.
        help: One sentence on what is exported.
        several: Whether there are several tables, which only a workbook holds.
    """

    title: str
    tables: Callable[[], Sequence[Table]] | None = None
    figure: Callable[[], Drawing] | None = None
    command: str = ""
    help: str = ""
    several: bool = False


class Sharing(Protocol):
    """The parts of the context that exports need."""

    app: QApplication
    commands: Commands
    store: QSettings
    work: Work
    ask_file: AskFile

    @property
    def project_name(self) -> str:
        """The name of the open project, empty without one."""

    @property
    def project(self) -> Project | None:
        """The open project as screens see it; None without one."""

    def notify(
        self,
        what: str,
        todo: str = "",
        tone: Literal["danger", "warning", "ok"] = "warning",
        command: str = "",
        file: Path | None = None,
    ) -> None:
        """Show a sentence in the banner."""

    def fail(self, error: BaseException) -> None:
        """Show an error."""


@runtime_checkable
class Offers(Protocol):
    """A widget that states what can be exported of it."""

    def exports(self) -> Sequence[Offer]:
        """Return what can be exported now; an empty sequence while nothing is shown."""


_FONT: Final = "export/font"
_POINTS: Final = "export/points"
_WIDTH: Final = "export/width_mm"
_HEIGHT: Final = "export/height_mm"


def _covered(
    _ctx: Context, tables: Sequence[Table], project: Project | None, without: bool, whose: Whose
) -> Sequence[Table]:
    """Let tables of a project through the gate of consent."""
    if project is None:
        return tables
    from app.services.consent.gate import covered_tables, names_of_refused

    whose.let_out(project)
    return covered_tables(tables, names_of_refused(project), without=without)


def _copied(ctx: Context, table: Table, project: Project | None, without: bool, whose: Whose) -> Table:
    """Let a table through the gate of consent on its way to the clipboard."""
    (kept,) = _covered(ctx, [table], project, without, whose)
    _note(project, kept.title, None, rows=len(kept.rows))
    return kept


def _note(project: Project | None, what: str, to: Path | None, **counts: int) -> None:
    """Write a line of the audit log on what leaves a project; None for the clipboard."""
    if project is None:
        return
    from app.services.consent.left import COPY, EXPORT, note_left

    note_left(project, what, to, counts=counts, action=EXPORT if to is not None else COPY)


def _drawn(draw: Drawing, project: Project | None, whose: Whose) -> Figure:
    """Draw a figure, and let it through the gate of consent."""
    from matplotlib.text import Text

    from app.services.consent.gate import require_unnamed_in_plot

    if project is not None:
        whose.let_out(project)
    figure = draw()
    if project is not None:
        texts = figure.findobj(Text)
        require_unnamed_in_plot(project, [one.get_text() for one in texts if isinstance(one, Text)])
    return figure


class Exports(QObject):
    """Copies and saves offers off the window's thread, and tells where the files are.

    Args:
        context: The context with the jobs, the clipboard and the open project.
        parent: The Qt object that owns the exports.

    Attributes:
        when_refused: Called with the error of an export, and with what does it again without the people whom consent
            does not cover; None shows the error only.
        whose: Says whose answers are in what is in view.
    """

    def __init__(self, context: Sharing, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self.when_refused: WhenRefused | None = None
        self.whose: Callable[[], Whose] = lambda: EVERYBODY

    @property
    def allowed(self) -> bool:
        """Whether anything may be exported now: not while a rater is at work, nor while a trace is recorded."""
        return self._context.commands.enabled("export.open")

    @property
    def paper(self) -> Paper:
        """The size and type of figures that were chosen last."""
        store = self._context.store

        def number(key: str, default: float) -> float:
            try:
                return float(str(store.value(key, default)))
            except ValueError:
                return default

        font = str(store.value(_FONT, "") or "")
        return Paper(number(_WIDTH, WIDTHS["Two columns"]), number(_HEIGHT, 0.0), font, number(_POINTS, 8.0))

    def keep_paper(self, paper: Paper) -> None:
        """Remember the size and type of figures."""
        for key, value in (
            (_WIDTH, paper.width_mm), (_HEIGHT, paper.height_mm), (_FONT, paper.font), (_POINTS, paper.points),
        ):  # fmt: skip
            self._context.store.setValue(key, value)

    def copy(self, offer: Offer) -> None:
        """Put the table of an offer onto the clipboard, or else its figure."""
        if not self.allowed:
            return
        tables = list(offer.tables()) if offer.tables is not None else []
        if offer.figure is not None:
            self._copy_figure(offer.title, offer.figure())
        elif tables:
            self.copy_table(tables[0])

    def copy_table(self, table: Table) -> None:
        """Put a table onto the clipboard, as lines of cells parted by tabs."""
        self._copy_table(table)

    def copy_text(self, text: str, told: str) -> None:
        """Put a passage onto the clipboard.

        Args:
            text: The passage.
            told: What is said when that is done.
        """
        project, whose = self._context.project, self.whose()

        def checked(_ctx: Context) -> None:
            if project is not None:
                whose.let_out(project)
            _note(project, "a passage", None)

        def done(_: object) -> None:
            self._context.app.clipboard().setText(text)
            self._context.notify(told, tone="ok")

        self._context.work.start(
            tr("Copying"), "io", checked, on_done=done, on_error=lambda error: self.refused(error, whose)
        )

    def _copy_table(self, table: Table, without: bool = False) -> None:
        whose = self.whose()

        def done(one: Table) -> None:
            from app.interchange.table_files import clipboard_text

            self._context.app.clipboard().setText(clipboard_text(one))
            self._context.notify(
                tr("Copied {rows} of “{title}”.", rows=many(len(one.rows), tr("row"), tr("rows")), title=one.title),
                tone="ok",
            )

        self._context.work.start(
            tr("Copying the table"), "io", _copied, table, self._context.project, without, whose, on_done=done,
            on_error=lambda error: self.refused(error, whose, lambda: self._copy_table(table, without=True)),
        )  # fmt: skip

    def refused(self, error: Exception, whose: Whose, again: Callable[[], None] | None = None) -> None:
        """Say why something may not be exported, and offer to go on without the people whom consent does not cover.

        Args:
            error: The error of the export.
            whose: Whose answers were to be exported, where they are within numbers.
            again: Exports without the rows that name these people; None where there are no rows.
        """
        from app.services.consent.covered import Uncovered

        way = error.way if isinstance(error, Uncovered) else "none"
        if isinstance(error, Uncovered) and way == "numbers" and whose.without is not None:
            again = partial(whose.without, error.refusals)
        if self.when_refused is None or again is None or way == "none":
            self._context.fail(error)
        else:
            self.when_refused(error, again)

    def _copy_figure(self, title: str, draw: Drawing) -> None:
        paper, project, whose = self.paper, self._context.project, self.whose()

        def made(_ctx: Context) -> bytes:
            from app.services.exports.figures import picture_of, set_on_paper

            figure = _drawn(draw, project, whose)
            _note(project, f"figure {title}", None)
            set_on_paper(figure, paper)
            return picture_of(figure)

        def done(png: bytes) -> None:
            self._context.app.clipboard().setImage(QImage.fromData(png))
            self._context.notify(tr("Copied the figure “{title}”.", title=title), tone="ok")

        self._context.work.start(
            tr("Drawing the figure"), "io", made, on_done=done, on_error=lambda error: self.refused(error, whose)
        )

    def ask_tables(self, parent: QWidget, offer: Offer, suffix: str = ".xlsx") -> None:
        """Ask for a file and write the tables of an offer.

        Args:
            parent: The window over which the dialog opens.
            offer: What is exported.
            suffix: The ending to offer first.
        """
        from app.interchange.table_files import ONE_TABLE, TABLE_KINDS

        tables = list(offer.tables()) if offer.tables is not None else []
        kinds = {end: words for end, words in TABLE_KINDS.items() if len(tables) == 1 or end not in ONE_TABLE}
        goal = self._goal(parent, offer, kinds, suffix)
        if goal is not None:
            self.save_tables(goal, tables)

    def save_tables(self, goal: Goal, tables: Sequence[Table], *, without: bool = False) -> None:
        """Write tables without asking for a file.

        Args:
            goal: The file.
            tables: The tables.
            without: Whether to leave out rows that name people whose consent does not cover an export; otherwise it is
                refused.
        """
        about, project, whose = self._about(), self._context.project, self.whose()

        def save(ctx: Context) -> Path:
            from app.interchange.table_files import write_table_file

            kept = _covered(ctx, tables, project, without, whose)
            write_table_file(goal, kept, about=about)
            what = kept[0].title if len(kept) == 1 else "tables"
            _note(project, what, path_of(goal), tables=len(kept), rows=sum(len(one.rows) for one in kept))
            return path_of(goal)

        self._context.work.start(
            tr("Exporting the table"), "io", save, on_done=self.tell_saved,
            on_error=lambda error: self.refused(error, whose, lambda: self.save_tables(goal, tables, without=True)),
        )  # fmt: skip

    def ask_figure(self, parent: QWidget, offer: Offer, suffix: str = ".svg", paper: Paper | None = None) -> None:
        """Ask for a file and write the figure of an offer.

        Args:
            parent: The window over which the dialog opens.
            offer: What is exported.
            suffix: The ending to offer first.
            paper: The size and type; None for those that were chosen last.
        """
        from app.services.exports.figures import FIGURE_KINDS

        if offer.figure is None:
            return
        draw = offer.figure()
        goal = self._goal(parent, offer, FIGURE_KINDS, suffix)
        if goal is not None:
            self.save_figure(goal, draw, paper)

    def save_figure(self, goal: Goal, draw: Drawing, paper: Paper | None = None) -> None:
        """Write a figure without asking."""
        about, size, project = self._about(), paper or self.paper, self._context.project
        whose = self.whose()

        def save(_ctx: Context) -> Path:
            from app.services.exports.figures import write_figure

            write_figure(_drawn(draw, project, whose), goal, size, about)
            _note(project, "a figure", path_of(goal))
            return path_of(goal)

        self._context.work.start(
            tr("Exporting the figure"), "io", save, on_done=self.tell_saved,
            on_error=lambda error: self.refused(error, whose),
        )  # fmt: skip

    def tell_saved(self, path: Path) -> None:
        """Say where a file was saved, with "Open" and "Show folder" beside it."""
        self._context.notify(tr("Saved {name}.", name=path.name), tone="ok", file=path)

    def _goal(self, parent: QWidget, offer: Offer, kinds: dict[str, str], suffix: str) -> Goal | None:
        if not self.allowed:
            return None
        first = suffix if suffix in kinds else next(iter(kinds))
        order = [first, *(end for end in kinds if end != first)]
        filters = ";;".join(f"{kinds[end]} (*{end})" for end in order)
        name = file_stem(self._context.project_name, offer.title) + first
        return self._context.ask_file.new(parent, tr("Export {title}", title=offer.title), name, filters)

    def _about(self) -> list[tuple[str, str]]:
        from app.agreement.provenance import PROGRAM

        return [("program", PROGRAM), ("project", self._context.project_name or "none")]
