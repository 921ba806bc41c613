"""The folders of the user's files. AFFECTOGRAPH_HOME moves them all, for tests and portable use."""

import contextlib
import os
import uuid
from pathlib import Path

import platformdirs

_machines: dict[str | None, str] = {}

SHIPPED_MODELS = Path(__file__).resolve().parent.parent / "models_onnx"
_SHIPPED_PAGES = Path(__file__).resolve().parent / "help"
"""Where a wheel has the pages of `docs` (pyproject.toml)."""


def pages_dir() -> Path:
    """Return the folder of the documentation's pages, which are shown without a network."""
    return _SHIPPED_PAGES if _SHIPPED_PAGES.is_dir() else Path(__file__).resolve().parent.parent / "docs"


def data_dir() -> Path:
    """Return the user's data folder (models, demo project); made when missing."""
    return _made("data", platformdirs.user_data_path("affectograph"))


def config_dir() -> Path:
    """Return the user's settings folder; made when missing."""
    return _made("config", platformdirs.user_config_path("affectograph"))


def log_dir() -> Path:
    """Return the folder of the logs; made when missing."""
    return _made("log", platformdirs.user_log_path("affectograph"))


def cache_dir() -> Path:
    """Return the user's cache folder, which may be emptied at any time; made when missing."""
    return _made("cache", platformdirs.user_cache_path("affectograph"))


def machine_id() -> str:
    """Return the random number in the user's settings folder, which tells machines and users apart and names nobody."""
    home = os.environ.get("AFFECTOGRAPH_HOME")
    if home not in _machines:  # asked by every judgement that is stored
        _machines[home] = _kept(config_dir() / "machine")
    return _machines[home]


def _kept(place: Path) -> str:
    """Return what a file says; a new number where it is missing, and one for this run where it cannot be kept."""
    made = uuid.uuid4().hex
    try:
        with place.open("x", encoding="ascii") as file:
            file.write(made)
    except FileExistsError:
        with contextlib.suppress(OSError, ValueError):
            said = place.read_text("ascii").strip()
            if said:
                return said
    except OSError:
        pass
    return made


def _made(kind: str, default: Path) -> Path:
    home = os.environ.get("AFFECTOGRAPH_HOME")
    folder = Path(home) / kind if home else default
    folder.mkdir(parents=True, exist_ok=True)
    return folder
