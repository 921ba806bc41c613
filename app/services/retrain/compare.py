"""Run two models over the same held-out clips of a project and judge them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

import db.clips
from app.domain.smoothing import SmoothingSettings, smooth_track
from app.domain.trace_grid import side_by_side
from app.errors import UserError
from app.faces.landmarks68 import FIVE, PointReader
from app.inference import face_sequence
from app.inference.cards import ModelCard, find_model
from app.inference.face_frame import FaceFrameModel
from app.inference.face_sequence import FaceSequenceModel
from app.jobs import Context
from app.services.models.in_use import card_in_use
from app.services.retrain.comparison import ClipSeries, Comparison, compare_series
from app.services.retrain.faces import ClipFaces, FaceBank, features
from app.services.retrain.labels import ItemLabels, LabelChoice, labels_of, rater_traces, settled
from db.project import Project


class Predictor:
    """One model over tracks of clips, whatever its family; the result is smoothed as the window shows it.

    Args:
        card: The model.
        device: Where it runs.
    """

    def __init__(self, card: ModelCard, device: str) -> None:
        self.card = card
        is_sequence = card.kind == face_sequence.KIND
        self._model = FaceSequenceModel.open(card, device) if is_sequence else FaceFrameModel.open(card, device)
        self._bank = FaceBank(self._model.crop_geometry, device)
        self._points = PointReader(self._model.points if isinstance(self._model, FaceSequenceModel) else FIVE)
        self._smoothing = SmoothingSettings.from_card(card.smoothing)

    def faces(self, project: Project, clip_id: int, ctx: Context) -> ClipFaces:
        """The clip's faces as this model wants them cut."""
        clip = db.clips.get(project, clip_id)
        return self._bank.faces(clip.path, clip.sha256, ctx)

    def predict(self, faces: ClipFaces, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Smoothed valence and arousal of a track's rows: float64 N×2 in −1…1."""
        times_s, crops, model = faces.times_s[rows], faces.crops[rows], self._model
        if isinstance(model, FaceSequenceModel):
            values = model.track(crops, self._points.read(crops, faces.landmarks[rows]), times_s).valence_arousal
        elif "embedding" in self.card.outputs:
            values = features(model, faces, rows).valence_arousal
        else:
            values = model.predict(crops).valence_arousal
        return smooth_track(times_s, values, self._smoothing).astype(np.float64)


def held_out(card: ModelCard) -> tuple[set[str], set[str]]:
    """Subjects that a model was tested on, and those that it has seen (learned from or stopped by)."""
    parts: dict[str, Any] = card.training.get("subjects", {})
    return set(parts.get("test", ())), {*parts.get("train", ()), *parts.get("validation", ())}


def compare(
    project: Project,
    old: str | None,
    new: str,
    ctx: Context,
    *,
    choice: LabelChoice | None = None,
    device: str = "auto",
) -> Comparison:
    """Old against new on subjects that neither has learned from.

    Args:
        project: Whose clips and labels; open for writing where a gold standard may have to be made.
        old: Name or folder of a model, None for the one in use.
        new: Name or folder of the other.
        ctx: Progress and cancel.
        choice: Which labels; by default those that the new model learned from, never shuffled.
        device: Where the models run.

    Raises:
        UserError: A model or the labels are missing, or no labelled subject is left.
        Cancelled: On request.
    """
    was, now = card_in_use(old, project), find_model(new, project.path)
    if choice is None:
        known = LabelChoice.of({**now.training.get("labels", {}), "shuffle_seed": None})
        choice = known
    choice = settled(project, choice)
    labels, notes = _fair(labels_of(project, choice), was, now)
    traces, lags = rater_traces(project, choice.condition, choice.lag)
    predictors = Predictor(was, device), Predictor(now, device)
    clips = []
    for number, each in enumerate(labels):
        ctx.progress(number, len(labels), f"Comparing on {each.item.clip}")
        series = _series(project, each, predictors, ctx)
        if series is None:
            notes.append(f"{each.item.clip} was left out: it is missing or shows no face.")
            continue
        group = traces.get(each.item.id, [])
        people = sorted({trace.rater for trace in group} - set(lags.aside))
        held = dict(zip(people, side_by_side(group, people, series.times_s, lags.lags_s), strict=True))
        clips.append(ClipSeries(**{**series.__dict__, "raters": held}))
    if not clips:
        raise UserError("No held-out clip can be compared.", " ".join(notes) or "Label clips of more subjects.")
    return compare_series(was.name, now.name, clips, labels=choice.title, notes=notes)


def _fair(labels: list[ItemLabels], was: ModelCard, now: ModelCard) -> tuple[list[ItemLabels], list[str]]:
    """The labels of subjects that both models have never seen.

    Raises:
        UserError: There are none.
    """
    tested, seen_new = held_out(now)
    _, seen_old = held_out(was)

    def name(each: ItemLabels) -> str:
        return each.item.subject or f"clip {each.item.clip}"

    fair = [each for each in labels if name(each) not in seen_new | seen_old]
    if tested:
        fair = [each for each in fair if name(each) in tested] or fair
    if not fair:
        raise UserError(
            "Every labelled subject was used to train one of the two models.", "Label clips of people new to both."
        )
    left = sorted(tested & seen_old)
    notes = [f"{was.name} has learned from {', '.join(left)}: left out."] if left else []
    return fair, notes


def _series(
    project: Project, labels: ItemLabels, predictors: tuple[Predictor, Predictor], ctx: Context
) -> ClipSeries | None:
    """Both models along the target's track; None where the clip is missing or shows no face."""
    item = labels.item
    clip = db.clips.get(project, item.clip_id)
    if not clip.path.is_file():
        return None
    values = []
    times_s = np.zeros(0)
    for predictor in predictors:
        faces = predictor.faces(project, item.clip_id, ctx)
        # Detector and tracker are the same for both: so are the rows.
        rows = faces.rows_of(item.track_no)
        if not len(rows):
            return None
        times_s = faces.times_s[rows]
        values.append(predictor.predict(faces, rows))
    gold = labels.at(times_s).astype(np.float64)
    subject = item.subject or f"clip {clip.name}"
    return ClipSeries(clip.name, clip.id, subject, times_s, gold, values[0], values[1])
