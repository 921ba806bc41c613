"""The kinds of clips that the synthetic actor plays: how the face moves in each, and what that means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.synthetic.expression import AFFECT, expression_face
from app.synthetic.parameters import INDEX, Parameters, clipped, parameters
from app.synthetic.paths import AffectPath
from app.synthetic.spec import CATEGORIES, MIRRORED, PLEASANT, READINGS, ActorSpec, Kind, SceneEvent

BRIEF_FRAMES: Final = 16
"""Frames in which a brief event is over."""
EVENT_FRAMES: Final = 8
"""Frames that something in the scene lasts."""
Events = tuple[tuple[int, int, SceneEvent], ...]


@dataclass(frozen=True, eq=False)
class Play:
    """The way in which a clip is played.

    Attributes:
        category: The true category.
        shows: Category that the face alone shows; for two readings, both names joined by "/".
        face: float32 F×P, the parameters of the face in each frame, without twitches and head movements.
        path: Valence and arousal of every frame.
        level: float64 F, how strongly the face shows the expression that tells the category, 0–1.
        events: Events in the scene; each has its first frame, the frame after its last one, and its name.
        shows_first: The expression that comes before `shows`; empty if the clip shows a single expression.
    """

    category: str
    shows: str
    face: Parameters
    path: AffectPath
    level: NDArray[np.float64]
    events: Events = ()
    shows_first: str = ""


def _envelope(t: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the strength of an expression (onset, apex, offset) over clip time 0–1, float64 F in 0–1."""
    onset, offset = rng.uniform(0.05, 0.25), rng.uniform(0.75, 0.95)
    rise, fall = rng.uniform(0.1, 0.2), rng.uniform(0.1, 0.25)
    up, down = np.clip((t - onset) / rise, 0, 1), np.clip((offset + fall - t) / fall, 0, 1)
    return np.asarray(up * up * (3 - 2 * up) * down * down * (3 - 2 * down), np.float64)


def other_than(category: str, rng: np.random.Generator) -> str:
    """Return a category drawn from all categories except the given one."""
    return str(rng.choice([name for name in CATEGORIES if name != category]))


def _plain(spec: ActorSpec, rng: np.random.Generator, t: NDArray[np.float64]) -> Play:
    prior = np.array(spec.prior, np.float64)
    drawn = rng.choice(CATEGORIES, p=prior / prior.sum()) if len(prior) else rng.choice(CATEGORIES)
    category = str(drawn)
    shown = category if rng.random() >= spec.masked else other_than(category, rng)
    level = _envelope(t, rng) * rng.uniform(spec.strength, 1.0)
    valence, arousal = AFFECT[category]
    path = AffectPath(t * spec.seconds, valence * level, arousal * level)
    return Play(category, shown, expression_face(shown, level), path, level)


def _ambiguous(spec: ActorSpec, rng: np.random.Generator, t: NDArray[np.float64]) -> Play:
    face, pleasant, unpleasant = READINGS[int(rng.integers(len(READINGS)))]
    # Drawn before the meaning, so that nothing about the face depends on it.
    level = _envelope(t, rng) * rng.uniform(spec.strength, 1.0)
    rows = clipped((level[:, None] * parameters(face)).astype(np.float32))
    category = pleasant if rng.random() < 0.5 else unpleasant
    valence, arousal = AFFECT[category]
    path = AffectPath(t * spec.seconds, valence * level, arousal * level)
    return Play(category, f"{pleasant}/{unpleasant}", rows, path, level)


def _mirrored(
    early: NDArray[np.float64], late: NDArray[np.float64], t_s: NDArray[np.float64], first: str, last: str
) -> Play:
    """Return a play with one expression and then another; the last one is the category."""
    rows = expression_face(first, early) + expression_face(last, late)
    (v1, a1), (v2, a2) = AFFECT[first], AFFECT[last]
    path = AffectPath(t_s, early * v1 + late * v2, early * a1 + late * a2)
    return Play(last, last, clipped(rows), path, late, shows_first=first)


def _ordered(spec: ActorSpec, rng: np.random.Generator, t: NDArray[np.float64]) -> Play:
    first, last = MIRRORED[int(rng.integers(len(MIRRORED)))]
    # Symmetric in time: the clip of the other order is this one backwards, frame for frame.
    centre, width = rng.uniform(0.24, 0.3), rng.uniform(0.1, 0.13)
    strength = rng.uniform(spec.strength, 1.0)
    early, late = (strength * np.exp(-(((t - c) / width) ** 2)) for c in (centre, 1 - centre))
    if rng.random() < 0.5:
        first, last = last, first
    return _mirrored(early, late, t * spec.seconds, first, last)


