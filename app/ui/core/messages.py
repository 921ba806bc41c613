"""The one rule for the messages of a window: which are shown, on which screen, and for how long. No Qt.

- Good news passes by itself. It lies over the screen and moves nothing.
- Errors and warnings stay until somebody closes them. A newer one covers an older one, which comes back afterwards.
- A message belongs to the screen on which it was first seen. It does not follow to other screens; an unread one is
  there again when its screen is. Only what concerns the whole window, such as a lost project, stays on every screen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

READING: Final = 15.0
"""Characters that are read in a second, by a slow reader."""
LEAST_S: Final = 4.0
MOST_S: Final = 12.0


@dataclass(frozen=True)
class Notice:
    """A sentence that the window shows.

    Attributes:
        what: What happened.
        todo: What to do now; may be empty.
        tone: "danger" for errors, "warning" for something to look at, "ok" for good news.
        command: Id of a command that is offered beside the sentence; empty for none.
        file: A file or folder that was written, to be opened or shown in its folder; None for none.
        everywhere: Whether it concerns the whole window, and is shown on every screen.
    """

    what: str
    todo: str = ""
    tone: Literal["danger", "warning", "ok"] = "warning"
    command: str = ""
    file: Path | None = None
    everywhere: bool = False

    @property
    def text(self) -> str:
        """What happened and what to do."""
        return f"{self.what} {self.todo}".strip()

    @property
    def passes(self) -> bool:
        """Whether it goes by itself."""
        return self.tone == "ok"

    @property
    def lasts_s(self) -> float:
        """Seconds that it is shown if it passes: the time to notice and read it; the longest if it offers a press."""
        if self.command or self.file is not None:
            return MOST_S
        return min(max(2.0 + len(self.text) / READING, LEAST_S), MOST_S)


class Messages:
    """The messages of one window.

    Args:
        tell: Called after every change, to show what is to be seen now.
    """

    def __init__(self, tell: Callable[[], None]) -> None:
        self._tell = tell
        self._place = ""
        self._kept: list[tuple[str, Notice]] = []
        self._passing: Notice | None = None
        self.unseen: list[Notice] = []

    @property
    def passing(self) -> Notice | None:
        """The good news to be shown now."""
        return self._passing

    @property
    def unread(self) -> tuple[Notice, ...]:
        """What waits to be closed on this screen, the newest last."""
        return tuple(notice for place, notice in self._kept if notice.everywhere or place == self._place)

    def take(self, notice: Notice) -> None:
        """Take a new message. The same sentence is kept once."""
        self.unseen = [*(one for one in self.unseen if one != notice), notice]
        if notice.passes:
            self._passing = notice
        else:
            self._kept = [(place, one) for place, one in self._kept if one != notice or place != self._place]
            self._kept.append((self._place, notice))
        self._tell()

    def seen(self) -> None:
        """Note that what is to be shown now has been drawn: from now on it belongs to this screen."""
        self.unseen.clear()

    def go_to(self, place: str) -> None:
        """Note that another screen is shown. What nobody has seen yet goes along; good news that was seen ends."""
        if place == self._place:
            return
        self._kept = [(place if one in self.unseen else was, one) for was, one in self._kept]
        if self._passing is not None and self._passing not in self.unseen:
            self._passing = None
        self._place = place
        self._tell()

    def close(self) -> None:
        """Close the newest unread message of this screen, or else the passing one."""
        unread = self.unread
        if unread:
            at = max(number for number, (_place, one) in enumerate(self._kept) if one == unread[-1])
            del self._kept[at]
            self._tell()
        else:
            self.end_passing()

    def end_passing(self) -> None:
        """Let the good news go."""
        if self._passing is not None:
            self._passing = None
            self._tell()

    def forget(self) -> None:
        """Drop every message, as when another project is opened."""
        self._kept.clear()
        self.unseen.clear()
        self._passing = None
        self._tell()
