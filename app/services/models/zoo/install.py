"""Installs, verifies and removes models. A model appears in its folder complete and checked, or not at all."""

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.addresses import without_credentials
from app.domain.changes import Changes
from app.domain.words import file_size
from app.errors import UserError
from app.inference.cards import (
    CARD_NAME,
    ModelCard,
    find_model,
    list_models,
    load_card,
    project_models,
    verify_file,
    write_card,
)
from app.inference.check import OnnxFacts, examine
from app.inference.onnx_scan import MAX_FILE_BYTES, scan
from app.jobs import Context
from app.ledger import note
from app.paths import data_dir
from app.services.models.zoo.answers import check_answers
from app.services.models.zoo.download import Download, download
from app.services.models.zoo.fit import check_fit
from app.services.models.zoo.lock import only_one
from app.services.models.zoo.manifest import ZooEntry, load_manifest
from app.services.models.zoo.pins import first_seen, remember
from app.services.models.zoo.recognise import entry_called

MODEL_FILE: Final = "model.onnx"
"""Name of a user's model file in its folder."""

_ASIDE: Final = ".install"
"""Folders whose names begin like this are installations under way, or left by a process that was killed."""


@dataclass(frozen=True)
class Installed:
    """The outcome of an installation.

    Attributes:
        card: The new model.
        sha256: SHA-256 of its file.
        pinned: Whether the hash was known beforehand; if not, it is to be shown.
    """

    card: ModelCard
    sha256: str
    pinned: bool


def target_folder(project_file: Path | None = None) -> Path:
    """Return the folder for new models: the project's or the user's.

    Raises:
        UserError: The project does not exist.
    """
    if project_file is None:
        return data_dir() / "models"
    if not project_file.is_file():
        raise UserError(f"There is no project {project_file}.", "Check the path, or leave the project out.")
    return project_models(project_file)


def install(
    entry: ZooEntry,
    ctx: Context,
    *,
    url: str | None = None,
    source: Path | None = None,
    project_file: Path | None = None,
    accept_new_hash: bool = False,
) -> Installed:
    """Install a vetted model from the network, a file or a folder.

    Args:
        entry: The model.
        ctx: Receives the progress in bytes, and can cancel.
        url: Another address than the entry's.
        source: A file, or a folder that holds `<file>` or `<name>/<file>`, to use instead of fetching.
        project_file: The project to install into; None for the user's folder.
        accept_new_hash: Whether to accept, for an entry without a pinned hash, another file than the one installed
            first.

    Raises:
        UserError: The model cannot be fetched, is not the expected file, is dangerous, does not fit its card, or cannot
            be written. Nothing of it is left in the models folder. Only an interrupted download keeps its part in the
            downloads folder, from which it can be continued.
        Cancelled: The user cancelled.
    """
    models = target_folder(project_file)
    expected = entry.sha256 or (None if accept_new_hash else first_seen(entry.name))
    with only_one(_downloads() / f"{entry.name}.lock", entry.name), _building(models, entry.name) as building:
        path = building / entry.file
        if source is not None:
            digest = _copy(found(source, entry), path, ctx)
            _check_hash(entry, expected, digest, path)
        else:
            # Kept outside the models folder, so that a later try goes on where this one broke off.
            fetched = _fetched(entry.name)
            limit = entry.bytes or MAX_FILE_BYTES
            wanted = Download(url or entry.url, entry.bytes, limit, pinned=expected is not None)
            digest = download(wanted, fetched, ctx)
            try:
                _check_hash(entry, expected, digest, fetched)
                _copy(fetched, path, ctx)
            finally:
                fetched.unlink(missing_ok=True)
        facts = examine(path, ctx)
        file = {"path": entry.file, "sha256": digest, "bytes": path.stat().st_size}
        table = {"name": entry.name, "licence": entry.licence, **_named_as_in_file(entry.card, facts), "file": file}
        address = without_credentials(url or entry.url)
        origin = {"source": entry.source, "url": address, "non_commercial": entry.non_commercial}
        check_fit(write_card(building, table | {"origin": origin}), facts)
    if entry.sha256 is None:
        remember(entry.name, digest)
    return Installed(load_card(models / entry.name), digest, entry.sha256 is not None)


