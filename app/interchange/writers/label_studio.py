"""Predictions for Label Studio: tasks with what a model says, which annotators then correct, and a labelling config."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np
from numpy.typing import NDArray

from app.domain.words import many
from app.interchange.writers.record import Written
from app.results import result

TASKS = "tasks.json"
CONFIG = "config.xml"
_LABELS, _VIDEO = "expression", "video"


@dataclass(frozen=True, eq=False)
class OutPrediction:
    """What a model says of one face over the frames of a clip.

    Attributes:
        clip: The clip's name.
        model: The model's name.
        classes: Names of the K classes.
        frame_idx: int N, ascending: the frames in which the face is seen.
        probabilities: float N×K.
        faces: Number of faces that the model saw in the clip.
    """

    clip: str
    model: str
    classes: tuple[str, ...]
    frame_idx: NDArray[np.integer[Any]]
    probabilities: NDArray[np.floating[Any]]
    faces: int = 1


def ranges_of(one: OutPrediction) -> list[tuple[int, int, str, float]]:
    """Return the ranges of frames with one strongest class: first and last frame, class, mean probability.

    A range ends where the class changes or the face is lost.

    Example:
        >>> made = OutPrediction("a", "m", ("x", "y"), np.array([0, 1, 3]), np.array([[.8, .2], [.6, .4], [.9, .1]]))
        >>> [(first, last, name, round(p, 2)) for first, last, name, p in ranges_of(made)]
        [(0, 1, 'x', 0.7), (3, 3, 'x', 0.9)]
    """
    if not len(one.frame_idx):
        return []
    best = np.argmax(one.probabilities, axis=1)
    breaks = np.flatnonzero((np.diff(best) != 0) | (np.diff(one.frame_idx) != 1)) + 1
    found = []
    for rows in np.split(np.arange(len(best)), breaks):
        number = int(best[rows[0]])
        mean = float(one.probabilities[rows, number].mean())
        found.append((int(one.frame_idx[rows[0]]), int(one.frame_idx[rows[-1]]), one.classes[number], mean))
    return found


def write_label_studio(folder: Path, predictions: Sequence[OutPrediction]) -> Written:
    """Write predictions as tasks of Label Studio, with the labelling config that shows them.

    Frames are counted from 1 there, and both ends of a range belong to it.

    Args:
        folder: The folder.
        predictions: The predictions, one for each clip.

    Raises:
        UserError: A file is in the way that this program did not write, or cannot be written.
    """
    out = Written()
    if not predictions:
        return out
    tasks = [_task(number, one) for number, one in enumerate(predictions, start=1)]
    with result(folder / TASKS) as temporary:
        temporary.write_text(json.dumps(tasks, indent=1, ensure_ascii=False) + "\n", "utf-8")
    names = list(dict.fromkeys(name for one in predictions for name in one.classes))
    with result(folder / CONFIG) as temporary:
        temporary.write_text(_config(names), "utf-8")
    out.files += [folder / TASKS, folder / CONFIG]
    several = [one.clip for one in predictions if one.faces > 1]
    if several:
        out.lost.append(f"Of {many(len(several), 'clip')} with several faces, only the longest face is written.")
    out.lost.append("Predicted valence and arousal are not written: Label Studio has no predicted curve over a video.")
    return out


def _task(number: int, one: OutPrediction) -> dict[str, Any]:
    results = [
        {
            "id": f"{number}-{place}", "type": "timelinelabels", "from_name": _LABELS, "to_name": _VIDEO,
            "score": round(score, 4),
            "value": {"ranges": [{"start": first + 1, "end": last + 1}], "timelinelabels": [name]},
        }
        for place, (first, last, name, score) in enumerate(ranges_of(one), start=1)
    ]  # fmt: skip
    mean = float(np.mean([one["score"] for one in results])) if results else 0.0
    return {
        "data": {"video": one.clip},
        "predictions": [{"model_version": one.model, "score": round(mean, 4), "result": results}],
    }


def _config(names: Sequence[str]) -> str:
    labels = "".join(f"    <Label value={quoteattr(name)}/>\n" for name in names)
    return (
        f'<View>\n  <TimelineLabels name="{_LABELS}" toName="{_VIDEO}">\n{labels}  </TimelineLabels>\n'
        f'  <Video name="{_VIDEO}" value="$video" timelineHeight="120"/>\n</View>\n'
    )
