"""Whether what the window asks of a project while a rater is at work depends on anything but the rater's own rows.

SQLite tells every statement that runs on the connections that see everything, with its values and those of triggers.
Each is asked again twice: of the whole project, and through the rater's own view (`db.scope`), which holds no
prediction and nobody else's label. Where both answers are the same, nothing else can have been learned.
"""

import re

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from db.presence import _EVERY as WHO_HAS_IT_OPEN
from db.scope import RaterView

ROUNDS = 4
TOLD = re.compile(r"^\s*(?:SELECT|WITH)\b", re.IGNORECASE)


class OwnEyes:
    """Listens to the connections of an open project.

    Args:
        project: As the window has it open.
    """

    def __init__(self, project):
        self.project = project
        self._noted = []
        self._asking = False
        self.looked_at = set()
        self._engines = [project.reader, project._writer]  # noqa: SLF001 — the connections that see everything

    def __enter__(self):
        for engine in self._engines:
            event.listen(engine, "checkout", self._on_checkout)
        return self

    def __exit__(self, *_):
        for engine in self._engines:
            event.remove(engine, "checkout", self._on_checkout)

    def forget(self):
        """Nobody was at work so far."""
        self._noted.clear()

    def seen_more(self, rater_id):
        """The statements since the last look whose answer the rater's own view does not give."""
        noted, self._noted = {one for one in self._noted if TOLD.match(one)}, []
        noted.discard(WHO_HAS_IT_OPEN)  # the file's own register of programs, which a view does not hold
        self.looked_at |= {_shape(one) for one in noted}
        if not noted:
            return []
        self._asking = True
        try:
            with RaterView(self.project, rater_id) as view:
                for _ in range(ROUNDS):  # what is written between the two questions is no difference
                    with view.read() as own, self.project.read() as whole:
                        noted = {one for one in noted if _answer(own, one) != _answer(whole, one)}
            return sorted(noted)
        finally:
            self._asking = False

    def _on_checkout(self, connection, _record, _proxy):
        connection.set_trace_callback(self._note)

    def _note(self, statement):
        if not self._asking:
            self._noted.append(statement)


def _answer(session, statement):
    # Check sums are made of rows by number in the file's own tables, which a view has under other names.
    statement = re.sub(r'\bmain\.(?=")', "", statement).replace("WHERE rowid =", "WHERE id =")
    try:
        return session.connection().exec_driver_sql(statement).all()
    except DBAPIError as refused:  # what the view refuses is another answer than any
        return f"refused: {refused}"


def _shape(statement):
    return re.sub(r"'[^']*'|\b\d+(?:\.\d+)?\b", "?", statement)
