"""The kind of record that each table holds, and the kinds that the statements of a transaction have changed."""

from typing import Any, Final, cast

from sqlalchemy import Connection, Delete, Engine, Insert, Table, Update, event

from app.domain.changes import SOME, Changes, Kind

KIND_OF: Final[dict[str, Kind | None]] = {
    "answer": "answer",
    "audit": None,  # a book about changes, not a change that any view shows
    "clip": "clip",
    "clip_note": "note",
    "consent": "consent",
    "exclusion": "exclusion",
    "face_person": "subject",  # who is seen in items of this face
    "face_track": "run",
    "foreign_measure": "run",
    "gap_reason": "gap_reason",
    "gold": "gold",
    "intensity": "answer",
    "item": "item",
    "measure_run": "run",
    "measure_track": "run",
    "model": "model",
    "note_category": "note_category",
    "played_part": None,  # the desk that plays the clip has it already
    "presentation": "presentation",
    "promotion": "model",
    "rater": "rater",
    "rater_name": "rater",
    "reason_word": "reason_word",
    "review_note": None,  # stands beside the answer or trace that was reviewed
    "run": "run",
    "run_track": "run",
    "setting": "setting",
    "sight": None,  # told by whatever is judged afterwards
    "slot": "slot",
    "span": "run",
    "span_run": "run",
    "study": "study",
    "study_item": "study",
    "study_rater": "study",
    "study_version": "study",
    "subject": "subject",
    "term": None,  # words that answers point to
    "trace": "trace",
    "trace_chunk": "trace",
    "trace_stream": "trace",
    "training_run": "training",
}
"""Table → kind of its records; None where nobody needs to know of a change."""


class Touched:
    """The kinds that the statements on one engine have changed since `clear`, for one transaction at a time.

    Args:
        engine: The engine, all of whose statements are seen, both of the ORM and of the core.
    """

    def __init__(self, engine: Engine) -> None:
        self._kinds: set[Kind] = set()
        event.listen(engine, "after_execute", self._on_execute)

    def clear(self) -> None:
        """Forget what was seen, because a transaction begins."""
        self._kinds.clear()

    @property
    def changes(self) -> Changes:
        """The changes that were seen."""
        return Changes(frozenset((kind, SOME) for kind in self._kinds))

    def add(self, table: str) -> None:
        """Note that a table was changed by a statement that the engine does not see."""
        kind = KIND_OF[table]
        if kind is not None:
            self._kinds.add(kind)

    def _on_execute(self, _connection: Connection, statement: Any, *_: Any) -> None:
        if isinstance(statement, Insert | Update | Delete):
            self.add(cast(Table, statement.table).name)
