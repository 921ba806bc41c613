"""The file name endings of clips and pictures, for searching folders and for file dialogs.

A file that the user names is tried whatever its ending.
"""

from typing import Final

_VIDEO: Final = (
    ".mp4",
    ".m4v",
    ".mov",
    ".mkv",
    ".webm",
    ".avi",
    ".mpg",
    ".mpeg",
    ".ts",
    ".mts",
    ".m2ts",
    ".mxf",
    ".vob",
    ".wmv",
    ".asf",
    ".divx",
    ".flv",
    ".f4v",
    ".mp4v",
    ".ogv",
    ".3gp",
    ".dv",
    ".gif",
)
_IMAGE: Final = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff")
VIDEO_ENDINGS: Final = frozenset(_VIDEO)
MEDIA_ENDINGS: Final = frozenset((*_VIDEO, *_IMAGE))


def dialog_filter() -> str:
    """Return the filter of a file dialog that offers every clip and picture, and all files beside them."""
    return f"Videos and images ({' '.join(f'*{ending}' for ending in (*_VIDEO, *_IMAGE))});;All files (*)"
