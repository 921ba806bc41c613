"""Install, verify and remove models. A model appears whole in its folder, checked, or not at all."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.errors import UserError
from app.inference.cards import ModelCard, find_model, project_models, verify_file, write_card
from app.inference.check import examine
from app.jobs import Context
from app.paths import data_dir
from app.services.zoo.download import download
from app.services.zoo.manifest import Entry

MOST_BYTES: Final = 2 * 1024**3
"""No model file is larger: ONNX's own limit for one file."""


@dataclass(frozen=True)
class Installed:
    """What an installation did.

    Attributes:
        card: The new model.
        sha256: Of its file.
        pinned: Whether the hash was known beforehand; if not, it is to be shown.
    """

    card: ModelCard
    sha256: str
    pinned: bool


def target_folder(project_file: Path | None = None) -> Path:
    """Where new models go: the project's own folder, or the user's."""
    return project_models(project_file) if project_file is not None else data_dir() / "models"


def install(
    entry: Entry,
    ctx: Context,
    *,
    url: str | None = None,
    source: Path | None = None,
    project_file: Path | None = None,
) -> Installed:
    """Install a vetted model from the network, a file or a folder.

    Args:
        entry: The model.
        ctx: Progress in bytes, and cancel.
        url: Another address than the entry's.
        source: A file, or a folder that holds `<file>` or `<name>/<file>`; nothing is then fetched.
        project_file: Install into this project instead of the user's folder.

    Raises:
        UserError: It cannot be had, is not the file it should be, is dangerous, or cannot be written. Nothing is left
            of it in the models folder; an interrupted download alone keeps what it has, to go on from there.
        Cancelled: On request.
    """
    models = target_folder(project_file)
    with _building(models, entry.name) as building:
        path = building / entry.file
        if source is not None:
            digest = _copy(_found(source, entry), path, ctx)
        else:
            # Kept outside the models folder, so that a later try goes on where this one broke off.
            fetched = data_dir() / "downloads" / entry.file
            digest = download(url or entry.url, fetched, size=entry.bytes, limit=entry.bytes or MOST_BYTES, ctx=ctx)
            _checked(entry, digest, fetched)
            shutil.move(fetched, path)
        _checked(entry, digest, path)
        examine(path)
        facts = {"path": entry.file, "sha256": digest, "bytes": path.stat().st_size}
        table = {"name": entry.name, "licence": entry.licence, **entry.card, "file": facts}
        write_card(building, table | {"origin": {"source": entry.source, "url": url or entry.url}})
    return Installed(find_model(entry.name, project_file), digest, entry.sha256 is not None)


def add_own(card: Mapping[str, Any], model: Path, ctx: Context, project_file: Path | None = None) -> Installed:
    """Add an ONNX file of the user's with the card that the guided import wrote.

    Args:
        card: The card without its [file] table.
        model: The ONNX file; copied.
        ctx: Cancel.
        project_file: Install into this project instead of the user's folder.

    Raises:
        UserError: As `install`, or the name is taken.
    """
    name = str(card["name"])
    if not name.isidentifier():
        raise UserError(f"{name!r} cannot be a model's name.", "Use letters, digits and underscores.")
    folder = target_folder(project_file) / name
    if folder.exists():
        raise UserError(f"There is a model called {name} already.", "Choose another name, or remove that one first.")
    with _building(folder.parent, name) as building:
        digest = _copy(model, building / model.name, ctx)
        if examine(building / model.name).external:
            raise UserError(f"{model.name} keeps its weights in other files.", "Save it as one file, then add it.")
        facts = {"path": model.name, "sha256": digest, "bytes": (building / model.name).stat().st_size}
        write_card(building, {**card, "file": facts})
    return Installed(find_model(name, project_file), digest, pinned=False)


def verify(card: ModelCard) -> list[str]:
    """Check every file of a model against its card; the problems, empty where all is well."""
    problems = []
    for key in (*card.files, *(variant.name for variant in card.variants)):
        try:
            verify_file(card, key)
        except UserError as error:
            problems.append(str(error))
    return problems


def remove(name: str, project_file: Path | None = None) -> Path:
    """Remove an installed model; where it was.

    Raises:
        UserError: There is none of that name, or it came with the program.
    """
    card = find_model(name, project_file)
    if card.shipped:
        raise UserError(f"{name} came with the program.", "Only models that were installed can be removed.")
    for part in (data_dir() / "downloads").glob(f"{card.file().path}*"):
        part.unlink(missing_ok=True)
    shutil.rmtree(card.folder)
    return card.folder


@contextmanager
def _building(models: Path, name: str) -> Iterator[Path]:
    """A folder aside that takes the model's place when the block ends well."""
    try:
        models.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(dir=models, prefix=f".{name}-"))
    except OSError as error:
        raise UserError(f"{models} cannot be written ({error.strerror}).", "Check free space and rights.") from error
    try:
        yield building
        folder = models / name
        if folder.exists():
            shutil.rmtree(folder)
        building.rename(folder)
    except OSError as error:
        raise UserError(f"{name} could not be installed ({error.strerror}).", "Check free space and rights.") from error
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _found(source: Path, entry: Entry) -> Path:
    if source.is_dir():
        for candidate in (source / entry.file, source / entry.name / entry.file):
            if candidate.is_file():
                return candidate
        raise UserError(f"{source} holds no {entry.file}.", "Put the file there under this name.")
    if not source.is_file():
        raise UserError(f"There is no file {source}.", "Check the path.")
    return source


def _copy(source: Path, target: Path, ctx: Context) -> str:
    """Copy in blocks; the SHA-256 of what was copied."""
    digest = hashlib.sha256()
    try:
        size = source.stat().st_size
        if size > MOST_BYTES:
            raise UserError(f"{source.name} is larger than any ONNX file can be.", "Choose the model's own file.")
        with source.open("rb") as old, target.open("wb") as new:
            while block := old.read(1 << 20):
                digest.update(block)
                new.write(block)
                ctx.progress(new.tell(), size, f"copying {source.name}")
    except OSError as error:
        reason = f"{source.name} could not be copied ({error.strerror})."
        raise UserError(reason, "Check free space and rights, and try again.") from error
    return digest.hexdigest()


def _checked(entry: Entry, digest: str, path: Path) -> None:
    if entry.sha256 is None or digest == entry.sha256:
        return
    size = path.stat().st_size
    path.unlink(missing_ok=True)
    short = entry.bytes is not None and size < entry.bytes
    cause = f"only {size:,} of {entry.bytes:,} bytes" if short else f"SHA-256 {digest[:16]}…, not {entry.sha256[:16]}…"
    raise UserError(
        f"This is not the {entry.name} that was vetted ({cause}).",
        "It was discarded. Fetch it again, or from elsewhere.",
    )
