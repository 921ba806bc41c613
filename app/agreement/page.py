"""The report as one self-contained HTML page: figures inline, no script, nothing loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from app.agreement.estimate import Estimate
from app.agreement.figures import difference_figure, disagreement_figure, figure_svg
from app.agreement.jackknife import MIN_UNITS
from app.agreement.people import for_people, sentence_in_words, undefined_by_reason, words_of
from app.agreement.prevalence import HOW_TO_READ
from app.agreement.printed import printed_tables
from app.agreement.provenance import Provenance
from app.agreement.report import AgreementReport
from app.agreement.tables import ResultTable

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False)
class Section:
    """A part of the page after the agreement table.

    Attributes:
        id: names the section within the page, for links.
        title: heading.
        text: paragraphs under it.
        figures: (caption, drawing).
        tables: tables, those without rows are left out.
        results: estimates whose sentences join the list of all results.
    """

    id: str
    title: str
    text: tuple[str, ...] = ()
    figures: tuple[tuple[str, Figure], ...] = ()
    tables: tuple[ResultTable, ...] = ()
    results: tuple[Estimate, ...] = ()


@dataclass(frozen=True, eq=False)
class ReportParts:
    """A report before it is set as a page or as a document.

    Attributes:
        title: heading.
        source: where the labels came from.
        findings: sentences that come first.
        key_figure: (caption, drawing) beside the findings; None without one.
        warnings: what the reader must know before believing the numbers.
        sections: the parts.
        methods: sentences for a methods section.
        undefined: (reason, which estimates) of everything that is not defined.
        results: every result as a sentence.
        provenance: (what, value) on where the results come from.
    """

    title: str
    source: str
    findings: tuple[str, ...]
    key_figure: tuple[str, Figure] | None
    warnings: tuple[str, ...]
    sections: tuple[Section, ...]
    methods: tuple[str, ...]
    undefined: tuple[tuple[str, list[str]], ...]
    results: tuple[str, ...]
    provenance: tuple[tuple[str, str], ...]


def report_parts(
    report: AgreementReport | None,
    *,
    title: str = "Agreement of human labels",
    source: str = "",
    sections: Sequence[Section] = (),
    methods: Sequence[str] | None = None,
    provenance: Provenance | None = None,
    findings: Sequence[str] = (),
    key_figure: tuple[str, Figure] | None = None,
) -> ReportParts:
    """Put a report together.

    Args:
        report: the agreement table; None where there are only other sections.
        title: heading of the page.
        source: where the labels came from, shown under the heading.
        sections: what follows the table.
        methods: sentences for a methods section; those of the table by default.
        provenance: where the results come from; as the table says by default.
        findings: sentences that come first.
        key_figure: (caption, drawing) beside the findings; the same drawing is then left out of the table's section.

    Example:
        >>> from app.agreement.example import report as made
        >>> parts = report_parts(made(), findings=["Raters agree."])
        >>> parts.findings, parts.sections[0].title
        (('Raters agree.',), 'Disagreement and reliability')
    """
    own = [_table_section(report, overview=key_figure is None)] if report is not None else []
    parts = [*own, *sections]
    results = [e for part in parts for e in part.results]
    if methods is None:
        methods = methods_sentences(report) if report is not None else []
    if provenance is None and report is not None:
        provenance = report.provenance
    return ReportParts(
        title, source, tuple(findings), key_figure, warnings_of(report), tuple(parts),
        tuple(methods), tuple(undefined_by_reason(results, names_in(report))), tuple(e.sentence() for e in results),
        tuple(provenance.rows()) if provenance is not None else (),
    )  # fmt: skip


def warnings_of(report: AgreementReport | None) -> tuple[str, ...]:
    """Return what must be known before a report is believed, in the window's words.

    Args:
        report: the agreement table; None for no warnings.

    Example:
        >>> from dataclasses import replace
        >>> from app.agreement.example import report as made
        >>> warnings_of(replace(made(), warnings=("face_only - full_context: few raters.",)))
        ('Face only − full context: few raters.',)
    """
    if report is None:
        return ()
    words = names_in(report)
    return tuple(sentence_in_words(text, words).replace(" - ", " − ") for text in report.warnings)


def names_in(report: AgreementReport | None) -> dict[str, str]:
    """Return the window's words for all names in a report.

    Args:
        report: the agreement table; None for no names but those of valence and arousal.

    Example:
        >>> names_in(None)
        {'valence': 'Valence', 'arousal': 'Arousal'}
    """
    names = ["valence", "arousal"]
    if report is not None:
        names += [*report.conditions, *(r.emotion for r in report.emotions), *(p.emotion for p in report.pairs)]
        names += [one.category for r in report.categories for one in r.each]
    return words_of(names)


def report_html(
    report: AgreementReport | None,
    *,
    title: str = "Agreement of human labels",
    source: str = "",
    sections: Sequence[Section] = (),
    methods: Sequence[str] | None = None,
    provenance: Provenance | None = None,
) -> str:
    """Write the page as text; the arguments are those of `report_parts`.

    Example:
        >>> from app.agreement.example import report
        >>> page = report_html(report(), title="Eight clips")
        >>> "<title>Eight clips</title>" in page, "<script" in page
        (True, False)
    """
    return page_of(
        report_parts(report, title=title, source=source, sections=sections, methods=methods, provenance=provenance)
    )


def page_of(parts: ReportParts) -> str:
    """Write a report as one self-contained page.

    Args:
        parts: the report.

    Example:
        >>> "<title>Nothing yet</title>" in page_of(report_parts(None, title="Nothing yet"))
        True
    """
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    template = files("app.agreement").joinpath("templates", "report.html").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    drawn = [
        [
            (caption, Markup(_unique_ids(figure_svg(figure), f"s{n}-{k}")))
            for k, (caption, figure) in enumerate(part.figures)
        ]
        for n, part in enumerate(parts.sections)
    ]
    key = None
    if parts.key_figure is not None:
        caption, figure = parts.key_figure
        key = (caption, Markup(_unique_ids(figure_svg(figure), "key")))
    return environment.from_string(template).render(
        report=parts,
        key=key,
        parts=[
            (part, drawings, [t for t in part.tables if t.rows])
            for part, drawings in zip(parts.sections, drawn, strict=True)
        ],
    )


def overview_of(report: AgreementReport, kind: str = "intensity") -> tuple[str, Figure]:
    """Return the figure of disagreement and alpha with its caption.

    Args:
        report: the agreement table.
        kind: intensity or category.

    Example:
        >>> from app.agreement.example import report as made
        >>> caption, figure = overview_of(made())
        >>> caption.split(":")[0]
        'Intensities'
    """
    name = "Intensities" if kind == "intensity" else "Categories"
    whiskers = f" Whiskers are {report.settings.level * 100:g} % intervals."
    rows = report.emotions if kind == "intensity" else report.categories
    known = any(one.interval is not None for row in rows for one in row.estimates())
    return (
        f"{name}: disagreement per emotion and condition, with Krippendorff's alpha below.{whiskers if known else ''}",
        disagreement_figure(report, kind=kind),
    )


def _table_section(report: AgreementReport, *, overview: bool = True) -> Section:
    drawn = []
    kinds = [("intensity", "Intensities")] if report.emotions else []
    kinds += [("category", "Categories")] if report.categories else []
    for kind, name in kinds:
        if overview or kind != kinds[0][0]:
            drawn.append(overview_of(report, kind))
        if any(p.kind == kind for p in report.pairs):
            drawn.append(
                (
                    f"{name}: differences between conditions, {_scopes(report, kind)}. Coloured rows have p of at most "
                    ".05, adjusted over the emotions of a comparison: by max-T at the left, by Holm at the right "
                    "(difference of alpha).",
                    difference_figure(report, kind=kind),
                )
            )
    text = (HOW_TO_READ,) if any(p.prevalence_adjusted.defined for p in report.pairs) else ()
    return Section(
        "agreement", "Disagreement and reliability", text=text, figures=tuple(drawn),
        tables=tuple(for_people(one, names_in(report)) for one in printed_tables(report)),
        results=tuple(_results(report)),
    )  # fmt: skip


def _scopes(report: AgreementReport, kind: str) -> str:
    return "; ".join(dict.fromkeys(p.design.scope for p in report.pairs if p.kind == kind))


def _unique_ids(svg: str, prefix: str) -> str:
    """Make the identifiers of one drawing its own, since several stand in one page."""
    return svg.replace('id="', f'id="{prefix}-').replace('"#', f'"#{prefix}-').replace("url(#", f"url(#{prefix}-")


def _results(report: AgreementReport) -> list[Estimate]:
    out = [e for r in report.emotions for e in r.estimates()]
    for category in report.categories:
        out += category.estimates()
    for pair in report.pairs:
        out += [pair.difference, pair.delta_alpha]
        more = (pair.prevalence_adjusted, pair.d_z_estimate, pair.rank_biserial_estimate)
        out += [one for one in more if one.defined]
        if pair.over_raters is not None and not pair.design.over_raters and pair.over_raters.interval is not None:
            out.append(pair.over_raters)
    return out


def methods_sentences(report: AgreementReport) -> list[str]:
    """Describe what was done in sentences that are ready for a methods section.

    Example:
        >>> from app.agreement.example import report
        >>> methods_sentences(report())[0].split(" (")[0]
        'Disagreement was the mean over items of the sample variance'
    """
    s = report.settings
    out = []
    if report.emotions:
        out.append(
            "Disagreement was the mean over items of the sample variance (divisor n - 1) of the raters' intensities "
            "(Sun et al. 2018, III-A); items with fewer than two ratings were left out. Because variance depends on "
            "how often an emotion is seen, Krippendorff's alpha (ordinal metric; interval metric beside it) is "
            "reported with it (Krippendorff 2011), on all available ratings of the first pass."
        )
    if report.categories:
        kappa = report.categories[0].fleiss_kappa
        out.append(
            "Agreement of categories was Krippendorff's alpha (nominal) and "
            f"{kappa.estimator} ({kappa.reference}); disagreement was the unbiased chance that two raters of an item "
            "differ."
        )
    if s.replicates and s.interval == "jackknife":
        out.append(
            f"Intervals are {s.level * 100:g} % t intervals of the delete-one jackknife over {s.unit}s (Tukey 1958; "
            "Efron & Tibshirani 1993), formed on the scale of the square root of a variance or of one minus a "
            "coefficient, with degrees of freedom from the kurtosis of the leave-one-out values; results with fewer "
            f"than {MIN_UNITS} {s.unit}s to tell from have none."
        )
    elif s.replicates:
        out.append(
            f"Intervals are {s.level * 100:g} % percentile bootstrap intervals with {s.replicates} resamples of "
            f"{s.unit}s (seed {s.seed}), widened for few {s.unit}s (Hesterberg 2015)."
        )
    if report.pairs:
        out.append(
            "Conditions were compared on items with two ratings in both, by the mean paired difference of within-item "
            f"variance; p values come from {s.flips} random sign flips of {s.unit}s (all of them where fewer exist), "
            "adjusted over emotions by the step-down max-T procedure (Westfall & Young 1993). Alpha of two conditions "
            "was compared on the items that have two ratings in both. Beside each difference stands the one at an "
            "unchanged mean rating (least squares on the change of the mean and of its square, delete-one-cluster "
            "standard errors, p by Holm)."
        )
        out += dict.fromkeys(f"{p.design.sentence()} Results are {p.design.scope}." for p in report.pairs)
    if report.facts:
        out.append(report.provenance.sentence())
    return out
