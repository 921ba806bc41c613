"""The synthetic actor: clips with known affect, made so that each claim of the papers can be true or false on them.

Nothing is rendered here: a clip is its truth and what each channel (face, voice, scene) shows of it; `stage` turns it
into pictures and sound. Four effects are put in on purpose, and each can be switched off in `ActorSpec`:

- `ambiguous`: one face, two meanings; only the scene tells which. Face alone and scene alone cannot do better than
  guess within the pair, both together can.
- `ordered`: a clip and its mirror in time show the very same frames; only their order tells the category.
- `masked`: each channel shows a wrong or empty signal in some clips, independently of the others.
- `hidden` (paths): for seconds the face shows nothing while the affect goes on; only what came before tells.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from app.domain.emotions import FERPLUS, FERPLUS_TO_RATED, RATED
from app.synthetic.expression import AFFECT, EXPRESSIONS, affect_face, alive, expression_face
from app.synthetic.identity import Identity, identity
from app.synthetic.parameters import Parameters, clipped, parameters
from app.synthetic.paths import AffectPath, ornstein_uhlenbeck, random_path

Kind = Literal["plain", "ambiguous", "ordered", "path"]
CATEGORIES: Final = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear")
"""What the actor plays: FERPlus without contempt, the seven of the papers."""
READINGS: Final[tuple[tuple[dict[str, float], str, str], ...]] = (
    (
        {"brow_inner": 0.7, "brow_outer": 0.6, "lid_raise": 0.7, "jaw_drop": 0.5, "lips_part": 0.6, "mouth_wide": 0.4},
        "happiness", "fear",
    ),
    (
        {"brow_inner": 0.8, "chin_raise": 0.4, "lid_close": 0.3, "lip_press": 0.4, "cheek_raise": 0.4, "smile": 0.25},
        "happiness", "sadness",
    ),
    ({"brow_inner": 0.5, "brow_outer": 0.8, "lid_raise": 0.8, "lips_part": 0.4}, "surprise", "fear"),
)  # fmt: skip
"""Ambiguous faces: what is seen, what it means at a celebration, what it means in a storm."""
MIRRORED: Final = (("happiness", "sadness"), ("happiness", "anger"), ("surprise", "disgust"), ("happiness", "fear"))
"""Ordered clips go from one to the other; the category is where they end."""
PLEASANT: Final = frozenset({"happiness", "surprise"})


@dataclass(frozen=True)
class ActorSpec:
    """What a set of clips is made of.

    Attributes:
        subjects: How many subjects, ≥ 1; each plays all kinds of clips.
        clips_per_subject: Clips a subject.
        seconds: Length of a clip.
        rate: Frames a second.
        seed: Decides everything random.
        cast_seed: Decides who the subjects are, apart from `seed`, so that the same people can play other clips.
        ambiguous: Share of clips with an ambiguous face.
        ordered: Share of clips where only order tells.
        masked: Chance that one channel shows nothing or something else, per channel and clip.
        twitch: Frame-to-frame noise of the expression, in units of a full expression.
        strength: Least strength of an expression at its apex; the most is 1.
        hidden: Share of the time of a path clip in which the face shows nothing.
        motion: Factor on head movement.
        noise: Standard deviation of sensor noise in rendered pictures, grey levels.
    """

    subjects: int = 12
    clips_per_subject: int = 8
    seconds: float = 4.0
    rate: int = 25
    seed: int = 0
    cast_seed: int = 0
    ambiguous: float = 0.25
    ordered: float = 0.25
    masked: float = 0.2
    twitch: float = 0.15
    strength: float = 0.6
    hidden: float = 0.3
    motion: float = 1.0
    noise: float = 4.0


@dataclass(frozen=True, eq=False)
class ActorClip:
    """One clip: its truth, and what each channel shows of it.

    Attributes:
        name: Unique within a set.
        kind: Which effect it carries; `path` clips have continuous affect and no single category.
        subject: Who plays.
        scene: Name of the place drawn behind, see `scenes.SCENES`.
        category: The true category; for `path` clips the one nearest to the mean affect.
        face_shows: Category that the face alone shows; for an ambiguous face its two readings joined by "/".
        voice_shows: Category that the voice shows.
        truth: Valence and arousal of every frame, times from 0.
        face: float32 F×P, the parameters of every frame.
        hidden: bool F, frames in which the face shows nothing although affect goes on.
        noise: Standard deviation of sensor noise, grey levels.
        seed: Seed for what rendering leaves open (scene, sensor noise, voice).
    """

    name: str
    kind: Kind
    subject: Identity
    scene: str
    category: str
    face_shows: str
    voice_shows: str
    truth: AffectPath
    face: Parameters
    hidden: NDArray[np.bool_]
    noise: float
    seed: int

    def __len__(self) -> int:
        return len(self.face)

    def shares(self, condition: str = "full_context") -> dict[str, float]:
        """Which share of careful people would name each category, by viewing condition.

        Without context an ambiguous face is read either way by half of them each, and with context rightly.
        """
        readings = self.face_shows.split("/")
        if condition == "face_only":
            seen: Mapping[str, float] = {name: 1 / len(readings) for name in readings}
        elif condition == "context_only":
            fits = [c for c in CATEGORIES if self.scene == "room" or (c in PLEASANT) == (self.scene == "celebration")]
            seen = {name: 1 / len(fits) for name in fits}
        else:
            seen = {self.category: 1.0}
        # Nobody is ever fully sure: a twentieth spreads over all.
        return {name: 0.95 * seen.get(name, 0.0) + 0.05 / len(FERPLUS) for name in FERPLUS}


def _rng(*keys: int) -> np.random.Generator:
    return np.random.default_rng([*keys, 1013])


def _envelope(t: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Onset, apex, offset over clip time 0–1: float64 F in 0–1."""
    onset, offset = rng.uniform(0.05, 0.25), rng.uniform(0.75, 0.95)
    rise, fall = rng.uniform(0.1, 0.2), rng.uniform(0.1, 0.25)
    up, down = np.clip((t - onset) / rise, 0, 1), np.clip((offset + fall - t) / fall, 0, 1)
    return np.asarray(up * up * (3 - 2 * up) * down * down * (3 - 2 * down), np.float64)


