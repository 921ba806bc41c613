"""The synthetic actor: clips with known affect on which each claim of the papers can turn out true or false.

This module renders nothing. A clip consists of its truth and of what each channel (face, voice, scene) shows of it;
`stage` turns it into pictures and sound. The clips contain these effects, each of which `ActorSpec` can switch off:

- `ambiguous`: One face has two meanings, and only the scene tells which one holds. A model that sees the face alone or
  the scene alone can only guess within the pair; a model that sees both can decide.
- `ordered`: A clip and its mirror in time show the same frames; only their order tells the category.
- `brief`: The same as `ordered`, but within 16 frames somewhere in a clip that shows nothing else.
- `timed`: A face with two meanings coincides with one of two events in the scene; only their times tell with which.
- `masked`: In some clips a channel shows a wrong signal or none, independently of the other channels.
- `gestures`, `uneven`, `prior`: Head movements accompany a category, clips differ in length, categories are rare.
- `hidden` (paths): For seconds the face shows nothing while the affect continues; only earlier frames tell it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.emotions import FERPLUS, FERPLUS_TO_RATED, RATED
from app.synthetic.expression import AFFECT, EXPRESSIONS, affect_face, alive
from app.synthetic.identity import Identity, identity
from app.synthetic.parameters import Parameters, clipped, parameters
from app.synthetic.paths import AffectPath, ornstein_uhlenbeck, random_path
from app.synthetic.plays import PLAYS, Events, other_than, scene_for, with_gesture
from app.synthetic.spec import CATEGORIES as CATEGORIES
from app.synthetic.spec import PLEASANT as PLEASANT
from app.synthetic.spec import ActorSpec as ActorSpec
from app.synthetic.spec import Kind


@dataclass(frozen=True, eq=False)
class ActorClip:
    """One clip, with its truth and with what each channel shows of it.

    Attributes:
        name: Unique within a set.
        kind: The effect that the clip carries; `path` clips have continuous affect and no single category.
        subject: The subject who plays.
        scene: Name of the place that is drawn behind the subject, one of `scenes.SCENES`.
        category: The true category; for `path` clips the one nearest to the mean affect.
        face_shows: Category that the face alone shows; for an ambiguous face its two readings joined by "/".
        voice_shows: Category that the voice shows.
        truth: Valence and arousal of every frame, at times in seconds from 0.
        face: float32 F×P, the parameters of the face in each of the F frames.
        hidden: bool F, true for frames in which the face shows nothing although the affect continues.
        noise: Standard deviation of the sensor noise in grey levels.
        seed: Seed for everything that rendering draws at random (scene, sensor noise, voice).
        events: Events in the scene; each has its first frame, the frame after its last one, and its name.
        shows_first: The expression that comes before `face_shows`; empty if the clip shows a single expression.
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
    events: Events = ()
    shows_first: str = ""

    def __len__(self) -> int:
        return len(self.face)

    def shares(self, condition: str = "full_context") -> dict[str, float]:
        """Return the share of careful people who would name each category under a viewing condition.

        Without context, half of them read an ambiguous face in one way and half in the other; with context, all read
        it rightly.
        """
        readings = self.face_shows.split("/")
        if condition == "face_only":
            seen: Mapping[str, float] = {name: 1 / len(readings) for name in readings}
        elif condition == "context_only":
            # A room says nothing, and two opposite things that happen in it say no more.
            fits = [c for c in CATEGORIES if self.scene == "room" or (c in PLEASANT) == (self.scene == "celebration")]
            seen = {name: 1 / len(fits) for name in fits}
        else:
            seen = {self.category: 1.0}
        # Nobody is ever fully sure: a twentieth spreads over all.
        return {name: 0.95 * seen.get(name, 0.0) + 0.05 / len(FERPLUS) for name in FERPLUS}


def _rng(*keys: int) -> np.random.Generator:
    return np.random.default_rng([*keys, 1013])


def _twitched(face: Parameters, spec: ActorSpec, rng: np.random.Generator) -> Parameters:
    """Add twitches: random traces of all expressions that come and go within a few frames."""
    out = face.astype(np.float64)
    times_s = np.arange(len(face)) / spec.rate
    for values in EXPRESSIONS.values():
        if values:
            bit = ornstein_uhlenbeck(times_s, spec.twitch, 0.06, rng)
            out += np.maximum(bit, 0)[:, None] * parameters(values)
    return clipped(out.astype(np.float32))


def act(spec: ActorSpec) -> tuple[ActorClip, ...]:
    """Return clips that have one category each, for the systems that classify.

    Returns:
        `subjects` × `clips_per_subject` clips, ordered by subject. The share of each kind is exact to one clip.
    """
    clips = []
    for s in range(spec.subjects):
        who = identity(s, spec.cast_seed)
        kinds = _kinds(spec)
        for i, kind in enumerate(kinds):
            rng = _rng(spec.seed, s, i)
            frames = round(spec.seconds * _stretch(spec, s, i) * spec.rate)
            t = (np.arange(frames) + 0.5) / frames
            play = PLAYS[kind](spec, rng, t)
            truth = AffectPath(np.arange(frames) / spec.rate, play.path.valence, play.path.arousal)
            seed = int(rng.integers(2**31))
            twitched = _twitched(play.face, spec, rng)
            moved = with_gesture(alive(twitched, truth.times_s, seed, spec.motion), play, truth.times_s, spec.gestures)
            clips.append(
                ActorClip(
                    name=f"{who.code}_{i:03d}",
                    kind=kind,
                    subject=who,
                    scene=scene_for(play.category, kind, spec, rng),
                    category=play.category,
                    face_shows=play.shows,
                    voice_shows=play.category if rng.random() >= spec.masked else other_than(play.category, rng),
                    truth=truth,
                    face=moved,
                    hidden=np.zeros(frames, np.bool_),
                    noise=spec.noise,
                    seed=seed,
                    events=play.events,
                    shows_first=play.shows_first,
                )
            )
    return tuple(clips)


def _kinds(spec: ActorSpec) -> list[Kind]:
    """Return the kind of each clip of a subject; the clips without an effect are plain."""
    n = spec.clips_per_subject
    wished: list[Kind] = []
    shares: tuple[tuple[Kind, float], ...] = (
        ("ambiguous", spec.ambiguous), ("ordered", spec.ordered), ("brief", spec.brief), ("timed", spec.timed),
    )  # fmt: skip
    for kind, share in shares:
        wished += [kind] * round(share * n)
    plain: Kind = "plain"
    return [*wished[:n], *(plain for _ in range(n - len(wished)))]


def _stretch(spec: ActorSpec, subject: int, number: int) -> float:
    """Return a factor for the length of a clip, drawn from a generator of its own so that other draws stay the same."""
    if spec.uneven <= 0:
        return 1.0
    return float(_rng(spec.seed, subject, number, 3).uniform(1 - spec.uneven, 1 + spec.uneven))


def _hiding(times_s: NDArray[np.float64], share: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return how much of the affect the face shows over time, float64 0–1.

    The face shows nothing during spells of one to two seconds.
    """
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
    """Return clips that have continuous valence and arousal, for the systems that regress.

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
    """Return how strongly careful people would rate each of the nine emotions of a study when a category is shown.

    Returns:
        float64 9, points on a scale from 0 to 5, in the order of `RATED`.
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
