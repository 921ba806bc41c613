"""The frozen data of a training on whole items: features of frames, and the judgements of people on each item.

Features lie in files of their own that are mapped into memory, so that ten thousand items need no more of it than ten.
A run reads nothing else.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from app.errors import UserError
from app.files import replacing, sha256_of

MANIFEST: Final = "manifest.json"
COLUMNS: Final = ("features", "probabilities", "times_s", "first", "target", "said", "subject")
NOBODY: Final = -1
"""In `said`: this rater chose no category of the vocabulary."""


@dataclass(frozen=True, eq=False)
class ItemData:
    """Items with the frames of the face that was judged, the items one after the other.

    Attributes:
        features: float32 F×D, the streams of each frame side by side; uint8 where all streams are pixels.
        probabilities: float32 F×P, the frame model's own class probabilities, P may be 0.
        times_s: float64 F, time of each frame on the clip's axis.
        first: int64 N+1, the row of each item's first frame; the last entry is F.
        target: float32 N×K, the targets of learning: rows sum to one, or are zero for an item without a label.
        said: int16 N×R, the class that each rater chose, `NOBODY` if there is none.
        subject: int32 N, index into `subjects`.
        items: Names of the items.
        subjects: Names of the people seen.
        classes: Names of the K classes.
        frame_classes: Names of the P classes of the frame model.
        manifest: All facts that were stored with the data.
        sha256: Hash over all columns.
    """

    features: NDArray[np.float32] | NDArray[np.uint8]
    probabilities: NDArray[np.float32]
    times_s: NDArray[np.float64]
    first: NDArray[np.int64]
    target: NDArray[np.float32]
    said: NDArray[np.int16]
    subject: NDArray[np.int32]
    items: tuple[str, ...]
    subjects: tuple[str, ...]
    classes: tuple[str, ...]
    frame_classes: tuple[str, ...]
    manifest: dict[str, Any]
    sha256: str

    def __len__(self) -> int:
        return len(self.target)

    @property
    def blocks(self) -> tuple[slice, ...]:
        """The columns of `features` of each stream, in order; a single slice if the manifest names no streams."""
        counts = [int(stream["features"]) for stream in self.manifest.get("streams", ())]
        if not counts:
            return (slice(0, self.features.shape[1]),)
        ends = np.cumsum(counts)
        return tuple(slice(int(end - count), int(end)) for end, count in zip(ends, counts, strict=True) if count)

    @property
    def labelled(self) -> NDArray[np.bool_]:
        """Whether each item has a label."""
        return np.asarray(self.target.sum(axis=1) > 0, dtype=np.bool_)

    @property
    def label(self) -> NDArray[np.int64]:
        """The class with the largest share in each item; −1 without a label."""
        return np.where(self.labelled, self.target.argmax(axis=1), -1)

    @property
    def votes(self) -> NDArray[np.float64]:
        """Number of raters who chose each class: float64 N×K."""
        rows, raters = np.nonzero(self.said >= 0)
        k = len(self.classes)
        cell = rows * k + self.said[rows, raters]
        return np.bincount(cell, minlength=len(self) * k).reshape(len(self), k).astype(np.float64)

    def frames(self, item: int) -> slice:
        """Return the rows of an item's frames."""
        return slice(int(self.first[item]), int(self.first[item + 1]))

    def items_of(self, subjects: Iterable[int]) -> NDArray[np.int64]:
        """Return the labelled items of some subjects, in order."""
        mine = np.isin(self.subject, np.fromiter(subjects, np.int64))
        return np.flatnonzero(mine & self.labelled)


