"""The registry of models, trainings, and which model is in use."""

from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.project import (
    ModelOrigin,
    ModelRecord,
    PromotionRecord,
    TrainingRecord,
    TrainingStatus,
)
from app.errors import UserError
from db import audit
from db.project import Source, reading, writing
from db.schema import Model, Promotion, TrainingRun, now


def _record(row: Model) -> ModelRecord:
    return ModelRecord(row.id, row.name, row.sha256, row.card, cast(ModelOrigin, row.origin), row.added_at)


def add(source: Source, name: str, sha256: str, card: str, origin: ModelOrigin) -> ModelRecord:
    """Register a model, or return the known one of this name and hash.

    Args:
        source: The project, or a session of it.
        name: Name in its card.
        sha256: SHA-256 of its file.
        card: The present text of card.toml, which explains old predictions when the file is gone.
        origin: The origin of the model.
    """
    with writing(source) as session:
        row = session.scalar(select(Model).where(Model.name == name, Model.sha256 == sha256))
        if row is None:
            row = Model(name=name, sha256=sha256, card=card, origin=origin)
            session.add(row)
            session.flush()
        return _record(row)


def every(source: Source) -> list[ModelRecord]:
    """Return every model that the project has known, oldest first."""
    with reading(source) as session:
        return [_record(row) for row in session.scalars(select(Model).order_by(Model.id))]


def by_name(source: Source, name: str) -> ModelRecord | None:
    """Return the newest model of this name; None where there is none."""
    with reading(source) as session:
        row = session.scalar(select(Model).where(Model.name == name).order_by(Model.id.desc()).limit(1))
        return None if row is None else _record(row)


def in_use(source: Source, role: str = "frame") -> ModelRecord | None:
    """Return the model promoted for a role; None for the shipped default."""
    with reading(source) as session:
        stack = _stack(session, role)
        return _record(session.get_one(Model, stack[-1])) if stack else None


def _stack(session: Session, role: str) -> list[int]:
    """Return the models promoted and not rolled back, oldest first."""
    stack: list[int] = []
    query = select(Promotion.action, Promotion.model_id).where(Promotion.role == role).order_by(Promotion.id)
    for action, model_id in session.execute(query):
        if action == "promote" and model_id is not None:
            stack.append(model_id)
        elif stack:
            stack.pop()
    return stack


def promote(
    source: Source,
    model_id: int,
    role: str = "frame",
    *,
    comparison: dict[str, Any] | None = None,
    training_run_id: int | None = None,
    actor: str = "",
) -> PromotionRecord:
    """Make a model the one in use, with a line in the audit log.

    Args:
        source: The project, or a session of it.
        model_id: Number of the model.
        role: The purpose for which it is used.
        comparison: The comparison of old and new with intervals, which is the reason for the promotion.
        training_run_id: Number of the training that made it; None for an installed model.
        actor: Code of the person who did it.
    """
    with writing(source) as session:
        stack = _stack(session, role)
        row = Promotion(
            role=role,
            action="promote",
            model_id=session.get_one(Model, model_id).id,
            replaced_id=stack[-1] if stack else None,
            training_run_id=training_run_id,
            comparison=comparison or {},
            actor=actor,
        )
        return _write(session, row, actor)


def rollback(source: Source, role: str = "frame", *, actor: str = "") -> PromotionRecord:
    """Go back to the model that was in use before; the first one is the shipped default.

    Raises:
        UserError: No model was promoted.
    """
    with writing(source) as session:
        stack = _stack(session, role)
        if not stack:
            raise UserError("No model was promoted, so there is nothing to roll back.", "Promote a model first.")
        before = stack[-2] if len(stack) > 1 else None
        row = Promotion(
            role=role, action="rollback", model_id=before, replaced_id=stack[-1], comparison={}, actor=actor
        )
        return _write(session, row, actor)


def _write(session: Session, row: Promotion, actor: str) -> PromotionRecord:
    session.add(row)
    session.flush()
    done = _promotion(session, row)
    detail = {
        "role": row.role,
        "model": None if done.model is None else [done.model.name, done.model.sha256],
        "replaced": None if done.replaced is None else [done.replaced.name, done.replaced.sha256],
    }
    audit.add(session, f"model.{row.action}", detail, actor)
    return done


