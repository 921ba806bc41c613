"""What saving an answer costs, counted and not timed: statements, commits, pages of the log, compiled statements.

An answer is saved by one commit, which waits for the disk once. Whoever adds a statement or an index to it finds the
new number here, and decides whether it is worth a rater's time.
"""

from collections import Counter

from sqlalchemy.sql.compiler import SQLCompiler

from app.services.study.session import AnnotateSession
from tests.study.helpers import SEEN, full_answer, make_study

PAGE = 4096 + 24
"""Bytes of a page in the log, with its header."""
HEADER = 32


class Costs:
    """Counts what the writing connection of a project does while it is switched on."""

    def __init__(self, project, monkeypatch):
        self._project = project
        self.kinds = Counter()
        self.statements = 0
        self.compiled = 0
        self._wal = project.path.with_name(project.path.name + "-wal")
        with project.write():
            pass
        # The same connection for as long as the project is open: the pool of writers has one.
        connection = project._writer.raw_connection()  # noqa: SLF001
        connection.driver_connection.set_trace_callback(self._on_statement)
        connection.close()
        real = SQLCompiler.__init__

        def counted(compiler, *args, **named):
            self.compiled += 1
            real(compiler, *args, **named)

        monkeypatch.setattr(SQLCompiler, "__init__", counted)

    def _on_statement(self, text):
        self.statements += 1
        self.kinds[text.split(None, 1)[0].upper()] += 1

    def is_durable(self):
        """Whether commits wait until the disk has them."""
        connection = self._project._writer.raw_connection()  # noqa: SLF001
        (level,) = connection.driver_connection.execute("PRAGMA synchronous").fetchone()
        connection.close()
        return level == 2

    def reset(self):
        """Count from 0."""
        self.kinds.clear()
        self.statements = self.compiled = 0
        self._before = self.pages()

    def pages(self):
        """How many pages the log has."""
        return max(self._wal.stat().st_size - HEADER, 0) // PAGE

    @property
    def written(self):
        """How many pages were written since `reset`; the log is emptied more rarely than that."""
        return self.pages() - self._before


def test_an_answer_is_one_commit_of_few_statements_and_pages(project, items, monkeypatch):
    make_study(project, items, passes=4)
    with AnnotateSession(project, "R01") as session:
        costs = Costs(project, monkeypatch)
        for number in range(6):
            task = session.current()
            session.begin(task)
            costs.reset()
            session.submit(full_answer(session.study), SEEN, task=task)
            if number < 2:
                continue  # the first ones compile what is compiled once
            assert costs.kinds["COMMIT"] == costs.kinds["BEGIN"] == 1
            assert not costs.kinds["PRAGMA"], "how long commits wait is not changed for an answer"
            assert costs.statements <= 60, costs.kinds  # 56 when this was written: 9 emotions, and a digest of each row
            assert costs.written <= 9  # 7
            assert costs.compiled == 0, "a statement was put together anew: see db/prepared.py"
        assert costs.is_durable()


def test_beginning_a_task_is_one_commit_too(project, items, monkeypatch):
    make_study(project, items, passes=4)
    with AnnotateSession(project, "R01") as session:
        costs = Costs(project, monkeypatch)
        for number in range(4):
            task = session.current()
            costs.reset()
            session.begin(task)
            if number >= 2:
                assert costs.kinds["COMMIT"] == 1
                assert costs.statements <= 12, costs.kinds
                assert costs.written <= 10  # 8
                assert costs.compiled == 0
            session.submit(full_answer(session.study), SEEN, task=task)
