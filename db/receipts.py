"""Receipts for whole files: a project whose very pages were found sound before need not be looked through again.

Comparing the digest of every row takes long with millions of answers; hashing the pages takes a fraction of a second.
A receipt is an empty file in the user's cache, named by a hash over all pages of a project that passed the whole check.
One flipped bit, one row or one answer more gives another hash, for which there is no receipt: then everything is looked
at again. Pages are read through SQLite, with what still lies in the log, and never past it, since whoever opens and
closes the file outside SQLite drops its locks.
"""

import contextlib
import hashlib
from pathlib import Path
from typing import Final

from app.paths import cache_dir
from db.pages import Snapshot

CHECKED: Final = b"affectograph sound 1"
"""Part of each hash. Raise its number when `db.check.require_sound` looks at more than before."""
KEPT: Final = 200
"""So many receipts are kept, the newest ones."""


def pages_hash(snapshot: Snapshot | None) -> str | None:
    """Hash all pages of a snapshot.

    Args:
        snapshot: The pages; None for a file that is too large for that, and for a server, which looks after its own.

    Returns:
        Hexadecimal; None without a snapshot.
    """
    if snapshot is None:
        return None
    hashed = hashlib.blake2b(CHECKED, digest_size=32)
    hashed.update(snapshot.image.data)
    return hashed.hexdigest()


def known(name: str) -> bool:
    """Whether pages of this hash were found sound before, on this machine."""
    return _place(name).is_file()


def keep(name: str) -> None:
    """Note that pages of this hash were found sound. Where it cannot be noted, they are looked through again."""
    with contextlib.suppress(OSError):
        place = _place(name)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
        receipts = sorted(place.parent.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
        for old in receipts[KEPT:]:
            old.unlink(missing_ok=True)


def _place(name: str) -> Path:
    return cache_dir() / "sound" / name
