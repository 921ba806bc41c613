"""Where things of the user lie. AFFECTOGRAPH_HOME moves them all, for tests and portable use."""

import os
from pathlib import Path

import platformdirs

SHIPPED_MODELS = Path(__file__).resolve().parent.parent / "models_onnx"


def data_dir() -> Path:
    """The user's data folder (models, demo project); made when missing."""
    return _made("data", platformdirs.user_data_path("affectograph"))


def config_dir() -> Path:
    """The user's settings folder; made when missing."""
    return _made("config", platformdirs.user_config_path("affectograph"))


def log_dir() -> Path:
    """Where logs are written; made when missing."""
    return _made("log", platformdirs.user_log_path("affectograph"))


def _made(kind: str, default: Path) -> Path:
    home = os.environ.get("AFFECTOGRAPH_HOME")
    folder = Path(home) / kind if home else default
    folder.mkdir(parents=True, exist_ok=True)
    return folder
