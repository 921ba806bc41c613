"""The report of a fusion of valence and arousal: scores of both parts, weights, members left out, errors by clip."""

from pathlib import Path
from typing import Final

from app.agreement.page import Section, report_html
from app.agreement.tables import Cell, ResultTable
from app.domain.snapshot import Snapshot
from app.domain.traces import DIMENSIONS
from app.domain.words import many
from app.fusion.affect import AFFECT_WAYS
from app.fusion.affect_scores import table_of
from app.fusion.partition import PARTITIONS
from app.services.fusion.affect_outcome import AffectOutcome
from app.services.fusion.report import weights_figure
from app.services.retrain.category_report import REPORT
from app.services.retrain.report_files import write_page

WEIGHTS: Final = "Weights, which sum to one for each dimension"
REGRESSED: Final = "Share of the regression's weights (absolute values), which sum to one for each dimension"


def write_affect_report(run: Path, outcome: AffectOutcome, snapshot: Snapshot) -> Path:
    """Write the page, and its tables as CSV and LaTeX, into the folder of a run.

    Args:
        run: Folder of the run.
        outcome: What the fusion found.
        snapshot: The data of the members.

    Returns:
        The path of the page.

    Raises:
        UserError: A file cannot be written.
    """
    tables = affect_tables(outcome)
    labels = snapshot.manifest.get("labels", {})
    page = report_html(
        None,
        title="Fusion of valence and arousal",
        source=f"{', '.join(outcome.members)}: {labels.get('title', '')}",
        sections=_sections(outcome, tables, snapshot),
        methods=_methods(outcome),
    )
    return write_page(run / REPORT, page, tables)


def affect_tables(outcome: AffectOutcome) -> dict[str, ResultTable]:
    """Return the tables by the names of their files."""
    left: tuple[tuple[Cell, ...], ...] = tuple(
        (each.member, each.dimension, each.search, each.held_out, each.gain, *each.interval)
        for each in outcome.left_out
    )
    pairs: tuple[tuple[Cell, ...], ...] = tuple(
        (each.first, each.second, each.dimension, each.correlation, each.frames) for each in outcome.pairs
    )
    items: tuple[tuple[Cell, ...], ...] = tuple(
        (each.item, each.subject, each.dimension, each.fusion, *each.members) for each in outcome.items
    )
    weights: tuple[tuple[Cell, ...], ...] = tuple(
        (name, *map(float, own)) for name, own in zip(outcome.members, outcome.weights, strict=True)
    )
    header = ("without", "dimension", "ccc_search", "ccc_held_out", "fusion_minus_this", "low", "high")
    return {
        "scores": table_of(outcome.rows),
        "weights": ResultTable(weights_title(outcome), ("member", *DIMENSIONS), weights),
        "left-out": ResultTable("Concordance without each member, with newly chosen weights", header, left),
        "diversity": ResultTable(
            "Correlation of the members' errors on the held-out part",
            ("member", "other", "dimension", "error_correlation", "frames"),
            pairs,
        ),
        "items": ResultTable(
            "Held-out clips: root mean squared error",
            ("item", "subject", "dimension", "fusion", *outcome.members),
            items,
        ),
    }


def weights_title(outcome: AffectOutcome) -> str:
    """Return what the weights are: chosen weights, or shares of a regression's."""
    return REGRESSED if any(outcome.fusion.stacked) else WEIGHTS


def _sections(outcome: AffectOutcome, tables: dict[str, ResultTable], snapshot: Snapshot) -> list[Section]:
    lead = [outcome.sentence, "The figures of the part that chose the weights are never the result."]
    lead += outcome.warnings
    lead += [f"Left out: {sentence}" for sentence in outcome.in_the_way]
    for dimension, taken in zip(DIMENSIONS, outcome.fusion.taken, strict=True):
        if taken != "chosen" and outcome.way not in ("equal", "fixed"):
            lead.append(f"For {dimension} no chosen weights were better on the weighting part than {taken}.")
    about = (
        ("way", f"{outcome.way}: {AFFECT_WAYS[outcome.way]}"),
        ("partition", f"{outcome.partition}: {PARTITIONS[outcome.partition]}"),
        ("data", f"SHA-256 {snapshot.sha256}"),
        ("people who chose the weights", str(outcome.search_people)),
    )
    weights = weights_figure(outcome.weights, outcome.members, DIMENSIONS)
    return [
        Section("scores", "Members and fusion", text=tuple(lead), tables=(tables["scores"],)),
        Section("weights", "Weights", figures=((f"{weights_title(outcome)}.", weights),), tables=(tables["weights"],)),
        Section("left-out", "Without each member", tables=(tables["left-out"],)),
        Section("diversity", "Diversity", tables=(tables["diversity"],)),
        Section("items", "Clip by clip", tables=(tables["items"],)),
        Section("origin", "Where this comes from", tables=(ResultTable("Origin", ("what", "value"), about),)),
    ]


def _methods(outcome: AffectOutcome) -> list[str]:
    held = max((row.held_out.n_subjects for row in outcome.rows), default=0)
    return [
        f"{many(len(outcome.members), 'model')} of valence and arousal were fused ({AFFECT_WAYS[outcome.way]}). The "
        f"weights were chosen by {many(outcome.search_people, 'person', 'people')}, and scored on "
        f"{many(held, 'person', 'people')} who chose nothing ({PARTITIONS[outcome.partition]}).",
        "Scores are Lin's concordance correlation coefficient over the frames of all people (Lin 1989). Intervals are "
        "expanded percentile intervals of a bootstrap over subjects, paired for differences (Hesterberg 2015).",
    ]
