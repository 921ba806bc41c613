"""The audit log as a table: on a screen, and as CSV."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import db.audit
from app.domain.project import AuditRecord
from app.domain.spreadsheet import SheetWriter
from app.results import result
from db.project import Project, Source

COLUMNS: Final = ("number", "time", "actor", "action", "what", "detail")
ALL: Final = 1 << 31


@dataclass(frozen=True)
class AuditLine:
    """A line of the audit log.

    Attributes:
        number: Its number.
        at: When, seconds since the epoch.
        actor: Code of the person; empty for whoever ran the program.
        action: The stored name of the action.
        what: The same in words, as far as there are some.
        detail: The facts, as JSON.
    """

    number: int
    at: float
    actor: str
    action: str
    what: str
    detail: str

    @property
    def when(self) -> str:
        """The time in the local zone, to the second."""
        return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(self.at))


_WORDS: Final = {
    "agreement.open": "Agreement was looked at",
    "blind.open": "A rater's blinding was lifted",
    "exchange.import": "Labels were imported",
    "exchange.undo": "An import was taken back",
    "gold.add": "A gold standard was made",
    "kit.make": "A kit was made",
    "kit.merge": "Work of a kit was brought back",
    "labels.import": "Tables of labels were imported",
    "model.promote": "A model was put to use",
    "model.rollback": "A model was taken back",
    "project.copied_without_log": "The project was copied while it was open",
    "rater.name": "The name behind a code was changed",
    "rescue.store": "Rescued answers were stored",
    "rights.erase": "A person was erased",
    "sitting.check": "Sound and screen were checked",
    "study.save": "A study was saved",
    "study.simulate": "Raters were simulated",
}


def lines(source: Source, limit: int = ALL) -> list[AuditLine]:
    """Return the audit log, newest first.

    Args:
        source: The project, or a session of it.
        limit: Largest number of lines.
    """
    return [_line(record) for record in db.audit.recent(source, limit=limit)]


def _line(record: AuditRecord) -> AuditLine:
    detail: dict[str, Any] = record.detail
    what = _WORDS.get(record.action, "")
    if record.action == "edit.apply":
        what = f"{'Undone: ' if detail.get('undoes') else ''}{detail.get('title', '')}"
    told = json.dumps(detail, ensure_ascii=False, sort_keys=True)
    return AuditLine(record.id, record.at, record.actor, record.action, what, told)


def write_log(project: Project, path: Path) -> int:
    """Write the whole audit log as CSV, oldest first, and return the number of lines.

    Raises:
        UserError: A file is in the way that this program did not write, or it cannot be written.
    """
    found = lines(project)[::-1]
    with result(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = SheetWriter(file)
        writer.writerow(COLUMNS)
        for one in found:
            stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(one.at))
            writer.writerow([one.number, stamp, one.actor, one.action, one.what, one.detail])
    return len(found)