def add_own(card: Mapping[str, Any], model: Path, ctx: Context, project_file: Path | None = None) -> Installed:
    """Add a user's ONNX file with the card that the guided import wrote.

    Args:
        card: The card without its [file] table.
        model: The ONNX file, which is copied.
        ctx: Can cancel.
        project_file: The project to install into; None for the user's folder.

    Raises:
        UserError: As for `install`, or the name is taken.
    """
    name = str(card.get("name", ""))
    models = target_folder(project_file)
    check_name(name, project_file)
    if not model.is_file():
        raise UserError(f"There is no file {model}.", "Check the path.")
    with only_one(_downloads() / f"{name}.lock", name), _building(models, name) as building:
        path = building / MODEL_FILE
        data = _copy_data(model, building, ctx)
        digest = _copy(model, path, ctx)
        facts = _examined(path, model.name, ctx)
        file = {"path": path.name, "sha256": digest, "bytes": path.stat().st_size, **({"data": data} if data else {})}
        written = write_card(building, {**card, "file": file})
        check_fit(written, facts)
        check_answers(written)
    return Installed(load_card(models / name), digest, pinned=False)


def check_name(name: str, project_file: Path | None = None) -> None:
    """Refuse a name that a user's model may not have.

    Raises:
        UserError: The text is not a name, or is taken by a model that is installed or can be fetched.
    """
    if not name.isidentifier() or not name.isascii() or len(name) > 64:
        raise UserError(f"{name!r} cannot be a model's name.", "Use up to 64 letters, digits and underscores.")
    taken = {card.name.lower() for card in list_models(project_file)}
    if name.lower() in taken or (target_folder(project_file) / name).exists():
        raise UserError(f"There is a model called {name} already.", "Choose another name, or remove that one first.")
    entry = entry_called(name)
    if entry is not None:
        raise UserError(
            f"{name} is the name of a model of the zoo.",
            "Choose another name; the zoo's own is installed from the list under Models.",
            f"Choose another name; the zoo's own is had by: affectograph models install {entry.name}.",
        )


def verify(card: ModelCard) -> list[str]:
    """Check every file of a model against its card, and the card against the list of vetted models.

    Returns:
        The problems; empty if there are none.
    """
    problems = []
    for key in (*card.files, *(variant.name for variant in card.variants)):
        try:
            verify_file(card, key)
        except UserError as error:
            problems.append(str(error))
    pinned = next((entry.sha256 for entry in load_manifest() if entry.name == card.name), None)
    if pinned is not None and card.file().sha256 != pinned:
        problems.append(f"Its card names another file than the one that was vetted. Install {card.name} again.")
    return problems


def remove(name: str, project_file: Path | None = None) -> Path:
    """Remove an installed model and return the folder in which it was.

    Raises:
        UserError: The model does not exist, came with the program, or cannot be removed.
    """
    card = find_model(name, project_file)
    if card.shipped:
        raise UserError(f"{card.name} came with the program.", "Only models that were installed can be removed.")
    places = [data_dir() / "models", *([project_models(project_file)] if project_file is not None else [])]
    if card.folder.parent.resolve() not in [place.resolve() for place in places]:
        raise UserError(f"{card.folder} is not an installed model.", "Remove the folder yourself if you want it gone.")
    with only_one(_downloads() / f"{card.name}.lock", card.name):
        # Renamed first: a removal that breaks off half-way leaves no model without its file.
        aside = Path(tempfile.mkdtemp(dir=card.folder.parent, prefix=f"{_ASIDE}-{card.name}-"))
        try:
            card.folder.rename(aside / "old")
        except OSError as error:
            aside.rmdir()
            raise UserError(f"{card.folder} cannot be removed ({error.strerror}).", "Check its rights.") from error
        note(Changes.of("model"))
        shutil.rmtree(aside, ignore_errors=True)  # not `_tidy`: what lies there is to go
        for part in _downloads().glob(f"{card.name}.onnx*"):
            part.unlink(missing_ok=True)
    return card.folder


def part_size(name: str) -> int:
    """Return how many bytes of a model an interrupted download has fetched; 0 if there is none."""
    part = _fetched(name).with_name(f"{name}.onnx.part")
    return part.stat().st_size if part.is_file() else 0


def _downloads() -> Path:
    return data_dir() / "downloads"


def _fetched(name: str) -> Path:
    return _downloads() / f"{name}.onnx"


@contextmanager
def _building(models: Path, name: str) -> Iterator[Path]:
    """A folder aside that takes the model's place when the block ends well."""
    folder = models / name
    try:
        models.mkdir(parents=True, exist_ok=True)
        # The lock is ours: such folders were left by a process that was killed.
        for left in models.glob(f"{_ASIDE}-{name}-*"):
            _tidy(left, folder)
        aside = Path(tempfile.mkdtemp(dir=models, prefix=f"{_ASIDE}-{name}-"))
    except OSError as error:
        raise UserError(f"{models} cannot be written ({error.strerror}).", "Check free space and rights.") from error
    building = aside / "new"
    try:
        building.mkdir()
        yield building
        if folder.exists():
            folder.rename(aside / "old")
        building.rename(folder)
        note(Changes.of("model"))
    except OSError as error:
        raise UserError(f"{name} could not be installed ({error.strerror}).", "Check free space and rights.") from error
    finally:
        _tidy(aside, folder)


