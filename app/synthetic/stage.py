"""The synthetic actor on stage: frames in their scene, face crops for training, voice, files, and raters' answers."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.emotions import FERPLUS, FERPLUS_TO_RATED, RATED
from app.domain.ratings import Factor, Items, RatingTable
from app.domain.traces import TraceSamples
from app.jobs import Context
from app.media.writer import ClipWriter, Encoding
from app.synthetic.actor import ActorClip, intensities
from app.synthetic.canvas import Image
from app.synthetic.parameters import rest
from app.synthetic.portrait import FaceRenderer
from app.synthetic.raters import ConditionEffect, SimulatedRater, intensity_table, simulate_categories, simulate_trace
from app.synthetic.scenes import eventful, scene
from app.synthetic.shape68 import landmarks68
from app.synthetic.view import FacePlace, View
from app.synthetic.voice import RATE as VOICE_RATE
from app.synthetic.voice import voice

EYE_SHARE: Final = 0.36
"""Distance between the eyes in a crop, as a share of its side."""
EYE_HEIGHT: Final = 0.36
"""How far down the eyes lie in a crop, as a share of its side."""


def crop_view(clip: ActorClip, size: int) -> View:
    """Return a square view of `size` pixels a side, aligned on the eyes of the subject at rest."""
    truth = FacePlace(clip.subject, View(width=400, height=225, scale=1.0)).truth(rest())
    left, right = truth.landmarks[0].astype(float), truth.landmarks[1].astype(float)
    if clip.subject.flipped:  # the view is laid on the picture before it is mirrored
        left, right = np.array([399 - right[0], right[1]]), np.array([399 - left[0], left[1]])
    across = right - left
    scale = EYE_SHARE * size / float(np.hypot(*across))
    angle = -float(np.arctan2(across[1], across[0]))
    down = (0.5 - EYE_HEIGHT) * size / scale
    middle = (left + right) / 2 + np.array([np.sin(-angle) * -down, np.cos(angle) * down])
    return View(size, size, scale, (float(middle[0]), float(middle[1])), angle)


def _noisy(frame: Image, sd: float, rng: np.random.Generator) -> Image:
    if sd <= 0:
        return frame
    grain = rng.standard_normal(frame.shape, dtype=np.float32) * np.float32(sd)
    return np.clip(frame + grain, 0, 255).astype(np.uint8)


def frames(clip: ActorClip, view: View | None = None) -> Iterator[Image]:
    """Yield the clip's frames in its scene in order, uint8 H×W×3 RGB with sensor noise."""
    view = view or View()
    rng = np.random.default_rng([clip.seed, 61])
    renderers: dict[str, FaceRenderer] = {}
    for number, row in enumerate(clip.face):
        event = _event_at(clip, number)
        if event not in renderers:
            renderers[event] = FaceRenderer(clip.subject, view, _place(clip, event, view.width, view.height))
        yield _noisy(renderers[event].frame(row), clip.noise, rng)


def _event_at(clip: ActorClip, frame: int) -> str:
    """Return the event in the scene at a frame, or an empty string if there is none."""
    return next((what for first, end, what in clip.events if first <= frame < end), "")


def _place(clip: ActorClip, event: str, width: int, height: int) -> Image:
    if event:
        return eventful(clip.scene, event, width, height, clip.seed)
    return scene(clip.scene, width, height, clip.seed)


def face_crops(clip: ActorClip, size: int = 64, step: int = 1) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Return crops of the face alone, cut and aligned without a detector, which is the fast way to train.

    The surroundings are grey, so that a face-only condition shows nothing of the scene.

    Args:
        clip: The clip to render.
        size: Side of the crops in pixels, such as 48, 64 or 112.
        step: Distance between the rendered frames; 1 renders every frame.

    Returns:
        uint8 F×size×size×3 RGB, and the exact 68 landmarks, float32 F×68×2 in pixels of the crop.
    """
    grey = np.full((size, size, 3), 128, np.uint8)
    renderer = FaceRenderer(clip.subject, crop_view(clip, size), grey)
    rng = np.random.default_rng([clip.seed, 62])
    rows = clip.face[::step]
    out = np.empty((len(rows), size, size, 3), np.uint8)
    points = np.empty((len(rows), 68, 2), np.float32)
    for i, row in enumerate(rows):
        out[i] = _noisy(renderer.frame(row), clip.noise, rng)
        points[i] = landmarks68(renderer.place, row)
    return out, points


def context_picture(clip: ActorClip, size: int = 224, face: bool = False, frame: int = 0) -> Image:
    """Return the picture that the context stream sees: the middle square of the scene.

    Args:
        clip: The clip to render.
        size: Side of the picture in pixels.
        face: Whether the picture shows the person, at rest, or the empty place.
        frame: Number of the frame whose event the scene shows.
    """
    wide = round(size * 16 / 9)
    place = _place(clip, _event_at(clip, frame), wide, size)
    if face:
        view = View(wide, size, wide / 400)
        place = FaceRenderer(clip.subject, view, place).frame(rest())
    left = (wide - size) // 2
    return np.ascontiguousarray(place[:, left : left + size])


def clip_voice(clip: ActorClip) -> NDArray[np.float32]:
    """Return the clip's sound, float32 N mono at `voice.RATE`; the subject sets the pitch, `voice_shows` the mood."""
    pitch = float(np.random.default_rng([clip.subject.seed, 63]).uniform(110, 230))
    return voice(clip.voice_shows, len(clip) * _frame_s(clip), pitch, clip.seed)


