"""The demo clip: the portrait goes a known way through the plane of valence and arousal, with sound. No download."""

import csv
import os
import secrets
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np

from app.errors import UserError
from app.jobs import Context
from app.media.writer import ClipWriter, Encoding
from app.synthetic.expression import affect_face, alive
from app.synthetic.parameters import Parameters
from app.synthetic.paths import AffectPath, demo_path
from app.synthetic.portrait import FRAME_HEIGHT, FRAME_WIDTH, FaceRenderer
from app.synthetic.sound import RATE, pad

DEMO_SEED: Final = 7
DEMO_RATE: Final = 25
DEMO_SECONDS: Final = 20.0


@dataclass(frozen=True, eq=False)
class DemoClip:
    """A rendered clip and what it shows.

    Attributes:
        path: The file.
        truth: Valence and arousal of every frame, on the clip's PTS axis.
        width: Pixels.
        height: Pixels.
    """

    path: Path
    truth: AffectPath
    width: int
    height: int


def demo_truth(seed: int = DEMO_SEED, duration_s: float = DEMO_SECONDS, rate: int = DEMO_RATE) -> AffectPath:
    """The known path of the demo clip, one point a frame; needs no rendering."""
    return demo_path(np.arange(round(duration_s * rate)) / rate, seed)


def demo_rows(truth: AffectPath, seed: int = DEMO_SEED) -> Parameters:
    """The face of every frame: float32 N×P."""
    return alive(affect_face(truth.valence, truth.arousal), truth.times_s, seed)


def render_demo(
    path: Path,
    seed: int = DEMO_SEED,
    ctx: Context | None = None,
    *,
    duration_s: float = DEMO_SECONDS,
    rate: int = DEMO_RATE,
) -> DemoClip:
    """Render the demo clip; the same seed gives the same pictures and sound.

    Args:
        path: The clip to write; appears only when complete. `.mp4` is what players expect.
        seed: For the wandering of path and head, and the sound.
        ctx: Progress and cancel.
        duration_s: Length in seconds.
        rate: Frames a second.

    Returns:
        The clip with its known path.

    Raises:
        UserError: The file cannot be written.
        Cancelled: On request; nothing is left behind.
    """
    ctx = ctx or Context()
    truth = demo_truth(seed, duration_s, rate)
    rows = demo_rows(truth, seed)
    sound = pad(truth, len(truth) / rate, seed)
    renderer = FaceRenderer()
    block = RATE / rate
    encoding = Encoding(quality=21, gop=2 * rate, preset="veryfast")
    with ClipWriter(
        path, FRAME_WIDTH, FRAME_HEIGHT, rate=Fraction(rate), audio_rate=RATE, audio_channels=2, encoding=encoding
    ) as writer:
        for i, row in enumerate(rows):
            ctx.progress(i, len(rows), "Rendering the demo clip")
            writer.write(renderer.frame(row))
            writer.write_audio(sound[round(i * block) : round((i + 1) * block)])
    ctx.progress(len(rows), len(rows), "Rendering the demo clip")
    return DemoClip(path, truth, FRAME_WIDTH, FRAME_HEIGHT)


def save_truth(path: Path, truth: AffectPath) -> None:
    """Write a known path as CSV `time_s,valence,arousal`; the file appears only when complete.

    Raises:
        UserError: The file cannot be written.
    """
    part = path.with_name(f".{path.stem}.{secrets.token_hex(4)}.part")
    try:
        with part.open("w", newline="", encoding="utf-8") as out:
            rows = csv.writer(out, lineterminator="\n")
            rows.writerow(("time_s", "valence", "arousal"))
            for time_s, valence, arousal in zip(truth.times_s, truth.valence, truth.arousal, strict=True):
                rows.writerow((f"{time_s:.6f}", f"{valence:.4f}", f"{arousal:.4f}"))
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UserError(f"{path.name} cannot be written: {error.strerror}.", "Choose another folder.") from error
