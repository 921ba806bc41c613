"""Twelve short clips of synthetic people, as somebody would bring along for a first study."""

from pathlib import Path
from typing import Final

from app.jobs import Context
from app.services.demo.retrain import render
from app.synthetic.actor import ActorSpec, act_paths

SPEC: Final = ActorSpec(subjects=12, clips_per_subject=1, seconds=3.0, rate=15, seed=12)


def twelve_clips(folder: Path, ctx: Context, spec: ActorSpec = SPEC) -> list[Path]:
    """Render the clips that are missing in a folder.

    Args:
        folder: The folder, which exists.
        ctx: Receives the progress, and can cancel.
        spec: Other people and clips, for tests.

    Returns:
        The files, in the order of their names.

    Raises:
        UserError: The folder cannot be written.
        Cancelled: The user cancelled.
    """
    clips = act_paths(spec)
    render(folder, clips, ctx)
    return sorted(folder / f"{clip.name}.mp4" for clip in clips)
