"""Synthetic people whose categories depend on the viewing condition, as training data for the claims on categories."""

import hashlib
import json
import math
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.agreement.label_gold import label_gold
from app.domain.faces import Face
from app.domain.item_data import ItemData
from app.domain.snapshot import Split
from app.files import replacing, sha256_of
from app.inference.cards import find_model
from app.inference.face_frame import FaceFrameModel
from app.jobs import Context
from app.learning.process.code_version import files_version
from app.streams.audio import RATE, AudioFunctionals
from app.streams.flow import FlowPixels
from app.streams.scene import SceneStatistics
from app.streams.stream import Seen
from app.synthetic.actor import ActorClip, act
from app.synthetic.raters import ConditionEffect, cast
from app.synthetic.spec import ActorSpec
from app.synthetic.stage import categorised, clip_voice, face_crops, frames
from app.synthetic.view import FacePlace, View

VERSION: Final = 2
"""Version of the data; raise it when equal people and an equal model give other data."""
SPEC: Final = ActorSpec(
    subjects=60,
    clips_per_subject=12,
    seconds=2.0,
    rate=8,
    seed=78,
    cast_seed=6,
    ambiguous=1 / 3,
    ordered=0.25,
    masked=0.1,
    uneven=0.25,
)
HELD_OUT: Final = 1 / 3
"""Share of the people who are held out from all trainings: always the same, the last ones."""
LEFT: Final = 0.1
"""Share of the other people whom a seed leaves out altogether, so that seeds differ in more than starting weights."""
STOP_BY: Final = 0.15
SIDE: Final = 48
PIXELS: Final = 40
"""Side of the faces for networks that learn from pixels."""
RATERS: Final = 5
CONDITIONS: Final = ("face_only", "full_context")
VIEW: Final = View(width=400, height=225, scale=1.0)


