"""Checking an archive: are its files as they were written, and do its tables come out again?"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from app.errors import UserError
from app.files import sha256_of
from app.services.archive.layout import MANIFEST, RECIPE, TABLES, data_files, raters_file
from app.services.archive.tables import Recipe, computed

Verdict = Literal["equal", "rounding", "differs", "missing"]
WORDS: Final[dict[Verdict, str]] = {
    "equal": "equal, byte for byte",
    "rounding": "equal but for rounding in the last digits",
    "differs": "differs",
    "missing": "is not in the archive",
}
_CLOSE: Final = 1e-9


@dataclass(frozen=True)
class Reproduced:
    """The outcome.

    Attributes:
        tables: Name → what became of it.
        changed: Files that are not as they were written, or are missing.
    """

    tables: dict[str, Verdict]
    changed: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Whether nothing differs."""
        return not self.changed and all(verdict in ("equal", "rounding") for verdict in self.tables.values())


def reproduce(archive: Path) -> Reproduced:
    """Compare every file with its hash, and compute every table again.

    Args:
        archive: The folder.

    Raises:
        UserError: It is no archive of this program, or its data cannot be read.
    """
    try:
        recipe = Recipe.of(json.loads((archive / RECIPE).read_text("utf-8")))
        listed = dict(_listed(archive / MANIFEST))
    except (OSError, ValueError) as error:
        raise UserError(f"{archive} is no archive of Affectograph.", "Name the folder that `archive` made.") from error
    changed = [name for name, digest in sorted(listed.items()) if not _same(archive / name, digest)]
    made = computed(data_files(archive), raters_file(archive), recipe)
    folder = archive / TABLES
    verdicts = {name: _compared(folder / name, text) for name, text in made.tables.items()}
    for path in sorted(folder.glob("*.csv")):
        verdicts.setdefault(path.name, "differs")
    return Reproduced(verdicts, tuple(changed))


def _listed(manifest: Path) -> Iterator[tuple[str, str]]:
    for line in manifest.read_text("utf-8").splitlines():
        digest, _, name = line.partition("  ")
        if ".." not in Path(name).parts and not Path(name).is_absolute():
            yield name, digest


def _same(path: Path, digest: str) -> bool:
    try:
        return sha256_of(path) == digest
    except OSError:
        return False


def _compared(path: Path, text: str) -> Verdict:
    try:
        stored = path.read_bytes()
    except OSError:
        return "missing"
    if stored == text.encode():
        return "equal"
    before, after = (one.replace("\n", ",").split(",") for one in (stored.decode("utf-8", "replace"), text))
    close = len(before) == len(after) and all(map(_close, before, after))
    return "rounding" if close else "differs"


def _close(one: str, other: str) -> bool:
    try:
        return one == other or math.isclose(float(one), float(other), rel_tol=_CLOSE, abs_tol=_CLOSE)
    except ValueError:
        return False
