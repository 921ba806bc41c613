"""The frozen data of a training run: one folder with arrays and a manifest, named by its hash.

A run reads nothing else, so its data can be looked up and used again, whatever happens to the project.
"""

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.domain.words import many
from app.errors import UserError
from app.files import replacing

ARRAYS: Final = "data.npz"
MANIFEST: Final = "snapshot.json"


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Frames of labelled face tracks, clip after clip, in time order within each.

    Attributes:
        features: float32 N×D, the frozen model's embedding of each face; N×0 where only images are wanted.
        landmarks: float32 N×P, landmark coordinates relative to the crop, −1…1 over it.
        images: uint8 N×H×W grey or N×H×W×3 RGB crops, or None where the recipe works on features.
        target: float32 N×2, valence and arousal in −1…1; NaN where there is no label.
        times_s: float64 N.
        sequence: int32 N, the number of the track's stretch; frames of one number follow each other.
        subject: int32 N, index into `subjects`.
        clip: int32 N, index into `clips`.
        subjects: Names (pseudonyms) of subjects.
        clips: Names of clips.
        manifest: Where the data come from: project, condition, gold recipe, lag, feature model, counts.
        sha256: SHA-256 of the arrays file.
    """

    features: NDArray[np.float32]
    landmarks: NDArray[np.float32]
    images: NDArray[np.uint8] | None
    target: NDArray[np.float32]
    times_s: NDArray[np.float64]
    sequence: NDArray[np.int32]
    subject: NDArray[np.int32]
    clip: NDArray[np.int32]
    subjects: tuple[str, ...]
    clips: tuple[str, ...]
    manifest: dict[str, Any]
    sha256: str

    @property
    def labelled(self) -> NDArray[np.bool_]:
        """(N,) bool: whether each frame has both a valence and an arousal."""
        return np.asarray(np.isfinite(self.target).all(axis=1), dtype=np.bool_)


def save_snapshot(arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any], place: Path) -> Path:
    """Freeze training data into a folder named by their hash; equal data land in the same folder.

    Args:
        arrays: The columns of `Snapshot` by name, `images` optional.
        facts: For the manifest; `subjects` and `clips` are needed.
        place: Folder of all snapshots.

    Returns:
        The snapshot's folder.

    Raises:
        UserError: On a full disk or a folder that cannot be written.
    """
    buffer = io.BytesIO()
    columns: dict[str, Any] = {name: np.ascontiguousarray(arrays[name]) for name in sorted(arrays)}
    np.savez_compressed(buffer, **columns)
    content = buffer.getvalue()
    digest = hashlib.sha256(content).hexdigest()
    folder = place / digest[:16]
    if not (folder / MANIFEST).exists():
        with replacing(folder / ARRAYS) as temporary:
            temporary.write_bytes(content)
    # The manifest is written anew: the same data may come from another choice of labels.
    manifest = {**facts, "sha256": digest, "rows": len(arrays["target"])}
    with replacing(folder / MANIFEST) as temporary:
        temporary.write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return folder


def load_snapshot(folder: Path) -> Snapshot:
    """Read a snapshot and check that it is the one its manifest names.

    Raises:
        UserError: Missing, changed or malformed.
    """
    advice = "Make the snapshot again from the project."
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        digest = hashlib.sha256((folder / ARRAYS).read_bytes()).hexdigest()
        if digest != manifest["sha256"]:
            raise UserError(f"The training data in {folder} have changed since they were frozen.", advice)
        with np.load(folder / ARRAYS, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        snapshot = Snapshot(
            features=arrays["features"],
            landmarks=arrays["landmarks"],
            images=arrays.get("images"),
            target=arrays["target"],
            times_s=arrays["times_s"],
            sequence=arrays["sequence"],
            subject=arrays["subject"],
            clip=arrays["clip"],
            subjects=tuple(manifest["subjects"]),
            clips=tuple(manifest["clips"]),
            manifest=manifest,
            sha256=digest,
        )
    except (OSError, KeyError, ValueError) as error:
        raise UserError(f"The training data in {folder} cannot be read ({error}).", advice) from error
    rows = {len(a) for a in (snapshot.features, snapshot.landmarks, snapshot.target, snapshot.sequence, snapshot.clip)}
    if len(rows) != 1:
        raise UserError(f"The training data in {folder} have columns of different lengths.", advice)
    return snapshot


@dataclass(frozen=True)
class Split:
    """Subjects by part; every frame of a subject is in one part only.

    Attributes:
        train: Indices of subjects to learn from.
        validation: Indices of subjects for early stopping.
        test: Indices of subjects held out for the comparison.
    """

    train: tuple[int, ...]
    validation: tuple[int, ...]
    test: tuple[int, ...]


def split_subjects(n: int, seed: int, *, validation: float = 0.15, test: float = 0.35) -> Split:
    """Deal subjects into parts at random.

    Args:
        n: How many subjects have labels.
        seed: Equal seeds give equal splits.
        validation: Share for early stopping, at least one subject.
        test: Share held out, at least one subject.

    Raises:
        UserError: There are fewer than three subjects, so nobody can be held out.
    """
    if n < 3:
        raise UserError(
            f"There are labelled clips of only {many(n, 'subject')}.",
            "At least three are needed: to learn from, to stop by, to test on. Set subjects in the clip list.",
        )
    order = np.random.default_rng(seed).permutation(n)
    n_test = max(1, min(round(test * n), n - 2))
    n_validation = max(1, min(round(validation * n), n - n_test - 1))
    return Split(
        train=tuple(int(i) for i in np.sort(order[n_test + n_validation :])),
        validation=tuple(int(i) for i in np.sort(order[n_test : n_test + n_validation])),
        test=tuple(int(i) for i in np.sort(order[:n_test])),
    )


def split_names(names: Sequence[str], seed: int = 0) -> tuple[list[str], list[str], list[str]]:
    """Deal subjects by name into training, validation and test. When subjects are added, most names keep their part.

    Args:
        names: Names of subjects.
        seed: Seed of the deal.

    Raises:
        UserError: There are fewer than three subjects, so nobody can be held out.
    """
    sizes = split_subjects(len(names), 0)
    order = sorted(names, key=lambda name: hashlib.sha256(f"{seed}:{name}".encode()).hexdigest())
    n_test, n_validation = len(sizes.test), len(sizes.validation)
    parts = order[n_test + n_validation :], order[n_test : n_test + n_validation], order[:n_test]
    return sorted(parts[0]), sorted(parts[1]), sorted(parts[2])
