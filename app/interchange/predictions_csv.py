"""Predictions of a clip as CSV: one row for each face in each frame, and one for each frame without a face."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from app.domain.analysis import ClipAnalysis, TrackPrediction
from app.domain.emotions import FERPLUS
from app.domain.measures import TrackMeasures
from app.results import result

COLUMNS = (
    *("frame_idx", "time_s", "track_id", "x", "y", "w", "h", "detection", "valence", "arousal"),
    *FERPLUS,
    *("valence_smooth", "arousal_smooth", "quality", "status"),
)
"""Boxes in pixels of the displayed frame; `time_s` is pts × time base, unshifted; an empty cell is "no value".

`status` is `face`, `no_face`, or `lost` for a frame that did not decode.
"""


def write_predictions(
    path: Path,
    analysis: ClipAnalysis,
    measures: Sequence[TrackMeasures] = (),
    names: Sequence[str] = (),
    people: Mapping[int, str] | None = None,
) -> None:
    """Write one row per frame that was looked at and face, in presentation order, then by track.

    Args:
        path: The file, which is replaced as a whole.
        analysis: The predictions.
        measures: One for each track in its order, or none; their columns follow those of the predictions.
        names: Names of the measures' columns; they are in the header even if the clip has no track.
        people: Track → code of who is seen, for the column `subject` after those of the predictions; None leaves
            it out.

    Raises:
        UserError: The file cannot be written.
    """
    with result(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*COLUMNS, *([] if people is None else ["subject"]), *names])
        nobody = [] if people is None else [""]
        cursors = [0] * len(analysis.tracks)
        empty = [""] * (len(COLUMNS) - 3)
        lost = set(analysis.lost_idx.tolist())
        for frame_idx in analysis.looked_at:
            time_s = analysis.times_s[frame_idx]
            alone = True
            for number, track in enumerate(analysis.tracks):
                row = cursors[number]
                if row < len(track) and track.frame_idx[row] == frame_idx:
                    measured = [_text(value, 4) for value in measures[number].values[row]] if measures else []
                    person = [] if people is None else [people.get(track.track_id, "")]
                    writer.writerow([frame_idx, f"{time_s:.9f}", *_cells(track, row), *person, *measured])
                    cursors[number] += 1
                    alone = False
            if alone:
                status = "lost" if frame_idx in lost else "no_face"
                writer.writerow([frame_idx, f"{time_s:.9f}", *empty, status, *nobody, *[""] * len(names)])


def _cells(track: TrackPrediction, row: int) -> list[str]:
    by_name = dict(zip(track.classes, track.probabilities[row], strict=True)) if track.probabilities.size else {}
    return [
        str(track.track_id),
        *(_text(value, 2) for value in track.boxes[row]),
        _text(track.detection[row], 6),
        *(_text(value, 6) for value in track.valence_arousal[row]),
        *(_text(by_name.get(name, np.nan), 6) for name in FERPLUS),
        *(_text(value, 6) for value in track.smooth[row]),
        _text(track.quality[row], 4),
        "face",
    ]


def _text(value: float, digits: int) -> str:
    return "" if not np.isfinite(value) else f"{value:.{digits}f}"
