"""The demo clip: the portrait follows a known path through the plane of valence and arousal, with sound.

It needs no download.
"""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np

from app.files import replacing
from app.jobs import Context
from app.media.writer import ClipWriter, Encoding
from app.synthetic.expression import affect_face, alive
from app.synthetic.identity import Identity
from app.synthetic.landmarks import ASSETS
from app.synthetic.parameters import Parameters
from app.synthetic.paths import AffectPath, demo_path
from app.synthetic.portrait import FaceRenderer
from app.synthetic.sound import RATE, pad
from app.synthetic.view import FRAME_HEIGHT, FRAME_WIDTH, FacePlace, FaceTruth, View

DEMO_SEED: Final = 7
DEMO_RATE: Final = 25
DEMO_SECONDS: Final = 20.0
SHIPPED: Final = "demo.mp4"
"""The standard demo clip among the assets, so that the first start waits for no rendering."""


@dataclass(frozen=True, eq=False)
class DemoClip:
    """A rendered clip and the truth about it.

    Attributes:
        path: The clip's file.
        truth: Valence and arousal of every frame, on the clip's PTS axis.
        width: Width in pixels.
        height: Height in pixels.
    """

    path: Path
    truth: AffectPath
    width: int
    height: int


def demo_truth(seed: int = DEMO_SEED, duration_s: float = DEMO_SECONDS, rate: int = DEMO_RATE) -> AffectPath:
    """Return the known path of the demo clip, with one point for each frame, without rendering."""
    return demo_path(np.arange(round(duration_s * rate)) / rate, seed)


def demo_rows(truth: AffectPath, seed: int = DEMO_SEED) -> Parameters:
    """Return the parameters of the face in every frame, float32 N×P."""
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
        path: The file to write, which appears only when it is complete. Players expect the ending `.mp4`.
        seed: Seed for the wandering of the path and of the head, and for the sound.
        ctx: Receives the progress and can cancel.
        duration_s: Length in seconds.
        rate: Frames per second.

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


def demo_faces(truth: AffectPath, seed: int = DEMO_SEED) -> tuple[FaceTruth, ...]:
    """Return where the face is in each frame of the demo clip, as known by construction, without rendering."""
    place = FacePlace(Identity(), View())
    return tuple(place.truth(row) for row in demo_rows(truth, seed))


def shipped_clip() -> Path:
    """Return where the demo clip lies that comes with the program, to be read only."""
    return Path(str(ASSETS / SHIPPED))


def place_demo(path: Path, ctx: Context | None = None) -> DemoClip:
    """Put the standard demo clip at `path`: copy the shipped clip, or render it if that clip is missing.

    Args:
        path: The file to write, which appears only when it is complete.
        ctx: Receives the progress of rendering and can cancel it.

    Returns:
        The clip with its known path.

    Raises:
        UserError: The file cannot be written.
        Cancelled: On request; nothing is left behind.
    """
    try:
        shipped = shipped_clip().read_bytes()
    except OSError:
        return render_demo(path, DEMO_SEED, ctx)
    with replacing(path) as part:
        part.write_bytes(shipped)
    return DemoClip(path, demo_truth(), FRAME_WIDTH, FRAME_HEIGHT)
