"""Finds clips and pictures below a folder."""

from collections.abc import Collection
from pathlib import Path

from app.domain.media_endings import MEDIA_ENDINGS


def media_below(folder: Path, endings: Collection[str] = MEDIA_ENDINGS) -> list[Path]:
    """Return the clips and pictures below a folder by their endings, sorted by path.

    Left out are the `._` files that macOS writes beside files on foreign disks, and whatever is no regular file: pipes,
    devices, and links that lead nowhere. Linked files count; linked folders are not entered, for they may lead in a
    circle.

    Args:
        folder: Where to look.
        endings: Lower-case endings, each with its dot.
    """
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in endings and not path.name.startswith("._") and path.is_file()
    )
