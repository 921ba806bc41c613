"""The person at the window: nobody, an owner or reviewer who sees labels, or a rater who must not.

This decides what a screen may read (`app.domain.access`). While nobody at the window may see labels, the screens have
no project (`AppContext.project` is None) and drop what they had loaded, as if it had been closed.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from app.commands import Commands
from app.domain.access import Access
from app.domain.project import Role

if TYPE_CHECKING:
    from app.services.projects.files import Project
    from app.services.study.corrections import AnswerCorrections
    from app.services.study.reviewers import Lookers


class OpenProject(Protocol):
    """The parts of the context that a seat needs: the open project, and those who are told of a change."""

    commands: Commands
    undo: QUndoStack
    opened: "Project | None"

    def query(
        self,
        fn: Callable[..., Any],
        *args: Any,
        on_done: Callable[[Any], None],
        replace: str | None = None,
        past_lock: bool = False,
    ) -> None:
        """Read something from the open project off the window's thread."""

    def write(
        self,
        fn: Callable[..., Any],
        *args: Any,
        on_done: Callable[[Any], None] | None = None,
        on_error: Callable[[Exception], None] | None = None,
        past_lock: bool = False,
    ) -> None:
        """Change the open project on the one writing thread."""

    def project_seen(self) -> None:
        """Let screens see the open project from now on, or no longer."""


class Seat(QObject):
    """Signs people who see labels in and out. The sign-in of a rater ends their session.

    Args:
        context: The context of the open project.
        parent: The Qt object that owns the seat.

    Attributes:
        correcting: The session of an owner or reviewer; None if none is signed in.
        lookers: The people who may sign in; None without a project.
    """

    changed = Signal()
    taken = Signal()
    left = Signal()

    def __init__(self, context: OpenProject, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self.correcting: AnswerCorrections | None = None
        self.lookers: Lookers | None = None
        self._elsewhere = False
        self._access = Access()
        context.commands.on_change(self._on_conditions)

    @property
    def access(self) -> Access:
        """The person who sits here, for the rule on screens."""
        return self._access

    def reset(self, lookers: "Lookers | None") -> None:
        """Prepare for another project, or none, with nobody signed in. Views are not told.

        Args:
            lookers: The people who may sign in there; None without a project.
        """
        self.correcting, self.lookers = None, lookers
        self._access = self._now()
        self._context.commands.set_condition("correcting", False)

    def sign_in(self, code: str, pin: str, refused: Callable[[Exception], None], *, first: bool = False) -> None:
        """Sign in a person who may see labels; then `taken` is emitted.

        Args:
            code: Code of an owner or reviewer.
            pin: The PIN of that person.
            refused: Called with the reason if it does not work.
            first: Whether the project has no owner yet; the code becomes that of its owner.
        """
        from app.services.study.corrections import open_corrections
        from app.services.study.reviewers import lookers

        if self._context.opened is None:
            return

        def done(found: "tuple[AnswerCorrections, Lookers]") -> None:
            if self._context.commands.holds("annotating"):
                found[0].close()
                return  # a rater sat down meanwhile
            self.correcting, self.lookers = found
            self._context.commands.set_condition("correcting", True)
            self._refresh()
            self.taken.emit()

        self._context.write(
            lambda project: (open_corrections(project, code, pin, first=first), lookers(project)),
            on_done=done, on_error=refused, past_lock=True,
        )  # fmt: skip

    def sign_out(self) -> None:
        """Sign out. Nobody sees labels any more, and the next person cannot undo in this person's name."""
        if self.correcting is None:
            return
        self.correcting.close()
        self.correcting = None
        self._context.commands.set_condition("correcting", False)
        self._context.undo.clear()
        self._refresh()
        self.left.emit()

    def look(self) -> None:
        """Find out again who may sign in here, and whether a rater is signed in in another window."""
        from app.services.study.reviewers import lookers

        def found(now: "Lookers") -> None:
            self.lookers = now
            self._refresh()

        self._context.query(lookers, on_done=found, replace="seat.lookers", past_lock=True)

    def look_elsewhere(self) -> None:
        """Find out whether a rater is signed in in another window of this user."""
        from app.services.machine.at_work import rated_elsewhere

        self._elsewhere = rated_elsewhere()
        self._refresh()

    def _now(self) -> Access:
        role: Role | None = self.correcting.who.role if self.correcting is not None else None
        if self._context.commands.holds("annotating"):
            role = "rater"
        return Access(self.lookers is not None and self.lookers.guarded, role, self._elsewhere)

    def _refresh(self) -> None:
        before, self._access = self._access, self._now()
        if before != self._access:
            if before.sees_labels != self._access.sees_labels:
                self._context.project_seen()
            self.changed.emit()

    def _on_conditions(self) -> None:
        if self._context.commands.holds("annotating"):
            self.sign_out()
        self._refresh()
