"""Model cards: `card.toml` beside the files states a model's inputs and outputs, its origin and its scores."""

import logging
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import tomli_w

from app import toml_text
from app.domain.near import asked, nearest
from app.errors import UserError
from app.files import replacing, sha256_of
from app.paths import SHIPPED_MODELS, data_dir

CARD_NAME: Final = "card.toml"
DEFAULT_MODEL: Final = "affectograph_face"
"""The frame model used when none is named."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ModelFile:
    """One file of a model.

    Attributes:
        path: Path relative to the card's folder, and inside it.
        sha256: Lower-case hex digest; empty where the card pins none.
        bytes: Size in bytes; 0 where the card gives none.
        data: Files that hold its weights, if it keeps them outside itself.
    """

    path: str
    sha256: str
    bytes: int
    data: tuple["ModelFile", ...] = ()


@dataclass(frozen=True)
class TensorSpec:
    """One input or output of a model.

    Attributes:
        key: Its name in the card.
        name: The tensor's name in the file.
        file: Key of the file it belongs to.
        shape: Fixed sizes as numbers and free ones as names; None where the card does not state the shape.
        dtype: Numpy name of the element type; empty where the card does not state it.
        more: The rest of the card's table (colour, range, classes, crop …).
    """

    key: str
    name: str
    file: str
    shape: tuple[int | str, ...] | None
    dtype: str
    more: Mapping[str, Any]


@dataclass(frozen=True)
class Variant:
    """Another file of the same model: half precision or eight-bit.

    Attributes:
        name: For instance "fp16".
        file: Its file.
        devices: The devices that it is meant for ("cpu", "cuda" …); empty for all.
        accuracy_loss: Loss of accuracy against the main file, in percentage points; None where it was not measured.
        speed: Images per second relative to the main file on the same device; None where it was not measured.
        more: The rest of the card's table.
    """

    name: str
    file: ModelFile
    devices: tuple[str, ...]
    accuracy_loss: float | None
    speed: float | None
    more: Mapping[str, Any]


@dataclass(frozen=True)
class ModelCard:
    """The facts about a model.

    Attributes:
        folder: The folder of the card and the files.
        name: Unique short name, by custom also the folder's name.
        title: Name that is shown to people.
        version: Version of the model.
        kind: "face_frame", "face_detector", "landmarks" or another family.
        licence: SPDX name or a sentence.
        summary: One sentence for people.
        files: The files by key; a model of one file has the key "model".
        inputs: The inputs by key.
        outputs: The outputs by key.
        variants: Other files of the same model.
        metrics: Measured quality, as the card states it.
        training: How it was made, as the card states it.
        smoothing: Parameters of the smoothing along a track, as the card states it.
        weaknesses: Known weak points, one sentence each.
        raw: The whole card as nested tables.
    """

    folder: Path
    name: str
    title: str
    version: str
    kind: str
    licence: str
    summary: str
    files: Mapping[str, ModelFile]
    inputs: Mapping[str, TensorSpec]
    outputs: Mapping[str, TensorSpec]
    variants: tuple[Variant, ...] = ()
    metrics: Mapping[str, Any] = field(default_factory=dict)
    training: Mapping[str, Any] = field(default_factory=dict)
    smoothing: Mapping[str, Any] = field(default_factory=dict)
    weaknesses: tuple[str, ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict)

    @property
    def shipped(self) -> bool:
        """Whether the model came with the program; every other file is untrusted."""
        return self.folder.resolve().is_relative_to(SHIPPED_MODELS.resolve())

    @property
    def non_commercial(self) -> bool:
        """Whether its licence restricts it to non-commercial purposes, according to the list of vetted models."""
        origin = self.raw.get("origin")
        return isinstance(origin, Mapping) and bool(origin.get("non_commercial"))

    @property
    def control(self) -> bool:
        """Whether it learned from shuffled labels, as a control that nobody should use."""
        return self.stated("labels").get("shuffle_seed") is not None

    def stated(self, part: str) -> dict[str, Any]:
        """Return a table of how the model was made, such as `labels`; empty where the card has none, or only words."""
        table = self.training.get(part)
        return dict(table) if isinstance(table, Mapping) else {}

    def file(self, key: str | None = None) -> ModelFile:
        """Return the file of a key or of a variant's name; the main file for None.

        Raises:
            UserError: The card has no such file.
        """
        if key is None:
            return self.files.get("model") or next(iter(self.files.values()))
        if key in self.files:
            return self.files[key]
        for variant in self.variants:
            if variant.name == key:
                return variant.file
        raise UserError(
            f"The model {self.name} has no file called {key}.", "Choose one of the files that its card names."
        )

    def path(self, key: str | None = None) -> Path:
        """Return the path of the file of a key; see `file`."""
        return self.folder / self.file(key).path

    def tensors(self, which: Mapping[str, TensorSpec], key: str | None) -> tuple[TensorSpec, ...]:
        """Return the inputs or outputs that belong to a file; a variant has those of the main file."""
        owner = key if key in self.files else next(k for k, f in self.files.items() if f == self.file())
        return tuple(spec for spec in which.values() if spec.file == owner)


def load_card(folder: Path) -> ModelCard:
    """Read the card in a folder.

    Raises:
        UserError: The folder holds no card, or one that cannot be understood; the message names the place.
    """
    path = folder / CARD_NAME
    try:
        table = toml_text.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(f"{folder} holds no {CARD_NAME}.", "Choose the folder of a model with its card.") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UserError(f"The model card {path} cannot be read ({error}).", "Install the model again.") from error
    return parse_card(folder, table)


def parse_card(folder: Path, table: Mapping[str, Any]) -> ModelCard:
    """Make a typed card from a table.

    Raises:
        UserError: A necessary entry is missing or has the wrong type.
    """
    try:
        return _parse(folder, table)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        reason = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
        raise UserError(
            f"The model card {folder / CARD_NAME} cannot be used: {reason}.", "Install the model again."
        ) from error


def _parse(folder: Path, table: Mapping[str, Any]) -> ModelCard:
    files = _files(table["file"])
    main = "model" if "model" in files else next(iter(files))
    return ModelCard(
        folder=folder,
        name=str(table["name"]),
        title=str(table.get("title", table["name"])),
        version=str(table.get("version", "")),
        kind=str(table["kind"]),
        licence=str(table.get("licence", "not stated")),
        summary=str(table.get("summary", "")),
        files=files,
        inputs=_tensors(table.get("input", {}), main),
        outputs=_tensors(table.get("output", {}), main),
        variants=tuple(_variant(entry) for entry in table.get("variant", ())),
        metrics=dict(table.get("metrics", {})),
        training=dict(table.get("training", {})),
        smoothing=dict(table.get("smoothing", {})),
        weaknesses=tuple(str(line) for line in table.get("weaknesses", ())),
        raw=dict(table),
    )


def _files(table: Mapping[str, Any]) -> dict[str, ModelFile]:
    if "path" in table:
        return {"model": _file(table)}
    files = {key: _file(entry) for key, entry in table.items()}
    if not files:
        raise ValueError("it names no file")
    return files


def _file(table: Mapping[str, Any]) -> ModelFile:
    path = str(table["path"])
    parts = Path(path)
    if parts.is_absolute() or ".." in parts.parts or "\\" in path or ":" in path:
        raise ValueError(f"the file {path} lies outside the model's folder")
    data = tuple(_file(entry) for entry in table.get("data", ()))
    return ModelFile(path, str(table.get("sha256", "")).lower(), int(table.get("bytes", 0)), data)


def _tensors(table: Mapping[str, Any], main: str) -> dict[str, TensorSpec]:
    specs = {}
    for key, entry in table.items():
        shape = entry.get("shape")
        if shape is not None and not all(isinstance(size, int | str) for size in shape):
            raise ValueError(f"the shape of {key} is not a list of numbers and names")
        specs[key] = TensorSpec(
            key=key,
            name=str(entry.get("name", key)),
            file=str(entry.get("file", main)),
            shape=None if shape is None else tuple(shape),
            dtype=str(entry.get("dtype", "")),
            more={k: v for k, v in entry.items() if k not in {"name", "file", "shape", "dtype"}},
        )
    return specs


def _variant(table: Mapping[str, Any]) -> Variant:
    devices = table.get("devices", table.get("device", ()))
    known = {"name", "path", "sha256", "bytes", "device", "devices", "accuracy_loss", "speed"}
    return Variant(
        name=str(table["name"]),
        file=_file(table),
        devices=(devices,) if isinstance(devices, str) else tuple(devices),
        accuracy_loss=_number(table.get("accuracy_loss")),
        speed=_number(table.get("speed")),
        more={k: v for k, v in table.items() if k not in known},
    )


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def write_card(folder: Path, table: Mapping[str, Any]) -> ModelCard:
    """Write a card as a whole or not at all, and return it as it will be read.

    Args:
        folder: The model's folder; made when missing.
        table: The card as nested tables (a `ModelCard.raw` with changes, for instance).

    Raises:
        UserError: The table is not a valid card, or the folder cannot be written.
    """
    card = parse_card(folder, table)
    with replacing(folder / CARD_NAME) as temporary, temporary.open("wb") as stream:
        tomli_w.dump(dict(table), stream)
    return card


def project_models(project_file: Path) -> Path:
    """Return the folder of a project's own models, which lies beside the project file.

    If the project file is a link, the folder lies beside the link's target.
    """
    if project_file.is_symlink():
        project_file = project_file.resolve()
    return project_file.with_name(project_file.name + ".models")


def model_folders(project_folder: Path | None = None) -> list[Path]:
    """Return the folders in which models are looked for, in order: the project's, the user's, the shipped one.

    Args:
        project_folder: The project's models folder, or the project file itself; None without a project.
    """
    folders = [data_dir() / "models", SHIPPED_MODELS]
    if project_folder is not None:
        is_file = project_folder.suffix == ".affectograph"
        folders.insert(0, project_models(project_folder) if is_file else project_folder)
    return folders


def scan_models(project_folder: Path | None = None) -> tuple[list[ModelCard], list[tuple[Path, UserError]]]:
    """Find all models by name, and the folders whose card cannot be used, with the reason.

    Where several folders hold a model of one name, the first folder counts.

    Args:
        project_folder: See `model_folders`.
    """
    cards: dict[str, ModelCard] = {}
    broken = []
    for place in model_folders(project_folder):
        if not place.is_dir():
            continue
        for folder in sorted(place.iterdir()):
            # Hidden folders are installations under way.
            if folder.name.startswith(".") or not (folder / CARD_NAME).is_file():
                continue
            try:
                card = load_card(folder)
            except UserError as error:
                broken.append((folder, error))
                continue
            cards.setdefault(card.name, card)
    return sorted(cards.values(), key=lambda card: (card.kind, card.name)), broken


def list_models(project_folder: Path | None = None) -> list[ModelCard]:
    """Return all usable models, sorted by kind and name; broken cards are left out and logged."""
    cards, broken = scan_models(project_folder)
    for folder, error in broken:
        log.warning("model card left out: %s: %s", folder, error)
    return cards


def find_model(name: str | None = None, project_folder: Path | None = None) -> ModelCard:
    """Return the model with a name, or the default frame model.

    Args:
        name: A model's name, or the folder of one.
        project_folder: See `model_folders`.

    Raises:
        UserError: No such model is installed; the message lists those that are.
    """
    wanted = name or DEFAULT_MODEL
    cards = list_models(project_folder)
    for card in cards:
        if card.name == wanted:
            return card
    folder = Path(wanted).expanduser()
    if (folder / CARD_NAME).is_file():
        return load_card(folder)
    names = [card.name for card in cards]
    raise UserError(
        f"There is no model called {wanted}{asked(nearest(wanted, names))}.",
        f"Installed models: {', '.join(names) or 'none'}.",
    )


def verify_file(card: ModelCard, key: str | None = None) -> Path:
    """Check that a model's file exists and is the one that its card describes.

    Returns:
        The path of the file.

    Raises:
        UserError: The file is missing, or its size or SHA-256 differs.
    """
    file, path = card.file(key), card.path(key)
    again = "Install the program again." if card.shipped else f"Install the model {card.name} again."
    for part in (file, *file.data):
        _verify(card.folder / part.path, part, card.folder, again)
    return path


def _verify(path: Path, file: ModelFile, folder: Path, again: str) -> None:
    if not path.is_file():
        raise UserError(f"The model file {path} is missing.", again)
    if not path.resolve().is_relative_to(folder.resolve()):
        raise UserError(f"The model file {path} is a link to a place outside its folder.", again)
    if file.bytes and path.stat().st_size != file.bytes:
        raise UserError(f"The model file {path} does not have the size that its card states.", again)
    if file.sha256 and sha256_of(path) != file.sha256:
        raise UserError(f"The model file {path} was changed: its SHA-256 is not the one in its card.", again)