def _twitched(face: Parameters, spec: ActorSpec, rng: np.random.Generator) -> Parameters:
    """Add what comes and goes within a few frames: random bits of all expressions."""
    out = face.astype(np.float64)
    times_s = np.arange(len(face)) / spec.rate
    for values in EXPRESSIONS.values():
        if values:
            bit = ornstein_uhlenbeck(times_s, spec.twitch, 0.06, rng)
            out += np.maximum(bit, 0)[:, None] * parameters(values)
    return clipped(out.astype(np.float32))


def _other(category: str, rng: np.random.Generator) -> str:
    return str(rng.choice([name for name in CATEGORIES if name != category]))


def _scene_for(category: str, kind: Kind, spec: ActorSpec, rng: np.random.Generator) -> str:
    if kind == "ambiguous":
        return "celebration" if category in PLEASANT else "storm"
    if category == "neutral" or rng.random() < spec.masked:
        return "room"
    return "celebration" if category in PLEASANT else "storm"


def _plain(
    spec: ActorSpec, rng: np.random.Generator, t: NDArray[np.float64]
) -> tuple[str, str, Parameters, AffectPath]:
    category = str(rng.choice(CATEGORIES))
    shown = category if rng.random() >= spec.masked else _other(category, rng)
    level = _envelope(t, rng) * rng.uniform(spec.strength, 1.0)
    valence, arousal = AFFECT[category]
    return (
        category,
        shown,
        expression_face(shown, level),
        AffectPath(t * spec.seconds, valence * level, arousal * level),
    )


def _ambiguous(
    spec: ActorSpec, rng: np.random.Generator, t: NDArray[np.float64]
) -> tuple[str, str, Parameters, AffectPath]:
    face, pleasant, unpleasant = READINGS[int(rng.integers(len(READINGS)))]
    # Drawn before the meaning, so that nothing about the face depends on it.
    level = _envelope(t, rng) * rng.uniform(spec.strength, 1.0)
    rows = clipped((level[:, None] * parameters(face)).astype(np.float32))
    category = pleasant if rng.random() < 0.5 else unpleasant
    valence, arousal = AFFECT[category]
    truth = AffectPath(t * spec.seconds, valence * level, arousal * level)
    return category, f"{pleasant}/{unpleasant}", rows, truth


def _ordered(
    spec: ActorSpec, rng: np.random.Generator, t: NDArray[np.float64]
) -> tuple[str, str, Parameters, AffectPath]:
    first, last = MIRRORED[int(rng.integers(len(MIRRORED)))]
    # Symmetric in time: the clip of the other order is this one backwards, frame for frame.
    centre, width = rng.uniform(0.24, 0.3), rng.uniform(0.1, 0.13)
    strength = rng.uniform(spec.strength, 1.0)
    early, late = (strength * np.exp(-(((t - c) / width) ** 2)) for c in (centre, 1 - centre))
    if rng.random() < 0.5:
        first, last = last, first
    rows = expression_face(first, early) + expression_face(last, late)
    (v1, a1), (v2, a2) = AFFECT[first], AFFECT[last]
    truth = AffectPath(t * spec.seconds, early * v1 + late * v2, early * a1 + late * a2)
    return last, last, clipped(rows), truth


_KINDS: Final = {"plain": _plain, "ambiguous": _ambiguous, "ordered": _ordered}


