"""Decides who may see what of an open project: one rule for every way in, from start-up to a dropped file."""

from dataclasses import dataclass
from typing import Final

from app.domain.project import Role

SEES_LABELS: Final[frozenset[Role]] = frozenset({"reviewer", "owner"})
"""Roles that see everybody's labels and the predictions; a rater sees neither."""

SIGN_IN: Final = "annotate"
"""The screen on which raters sign in; a project that is looked after opens there."""


@dataclass(frozen=True)
class Access:
    """The person who uses an open project.

    Attributes:
        guarded: Whether the project has an owner or a reviewer.
        role: Role of the person who is signed in; None if nobody is.
        elsewhere: Whether a rater is signed in in another window of the same user.
    """

    guarded: bool = False
    role: Role | None = None
    elsewhere: bool = False

    @property
    def sees_labels(self) -> bool:
        """Whether predictions and everybody's labels may be shown or read now.

        In a project without owner and reviewer, everybody sees everything until a rater signs in.
        """
        if self.elsewhere:
            return False
        return self.role in SEES_LABELS or (self.role is None and not self.guarded)

    def may_show(self, screen: str, *, shows_labels: bool) -> bool:
        """Return whether a screen may be shown now.

        Args:
            screen: Id of the screen.
            shows_labels: Whether the screen shows predictions, what others answered, or what is expected of an answer.
        """
        if self.role == "rater":
            return screen == SIGN_IN
        return self.sees_labels or not shows_labels
