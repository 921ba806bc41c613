"""Hashes that were not known when the list of models was made: kept at the first installation, checked from then on."""

import json
from pathlib import Path

from app.files import replacing
from app.paths import data_dir


def _path() -> Path:
    return data_dir() / "zoo-hashes.json"


def first_seen(name: str) -> str | None:
    """Return the SHA-256 that a model's file had when it was first installed here; None if it was never installed."""
    return _all().get(name)


def remember(name: str, sha256: str) -> None:
    """Keep the hash of a model's file."""
    if _all().get(name) != sha256:
        with replacing(_path()) as temporary:
            temporary.write_text(json.dumps(_all() | {name: sha256}, indent=2) + "\n", "utf-8")


def _all() -> dict[str, str]:
    try:
        table = json.loads(_path().read_text("utf-8"))
        return {str(name): str(digest) for name, digest in table.items()}
    except (OSError, ValueError, AttributeError):
        return {}
