"""The audit log as a table: on a screen, and as CSV."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import db.audit
from app.domain.consent import last_day
from app.domain.project import AuditRecord
from app.domain.spreadsheet import SheetWriter
from app.domain.words import many
from app.results import result
from db.project import Project, Source

COLUMNS: Final = ("number", "time", "actor", "action", "what", "detail")
ALL: Final = 1 << 31
_NAMED: Final = 6
_OF_ITSELF: Final = frozenset({"person", "recorded_at", "recorded_by"})
"""Values of a row that the line's own columns tell."""
_IN_WORDS: Final = frozenset({"title", "undoes"})
"""Facts that the words of a line tell already."""


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
        facts: The facts as people read them, without what only the program can use.
    """

    number: int
    at: float
    actor: str
    action: str
    what: str
    detail: str
    facts: str = ""

    @property
    def when(self) -> str:
        """The time in the local zone, to the second."""
        return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(self.at))


_WORDS: Final = {
    "agreement.open": "Agreement was looked at",
    "blind.open": "A rater's blinding was lifted",
    "archive.make": "An archive was made",
    "export.copy": "Data were copied to the clipboard",
    "export.write": "Data were exported",
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
    "team.add": "A login was given a role",
    "team.begin": "The project was given roles",
    "team.remove": "A login lost its role",
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
    return AuditLine(record.id, record.at, record.actor, record.action, what, told, facts_of(detail))


def facts_of(detail: Mapping[str, Any]) -> str:
    """Return the facts of a line as people read them. Long lists and what an edit changed are counted.

    Example:
        >>> facts_of({"raters": ["R1", "R2"], "study": "demo", "note": "", "rows": {"answer": ["a", "b"]}})
        'raters: R1, R2; study: demo; rows: answer 2'
        >>> facts_of({"title": "Rename clip", "changes": [{"kind": "clip"}]})
        '1 change'
        >>> facts_of({"changes": [{"before": None, "after": {"purpose": "export", "granted": False, "note": ""}}]})
        'purpose: export, granted: no'
    """
    said = []
    for name, value in detail.items():
        if name == "changes" and isinstance(value, list):
            told = "; ".join(words for one in value[:_NAMED] if (words := _changed(one)))
            said.append(told if told and len(value) <= _NAMED else many(len(value), "change"))
        elif name not in _IN_WORDS and (told := _told(value)):
            said.append(f"{name.replace('_', ' ')}: {told}")
    return "; ".join(said)


def _changed(change: Mapping[str, Any]) -> str:
    """Return what one change of an edit made of a row, in words; empty where the log does not keep it."""
    before, after = change.get("before") or {}, change.get("after") or {}
    new = {name: value for name, value in after.items() if value != before.get(name) and name not in _OF_ITSELF}
    dates = {name: last_day(value) for name, value in new.items() if name.endswith("_at") and value is not None}
    told = {name: dates.get(name) or _told(value) for name, value in new.items()}
    return ", ".join(f"{name.removesuffix('_at')}: {words}" for name, words in told.items() if words)


def _told(value: Any) -> str:
    """Return a value in words; empty where it tells nothing."""
    if isinstance(value, Mapping):
        parts = ((key, len(one) if isinstance(one, list) else _told(one)) for key, one in value.items())
        return ", ".join(f"{key} {told}" for key, told in parts if told)
    if isinstance(value, list):
        words = [told for one in value if (told := _told(one))]
        more = f" and {len(words) - _NAMED} more" if len(words) > _NAMED else ""
        return ", ".join(words[:_NAMED]) + more
    if value is None or value == "":
        return ""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


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
