"""A report as a document for print: findings and one figure first, then the parts, and at the end what is undefined."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from app.agreement.tables import ResultTable
from app.domain.document import Document, Drawn, Grid, NewPage, Part, Words

if TYPE_CHECKING:
    from app.agreement.page import ReportParts

_NUMBER: Final = re.compile(r"[–<>≤]?\s*[+\-−]?[\d.,]*(e-?\d+)?( ?\[[^\]]*\])?( ?%)?")
_KEYS: Final = frozenset(
    {"condition", "emotion", "category", "dimension", "a", "b", "rater", "item", "name", "of", "what", "measure"}
)


def grid_of(table: ResultTable) -> Grid:
    """Return a table of results for print.

    Args:
        table: The table, already in people's words.

    Example:
        >>> grid_of(ResultTable("Alpha", ("emotion", "alpha"), (("Happy", "0.500 [0.1, 0.8]"),))).numbers
        (False, True)
    """
    rows = tuple(tuple(row) for row in table.shown())
    numbers = tuple(
        any(row[at] for row in rows) and all(_NUMBER.fullmatch(row[at]) is not None for row in rows)
        for at in range(len(table.header))
    )
    keys = 0
    while keys < len(table.header) and table.header[keys] in _KEYS:
        keys += 1
    return Grid(table.title, table.header, rows, numbers, max(keys, 1))


def document_of(report: ReportParts) -> Document:
    """Return a report as a document.

    Args:
        report: The parts of the report.

    Example:
        >>> from app.agreement.example import report as made
        >>> from app.agreement.page import report_parts
        >>> found = document_of(report_parts(made(), title="Eight clips", findings=["Raters agree."]))
        >>> found.title, [part.text for part in found.parts if isinstance(part, Words)][:2]
        ('Eight clips', ['Eight clips', 'Raters agree.'])
    """
    parts: list[Part] = [Words(report.title, "title")]
    if report.source:
        parts.append(Words(report.source, "source"))
    parts += [Words(sentence, "point") for sentence in report.findings]
    parts += [Words(warning, "warning") for warning in report.warnings]
    if report.key_figure is not None:
        caption, figure = report.key_figure
        parts.append(Drawn(figure, caption, 0.5))
    first = True
    for section in report.sections:
        tables = [table for table in section.tables if table.rows]
        if not (section.text or section.figures or tables):
            continue
        parts += [NewPage()] if first and (report.findings or report.key_figure) else []
        first = False
        parts.append(Words(section.title, "heading"))
        parts += [Words(text) for text in section.text]
        parts += [Drawn(figure, caption, 0.45) for caption, figure in section.figures]
        parts += [grid_of(table) for table in tables]
    parts += _end(report)
    return Document(report.title, tuple(parts))


def _end(report: ReportParts) -> Sequence[Part]:
    parts: list[Part] = []
    if report.methods:
        parts += [Words("Methods", "heading"), *(Words(sentence) for sentence in report.methods)]
    if report.undefined:
        parts.append(Words("Not defined, and why", "heading"))
        for reason, which in report.undefined:
            parts.append(Words(f"{reason[:1].upper()}{reason[1:]}", "subheading"))
            parts += [Words(one, "point") for one in which]
    if report.provenance:
        rows = tuple((what, value) for what, value in report.provenance)
        parts += [Words("Provenance", "heading"), Grid("", ("what", "value"), rows, (False, False))]
    return parts