def _brief(spec: ActorSpec, rng: np.random.Generator, t: NDArray[np.float64]) -> Play:
    """Return a play with two expressions within `BRIEF_FRAMES` frames, in a clip that shows nothing else."""
    first, last = MIRRORED[int(rng.integers(len(MIRRORED)))]
    strength = rng.uniform(spec.strength, 1.0)
    begin = int(rng.integers(max(len(t) - BRIEF_FRAMES, 0) + 1))
    if rng.random() < 0.5:
        first, last = last, first
    place = np.arange(len(t)) - begin + 0.5
    inside = (place > 0) & (place < BRIEF_FRAMES)
    early, late = (
        strength * np.where(inside, np.exp(-(((place - share * BRIEF_FRAMES) / 2.4) ** 2)), 0.0)
        for share in (0.25, 0.75)
    )
    return _mirrored(early, late, t * spec.seconds, first, last)


def _timed(spec: ActorSpec, rng: np.random.Generator, t: NDArray[np.float64]) -> Play:
    """Return a play in which a face with two meanings coincides with one of two events in the room."""
    face, pleasant, unpleasant = READINGS[int(rng.integers(len(READINGS)))]
    strength, width = rng.uniform(spec.strength, 1.0), rng.uniform(0.08, 0.11)
    moments = (rng.uniform(0.2, 0.3), rng.uniform(0.7, 0.8))
    with_first = rng.random() < 0.5
    level = strength * np.exp(-(((t - moments[0 if with_first else 1]) / width) ** 2))
    kinds: tuple[SceneEvent, SceneEvent] = ("celebration", "storm") if rng.random() < 0.5 else ("storm", "celebration")
    events = tuple(
        (max(0, round(at * len(t)) - EVENT_FRAMES // 2), min(len(t), round(at * len(t)) + EVENT_FRAMES // 2), kind)
        for at, kind in zip(moments, kinds, strict=True)
    )
    category = pleasant if kinds[0 if with_first else 1] == "celebration" else unpleasant
    rows = clipped((level[:, None] * parameters(face)).astype(np.float32))
    valence, arousal = AFFECT[category]
    path = AffectPath(t * spec.seconds, valence * level, arousal * level)
    return Play(category, f"{pleasant}/{unpleasant}", rows, path, level, events)


PLAYS: Final[Mapping[Kind, Callable[[ActorSpec, np.random.Generator, NDArray[np.float64]], Play]]] = {
    "plain": _plain,
    "ambiguous": _ambiguous,
    "ordered": _ordered,
    "brief": _brief,
    "timed": _timed,
}


def scene_for(category: str, kind: Kind, spec: ActorSpec, rng: np.random.Generator) -> str:
    """Return the name of a clip's scene.

    The scene decides the meaning of an ambiguous face. In other clips it tells pleasant from unpleasant, or nothing.
    """
    if kind == "timed":
        return "room"
    if kind == "ambiguous":
        return "celebration" if category in PLEASANT else "storm"
    if category == "neutral" or rng.random() < spec.masked:
        return "room"
    return "celebration" if category in PLEASANT else "storm"


GESTURES: Final[Mapping[str, tuple[tuple[str, float, float], ...]]] = {
    "happiness": (("pitch", 3.5, 1.3),),
    "surprise": (("pitch", -6.0, 0.0), ("zoom", -0.03, 0.0)),
    "sadness": (("pitch", 8.0, 0.0), ("shift_y", 4.0, 0.0)),
    "anger": (("zoom", 0.05, 0.0), ("pitch", 4.0, 0.0)),
    "disgust": (("yaw", 10.0, 0.0), ("roll", 6.0, 0.0)),
    "fear": (("zoom", -0.05, 0.0), ("yaw", 4.0, 2.1)),
}
"""What the head does beside the face: parameter, size at full strength, and cycles a second (0 holds it).

Conventions of ours: joy nods, anger comes nearer, fear draws back and trembles, disgust turns away, sadness sinks.
"""


def with_gesture(face: Parameters, play: Play, times_s: NDArray[np.float64], strength: float) -> Parameters:
    """Add the head movement that goes with what the face shows; faces with two meanings and still faces have none.

    Args:
        face: float32 F×P, the parameters of the face in each frame.
        play: The way in which the clip is played.
        times_s: float64 F, times of the frames in seconds.
        strength: Factor for the movement, as in `ActorSpec.gestures`.
    """
    if strength <= 0 or play.shows not in GESTURES:
        return face
    out = face.copy()
    for name, size, hertz in GESTURES[play.shows]:
        swing = np.sin(2 * np.pi * hertz * times_s) if hertz else 1.0
        out[:, INDEX[name]] += (strength * size * play.level * swing).astype(np.float32)
    return clipped(out)
