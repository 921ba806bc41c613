"""Finds clips and pictures below a folder."""

from collections.abc import Collection, Iterator
from pathlib import Path

from app.domain.media_endings import MEDIA_ENDINGS


def media_below(folder: Path, endings: Collection[str] = MEDIA_ENDINGS) -> list[Path]:
    """Return the clips and pictures below a folder by their endings, sorted by path.

    Left out are the `._` files that macOS writes beside files on foreign disks, and whatever `strays_below` finds.
    Linked files count; linked folders are not entered, for they may lead in a circle.

    Args:
        folder: Where to look.
        endings: Lower-case endings, each with its dot.
    """
    return sorted(path for path in _named_so(folder, endings) if path.is_file())


def strays_below(folder: Path, endings: Collection[str] = MEDIA_ENDINGS) -> list[Path]:
    """Return what is named like a clip or picture below a folder but is none, sorted by path.

    These are pipes, devices, and links that lead nowhere. Folders do not count, whatever their name.

    Args:
        folder: Where to look.
        endings: Lower-case endings, each with its dot.
    """
    return sorted(path for path in _named_so(folder, endings) if not path.is_file() and not path.is_dir())


def _named_so(folder: Path, endings: Collection[str]) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.suffix.lower() in endings and not path.name.startswith("._"):
            yield path
