"""How paths of clips are stored: relative to the project's folder for files below it, so that both can be moved."""

import os
import unicodedata
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from app.domain import path_text


def stored(path: Path, folder: Path) -> str:
    """The text to keep for a file: POSIX, relative to the folder if below it, else absolute."""
    full = path.expanduser().absolute()
    kept = full
    for base in (folder.absolute(), folder.resolve()):
        if full.is_relative_to(base):
            kept = full.relative_to(base)
            break
    return path_text.kept(kept.as_posix())


def located(text: str, folder: Path) -> tuple[Path, bool]:
    """Find the file that a stored path means; the second value tells whether it exists.

    A file whose name is spelt with other code points for the same letters counts: macOS writes accents as letters of
    their own, other systems do not. Plain strings, because this runs for every clip of a list.
    """
    text = path_text.again(text)
    if len(text) > 1 and text[1] == ":" and os.name != "nt":
        return Path(text), False  # made on Windows: to be linked again
    full = os.path.join(folder, text)
    if os.path.isfile(full):
        return Path(full), True
    for form in ("NFC", "NFD"):
        other = unicodedata.normalize(form, full)
        if other != full and os.path.isfile(other):
            return Path(other), True
    return Path(full), False


def unused_name(wanted: str, taken: Iterable[str]) -> str:
    """The name itself, or with the first number that makes it new: `a.mp4`, `a-2.mp4`, …; compared without case."""
    used = {name.casefold() for name in taken}
    if wanted.casefold() not in used:
        return wanted
    path = PurePosixPath(wanted)
    number = 2
    while (name := f"{path.stem}-{number}{path.suffix}").casefold() in used:
        number += 1
    return name
