"""Whether an ONNX file that somebody has at hand is one of the vetted models."""

from pathlib import Path

from app.errors import UserError
from app.files import sha256_of
from app.services.models.zoo.manifest import ZooEntry, load_manifest
from app.services.models.zoo.pins import first_seen


def entry_of(model: Path) -> ZooEntry | None:
    """Return the vetted model whose file this is, known by its SHA-256: pinned, or kept at the first installation here.

    Raises:
        UserError: The file cannot be read.
    """
    if not model.is_file():
        return None
    try:
        digest = sha256_of(model)
    except OSError as error:
        raise UserError(f"{model} cannot be read ({error.strerror}).", "Check its rights.") from error
    return next((entry for entry in load_manifest() if digest == (entry.sha256 or first_seen(entry.name))), None)


def entry_called(name: str) -> ZooEntry | None:
    """Return the vetted model of a name, compared without case as names of folders are."""
    return next((entry for entry in load_manifest() if entry.name.lower() == name.lower()), None)


def entry_to_install(model: Path) -> ZooEntry | None:
    """The vetted model as which a file is best installed, so that it gets the tested adapter and not a guessed one.

    Returns:
        The entry whose file it is, or that it is called after while nobody knows its hash; None for any other file.

    Raises:
        UserError: It is called after a vetted model and is another file.
    """
    entry = entry_of(model)
    if entry is not None or not model.is_file():
        return entry
    called = entry_called(model.stem)
    if called is not None and (called.sha256 or first_seen(called.name)):
        raise UserError(
            f"{model.name} is called after the zoo's {called.name} and is not that file.",
            f"Add it under another name (--name), or get the real one: affectograph models install {called.name}.",
        )
    return called
