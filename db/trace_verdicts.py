"""Verdicts on practised and checked traces, which stand among the measures of each trace (`app.domain.bands`)."""

from dataclasses import dataclass
from typing import cast

from sqlalchemy import select

from app.domain.bands import PASSED
from app.domain.study import Purpose, TaskKind
from db.project import Source, reading
from db.schema import Presentation, Rater, Trace


@dataclass(frozen=True)
class TraceVerdict:
    """A trace that a person gave on a practice clip or an attention check and kept.

    Attributes:
        passed: Whether its means were in the expected band; None where nothing was expected.
    """

    rater_id: int
    purpose: Purpose
    item_id: int
    condition: str
    kind: TaskKind
    check: str
    passed: bool | None


def every(source: Source, study_id: int) -> list[TraceVerdict]:
    """List the verdicts of a study, oldest first.

    Args:
        source: The project, or a session of it, to read from.
        study_id: Number of the study.
    """
    query = (
        select(Presentation, Trace.quality)
        .join(Trace, Presentation.trace_id == Trace.id)
        .join(Rater, Trace.rater_id == Rater.id)
        .where(Presentation.study_id == study_id, Presentation.purpose != "main", Presentation.outcome == "answered")
        .where(Trace.status == "finished", ~Rater.simulated)
        .order_by(Presentation.id)
    )
    with reading(source) as session:
        return [
            TraceVerdict(
                shown.rater_id, cast(Purpose, shown.purpose), shown.item_id or 0, shown.condition,
                cast(TaskKind, shown.kind), shown.check_name, quality.get(PASSED),
            )
            for shown, quality in session.execute(query)
        ]  # fmt: skip


def of_checks(source: Source, study_id: int) -> list[tuple[int, bool]]:
    """Return (rater's number, whether it passed) of each attention check of a study that was traced."""
    found = every(source, study_id)
    return [(one.rater_id, one.passed) for one in found if one.purpose == "attention" and one.passed is not None]