def _frame_s(clip: ActorClip) -> float:
    return float(clip.truth.times_s[1] - clip.truth.times_s[0]) if len(clip) > 1 else 0.04


def write_clip(clip: ActorClip, path: Path, ctx: Context | None = None, view: View | None = None) -> Path:
    """Write a clip with its voice as a video file that appears only when it is complete.

    Args:
        clip: The clip to render.
        path: The file to write. Players expect the ending `.mp4`.
        ctx: Receives the progress and can cancel.
        view: The view to render, or None for the standard one of 640×360 pixels.

    Returns:
        `path`.

    Raises:
        UserError: The file cannot be written.
        Cancelled: On request; nothing is left behind.
    """
    ctx, view = ctx or Context(), view or View()
    rate = Fraction(1 / _frame_s(clip)).limit_denominator(1001)
    sound = clip_voice(clip)
    with ClipWriter(
        path, view.width, view.height, rate=rate, audio_rate=VOICE_RATE, audio_channels=1, encoding=Encoding(quality=23)
    ) as writer:
        block = VOICE_RATE * _frame_s(clip)
        for i, frame in enumerate(frames(clip, view)):
            ctx.progress(i, len(clip), f"Rendering {clip.name}")
            writer.write(frame)
            writer.write_audio(sound[round(i * block) : round((i + 1) * block)])
    return path


def items_of(clips: Sequence[ActorClip]) -> Items:
    """Return the clips as items of a study; each item is a whole clip with its subject."""
    return Items.of_clips([clip.name for clip in clips], [clip.subject.code for clip in clips])


def rated(
    clips: Sequence[ActorClip], raters: Sequence[SimulatedRater], effects: Sequence[ConditionEffect], seed: int
) -> RatingTable:
    """Return the intensities of nine emotions that simulated raters give to the clips, in a table marked as simulated.

    In every condition each rater first reads a clip and then rates that reading; without context, an ambiguous face can
    be read in either way. Disagreement comes from the readings and from the raters' own noise.
    """
    parts = []
    for effect in effects:
        shares = np.array([list(clip.shares(effect.condition).values()) for clip in clips])
        shares /= shares.sum(axis=1, keepdims=True)
        for r, rater in enumerate(raters):
            rng = np.random.default_rng([seed, r, len(effect.condition), 64])
            read = [FERPLUS[int(rng.choice(len(FERPLUS), p=row))] for row in shares]
            latent = np.stack([intensities(name, 0.9) for name in read])
            parts.append(intensity_table(items_of(clips), latent, [rater], [effect], seed))
    n = len(parts[0])
    conditions, names = tuple(e.condition for e in effects), tuple(r.code for r in raters)
    return RatingTable(
        items=items_of(clips),
        item=np.concatenate([part.item for part in parts]),
        condition=Factor(np.repeat(np.arange(len(effects), dtype=np.int32), n * len(raters)), conditions),
        rater=Factor(np.tile(np.repeat(np.arange(len(raters), dtype=np.int32), n), len(effects)), names),
        emotion=Factor(np.concatenate([part.emotion.codes for part in parts]), RATED),
        score=np.concatenate([part.score for part in parts]),
        pass_no=np.ones(n * len(parts), np.int32),
        scale=(0.0, 5.0),
        simulated=True,
    )


def category_shares(clip: ActorClip, conditions: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return condition → word of a study → share of careful people who would choose it.

    `simulate_study` takes the result as its argument `shares`.

    Args:
        clip: The clip that is judged.
        conditions: Some of face_only, full_context and context_only.
    """
    return {
        condition: {FERPLUS_TO_RATED[name]: share for name, share in clip.shares(condition).items()}
        for condition in conditions
    }


def categorised(
    clips: Sequence[ActorClip], raters: Sequence[SimulatedRater], effects: Sequence[ConditionEffect], seed: int
) -> tuple[tuple[str, ...], dict[str, NDArray[np.int32]]]:
    """Return the categories that simulated raters name, which depend on the viewing condition.

    Args:
        clips: The clips that are judged.
        raters: The raters who judge.
        effects: The conditions, with the effect of each in addition to what it hides.
        seed: Seed that determines everything random.

    Returns:
        The classes, and for each condition int32 clips×raters, the class that each rater named, −1 for none.
    """
    said = {}
    for effect in effects:
        shares = np.array([list(clip.shares(effect.condition).values()) for clip in clips])
        shares /= shares.sum(axis=1, keepdims=True)
        said[effect.condition] = np.stack(
            [simulate_categories(shares, rater, effect, seed) for rater in raters], axis=1
        )
    return tuple(FERPLUS), said


def traced(clip: ActorClip, raters: Sequence[SimulatedRater], seed: int) -> dict[str, TraceSamples]:
    """Return the traces of valence and arousal that simulated raters give to a clip, by rater code."""
    truth = clip.truth
    return {
        rater.code: simulate_trace(truth.times_s, truth.valence, truth.arousal, rater, seed, item=clip.name)
        for rater in raters
    }
