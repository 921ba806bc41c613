"""The report as plain tables, for CSV, LaTeX and the page."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.agreement.estimate import Estimate
from app.agreement.provenance import Provenance
from app.agreement.report import AgreementReport
from app.domain.latex import latex_text
from app.domain.spreadsheet import SheetWriter

Cell = str | int | float

ROUNDING = 1e-9
"""What is smaller is the rounding of a nought; the smallest p of 10 000 sign flips is 1e-4."""


@dataclass(frozen=True)
class ResultTable:
    """A table of results.

    Attributes:
        title: one line above the table.
        header: column names.
        rows: cells; NaN floats are undefined values.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def shown(self) -> list[list[str]]:
        """Return rows as text for people: three decimals (one digit of what is smaller), a dash for undefined."""
        return [[shown(c) for c in row] for row in self.rows]

    def text_columns(self) -> list[bool]:
        """Return which columns hold words."""
        return [any(isinstance(row[i], str) for row in self.rows) for i in range(len(self.header))]


def shown(cell: Cell) -> str:
    """Return a cell for people's eyes, with a real minus sign.

    Example:
        >>> shown(0.12345), shown(-0.5), shown(float("nan")), shown("happy")
        ('0.123', '−0.500', '–', 'happy')
    """
    if isinstance(cell, float):
        if abs(cell) < ROUNDING:
            return "0.000"
        # A small p is not nought.
        text = "–" if math.isnan(cell) else f"{cell:.1g}" if abs(cell) < 0.0005 else f"{cell:.3f}"
        return text.replace("-", "−")
    return str(cell).replace("-", "−") if isinstance(cell, int) else str(cell)


def _ends(e: Estimate) -> tuple[float, float, float]:
    return e.value, e.low, e.high


def emotion_table(report: AgreementReport) -> ResultTable:
    """Tabulate intensities: one row per condition and emotion.

    Example:
        >>> from app.agreement.example import report
        >>> table = emotion_table(report())
        >>> len(table.rows), table.header[:3], table.rows[0][:3]
        (4, ('condition', 'emotion', 'disagreement'), ('face_only', 'happy', 0.625))
    """
    header = (
        "condition", "emotion", "disagreement", "low", "high", "disagreement_population", "prevalence",
        "raw_agreement", "alpha_ordinal", "alpha_ordinal_low", "alpha_ordinal_high", "alpha_interval",
        "alpha_interval_low", "alpha_interval_high", "n_items", "n_raters", "n_ratings",
    )  # fmt: skip
    rows = tuple(
        (
            r.condition, r.emotion, *_ends(r.disagreement), r.disagreement_population.value, r.prevalence.value,
            r.agreement.value, *_ends(r.alpha_ordinal), *_ends(r.alpha_interval), r.disagreement.n_items,
            r.disagreement.n_raters, r.disagreement.n_ratings,
        )
        for r in report.emotions
    )  # fmt: skip
    return ResultTable("Disagreement and reliability of intensities", header, rows)


def category_table(report: AgreementReport) -> ResultTable:
    """Tabulate categories: one row per condition, then one per condition and category.

    Example:
        >>> from app.agreement.example import report
        >>> table = category_table(report())
        >>> len(table.rows), table.header[:3], [row[:2] for row in table.rows[:2]]
        (8, ('condition', 'category', 'disagreement'), [('face_only', '(all)'), ('face_only', 'sad')])
    """
    header = (
        "condition", "category", "disagreement", "low", "high", "prevalence", "alpha_nominal", "alpha_nominal_low",
        "alpha_nominal_high", "fleiss_kappa", "fleiss_low", "fleiss_high", "n_items", "n_ratings",
    )  # fmt: skip
    no_kappa = (float("nan"),) * 3
    rows: list[tuple[Cell, ...]] = []
    for r in report.categories:
        n = (r.disagreement.n_items, r.disagreement.n_ratings)
        rows.append(
            (r.condition, "(all)", *_ends(r.disagreement), 1.0, *_ends(r.alpha_nominal), *_ends(r.fleiss_kappa), *n)
        )
        rows += [
            (
                r.condition, c.category, *_ends(c.disagreement), c.prevalence.value, *_ends(c.alpha_nominal), *no_kappa,
                *n,
            )
            for c in r.each
        ]  # fmt: skip
    return ResultTable("Disagreement and reliability of categories", header, tuple(rows))


