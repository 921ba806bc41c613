"""Tables as LaTeX in APA style: booktabs' three rules, with the note beneath by threeparttable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.domain.latex import latex_text
from app.domain.tables import Table
from app.interchange.apa import MINUS, ApaTable, apa_tables

_LONG: Final = 60
"""Cells with more characters are wrapped."""


def latex_of(tables: Sequence[Table]) -> str:
    r"""Return tables as LaTeX, to be read by `\input`.

    Example:
        >>> from app.interchange.apa import example
        >>> print(latex_of([example()]).splitlines()[10])
        happy & 40 & .75 & $<$ .001 \\
    """
    head = "% \\usepackage{booktabs,threeparttable}"
    return "\n".join([head, *(_one(table) for table in apa_tables(tables))]) + "\n"


def _one(table: ApaTable) -> str:
    def line(cells: Sequence[str]) -> str:
        return " & ".join(_cell(cell) for cell in cells) + r" \\"

    long = [any(len(row[at]) > _LONG for row in table.rows) for at in range(len(table.head))]
    align = "".join(
        "p{0.4\\textwidth}" if wrapped else "l" if words else "c"
        for words, wrapped in zip(table.words, long, strict=True)
    )
    note = [
        r"\begin{tablenotes}[flushleft]\footnotesize", rf"\item \textit{{Note.}} {_cell(table.note)}",
        r"\end{tablenotes}",
    ]  # fmt: skip
    return "\n".join(
        [
            r"\begin{table}[htbp]",
            r"\centering",
            r"\begin{threeparttable}",
            rf"\caption{{{_cell(table.title)}}}",
            rf"\label{{tab:{table.number}}}",
            rf"\begin{{tabular}}{{{align}}}",
            r"\toprule",
            line(table.head),
            r"\midrule",
            *(line(row) for row in table.rows),
            r"\bottomrule",
            r"\end{tabular}",
            *(note if table.note else []),
            r"\end{threeparttable}",
            r"\end{table}",
        ]
    )


def _cell(text: str) -> str:
    return latex_text(text).replace("<", "$<$").replace(MINUS, "$-$").replace("\u221e", r"$\infty$")
