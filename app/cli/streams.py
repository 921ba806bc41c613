"""Output for any terminal: characters that it cannot show, or would act on, are written as escapes.

All output of commands passes through here: `print` by `plain_output`, tables and progress by `new_console`.
"""

import codecs
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, TextIO, cast

from app.batch import Failed
from app.domain.path_text import shown, visible
from app.domain.words import many
from app.errors import UserError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text


class _Plain:
    """A stream that escapes control characters in what is written to it; all else is passed to the stream itself."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        self.stream.write(visible(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


@contextmanager
def plain_output() -> Iterator[None]:
    """Make what is printed in the block readable on any terminal, whatever characters names of files and people hold.

    Characters outside the encoding of stdout and stderr are escaped: otherwise a name or an arrow in a terminal of
    ISO-8859-1, or a file of cp1252, would end a batch after hours. Control characters are escaped too, because the
    name of a file could use them to clear the screen or rename the terminal.
    """
    before = sys.stdout, sys.stderr
    for stream in before:
        if isinstance(stream, TextIOWrapper) and stream.errors in ("strict", "surrogateescape"):
            codecs.register_error("shown", _shown)
            stream.reconfigure(errors="shown")
    out, err = (stream if stream is None or isinstance(stream, _Plain) else _Plain(stream) for stream in before)
    sys.stdout, sys.stderr = cast(TextIO, out), cast(TextIO, err)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def new_console(width: int | None = None, *, to_stderr: bool = False) -> "Console":
    """Begin a console of rich, whose own colours and movements pass; texts are given to it by `as_text`.

    Args:
        width: How wide lines are where the output is not a terminal.
        to_stderr: Write to standard error.
    """
    from rich.console import Console

    stream = sys.stderr if to_stderr else sys.stdout
    raw = stream.stream if isinstance(stream, _Plain) else stream
    found = Console(file=raw)
    return found if found.is_terminal or width is None else Console(file=raw, width=width)


def as_text(text: object, style: str = "") -> "Text":
    """Return text that a console shows unchanged: without markup and emoji, and with visible control characters."""
    from rich.text import Text

    return Text(visible(str(text)), style)


def _shown(error: UnicodeError) -> tuple[str, int]:
    """Return a byte of a file's name as in every other output, or a letter beyond the encoding by its number."""
    if isinstance(error, UnicodeEncodeError):
        text = shown(error.object[error.start : error.end])
        return text.encode(error.encoding, "backslashreplace").decode(error.encoding), error.end
    raise error


def print_left_out(failed: Sequence[Failed], one: str = "clip") -> int:
    """Name the items that failed, each on one line of standard error, then how many.

    Args:
        failed: The items, with what happened and what to do.
        one: What an item is called.

    Returns:
        The exit status: 1 where one failed.
    """
    for each in failed:
        print_refused(UserError(f"left out: {each['what']}", each["todo"]))
    if failed:
        print(f"affectograph: {many(len(failed), one)} left out, the others were used", file=sys.stderr)
    return 1 if failed else 0


def print_refused(error: UserError) -> None:
    """Print what was refused and what to do on one line of standard error."""
    print(f"affectograph: {' '.join(error.at_command_line.split())}", file=sys.stderr)