@dataclass(frozen=True, eq=False)
class CategoryClaims:
    """Clips as streams, and what people said of them under each condition.

    Attributes:
        face: float32 F×D, features of the frame model on the face alone.
        probabilities: float32 F×8, class probabilities of the frame model.
        context: float32 F×C, statistics of the scene with the face covered.
        pixels: uint8 F×(3·side²), the face itself in colour, see `app.streams.pixels`; the side is 40 at first.
        audio: float32 F×110, the stream `audio`.
        first: int64 N+1, the row of each clip's first frame.
        subject: int32 N.
        kind: N kinds of clips, see `app.synthetic.spec.Kind`.
        said: For each condition int16 N×R, the class that each rater named; −1 for none.
        truth: int64 N, the category from which each clip was made.
        classes: Names of the classes.
        subjects: Names of the people.
    """

    face: NDArray[np.float32]
    probabilities: NDArray[np.float32]
    context: NDArray[np.float32]
    pixels: NDArray[np.uint8]
    audio: NDArray[np.float32]
    first: NDArray[np.int64]
    subject: NDArray[np.int32]
    kind: tuple[str, ...]
    said: dict[str, NDArray[np.int16]]
    truth: NDArray[np.int64]
    classes: tuple[str, ...]
    subjects: tuple[str, ...]

    @property
    def side(self) -> int:
        """The side of the pictures in `pixels` and `motion`."""
        return math.isqrt(self.pixels.shape[1] // 3)

    def smaller(self, side: int) -> "CategoryClaims":
        """Return the same clips with faces of another side in pixels."""
        if side == self.side:
            return self
        pictures = self.pixels.reshape(-1, self.side, self.side, 3)
        small = [cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA).reshape(-1) for picture in pictures]
        return replace(self, pixels=np.stack(small).astype(np.uint8))

    @cached_property
    def motion(self) -> NDArray[np.uint8]:
        """The motion of the face as pixels: uint8 F×(2·side²), see `app.streams.flow.FlowPixels`."""
        stream = FlowPixels(f"flow_pixels:{self.side}")
        parts = []
        for start, stop in pairwise(self.first.tolist()):
            pictures = self.pixels[start:stop].reshape(-1, self.side, self.side, 3)
            parts.append(stream.rows(pictures, np.arange(stop - start) / SPEC.rate))
        return np.concatenate(parts)

    def label(self, condition: str) -> NDArray[np.int64]:
        """Return what most raters said of each clip under a condition; −1 where they tie."""
        return label_gold(self._votes(condition), "plurality").label

    def _votes(self, condition: str) -> NDArray[np.float64]:
        codes = self.said[condition]
        return np.stack([(codes == k).sum(axis=1) for k in range(len(self.classes))], axis=1).astype(np.float64)

    def items(self, streams: str, condition: str) -> ItemData:
        """Return the data of a training.

        Args:
            streams: Names of columns joined by "+": "face", "context", "pixels", "motion", "audio"; "both" is the first
                two.
            condition: The condition whose labels are learned.
        """
        names = ("face", "context") if streams == "both" else tuple(streams.split("+"))
        parts = [getattr(self, name) for name in names]
        label = self.label(condition)
        target = np.zeros((len(label), len(self.classes)), np.float32)
        known = np.flatnonzero(label >= 0)
        target[known, label[known]] = 1.0
        frames_of = np.diff(self.first)
        return ItemData(
            features=np.concatenate(parts, axis=1),
            probabilities=self.probabilities,
            times_s=np.concatenate([np.arange(n) / SPEC.rate for n in frames_of]),
            first=self.first,
            target=target,
            said=self.said[condition],
            subject=self.subject,
            items=tuple(str(n) for n in range(len(label))),
            subjects=self.subjects,
            classes=self.classes,
            frame_classes=self.classes,
            manifest={"streams": [_stream(name, part, self.side) for name, part in zip(names, parts, strict=True)]},
            sha256=f"synthetic {streams} {condition}",
        )

    def split(self, seed: int) -> Split:
        """Split the people: the held-out ones are always the same, those for training are drawn by the seed."""
        n = len(self.subjects)
        held = round(HELD_OUT * n)
        dealt = np.random.default_rng([seed, 91]).permutation(n - held).tolist()
        dealt = dealt[round(LEFT * len(dealt)) :]
        stop = max(1, round(STOP_BY * len(dealt)))
        return Split(tuple(sorted(dealt[stop:])), tuple(sorted(dealt[:stop])), tuple(range(n - held, n)))


def _stream(name: str, columns: NDArray[Any], side: int) -> dict[str, Any]:
    """Return what a manifest says of a stream, as far as recipes read it."""
    known = {
        "pixels": {"shape": [side, side, 3]},
        "motion": {"shape": [side, side, 2]},
        "audio": {"of": "sound"},
    }
    geometry = known.get(name, {})
    return {"name": name, "features": columns.shape[1], "geometry": geometry}


class _Voice:
    """The sound of a clip, with silence around it."""

    def __init__(self, clip: ActorClip) -> None:
        self._samples = clip_voice(clip)

    def read(self, start_s: float, duration_s: float, rate: int) -> NDArray[np.float32]:
        """Return round(duration × rate) samples; the rate must be that of the voice."""
        if rate != RATE:
            raise ValueError(f"the voice has {RATE} samples a second, not {rate}")
        place = round(start_s * rate) + np.arange(round(duration_s * rate))
        inside = (place >= 0) & (place < len(self._samples))
        return np.where(inside, self._samples[np.clip(place, 0, len(self._samples) - 1)], 0.0).astype(np.float32)


