"""The stored form of clips' paths, which is relative for files below the project's folder, so both can be moved."""

import os
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from app.domain import path_text
from app.reach import are_files


def stored(path: Path, folder: Path) -> str:
    """Return the text to keep for a file: POSIX, relative to the folder if below it, otherwise absolute."""
    full = path.expanduser().absolute()
    kept = full
    for base in (folder.absolute(), folder.resolve()):
        if full.is_relative_to(base):
            kept = full.relative_to(base)
            break
    return path_text.kept(kept.as_posix())


def located(texts: Iterable[str], folder: Path) -> list[tuple[Path, bool]]:
    """Find the files of stored paths. The second value of each pair tells whether the file exists.

    A file whose name spells the same letters with other code points counts as well: macOS writes accents as separate
    letters, other systems do not. A folder that does not answer counts as empty, and nobody waits for it (`app.reach`).
    """
    spelt = [_spellings(path_text.again(text), folder) for text in texts]
    there = are_files(names[0] for names in spelt if os.path.isabs(names[0]))
    missing = [name for names in spelt if names[0] not in there for name in names[1:]]
    there |= are_files(missing)
    found = []
    for names in spelt:
        name = next((name for name in names if name in there), None)
        found.append((Path(names[0] if name is None else name), name is not None))
    return found


def _spellings(text: str, folder: Path) -> list[str]:
    """Return the path that a stored text means, then the same with letters of other code points."""
    if len(text) > 1 and text[1] == ":" and os.name != "nt":
        return [text]  # made on Windows: to be linked again
    full = os.path.join(folder, text)
    if full.isascii():
        return [full]
    others = (unicodedata.normalize(form, full) for form in ("NFC", "NFD"))
    return list(dict.fromkeys([full, *others]))
