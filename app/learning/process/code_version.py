"""The version of the program's own code that computed something, as a hash over files."""

import hashlib
from pathlib import Path

import app


def files_version(*places: str) -> str:
    """Return a short hash of the program's own files in some folders, and of single files.

    Args:
        places: Paths relative to the folder that holds `app`; all modules below a folder count.
    """
    root = Path(app.__file__).parent.parent
    found = [file for place in places for file in (sorted((root / place).rglob("*.py")) or [root / place])]
    digest = hashlib.sha256()
    for file in found:
        digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]