@dataclass(frozen=True, eq=False)
class Parts:
    """A column that is written piece by piece, so that it never has to fit into memory.

    Attributes:
        pieces: Called each time the column is written; yields arrays of one type with the same number of columns.
        columns: The number of columns.
        dtype: Type of the values.
    """

    pieces: Callable[[], Iterator[NDArray[Any]]]
    columns: int
    dtype: Literal["float32", "uint8"] = "float32"

    def write(self, path: Path, rows: int) -> None:
        """Write a .npy file of rows×columns.

        Raises:
            ValueError: The pieces have another number of rows or columns.
        """
        kept = np.dtype(self.dtype).newbyteorder("<")
        header = {"descr": kept.str, "fortran_order": False, "shape": (rows, self.columns)}
        written = 0
        with path.open("wb") as file:
            np.lib.format.write_array_header_1_0(file, header)
            for piece in self.pieces():
                if piece.shape[1] != self.columns:
                    raise ValueError(f"a piece has {piece.shape[1]} columns of {self.columns}")
                file.write(np.ascontiguousarray(piece, kept).tobytes())
                written += len(piece)
        if written != rows:
            raise ValueError(f"{written} rows of {rows}")


def save_items(arrays: Mapping[str, NDArray[Any] | Parts], facts: Mapping[str, Any], place: Path) -> Path:
    """Freeze items into a folder named by the hash of their columns; equal data land in the same folder.

    Args:
        arrays: The columns of `ItemData` by name; features and probabilities may come in parts.
        facts: For the manifest; `items`, `subjects`, `classes`, `frame_classes` and `split` are needed.
        place: Folder of all frozen data.

    Returns:
        The folder.

    Raises:
        UserError: The disk is full or the folder cannot be written.
    """
    first, target = arrays["first"], arrays["target"]
    if isinstance(first, Parts) or isinstance(target, Parts):
        raise TypeError("only columns of frames come in parts")
    rows = int(first[-1])
    place.mkdir(parents=True, exist_ok=True)
    try:
        building = Path(tempfile.mkdtemp(prefix=".items-", dir=place))
    except OSError as error:
        raise UserError(f"{place} cannot be written ({error}).", "Free space or check its rights.") from error
    try:
        hashes = {}
        for name in COLUMNS:
            column, path = arrays[name], building / f"{name}.npy"
            if isinstance(column, Parts):
                column.write(path, rows)
            else:
                np.save(path, np.ascontiguousarray(column))
            hashes[name] = sha256_of(building / f"{name}.npy")
        digest = _digest(hashes)
        folder = place / digest[:16]
        if not (folder / MANIFEST).exists():
            shutil.rmtree(folder, ignore_errors=True)  # a half that a kill left
            building.rename(folder)
    except OSError as error:
        raise UserError(f"{place} cannot be written ({error}).", "Free space or check its rights.") from error
    finally:
        shutil.rmtree(building, ignore_errors=True)
    # The manifest comes last and is written anew: the same columns may come from another choice of labels.
    with replacing(folder / MANIFEST) as temporary:
        manifest = {**facts, "sha256": digest, "columns": hashes, "rows": len(target)}
        temporary.write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return folder


def load_items(folder: Path) -> ItemData:
    """Map frozen items into memory and check that they are those that the manifest names.

    Raises:
        UserError: The items are missing, changed or malformed.
    """
    advice = "Start the training again from the project."
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        hashes = {name: sha256_of(folder / f"{name}.npy") for name in COLUMNS}
        if _digest(hashes) != manifest["sha256"]:
            raise UserError(f"The training data in {folder} have changed since they were frozen.", advice)
        columns = {name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in COLUMNS}
        data = ItemData(
            **columns,
            items=tuple(manifest["items"]),
            subjects=tuple(manifest["subjects"]),
            classes=tuple(manifest["classes"]),
            frame_classes=tuple(manifest["frame_classes"]),
            manifest=manifest,
            sha256=manifest["sha256"],
        )
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise UserError(f"The training data in {folder} cannot be read ({error}).", advice) from error
    n, frames = len(data.target), len(data.features)
    right = len(data.first) == n + 1 and len(data.items) == n and int(data.first[-1]) == frames
    if not right or len(data.probabilities) != frames or data.target.shape[1] != len(data.classes):
        raise UserError(f"The training data in {folder} have columns that do not fit together.", advice)
    return data


def _digest(hashes: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(dict(hashes), sort_keys=True).encode()).hexdigest()