def _promotion(session: Session, row: Promotion) -> PromotionRecord:
    def model(number: int | None) -> ModelRecord | None:
        return None if number is None else _record(session.get_one(Model, number))

    return PromotionRecord(
        id=row.id,
        role=row.role,
        action="promote" if row.action == "promote" else "rollback",
        model=model(row.model_id),
        replaced=model(row.replaced_id),
        training_run_id=row.training_run_id,
        comparison=dict(row.comparison),
        actor=row.actor,
        at=row.at,
    )


def promotions(source: Source, role: str | None = None) -> list[PromotionRecord]:
    """Return every change of the model in use, newest first."""
    query = select(Promotion).order_by(Promotion.id.desc())
    with reading(source) as session:
        rows = session.scalars(query if role is None else query.where(Promotion.role == role))
        return [_promotion(session, row) for row in rows]


def _training(session: Session, row: TrainingRun) -> TrainingRecord:
    return TrainingRecord(
        id=row.id,
        uid=row.uid,
        recipe=row.recipe,
        parameters=dict(row.parameters),
        snapshot_sha256=row.snapshot_sha256,
        snapshot=dict(row.snapshot),
        seed=row.seed,
        status=cast(TrainingStatus, row.status),
        folder=row.folder,
        metrics=dict(row.metrics),
        note=row.note,
        model=None if row.model_id is None else _record(session.get_one(Model, row.model_id)),
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )


def add_training(
    source: Source,
    recipe: str,
    parameters: dict[str, Any],
    *,
    snapshot_sha256: str,
    snapshot: dict[str, Any],
    seed: int,
    folder: str = "",
) -> TrainingRecord:
    """Queue a training.

    Args:
        source: The project, or a session of it.
        recipe: Name of the recipe.
        parameters: All parameters that were chosen.
        snapshot_sha256: SHA-256 of the frozen data.
        snapshot: A description of these data: items, condition, gold standard or rater, split by subject.
        seed: Seed of all its randomness.
        folder: The folder that it writes to.
    """
    with writing(source) as session:
        row = TrainingRun(
            recipe=recipe,
            parameters=parameters,
            snapshot_sha256=snapshot_sha256,
            snapshot=snapshot,
            seed=seed,
            status="queued",
            folder=folder,
        )
        session.add(row)
        session.flush()
        return _training(session, row)


def update_training(
    source: Source,
    training_id: int,
    status: TrainingStatus,
    *,
    metrics: dict[str, Any] | None = None,
    model_id: int | None = None,
    note: str | None = None,
    snapshot_sha256: str | None = None,
) -> TrainingRecord:
    """Record the progress of a training. The status sets the times of start and end; None leaves a value as it is."""
    with writing(source) as session:
        row = session.get_one(TrainingRun, training_id)
        row.status = status
        if status == "running":
            row.started_at, row.finished_at = row.started_at or now(), None
        elif status != "queued":
            row.finished_at = row.finished_at or now()
        if metrics is not None:
            row.metrics = metrics
        if model_id is not None:
            row.model_id = model_id
        if note is not None:
            row.note = note
        if snapshot_sha256 is not None:
            row.snapshot_sha256 = snapshot_sha256
        session.flush()
        return _training(session, row)


def annotate_training(source: Source, training_id: int, sentence: str) -> None:
    """Add a sentence to the note of a training, unless it is there."""
    with writing(source) as session:
        row = session.get_one(TrainingRun, training_id)
        if sentence not in row.note:
            row.note = f"{row.note} {sentence}".strip()


def trainings(source: Source) -> list[TrainingRecord]:
    """Return every training, newest first."""
    with reading(source) as session:
        rows = session.scalars(select(TrainingRun).order_by(TrainingRun.id.desc()))
        return [_training(session, row) for row in rows]


def training_of(source: Source, name: str, sha256: str) -> TrainingRecord | None:
    """Return the training that made a model; None if none of this project did.

    Two trainings on the same data make the same file. The newest one of the model's name counts, and for a model that
    was copied under another name the newest one of its file.

    Args:
        source: The project, or a session of it.
        name: Name of the model.
        sha256: SHA-256 of its main file.
    """
    made = [each for each in trainings(source) if each.model is not None and each.model.sha256 == sha256]
    return next((each for each in made if each.model is not None and each.model.name == name), next(iter(made), None))
