"""Runs two models over the same held-out clips of a project and compares them."""

from dataclasses import replace
from types import TracebackType
from typing import Self

import numpy as np

import db.clips
from app.batch import Failures
from app.domain.analysis import ClipAnalysis
from app.domain.missing import missing_clip
from app.domain.project import ClipRecord
from app.domain.trace_grid import side_by_side
from app.errors import UserError
from app.inference.cards import ModelCard, find_model
from app.jobs import Context
from app.services.labels.faces import face_of
from app.services.models.in_use import card_in_use
from app.services.predict.analyse import Analyser, computed
from app.services.predict.stored import analysis_for
from app.services.retrain.comparison import ClipSeries, Comparison, compare_series
from app.services.retrain.labels import ItemLabels, LabelChoice, labels_of, rater_traces, settled
from db.project import Project


class Curves:
    """The curves of two models on the clips of a project, exactly as `analyze` writes them.

    Stored predictions are read if there are any. Otherwise both models read the same faces, which are found once, and
    nothing is stored.

    Args:
        project: The project with the clips.
        cards: The models.
        device: The device on which they run.
    """

    def __init__(self, project: Project, cards: tuple[ModelCard, ModelCard], device: str) -> None:
        self._project = project
        self._analysers = [Analyser(str(card.folder), device, project_path=project.home) for card in cards]
        self._clip_id, self._found = -1, list[ClipAnalysis]()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _tb: TracebackType | None
    ) -> None:
        for one in self._analysers:
            one.close()

    def of(self, clip: ClipRecord, ctx: Context) -> list[ClipAnalysis]:
        """Return the predictions of both models."""
        if clip.id != self._clip_id:
            known = [analysis_for(self._project, clip, one.key(clip.sha256)) for one in self._analysers]
            missing = [one for one, found in zip(self._analysers, known, strict=True) if found is None]
            made = iter(computed(missing, clip.path, clip.sha256, ctx)) if missing else iter(())
            self._found = [next(made) if found is None else found for found in known]
            self._clip_id = clip.id
        return self._found


def held_out(card: ModelCard) -> tuple[set[str], set[str]]:
    """Return the subjects that a model was tested on, and those that it has seen in training or validation."""
    parts = card.stated("subjects")
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
    """Compare the old model with the new one on subjects that neither was trained on.

    Args:
        project: The project with clips and labels, open for writing if a gold standard may have to be made.
        old: Name or folder of a model; None for the one in use.
        new: Name or folder of the other model.
        ctx: Receives the progress, and can cancel.
        choice: The choice of labels; by default those that the new model was trained on, never shuffled.
        device: The device on which the models run.

    Raises:
        UserError: A model or the labels are missing, or no clip of a subject that neither has seen can be compared.
        Cancelled: The user cancelled.
    """
    was, now = card_in_use(old, project), find_model(new, project.home)
    if choice is None:
        choice = LabelChoice.of({**now.stated("labels"), "shuffle_seed": None})
    choice = settled(project, choice)
    failures = Failures()
    labels, notes = _fair(labels_of(project, choice, failures), was, now)
    traces, lags = rater_traces(project, choice.condition, choice.lag)
    clips = []
    with Curves(project, (was, now), device) as curves:
        for number, each in enumerate(labels):
            ctx.progress(number, len(labels), f"Comparing on {each.item.clip}")
            series = None
            with failures.of(each.item.clip):
                series = _series(project, each, curves, ctx)
                if series is None:
                    notes.append(f"{each.item.clip} was left out: it does not show the judged face.")
            if series is None:
                continue
            group = traces.get(each.item.id, [])
            people = sorted({trace.rater for trace in group} - set(lags.aside))
            held = dict(zip(people, side_by_side(group, people, series.times_s, lags.lags_s), strict=True))
            clips.append(replace(series, raters=held))
    if not clips:
        why = [*notes, *(error.what for error in failures.errors)]
        raise UserError("No held-out clip can be compared.", " ".join(why) or "Label clips of more subjects.")
    found = compare_series(was.name, now.name, clips, labels=choice.title, notes=notes)
    return replace(found, failed=tuple(failures.as_json()), device=device)


def _fair(labels: list[ItemLabels], was: ModelCard, now: ModelCard) -> tuple[list[ItemLabels], list[str]]:
    """Return the labels of subjects that both models have never seen.

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


def _series(project: Project, labels: ItemLabels, curves: Curves, ctx: Context) -> ClipSeries | None:
    """Return both models on the judged face; None where the clip does not show it.

    Raises:
        UserError: The clip is missing or cannot be read.
    """
    item = labels.item
    clip = db.clips.get(project, item.clip_id)
    if not clip.path.is_file():
        raise missing_clip(clip.name)
    analyses = curves.of(clip, ctx)
    faces = [face_of(project, analysis, item) for analysis in analyses]
    if any(face is None or not len(face) for face in faces):
        return None
    was, now = (face for face in faces if face is not None)
    # Stored predictions may be older than the tracker: only frames that both have are compared.
    _, old_rows, new_rows = np.intersect1d(was.frame_idx, now.frame_idx, return_indices=True)
    times_s = was.times_s[old_rows]
    gold = labels.at(times_s).astype(np.float64)
    subject = item.subject or f"clip {clip.name}"
    old, new = was.smooth[old_rows].astype(np.float64), now.smooth[new_rows].astype(np.float64)
    frames_s = analyses[0].times_s
    begins_s = float(frames_s[0]) if len(frames_s) else 0.0
    return ClipSeries(clip.name, clip.id, subject, times_s, gold, old, new, begins_s=begins_s)