def make_data(ctx: Context, spec: ActorSpec = SPEC) -> CategoryClaims:
    """Render the people, read them with the shipped frame model and the scene statistics, and let raters judge them.

    Args:
        ctx: Receives the progress, and can cancel.
        spec: The people and clips to render.

    Raises:
        UserError: The shipped model is missing.
    """
    clips = act(spec)
    card = find_model(None)
    model = FaceFrameModel.open(card, "cpu", file="model" if "model" in card.files else None)
    context = SceneStatistics("context_masked", masked=True, rate_hz=0.0)
    faces, probabilities, scenes, pixels, sounds = [], [], [], [], []
    listens = AudioFunctionals("audio", rate_hz=0.0)
    for number, clip in enumerate(clips):
        ctx.progress(number, len(clips), f"Rendering {clip.name}")
        crops, _ = face_crops(clip, SIDE)
        said = model.predict(np.stack([cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY) for crop in crops]))
        if said.embedding is None:
            raise ValueError(f"{card.name} gives no features")
        faces.append(said.embedding)
        probabilities.append(said.probabilities)
        small = [cv2.resize(crop, (PIXELS, PIXELS), interpolation=cv2.INTER_AREA) for crop in crops]
        pixels.append(np.stack(small).reshape(len(crops), -1))
        sounds.append(listens.heard(_Voice(clip), np.arange(len(crops)) / spec.rate))
        # Nothing happens in these scenes: one picture says all.
        scenes.append(np.repeat(context.rows(context.source.cut(_seen(clip))[None], np.zeros(1)), len(crops), axis=0))
    effects = [ConditionEffect(name) for name in CONDITIONS]
    classes, named = categorised(clips, cast(RATERS, seed=4), effects, seed=17)
    subjects = tuple(dict.fromkeys(clip.subject.code for clip in clips))
    return CategoryClaims(
        face=np.concatenate(faces).astype(np.float32),
        probabilities=np.concatenate(probabilities).astype(np.float32),
        context=np.concatenate(scenes).astype(np.float32),
        pixels=np.concatenate(pixels).astype(np.uint8),
        audio=np.concatenate(sounds).astype(np.float32),
        first=np.r_[0, np.cumsum([len(part) for part in faces])].astype(np.int64),
        subject=np.array([subjects.index(clip.subject.code) for clip in clips], np.int32),
        kind=tuple(clip.kind for clip in clips),
        said={name: codes.astype(np.int16) for name, codes in named.items()},
        truth=np.array([classes.index(clip.category) for clip in clips], np.int64),
        classes=classes,
        subjects=subjects,
    )


def _seen(clip: ActorClip) -> Seen:
    """Return the clip's first frame, with its face where it really is."""
    one = replace(clip, face=clip.face[:1])
    truth = FacePlace(clip.subject, VIEW).truth(clip.face[0])
    return Seen(next(frames(one, VIEW)), Face(truth.box, truth.landmarks, 1.0))


def data_key(spec: ActorSpec = SPEC) -> str:
    """Return a short hash of all that affects the data: people, raters, the code that makes them, the model file."""
    code = files_version("app/synthetic", "app/streams", "app/learning/clip/claims_data.py")
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
    path = work / f"categories-data-{data_key(spec)}.npz"
    if not path.is_file():
        made = make_data(ctx, spec)
        facts = {"kind": made.kind, "classes": made.classes, "subjects": made.subjects}
        columns: dict[str, Any] = {
            name: getattr(made, name)
            for name in ("face", "probabilities", "context", "pixels", "audio", "first", "subject", "truth")
        }
        columns |= {f"said_{name}": codes for name, codes in made.said.items()}
        with replacing(path) as temporary, temporary.open("wb") as file:
            np.savez(file, **columns, facts=np.array(json.dumps(facts)))
    return path


def read_data(path: Path) -> CategoryClaims:
    """Read the data that `kept_data` keeps."""
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    facts = json.loads(str(arrays.pop("facts")))
    said = {name: arrays.pop(f"said_{name}") for name in CONDITIONS}
    columns: dict[str, Any] = {**arrays, "said": said} | {name: tuple(value) for name, value in facts.items()}
    return CategoryClaims(**columns)