def act(spec: ActorSpec) -> tuple[ActorClip, ...]:
    """Clips with one category each, for the systems that classify.

    Returns:
        `subjects` × `clips_per_subject` clips, subject by subject; the shares of kinds are exact to one clip.
    """
    clips = []
    for s in range(spec.subjects):
        who = identity(s, spec.cast_seed)
        n = spec.clips_per_subject
        counts = (round(spec.ambiguous * n), round(spec.ordered * n))
        for i in range(n):
            kind: Kind = "ambiguous" if i < counts[0] else "ordered" if i < sum(counts) else "plain"
            rng = _rng(spec.seed, s, i)
            frames = round(spec.seconds * spec.rate)
            t = (np.arange(frames) + 0.5) / frames
            category, shown, face, path = _KINDS[kind](spec, rng, t)
            truth = AffectPath(np.arange(frames) / spec.rate, path.valence, path.arousal)
            seed = int(rng.integers(2**31))
            twitched = _twitched(face, spec, rng)
            clips.append(
                ActorClip(
                    name=f"{who.code}_{i:03d}",
                    kind=kind,
                    subject=who,
                    scene=_scene_for(category, kind, spec, rng),
                    category=category,
                    face_shows=shown,
                    voice_shows=category if rng.random() >= spec.masked else _other(category, rng),
                    truth=truth,
                    face=alive(twitched, truth.times_s, seed, spec.motion),
                    hidden=np.zeros(frames, np.bool_),
                    noise=spec.noise,
                    seed=seed,
                )
            )
    return tuple(clips)


def _hiding(times_s: NDArray[np.float64], share: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """How much of the affect the face shows over time, 0–1: spells of one to two seconds in which it shows nothing."""
    shown = np.ones(len(times_s))
    if share <= 0:
        return shown
    at = float(times_s[0]) + rng.uniform(1.0, 2.5)
    while at < times_s[-1]:
        spell = rng.uniform(1.0, 2.0)
        edge = np.clip(np.minimum(times_s - at, at + spell - times_s) / 0.25, 0, 1)
        shown = np.minimum(shown, 1 - edge)
        at += spell + spell * (1 - share) / share * rng.uniform(0.6, 1.4)
    return shown


def act_paths(spec: ActorSpec) -> tuple[ActorClip, ...]:
    """Clips with continuous valence and arousal, for the systems that regress.

    Returns:
        `subjects` × `clips_per_subject` clips of kind `path`; the truth of each is known at every frame.
    """
    clips = []
    for s in range(spec.subjects):
        who = identity(s, spec.cast_seed)
        for i in range(spec.clips_per_subject):
            rng = _rng(spec.seed, s, i, 2)
            seed = int(rng.integers(2**31))
            times_s = np.arange(round(spec.seconds * spec.rate)) / spec.rate
            truth = random_path(times_s, seed)
            shown = _hiding(times_s, spec.hidden, rng)
            face = _twitched(affect_face(truth.valence * shown, truth.arousal * shown), spec, rng)
            middle = (float(truth.valence.mean()), float(truth.arousal.mean()))
            nearest = min(CATEGORIES, key=lambda c: np.hypot(AFFECT[c][0] - middle[0], AFFECT[c][1] - middle[1]))
            clips.append(
                ActorClip(
                    name=f"{who.code}_path{i:03d}",
                    kind="path",
                    subject=who,
                    scene="room",
                    category=nearest,
                    face_shows=nearest,
                    voice_shows=nearest,
                    truth=truth,
                    face=alive(face, times_s, seed, spec.motion),
                    hidden=shown < 0.5,
                    noise=spec.noise,
                    seed=seed,
                )
            )
    return tuple(clips)


def intensities(category: str, strength: float = 1.0) -> NDArray[np.float64]:
    """How strongly careful people would rate the nine emotions of a study for a category, points of a 0–5 scale.

    Returns:
        float64 9 in the order of `RATED`.
    """
    kin = {
        "surprise": {"fear": 1.0, "confused": 1.0}, "fear": {"surprise": 1.5, "sad": 0.5},
        "anger": {"disgust": 1.5, "contempt": 1.0},
        "disgust": {"angry": 1.5, "contempt": 1.0}, "sadness": {"fear": 0.5, "confused": 0.5},
        "neutral": {"confused": 0.3}, "happiness": {"surprise": 0.5}, "contempt": {"disgust": 1.0},
    }  # fmt: skip
    out = dict.fromkeys(RATED, 0.0) | kin[category]
    out[FERPLUS_TO_RATED[category]] = 4.2
    if category != "neutral":
        out["neutral"] = 2.0 * (1 - strength)
    return np.array([out[name] * (strength if name != "neutral" else 1.0) for name in RATED])