def _tidy(aside: Path, folder: Path) -> None:
    """Remove a folder aside; an old model in it goes back where no new one took its place."""
    if (aside / "old").exists() and not folder.exists():
        (aside / "old").rename(folder)
    shutil.rmtree(aside, ignore_errors=True)


def _named_as_in_file(card: Mapping[str, Any], facts: OnnxFacts) -> dict[str, Any]:
    """The card with the file's own tensor names and batch size, where there is one input and output and so no doubt."""
    named = dict(card)
    for key, tensors in (("input", facts.inputs), ("output", facts.outputs)):
        if len(tensors) != 1 or key not in card:
            continue
        named[key] = {}
        for entry, table in card[key].items():
            named[key][entry] = {**table, "name": tensors[0].name}
            batch = tensors[0].shape[0] if tensors[0].shape else ""
            if "shape" in table and isinstance(batch, int):
                named[key][entry]["shape"] = [batch, *table["shape"][1:]]
    return named


def _examined(path: Path, name: str, ctx: Context) -> OnnxFacts:
    """Examine a copied file; what is wrong is said of the file that the user named."""
    try:
        return examine(path, ctx)
    except UserError as error:
        raise UserError(error.what.replace(path.name, name), error.todo) from error


def _copy_data(model: Path, building: Path, ctx: Context) -> list[dict[str, object]]:
    """Copy the files that hold a model's weights along; what a card says of them.

    Raises:
        UserError: One is missing, lies elsewhere, or has the name of a file of ours.
    """
    said: list[dict[str, object]] = []
    for location in sorted(set(scan(model).external)):
        if location in (MODEL_FILE, CARD_NAME):
            raise UserError(
                f"{model.name} keeps its weights in a file called {location}, which is the name of another file here.",
                "Save it as one file, then add it.",
            )
        target = building / location
        target.parent.mkdir(parents=True, exist_ok=True)
        digest = _copy(model.parent / location, target, ctx)
        said.append({"path": location, "sha256": digest, "bytes": target.stat().st_size})
    return said


def found(source: Path, entry: ZooEntry) -> Path:
    """Return the file of a vetted model, which is `source` itself or lies in the folder `source`.

    Raises:
        UserError: The file does not exist.
    """
    if source.is_dir():
        for candidate in (source / entry.file, source / entry.name / entry.file):
            if candidate.is_file():
                return candidate
        raise UserError(f"{source} holds no {entry.file}.", "Put the file there under this name.")
    if not source.is_file():
        raise UserError(f"There is no file {source}.", "Check the path.")
    return source


def _copy(source: Path, target: Path, ctx: Context) -> str:
    """Copy in blocks, onto the disk; the SHA-256 of what was copied."""
    digest = hashlib.sha256()
    try:
        size = source.stat().st_size
        if size > MAX_FILE_BYTES:
            most = f"{MAX_FILE_BYTES // 2**20} MB"
            raise UserError(f"{source.name} is larger than {most}, the most that is loaded.", "Choose another file.")
        with source.open("rb") as old, target.open("wb") as new:
            while block := old.read(1 << 20):
                digest.update(block)
                new.write(block)
                ctx.progress(new.tell(), size, f"copying {source.name}")
            new.flush()
            os.fsync(new.fileno())
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            reason = f"The disk is full: {source.name} could not be copied."
            raise UserError(reason, f"Free {file_size(source.stat().st_size)}, try again.") from error
        reason = f"{source.name} could not be copied ({error.strerror})."
        raise UserError(reason, "Check the rights of file and folder.") from error
    return digest.hexdigest()


def _check_hash(entry: ZooEntry, expected: str | None, digest: str, path: Path) -> None:
    if expected is None or digest == expected:
        return
    size = path.stat().st_size
    if entry.sha256 is None:
        raise UserError(
            f"This is not the {entry.name} that was installed here first "
            f"(SHA-256 {digest[:16]}… and not {expected[:16]}…).",
            "Ask its authors whether they published a new file, and keep the one that is installed until you know.",
            "If its authors published a new file that you trust, install it with --accept-new-hash.",
        )
    short = entry.bytes is not None and size < entry.bytes
    cause = f"only {size:,} of {entry.bytes:,} bytes" if short else f"SHA-256 {digest[:16]}…, not {expected[:16]}…"
    raise UserError(
        f"This is not the {entry.name} that was vetted ({cause}).",
        "It was discarded. Fetch it again, or from elsewhere.",
    )
