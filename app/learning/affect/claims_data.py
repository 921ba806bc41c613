"""Synthetic people with known valence and arousal, as training data for the claims of system E."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.holding import zero_order_hold
from app.domain.snapshot import Snapshot, split_names
from app.files import replacing, sha256_of
from app.inference.cards import find_model
from app.inference.face_frame import FaceFrameModel
from app.inference.session import open_model
from app.jobs import Context
from app.learning.process.code_version import files_version
from app.synthetic.actor import ActorClip, ActorSpec, act_paths
from app.synthetic.raters import SimulatedRater, cast
from app.synthetic.stage import face_crops, traced

VERSION: Final = 2
"""Version of the data; raise it when equal people and an equal model give other data."""
SIDE: Final = 48
RATERS: Final = 5
SPEC: Final = ActorSpec(subjects=60, clips_per_subject=2, seconds=10.0, rate=12, seed=77, cast_seed=5)


@dataclass(frozen=True, eq=False)
class ClaimsData:
    """The frames of all clips, the truth about them, and what raters said.

    Attributes:
        snapshot: The frames with the mean of the raters as target, split by subject.
        truth: float32 N×2, the valence and arousal from which each frame was made.
        raters: For each rater float32 N×2, NaN where the rater had not begun.
    """

    snapshot: Snapshot
    truth: NDArray[np.float32]
    raters: tuple[NDArray[np.float32], ...]

    def of_rater(self, number: int) -> Snapshot:
        """Return the same data with one rater's labels as target."""
        return replace(self.snapshot, target=self.raters[number % len(self.raters)])


def make_data(ctx: Context, spec: ActorSpec = SPEC) -> ClaimsData:
    """Render faces, read them with the shipped frame model, and let simulated raters trace them.

    Raters' reaction lags are removed exactly, as a calibration clip would allow; their bias, scale use, noise and
    lapses stay.

    Args:
        ctx: Receives the progress, and can cancel.
        spec: The people and clips to render.

    Raises:
        UserError: The shipped model is missing.
    """
    clips = act_paths(spec)
    people = cast(RATERS, seed=2)
    card = find_model(None)
    model = FaceFrameModel(open_model(card, "cpu", file="model" if "model" in card.files else None), card)
    images, landmarks, features = [], [], []
    said: list[list[NDArray[np.float32]]] = [[] for _ in people]
    for number, clip in enumerate(clips):
        ctx.progress(number, len(clips), f"Rendering {clip.name}")
        crops, points = face_crops(clip, SIDE)
        grey = np.stack([cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY) for crop in crops])
        embedding = model.predict(grey).embedding
        if embedding is None:
            raise ValueError(f"{card.name} gives no features")
        images.append(grey)
        features.append(embedding)
        landmarks.append((points / SIDE * 2 - 1).reshape(len(points), -1).astype(np.float32))
        for parts, values in zip(said, _ratings(clip, people), strict=True):
            parts.append(values)
    counts = [len(part) for part in images]
    subjects = list(dict.fromkeys(clip.subject.code for clip in clips))
    raters = tuple(np.concatenate(parts) for parts in said)
    with np.errstate(invalid="ignore"):
        known = np.isfinite(np.stack(raters)).all(axis=0)
        mean = np.where(known, np.mean(np.stack(raters), axis=0), np.nan).astype(np.float32)
    split = split_names(subjects, 0)
    snapshot = Snapshot(
        features=np.concatenate(features),
        landmarks=np.concatenate(landmarks),
        images=np.concatenate(images).astype(np.uint8),
        target=mean,
        times_s=np.concatenate([clip.truth.times_s for clip in clips]),
        sequence=np.repeat(np.arange(len(clips), dtype=np.int32), counts),
        subject=np.repeat(np.array([subjects.index(c.subject.code) for c in clips], np.int32), counts),
        clip=np.repeat(np.arange(len(clips), dtype=np.int32), counts),
        subjects=tuple(subjects),
        clips=tuple(clip.name for clip in clips),
        manifest={"split": dict(zip(("train", "validation", "test"), split, strict=True))},
        sha256="synthetic",
    )
    return ClaimsData(snapshot, np.concatenate([clip.truth.values for clip in clips]), raters)


def _ratings(clip: ActorClip, people: tuple[SimulatedRater, ...]) -> list[NDArray[np.float32]]:
    found = []
    for rater, samples in zip(people, traced(clip, people, 9).values(), strict=True):
        held = zero_order_hold(samples.times_s, samples.values, clip.truth.times_s, lag_s=rater.lag_s)
        found.append(held.astype(np.float32))
    return found


def data_key(spec: ActorSpec = SPEC) -> str:
    """Return a short hash of all that affects the data: people, clips, raters, the code that makes them, the model."""
    code = files_version("app/synthetic", "app/domain/holding.py", "app/learning/affect/claims_data.py")
    facts = [VERSION, asdict(spec), RATERS, SIDE, sha256_of(find_model(None).path()), code]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]


def kept_data(ctx: Context, work: Path, spec: ActorSpec = SPEC) -> Path:
    """Return the file that holds the data, and make it if it does not exist yet.

    Args:
        ctx: Receives the progress, and can cancel.
        work: The folder.
        spec: The people and clips to render.

    Raises:
        UserError: The shipped model is missing, or the folder cannot be written.
    """
    path = work / f"data-{data_key(spec)}.npz"
    if not path.is_file():
        made = make_data(ctx, spec)
        columns: dict[str, Any] = {
            name: value for name, value in vars(made.snapshot).items() if isinstance(value, np.ndarray)
        }
        facts = {
            "subjects": made.snapshot.subjects,
            "clips": made.snapshot.clips,
            "manifest": made.snapshot.manifest,
        }
        columns |= {"truth": made.truth, "raters": np.stack(made.raters), "facts": np.array(json.dumps(facts))}
        with replacing(path) as temporary, temporary.open("wb") as file:
            np.savez(file, **columns)
    return path


def read_data(path: Path) -> ClaimsData:
    """Read the data that `kept_data` keeps."""
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    truth, raters, facts = arrays.pop("truth"), arrays.pop("raters"), json.loads(str(arrays.pop("facts")))
    snapshot = Snapshot(
        **arrays,
        subjects=tuple(facts["subjects"]),
        clips=tuple(facts["clips"]),
        manifest=facts["manifest"],
        sha256="synthetic",
    )
    return ClaimsData(snapshot, truth, tuple(raters))
