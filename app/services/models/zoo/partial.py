"""The part of a download that has arrived: a `.part` file with a note on its source beside it."""

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from app.addresses import without_credentials


class Partial:
    """The beginning of a file, which is kept so that a later try can continue from there.

    The note holds the address and the server's mark of the version (ETag or date). A beginning is only ever continued
    with the same address and the same mark, so a file that changed in between is never joined with the old one's
    beginning.

    Args:
        target: The path of the whole file.

    Attributes:
        path: The `.part` file.
    """

    def __init__(self, target: Path) -> None:
        self.path = target.with_name(target.name + ".part")
        self._note = target.with_name(target.name + ".part.json")

    @property
    def have(self) -> int:
        """Number of bytes that have arrived."""
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0

    def mark(self, url: str) -> str:
        """Return the server's mark of the version of these bytes; empty if they cannot be continued from `url`."""
        try:
            note = json.loads(self._note.read_text("utf-8"))
            return str(note["mark"]) if note["url"] == without_credentials(url) and self.have else ""
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def begin(self, url: str, headers: Mapping[str, str]) -> None:
        """Discard an earlier part and note the download that begins now."""
        self.discard()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._note.write_text(json.dumps({"url": without_credentials(url), "mark": version_mark(headers)}), "utf-8")

    def finish(self, target: Path) -> None:
        """Give the whole file its name."""
        os.replace(self.path, target)
        self._note.unlink(missing_ok=True)

    def discard(self) -> None:
        """Remove what has arrived."""
        for path in (self.path, self._note):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def version_mark(headers: Mapping[str, str]) -> str:
    """Return the value for an `If-Range` header: a strong ETag, or else the last change's date (RFC 9110, 13.1.5)."""
    tag = headers.get("ETag", "")
    if tag and not tag.startswith("W/"):
        return tag
    return headers.get("Last-Modified", "")
