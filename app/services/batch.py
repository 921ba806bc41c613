"""Analyse several clips into a folder: CSV, picture and summary; one refused clip does not stop the others."""

import json
import logging
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from app.domain.analysis import ClipAnalysis
from app.errors import UserError
from app.files import replacing
from app.interchange.predictions_csv import write_predictions
from app.jobs import Context
from app.services.analyse import Analyser
from app.services.clip_figure import write_clip_figure
from app.services.thumbnails import clip_thumbnails

log = logging.getLogger(__name__)


def analyse_clips(
    clips: Sequence[Path],
    out: Path,
    *,
    model: str | None = None,
    device: str = "auto",
    detector: str = "mtcnn",
    project_path: Path | None = None,
    thumbnails: bool = False,
    ctx: Context,
) -> int:
    """Write `<stem>.csv`, `<stem>.png` for each clip and one `summary.json`.

    Args:
        clips: Videos or images; equal stems get a suffix in the order given.
        out: The folder, made when missing.
        model: Name of a model card, None for the one in use.
        device: auto, cpu, cuda, tensorrt or coreml.
        detector: mtcnn or yunet.
        project_path: A project whose stored predictions are reused and which keeps new ones.
        thumbnails: Show frames under the curves of the pictures.
        ctx: Progress and cancel; what was finished before a cancel stays written and summarised.

    Returns:
        How many clips were refused; each said why in one line on stderr.

    Raises:
        UserError: When the model, the project or the folder cannot be used at all.
        Cancelled: On request.
    """
    rows: list[dict[str, Any]] = []
    refused = 0
    stems: set[str] = set()
    with ExitStack() as stack:
        project = None
        if project_path is not None:
            from app.services.projects import open_project

            project = stack.enter_context(open_project(project_path))
        analyser = stack.enter_context(Analyser(model, device, detector, project_path))
        try:
            for path in clips:
                try:
                    analysis = analyser.analyse(path, ctx, project=project)
                    stem = _unused(path.stem, stems)
                    write_predictions(out / f"{stem}.csv", analysis)
                    frames = clip_thumbnails(path, analysis, ctx) if thumbnails else ()
                    write_clip_figure(out / f"{stem}.png", analysis, path.name, frames)
                except UserError as error:
                    refused += 1
                    print(f"affectograph: {' '.join(str(error).split())}", file=sys.stderr)  # noqa: T201
                    continue
                rows.append(_summary(path, analysis))
                if analysis.note:
                    lead = "" if path.name in analysis.note else f"{path.name}: "
                    print(f"{lead}{analysis.note}", file=sys.stderr)  # noqa: T201
        finally:
            if rows or not refused:
                with replacing(out / "summary.json") as temporary:
                    temporary.write_text(json.dumps({"clips": rows}, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return refused


def _unused(stem: str, taken: set[str]) -> str:
    """The stem itself or with the first free suffix; compared without case, as some file systems do."""
    name, number = stem, 2
    while name.casefold() in taken:
        name = f"{stem}-{number}"
        number += 1
    taken.add(name.casefold())
    return name


def _summary(path: Path, analysis: ClipAnalysis) -> dict[str, Any]:
    total_s = analysis.seconds.get("total", 0.0)
    return {
        "path": str(path),
        "sha256": analysis.key.media_sha256,
        "model": analysis.key.model,
        "provider": analysis.provider,
        "frames": len(analysis.times_s),
        "frames_with_face": analysis.frames_with_face,
        "tracks": len(analysis.tracks),
        "complete": analysis.complete,
        "note": analysis.note,
        "seconds": {name: round(value, 4) for name, value in analysis.seconds.items()},
        "fps": round(len(analysis.times_s) / total_s, 2) if total_s > 0 else None,
    }
