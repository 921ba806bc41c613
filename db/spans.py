"""Verdicts of models of categories. Each clip, model and set of parameters has one run of them."""

import numpy as np
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domain.analysis import ClipAnalysis, RunKey
from app.domain.spans import ClipVerdicts, ItemVerdict, WindowVerdicts
from db import tracks
from db.blobs import pack, unpack
from db.project import Project, Source, reading
from db.runs import key_hash
from db.schema import FaceTrack, Span, SpanRun

ITEM, WINDOWS = "item", "windows"
"""The two kinds of spans: whole items and windows."""


def save(project: Project, clip_id: int, analysis: ClipAnalysis, verdicts: ClipVerdicts) -> None:
    """Store the verdicts of a model on a clip, as a whole or not at all; older ones with the same key are replaced.

    Args:
        project: The project, open for writing.
        clip_id: Number of the clip.
        analysis: The predictions whose face tracks the verdicts name.
        verdicts: The verdicts.
    """
    owner = [each.track_id for each in verdicts.items] + [each.track_id for each in verdicts.windows]
    geometry = {track.track_id: tracks.packed(track) for track in analysis.tracks if track.track_id in owner}
    rows = [_item(each) for each in verdicts.items] + [_windows(each) for each in verdicts.windows]
    key = key_hash(verdicts.key)
    with project.write() as session:
        session.execute(delete(SpanRun).where(SpanRun.key_sha256 == key))
        run = SpanRun(
            clip_id=clip_id,
            key_sha256=key,
            media_sha256=verdicts.key.media_sha256,
            model=verdicts.key.model,
            model_sha256=verdicts.key.model_sha256,
            parameters=verdicts.key.parameters,
            provider=verdicts.provider,
            classes=list(verdicts.classes),
            window_s=verdicts.window_s,
            stride_s=verdicts.stride_s,
            n_spans=len(rows),
        )
        session.add(run)
        session.flush()
        stored = {number: tracks.stored(session, clip_id, row) for number, row in geometry.items()}
        for row, number in zip(rows, owner, strict=True):
            row.span_run_id, row.track_id = run.id, stored[number]
            session.add(row)


def _item(verdict: ItemVerdict) -> Span:
    known = len(verdict.evidence) > 0
    return Span(
        kind=ITEM,
        start_s=pack(np.array([verdict.start_s], np.float64)),
        end_s=pack(np.array([verdict.end_s], np.float64)),
        probabilities=pack(verdict.probabilities.astype(np.float32)[None]),
        evidence_s=pack(verdict.evidence_s.astype(np.float64)) if known else None,
        evidence=pack(verdict.evidence.astype(np.float32)) if known else None,
    )


def _windows(verdicts: WindowVerdicts) -> Span:
    return Span(
        kind=WINDOWS,
        start_s=pack(verdicts.start_s.astype(np.float64)),
        end_s=pack(verdicts.end_s.astype(np.float64)),
        probabilities=pack(verdicts.probabilities.astype(np.float32)),
    )


def find(source: Source, key: RunKey) -> ClipVerdicts | None:
    """Return the stored verdicts of a key; None where there are none.

    Raises:
        BlobError: The bytes of the verdicts are damaged.
    """
    with reading(source) as session:
        run = session.scalar(select(SpanRun).where(SpanRun.key_sha256 == key_hash(key)))
        return None if run is None else _load(session, run)


def newest(source: Source, clip_id: int, model_sha256: str) -> ClipVerdicts | None:
    """Return the newest verdicts of a model on a clip; None where there are none.

    Args:
        source: The project, or a session of it.
        clip_id: Number of the clip.
        model_sha256: Hash of the model's main file.

    Raises:
        BlobError: The bytes of the verdicts are damaged.
    """
    query = select(SpanRun).where(SpanRun.clip_id == clip_id, SpanRun.model_sha256 == model_sha256)
    with reading(source) as session:
        run = session.scalar(query.order_by(SpanRun.id.desc()).limit(1))
        return None if run is None else _load(session, run)


def of_clip(source: Source, clip_id: int) -> list[ClipVerdicts]:
    """Return the newest verdicts of each model on a clip.

    Raises:
        BlobError: The bytes of the verdicts are damaged.
    """
    query = select(SpanRun).where(SpanRun.clip_id == clip_id).order_by(SpanRun.id.desc())
    with reading(source) as session:
        runs = {run.model_sha256: run for run in reversed(session.scalars(query).all())}
        return [_load(session, run) for run in runs.values()]


def clips_of(source: Source, model_sha256: str) -> set[int]:
    """Return the numbers of the clips that have verdicts of a model."""
    with reading(source) as session:
        return set(session.scalars(select(SpanRun.clip_id).where(SpanRun.model_sha256 == model_sha256)))


def _load(session: Session, run: SpanRun) -> ClipVerdicts:
    query = select(Span, FaceTrack.track_no).join(FaceTrack, Span.track_id == FaceTrack.id)
    items: list[ItemVerdict] = []
    windows: list[WindowVerdicts] = []
    for row, number in session.execute(query.where(Span.span_run_id == run.id).order_by(Span.id)):
        start_s, end_s, said = unpack(row.start_s), unpack(row.end_s), unpack(row.probabilities)
        if row.kind == WINDOWS:
            windows.append(WindowVerdicts(number, start_s, end_s, said))
            continue
        evidence_s = np.zeros(0, np.float64) if row.evidence_s is None else unpack(row.evidence_s)
        evidence = np.zeros(0, np.float32) if row.evidence is None else unpack(row.evidence)
        items.append(ItemVerdict(number, float(start_s[0]), float(end_s[0]), said[0], evidence_s, evidence))
    return ClipVerdicts(
        RunKey(run.media_sha256, run.model, run.model_sha256, run.parameters),
        run.provider,
        tuple(run.classes),
        run.window_s,
        run.stride_s,
        tuple(items),
        tuple(windows),
    )
