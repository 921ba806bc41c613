"""Recognises whether an ONNX file is one of the vetted models."""

from pathlib import Path

from app.errors import UserError
from app.files import sha256_of
from app.services.models.zoo.manifest import ZooEntry, load_manifest
from app.services.models.zoo.pins import first_seen


def entry_of(model: Path) -> ZooEntry | None:
    """Return the vetted model whose file this is, recognised by its pinned or first installed SHA-256.

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
    """Return the vetted model with a name, which is compared without case, as names of folders are."""
    return next((entry for entry in load_manifest() if entry.name.lower() == name.lower()), None)


def entry_to_install(model: Path) -> ZooEntry | None:
    """Return the vetted model as which a file is best installed, so that it gets the tested adapter and not a guess.

    Returns:
        The entry whose file it is, or whose name it has while the entry's hash is unknown; None for any other file.

    Raises:
        UserError: The file has the name of a vetted model but is another file.
    """
    entry = entry_of(model)
    if entry is not None or not model.is_file():
        return entry
    called = entry_called(model.stem)
    if called is not None and (called.sha256 or first_seen(called.name)):
        raise UserError(
            f"{model.name} is called after the zoo's {called.name} and is not that file.",
            "Add it under another name, or install the real one from the list under Models.",
            f"Add it under another name (--name), or get the real one: affectograph models install {called.name}.",
        )
    return called
