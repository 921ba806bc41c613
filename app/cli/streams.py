"""Output that cannot fail: what a terminal or a file of another encoding cannot show is escaped, and work goes on."""

import codecs
import sys
from io import TextIOWrapper

from app.domain.path_text import shown
from app.errors import UserError


def never_fail_to_print() -> None:
    """Let characters beyond the encoding of stdout and stderr come out escaped, not as an error.

    A name or an arrow in a terminal of ISO-8859-1 or a file of cp1252 would end a batch of hours otherwise.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.errors in ("strict", "surrogateescape"):
            codecs.register_error("shown", _shown)
            stream.reconfigure(errors="shown")


def _shown(error: UnicodeError) -> tuple[str, int]:
    """A byte of a file's name that is no text as in every other output; letters beyond the encoding by their number."""
    if isinstance(error, UnicodeEncodeError):
        text = shown(error.object[error.start : error.end])
        return text.encode(error.encoding, "backslashreplace").decode(error.encoding), error.end
    raise error


def print_refused(error: UserError) -> None:
    """Print what was refused and what to do, on one line of standard error."""
    print(f"affectograph: {' '.join(str(error).split())}", file=sys.stderr)