def pair_table(report: AgreementReport) -> ResultTable:
    """Tabulate the comparisons of conditions; differences are a - b.

    Example:
        >>> from app.agreement.example import report
        >>> table = pair_table(report())
        >>> table.header[:4], [row[3] for row in table.rows]
        (('a', 'b', 'kind', 'emotion'), ['happy', 'sad', 'sad', 'neutral', 'happy', '(all)'])
    """
    header = (
        "a", "b", "kind", "emotion", "difference", "low", "high", "p", "p_adjusted", "p_holm", "d_z", "rank_biserial",
        "prevalence_adjusted", "delta_alpha", "delta_alpha_low", "delta_alpha_high", "alpha", "n_items", "n_clusters",
        "prevalence_adjusted_low", "prevalence_adjusted_high", "p_prevalence_holm", "d_z_low", "d_z_high",
        "rank_biserial_low", "rank_biserial_high", "smallest_p", "design", "scope", "p_delta_alpha_holm",
    )  # fmt: skip
    rows = tuple(
        (
            p.a, p.b, p.kind, p.emotion or "(all)", *_ends(p.difference), p.p, p.p_adjusted, p.p_holm, p.d_z,
            p.rank_biserial, p.prevalence_adjusted.value, *_ends(p.delta_alpha), p.alpha, p.difference.n_items,
            p.n_clusters, p.prevalence_adjusted.low, p.prevalence_adjusted.high, p.p_prevalence, p.d_z_estimate.low,
            p.d_z_estimate.high, p.rank_biserial_estimate.low, p.rank_biserial_estimate.high, p.smallest_p,
            p.design.kind, p.design.scope, p.delta_alpha.p_value,
        )
        for p in report.pairs
    )  # fmt: skip
    return ResultTable("Effect of the viewing condition", header, rows)


def all_tables(report: AgreementReport) -> list[ResultTable]:
    """Return the tables that have rows.

    Example:
        >>> from app.agreement.example import report
        >>> [table.title for table in all_tables(report())][2]
        'Effect of the viewing condition'
    """
    return [t for t in (emotion_table(report), category_table(report), pair_table(report)) if t.rows]


def provenance_table(provenance: Provenance) -> ResultTable:
    """Tabulate where results come from, one fact a row.

    Args:
        provenance: of a report, or of all results of a screen.

    Example:
        >>> from app.agreement.example import report
        >>> [row[0] for row in provenance_table(report().provenance).rows][:3]
        ['program', 'made at', 'labels']
    """
    return ResultTable("Provenance", ("what", "value"), tuple(provenance.rows()))


def table_csv(table: ResultTable) -> str:
    """Write a table as CSV at full precision; an undefined value is an empty cell.

    Example:
        >>> table = ResultTable("Alpha", ("emotion", "alpha"), (("happy", 0.5), ("sad", float("nan"))))
        >>> print(table_csv(table), end="")
        emotion,alpha
        happy,0.5
        sad,
    """
    out = io.StringIO()
    writer = SheetWriter(out)
    writer.writerow(table.header)
    for row in table.rows:
        writer.writerow(
            "" if isinstance(c, float) and math.isnan(c) else repr(c) if isinstance(c, float) else c for c in row
        )
    return out.getvalue()


LONG_CELL, WIDE_TABLE = 60, 8


def _latex(cell: str) -> str:
    """Return a cell with LaTeX's own characters escaped and a minus sign instead of a hyphen."""
    if cell.startswith("-") and cell[1:2].isdigit():
        return f"$-${cell[1:]}"
    return latex_text(cell)


def table_latex(table: ResultTable, *, label: str = "tab:agreement") -> str:
    """Write a booktabs table with three decimals; many columns are shrunk to the text's width, long words wrapped.

    Example:
        >>> table = ResultTable("Alpha", ("emotion", "alpha"), (("happy", 0.5),))
        >>> "happy & 0.500" in table_latex(table)
        True
    """

    def line(cells: Sequence[str]) -> str:
        return " & ".join(_latex(c) for c in cells) + r" \\"

    rows = table.shown()
    long = [max((len(row[i]) for row in rows), default=0) > LONG_CELL for i in range(len(table.header))]
    kinds = zip(table.text_columns(), long, strict=True)
    align = "".join(r"p{0.4\textwidth}" if words and wrapped else "l" if words else "r" for words, wrapped in kinds)
    body = "\n".join(line(row) for row in rows)
    wide = len(table.header) > WIDE_TABLE
    return "\n".join(
        [
            r"% \usepackage{booktabs}" + (r" \usepackage{graphicx}" if wide else ""),
            r"\begin{table}",
            r"\centering",
            rf"\caption{{{latex_text(table.title)}}}",
            rf"\label{{{label}}}",
            *([r"\resizebox{\textwidth}{!}{%"] if wide else []),
            rf"\begin{{tabular}}{{{align}}}",
            r"\toprule",
            line([name.replace("_", " ") for name in table.header]),
            r"\midrule",
            body,
            r"\bottomrule",
            r"\end{tabular}" + ("}" if wide else ""),
            r"\end{table}",
            "",
        ]
    )
