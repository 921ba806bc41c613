"""Figures of the report for papers: SVG, PDF and PNG from one drawing."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from app.agreement.estimate import Estimate
from app.agreement.people import condition_rank
from app.agreement.provenance import PROGRAM, Provenance
from app.agreement.report import AgreementReport
from app.domain.emotion_words import rated_rank, rated_word
from app.drawing import label_of, new_figure
from app.errors import UserError
from app.results import Goal, path_of, result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CONDITIONS: Final = {"face_only": "#9aa4b1", "full_context": "#0b766c", "context_only": "#8a6100"}
"""Colours of conditions, as the window has them in its light theme. Those of valence and arousal are not among them."""
OTHERS: Final = ("#0b766c", "#9aa4b1", "#7B5EA7", "#8a6100", "#CC79A7", "#56B4E9", "#000000")
"""Colours of conditions that only one study has, told apart by colour-blind readers."""
CLEAR: Final = "#0b766c"
"""Colour of a difference with a small p."""
FORMATS = ("svg", "pdf", "png")
SIGNIFICANT = 0.05
"""A difference is drawn in colour up to this p, adjusted over the emotions; its own interval is not adjusted."""


def condition_colour(condition: str, place: int = 0) -> str:
    """Return the colour of a condition.

    Args:
        condition: its name.
        place: its place among the conditions of the study.

    Example:
        >>> condition_colour("full_context"), condition_colour("sound_only", 2)
        ('#0b766c', '#7B5EA7')
    """
    return CONDITIONS.get(condition, OTHERS[place % len(OTHERS)])


def stands_out(estimate: Estimate) -> bool:
    """Return whether a difference is drawn in colour: its adjusted p is at most .05.

    Without a p, as with bootstrap intervals, no interval of a single emotion takes its place.

    Args:
        estimate: a difference whose p is adjusted over the emotions.

    Example:
        >>> stands_out(Estimate(0.2, "", "", low=0.1, high=0.3, p_value=0.04))
        True
        >>> stands_out(Estimate(0.2, "", "", low=0.1, high=0.3, p_value=0.12))
        False
    """
    return estimate.p_value <= SIGNIFICANT


def disagreement_figure(report: AgreementReport, *, kind: str = "intensity") -> Figure:
    """Draw disagreement per emotion and condition with intervals, and alpha below it.

    The upper panel is figure 1 of Sun et al. 2018; the lower panel stands under it because variance grows with how
    often an emotion is seen, and only the chance-corrected coefficient tells the two apart.

    Args:
        report: the report.
        kind: intensity or category.

    Example:
        >>> from app.agreement.example import report
        >>> [axes.get_ylabel().split()[0] for axes in disagreement_figure(report()).axes]
        ['disagreement', "Krippendorff's"]
    """
    upper, lower, names = _cells_of(report, kind)
    conditions = sorted((c for c in report.conditions if any(c == k[0] for k in upper)), key=condition_rank)
    figure = new_figure(figsize=(max(6.0, 1.5 + 0.85 * len(names)), 6.0), layout="constrained")
    top, bottom = figure.subplots(2, 1, sharex=True)
    _bars(top, upper, conditions, names)
    top.set_ylabel("disagreement\n(within-item variance)")
    top.set_ylim(bottom=0)
    _bars(bottom, lower, conditions, names)
    bottom.axhline(0, color="black", linewidth=0.8)
    bottom.set_ylabel("Krippendorff's alpha\n" + ("(ordinal)" if kind == "intensity" else "(category against rest)"))
    bottom.set_xticks(
        range(len(names)),
        [label_of(rated_word(name)) for name in names],
        rotation=30 if max(map(len, names), default=0) > 6 else 0,
    )
    if len(conditions) > 1:
        figure.legend(
            *top.get_legend_handles_labels(), loc="outside upper center", ncols=len(conditions), frameon=False
        )
    return figure


Panel = dict[tuple[str, str], Estimate]


def _cells_of(report: AgreementReport, kind: str) -> tuple[Panel, Panel, list[str]]:
    if kind == "intensity":
        upper = {(r.condition, r.emotion): r.disagreement for r in report.emotions}
        lower = {(r.condition, r.emotion): r.alpha_ordinal for r in report.emotions}
    else:
        each = [(r.condition, c) for r in report.categories for c in r.each]
        upper = {(condition, c.category): c.disagreement for condition, c in each}
        lower = {(condition, c.category): c.alpha_nominal for condition, c in each}
    return upper, lower, sorted(dict.fromkeys(name for _, name in upper), key=rated_rank)


def _bars(axes: Axes, panel: Panel, conditions: Sequence[str], names: Sequence[str]) -> None:
    width = 0.8 / max(len(conditions), 1)
    for i, condition in enumerate(conditions):
        place = np.arange(len(names)) - 0.4 + width * (i + 0.5)
        cells = [panel.get((condition, n)) for n in names]
        value = np.array([c.value if c is not None else np.nan for c in cells])
        low = np.array([c.low if c is not None else np.nan for c in cells])
        high = np.array([c.high if c is not None else np.nan for c in cells])
        axes.bar(
            place, np.nan_to_num(value), width * 0.92, color=condition_colour(condition, i), label=_words(condition)
        )
        known = ~np.isnan(value) & ~np.isnan(low) & ~np.isnan(high)
        arms = np.stack([np.maximum(value - low, 0), np.maximum(high - value, 0)])[:, known]
        if known.any():
            axes.errorbar(place[known], value[known], arms, fmt="none", ecolor="#222222", elinewidth=1.0, capsize=2.5)
        for x in place[np.isnan(value)]:
            axes.annotate(
                "undefined", (float(x), 0), rotation=90, ha="center", va="bottom", fontsize=7, color="#666666"
            )
    axes.spines[["top", "right"]].set_visible(False)


def difference_figure(report: AgreementReport, *, kind: str = "intensity") -> Figure:
    """Draw paired differences and differences of alpha with intervals, one row per emotion and pair of conditions.

    Args:
        report: the report.
        kind: intensity or category.

    Example:
        >>> from app.agreement.example import report
        >>> [axes.get_xlabel().splitlines()[0] for axes in difference_figure(report()).axes]
        ['difference of disagreement', 'difference of alpha']
    """
    pairs = sorted(
        (p for p in report.pairs if p.kind == kind), key=lambda p: (p.a, p.b, not p.emotion, rated_rank(p.emotion))
    )
    several = len({(p.a, p.b) for p in pairs}) > 1
    names = [
        f"{rated_word(p.emotion) if p.emotion else 'All'}{f' ({_words(p.a)} − {_words(p.b)})' if several else ''}"
        for p in pairs
    ]
    figure = new_figure(figsize=(8.0, 1.6 + 0.32 * max(len(pairs), 1)), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    title = f"{_words(pairs[0].a)} − {_words(pairs[0].b)}" if pairs and not several else "first − second"
    significant = [p.p_adjusted <= SIGNIFICANT for p in pairs]
    for axes, cells, label, marked in (
        (left, [p.difference for p in pairs], "difference of disagreement", significant),
        (right, [p.delta_alpha for p in pairs], "difference of alpha", [stands_out(p.delta_alpha) for p in pairs]),
    ):
        for row, (cell, clear) in enumerate(zip(cells, marked, strict=True)):
            if cell.defined:
                colour = CLEAR if clear else "#444444"
                if cell.interval is not None:
                    axes.plot([cell.low, cell.high], [row, row], color=colour, linewidth=1.6)
                axes.plot(cell.value, row, "o", color=colour, markersize=5)
        axes.axvline(0, color="black", linewidth=0.8)
        axes.locator_params(axis="x", nbins=6)
        axes.set_xlabel(f"{label}\n{title}")
        axes.spines[["top", "right"]].set_visible(False)
    for row, pair in enumerate(pairs):
        if not np.isnan(pair.p_adjusted):
            left.annotate(
                f"p = {pair.p_adjusted:.2g}", (1.02, row), xycoords=("axes fraction", "data"), va="center", fontsize=8,
                color="#555555", annotation_clip=False,
            )  # fmt: skip
    left.set_yticks(range(len(names)), [label_of(name) for name in names])
    left.set_ylim(len(names) - 0.5, -0.8)
    return figure


def _words(name: str) -> str:
    return rated_word(name).lower()


def figure_svg(figure: Figure) -> str:
    """Return the drawing as an SVG element for a page; its text stays text.

    Example:
        >>> from app.agreement.example import report
        >>> figure_svg(disagreement_figure(report()))[:4]
        '<svg'
    """
    import matplotlib

    out = io.BytesIO()
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "affectograph"}):
        figure.savefig(out, format="svg", metadata={"Date": None})
    text = out.getvalue().decode("utf-8")
    return text[text.index("<svg") :]


def about_figure(provenance: Provenance | None) -> str:
    """Return what is written into the metadata of a figure: where its results come from, one fact a line.

    Args:
        provenance: where the results behind the figure come from; None where that is not known.

    Example:
        >>> about_figure(None)
        ''
    """
    return "" if provenance is None else "\n".join(f"{what}: {value}" for what, value in provenance.rows())


def save_figure(figure: Figure, goal: Goal, *, about: str = "") -> None:
    """Write a figure; the suffix chooses SVG, PDF or PNG (300 dpi).

    Args:
        figure: the drawing.
        goal: where to.
        about: what is said of it in the file's metadata, see `about_figure`.

    Raises:
        UserError: another suffix, or the file cannot be written.

    Example:
        >>> from app.agreement.example import report
        >>> from app.results import Chosen
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     save_figure(disagreement_figure(report()), Chosen(Path(folder) / "figure.pdf"))
        ...     (Path(folder) / "figure.pdf").read_bytes()[:4]
        b'%PDF'
    """
    import matplotlib

    suffix = path_of(goal).suffix.lower().lstrip(".")
    if suffix not in FORMATS:
        raise UserError(f"A figure cannot be saved as .{suffix}.", f"Choose one of {', '.join(FORMATS)}.")
    # TrueType: journals refuse the Type 3 fonts that matplotlib writes otherwise.
    with (
        matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "affectograph", "pdf.fonttype": 42}),
        result(goal) as temporary,
    ):
        key = {"svg": "Description", "pdf": "Subject", "png": "Description"}[suffix]
        maker = {"svg": "Creator", "pdf": "Creator", "png": "Software"}[suffix]
        metadata = {maker: PROGRAM, **({key: about} if about else {})}
        figure.savefig(temporary, format=suffix, dpi=300, metadata=metadata)
