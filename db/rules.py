"""The rules on what a rater may see of each table: one home for both guards.

`db.scope` turns them into views of a rater's connection, `db.roles` into row-level security of a server's logins. A
table without a rule cannot be read at all, so a new table stays closed until somebody decides about it.
"""

from typing import Final, Literal

from app.errors import UserError
from db.schema import Base

Rule = Literal["open", "own", "closed"]

_MINE: Final = "rater_id = {me}"
RULES: Final[dict[str, tuple[Rule, str]]] = {
    "alembic_version": ("open", ""),
    "setting": ("open", ""),
    "clip": ("open", ""),
    "subject": ("open", ""),
    "item": ("open", ""),
    "face_track": ("open", ""),  # where the target is
    "face_person": ("open", ""),  # who is seen, as the subject of a clip
    "study": ("open", ""),
    "study_version": ("open", ""),
    "study_item": ("open", ""),
    "term": ("open", ""),
    "rater": ("own", "id = {me}"),
    "study_rater": ("own", _MINE),
    "slot": ("own", _MINE),
    "presentation": ("own", _MINE),
    "answer": ("own", _MINE),
    "intensity": ("own", "answer_id IN (SELECT id FROM {schema}.answer WHERE rater_id = {me})"),
    "trace": ("own", _MINE),
    "trace_chunk": ("own", "trace_id IN (SELECT id FROM {schema}.trace WHERE rater_id = {me})"),
    "trace_stream": ("own", "trace_id IN (SELECT id FROM {schema}.trace WHERE rater_id = {me})"),
    "sight": ("own", "(rater_id = {me} OR rater_id IS NULL)"),
    "rater_name": ("closed", ""),
    "consent": ("closed", ""),
    "clip_note": ("closed", ""),  # notes may lead judgement, as may the names of their categories
    "note_category": ("closed", ""),
    "gap_reason": ("closed", ""),  # it tells what people and the model gave
    "reason_word": ("closed", ""),
    "review_note": ("closed", ""),  # a reason may tell what others answered
    "exclusion": ("closed", ""),
    "gold": ("closed", ""),
    "model": ("closed", ""),
    "run": ("closed", ""),
    "run_track": ("closed", ""),
    "played_part": ("closed", ""),
    "span_run": ("closed", ""),
    "span": ("closed", ""),
    "measure_run": ("closed", ""),
    "measure_track": ("closed", ""),
    "foreign_measure": ("closed", ""),
    "training_run": ("closed", ""),
    "promotion": ("closed", ""),
    "audit": ("closed", ""),
}
"""Table → its rule and, for "own", the condition for the rater's rows. Closed tables look empty."""


def undecided() -> None:
    """Refuse to go on where a table has no rule.

    Raises:
        UserError: A table has none.
    """
    missing = sorted({table.name for table in Base.metadata.sorted_tables} - RULES.keys())
    if missing:
        raise UserError(
            f"It is not decided what raters may see of {', '.join(missing)}.", "Report this: it is a mistake."
        )
