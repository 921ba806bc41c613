"""Where a result comes from: program, labels, design, units, estimators, and how chance was accounted for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app import __version__
from app.agreement.design import raters_per_item
from app.agreement.estimate import Estimate
from app.agreement.formulas import formula_of
from app.agreement.settings import AgreementSettings
from app.domain.ratings import CategoryTable, CountTable, Items, RatingTable, TraceLabel
from app.domain.words import many

PROGRAM: Final = f"Affectograph {__version__}"
P_MEANING: Final = (
    "two-sided, sign flips of units (and exchange of raters where conditions have different raters), adjusted over the "
    "emotions or categories of a pair of conditions by step-down max-T"
)


@dataclass(frozen=True)
class Facts:
    """What one table of labels holds, pass 1 only.

    Attributes:
        kind: intensities, categories or traces.
        subjects: persons shown, 0 where none is named.
        clips: source clips.
        items: items judged.
        raters: raters, 0 where votes do not name them.
        per_item: smallest and largest number of raters of an item, over all conditions; of votes where raters are not
            named.
        ratings: ratings or votes; samples of traces.
        missing: cells of (item, condition, rater, emotion) without a rating, of those that a complete study would have;
            of traces cells of (item, condition, rater) without a trace.
        cells: how many those would be; 0 where raters are not named.
        sha256: of the labels as they were analysed.
    """

    kind: str
    subjects: int
    clips: int
    items: int
    raters: int
    per_item: tuple[int, int]
    ratings: int
    missing: int
    cells: int
    sha256: str

    def sentence(self) -> str:
        """Return the sample in a sentence."""
        persons = many(self.subjects, "subject") if self.subjects else "subjects not named"
        who = many(self.raters, "rater") if self.raters else "raters not named"
        low, high = self.per_item
        of_item = f"{low}" if low == high else f"{low} to {high}"
        missing = f"; {self.missing} of {self.cells} cells missing" if self.cells else ""
        return (
            f"{self.kind.capitalize()}: {persons}, {many(self.clips, 'clip')}, {many(self.items, 'item')}, {who}, "
            f"{of_item} raters an item, {many(self.ratings, 'sample' if self.kind == 'traces' else 'rating')}{missing}."
        )


def _hash(columns: Iterable[NDArray[np.generic] | Sequence[str]]) -> str:
    found = hashlib.sha256()
    for column in columns:
        data = np.ascontiguousarray(column).tobytes() if isinstance(column, np.ndarray) else "\0".join(column).encode()
        found.update(len(data).to_bytes(8, "little"))
        found.update(data)
    return found.hexdigest()


def _sample(items: Items, used: NDArray[np.integer]) -> tuple[int, int, int]:
    """(subjects, clips, items) of the items in use."""
    flags = np.zeros(len(items), dtype=bool)
    flags[used] = True
    subjects = items.subject.codes[flags]
    return int(np.unique(subjects[subjects >= 0]).size), int(np.unique(items.clip.codes[flags]).size), int(flags.sum())


def facts_of(table: RatingTable | CategoryTable | CountTable) -> Facts:
    """Collect the facts of a table of labels.

    Args:
        table: intensities, categories, or votes without raters.

    Example:
        >>> from app.agreement.example import ratings
        >>> found = facts_of(ratings())
        >>> found.clips, found.raters, found.ratings, found.missing
        (8, 3, 96, 0)
    """
    items = table.items
    names = [items.names, items.clip.names, items.subject.names, table.condition.names]
    if isinstance(table, CountTable):
        total = table.votes.sum(axis=1)
        kept = total[total > 0]
        sha = _hash([*names, table.categories, items.clip.codes, items.subject.codes, table.item,
                     table.condition.codes, table.votes])  # fmt: skip
        ends = (int(kept.min()), int(kept.max())) if kept.size else (0, 0)
        return Facts(
            "categories", *_sample(items, table.item[total > 0]), table.n_raters, ends, int(total.sum()), 0, 0, sha
        )
    rated = isinstance(table, RatingTable)
    given = ~np.isnan(table.score) if isinstance(table, RatingTable) else table.category.codes >= 0
    known = (table.pass_no == 1) & given
    second = table.emotion if isinstance(table, RatingTable) else table.category
    columns = [items.clip.codes, items.subject.codes, table.item, table.condition.codes, table.rater.codes]
    answers = [table.score] if isinstance(table, RatingTable) else []
    sha = _hash([*names, table.rater.names, second.names, *columns, second.codes, *answers, table.pass_no])
    item, rater = table.item[known], table.rater.codes[known]
    sample = _sample(items, item)
    raters = int((np.bincount(rater + 1, minlength=1)[1:] > 0).sum())
    conditions = int((np.bincount(table.condition.codes[known] + 1, minlength=1)[1:] > 0).sum())
    kinds = int((np.bincount(second.codes[known] + 1, minlength=1)[1:] > 0).sum()) if rated else 1
    cells = sample[2] * raters * conditions * kinds
    kind = "intensities" if rated else "categories"
    n = int(known.sum())
    return Facts(kind, *sample, raters, raters_per_item(item, rater), n, max(cells - n, 0), cells, sha)


def facts_of_traces(traces: Sequence[TraceLabel]) -> Facts | None:
    """Collect the facts of traces of pass 1; None where there are none.

    Args:
        traces: traces of any pass.

    Example:
        >>> from app.agreement.example import traces
        >>> found = facts_of_traces(traces())
        >>> found.clips, found.raters, found.cells
        (2, 3, 6)
    """
    first = sorted((t for t in traces if t.pass_no == 1), key=lambda t: (t.item, t.condition, t.rater))
    if not first:
        return None
    raters_of: dict[tuple[str, str], set[str]] = {}
    columns: list[NDArray[np.generic] | Sequence[str]] = []
    for one in first:
        raters_of.setdefault((one.item, one.condition), set()).add(one.rater)
        columns += [[one.item, one.clip, one.condition, one.rater, one.subject], one.samples.times_s]
        columns.append(one.samples.values)
    counts = [len(raters) for raters in raters_of.values()]
    items, raters = {one.item for one in first}, {one.rater for one in first}
    cells = len(items) * len(raters) * len({one.condition for one in first})
    return Facts(
        "traces", len({one.subject for one in first} - {""}), len({one.clip for one in first}), len(items),
        len(raters), (min(counts), max(counts)), sum(len(one.samples) for one in first), cells - sum(counts), cells,
        _hash(columns),
    )  # fmt: skip


@dataclass(frozen=True)
class SourceFile:
    """A file that was read.

    Attributes:
        name: its name.
        sha256: of its bytes; empty where it was not read as a whole.
    """

    name: str
    sha256: str = ""


@dataclass(frozen=True)
class Provenance:
    """What stands beside every result.

    Attributes:
        facts: what the labels hold.
        settings: how intervals and p values were made.
        designs: who judged in which condition, a sentence for each pair of conditions.
        smallest_p: smallest p that can occur; NaN where nothing was tested.
        estimators: (name, source) of each.
        sources: files that were read.
        exclusions: (rater, reason) left out.
        made_at: when, ISO 8601 in UTC.
    """

    facts: tuple[Facts, ...]
    settings: AgreementSettings
    designs: tuple[str, ...]
    smallest_p: float
    estimators: tuple[tuple[str, str], ...]
    sources: tuple[SourceFile, ...] = ()
    exclusions: tuple[tuple[str, str], ...] = ()
    made_at: str = ""

    @classmethod
    def now(cls) -> str:
        """Return the time of day in UTC, to the second."""
        return datetime.now(UTC).isoformat(timespec="seconds")

    def rows(self) -> list[tuple[str, str]]:
        """(what, value) as people read it; the estimators last."""
        s = self.settings
        out = [("program", PROGRAM), ("made at", self.made_at or self.now())]
        out += [("input", f"{f.name}{', SHA-256 ' + f.sha256 if f.sha256 else ''}") for f in self.sources]
        for one in self.facts:
            out += [("labels", one.sentence()), (f"labels, SHA-256 of the {one.kind}", one.sha256)]
        out += [("design", sentence) for sentence in self.designs]
        out.append(("unit of analysis", s.unit))
        out.append(("intervals", self.intervals()))
        if not np.isnan(self.smallest_p):
            out += [("p", P_MEANING), ("sign flips", f"{s.flips}, seed {s.seed}; all of them where fewer exist")]
            out.append(("smallest p that can occur", f"{self.smallest_p:.2g}"))
        left_out = "; ".join(f"{rater} ({reason})" for rater, reason in self.exclusions) or "nobody"
        out.append(("raters left out", left_out))
        return out + [("estimator", _estimator(name, source)) for name, source in self.estimators]

    def also(self, estimates: Iterable[Estimate], facts: Iterable[Facts] = ()) -> Provenance:
        """Return the same with the estimators of further results.

        Args:
            estimates: further results.
            facts: what the labels behind them hold, where that does not stand here yet.
        """
        known = {**dict(self.estimators), **{e.estimator: e.reference for e in estimates if e.estimator}}
        return replace(self, estimators=tuple(known.items()), facts=(*self.facts, *facts))

    def intervals(self) -> str:
        """Return how intervals were made."""
        s = self.settings
        if not s.replicates:
            return "none"
        if s.interval == "bootstrap":
            return f"{s.level * 100:g} %, percentile bootstrap over {s.unit}s, B = {s.replicates}, seed {s.seed}"
        return f"{s.level * 100:g} %, t interval of the jackknife: each {s.unit} is left out once, nothing is drawn"

    def sentence(self) -> str:
        """Return a sentence for a methods section."""
        held = " ".join(one.sentence() for one in self.facts)
        hashes = ", ".join(one.sha256[:12] for one in self.facts)
        return f"Computed with {PROGRAM} from labels with SHA-256 {hashes}. {held}"

    def as_dict(self) -> dict[str, object]:
        """Return the same as JSON types."""
        s = self.settings
        return {
            "program": PROGRAM.split()[0], "version": __version__, "made_at": self.made_at or self.now(),
            "inputs": [{"name": f.name, "sha256": f.sha256 or None} for f in self.sources],
            "labels": [
                {
                    "kind": one.kind, "subjects": one.subjects, "clips": one.clips, "items": one.items,
                    "raters": one.raters or None, "raters_per_item": list(one.per_item), "ratings": one.ratings,
                    "missing_cells": one.missing if one.cells else None, "cells": one.cells or None,
                    "sha256": one.sha256,
                }
                for one in self.facts
            ],
            "designs": list(self.designs), "unit": s.unit, "intervals": self.intervals(),
            "resamples": s.replicates if s.interval == "bootstrap" else None, "seed": s.seed, "sign_flips": s.flips,
            "p": P_MEANING, "smallest_p": None if np.isnan(self.smallest_p) else self.smallest_p,
            "exclusions": [{"rater": rater, "reason": reason} for rater, reason in self.exclusions],
            "estimators": dict(self.estimators),
            "formulas": {name: formula_of(name) for name, _ in self.estimators},
        }  # fmt: skip


def _estimator(name: str, source: str) -> str:
    formula = formula_of(name)
    return f"{name}: {formula} ({source})" if formula else f"{name}: {source}"
