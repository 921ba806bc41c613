"""All results of the screen for one choice of labels."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.agreement.estimate import NAN
from app.agreement.icc import IccSet
from app.agreement.lags import LEAST_S
from app.agreement.page import methods_sentences
from app.agreement.people import condition_rank, sentence_in_words, words_of
from app.agreement.provenance import Facts, Provenance, SourceFile, facts_of_traces
from app.agreement.raters import LIMIT, RaterProfile, rater_profiles
from app.agreement.report import AgreementReport, agreement_report
from app.agreement.retest import Retest
from app.agreement.settings import AgreementSettings
from app.agreement.trace_report import TraceAgreement, trace_agreement
from app.jobs import Context
from app.services.agreement.choose import LabelFilter, Labels, chosen, of_all_passes
from app.services.agreement.reliability import PairMatrix, reliability_of

Float = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Results:
    """The results for one state of the screen.

    Attributes:
        choice: The filters that were applied.
        settings: The settings of the intervals.
        report: The agreement table; None where there are only traces.
        traces: Agreement of traces.
        profiles: A profile of each rater beside the others.
        matrices: Pairwise agreement, kappa of intensities first.
        retest: Test-retest reliability of each rater.
        iccs: Intraclass correlations by (condition, emotion).
        methods: Sentences ready for a methods section.
        excluded: For each rater whom the project leaves out, the code and the reason.
        traced: A summary of the traces; None if there are none.
        left_out: (rater, reason) of everybody who does not count.
        sources: What the labels were read from.
    """

    choice: LabelFilter
    settings: AgreementSettings
    report: AgreementReport | None
    traces: tuple[TraceAgreement, ...]
    profiles: tuple[RaterProfile, ...]
    matrices: tuple[PairMatrix, ...]
    retest: tuple[Retest, ...]
    iccs: dict[tuple[str, str], IccSet]
    methods: tuple[str, ...]
    excluded: dict[str, str]
    traced: Facts | None = None
    left_out: tuple[tuple[str, str], ...] = ()
    sources: tuple[SourceFile, ...] = ()

    @property
    def provenance(self) -> Provenance:
        """The provenance of all results: that of the table, with traces and every other estimator that is shown."""
        nothing = Provenance((), self.settings, (), NAN, ())
        found = self.report.provenance if self.report is not None else nothing
        estimates = [e for one in self.iccs.values() for e in one.all()]
        estimates += [e for one in self.matrices if one.kind != "trace" for e in one.estimates.values()]
        estimates += [one.kappa for one in self.retest] + [e for one in self.traces for e in one.estimates()]
        found = found.also(estimates, () if self.traced is None else (self.traced,))
        return replace(found, exclusions=self.left_out or found.exclusions, sources=self.sources or found.sources)

    @property
    def told_provenance(self) -> Provenance:
        """The provenance with the window's words for the conditions."""
        words, found = words_of(self.conditions), self.provenance
        return replace(found, designs=tuple(sentence_in_words(text, words) for text in found.designs))

    @property
    def told_methods(self) -> tuple[str, ...]:
        """The methods with the window's words for the conditions."""
        words = words_of(self.conditions)
        return tuple(sentence_in_words(text, words) for text in self.methods)

    @property
    def conditions(self) -> tuple[str, ...]:
        """Viewing conditions with ratings or labels, the whole picture last."""
        return in_order(self.report.conditions if self.report is not None else ())


def in_order(conditions: tuple[str, ...]) -> tuple[str, ...]:
    """Return conditions in the order in which all tables show them."""
    return tuple(sorted(conditions, key=condition_rank))


def compute(
    ctx: Context,
    labels: Labels,
    choice: LabelFilter,
    settings: AgreementSettings,
    *,
    with_traces: bool = True,
    earlier: Results | None = None,
    report: AgreementReport | None = None,
) -> Results:
    """Compute everything that the screen shows except items and fans.

    Args:
        ctx: Receives the progress, and can cancel.
        labels: All labels.
        choice: The filters.
        settings: The settings of intervals and p values.
        with_traces: Whether to compute the agreement of traces; estimating lags takes longer than all the rest.
        earlier: Results of the same labels and filters with fewer resamples; parts that do not depend on resamples are
            kept.
        report: The agreement table of these labels, if it is already known.

    Raises:
        UserError: Subjects are to be resampled, but the labels name none.
        Cancelled: The user cancelled.
    """
    data = chosen(labels, choice)
    ctx.progress(0, 4, "Disagreement and reliability")
    if report is None and (data.intensities is not None or data.categories is not None):
        report = agreement_report(data.intensities, data.categories, settings)
        report = replace(report, exclusions=left_out(labels, choice))
    ctx.progress(1, 4, "Raters")
    profiles: tuple[RaterProfile, ...] = ()
    table = data.intensities
    if earlier is not None:
        profiles = earlier.profiles
    elif table is not None:
        profiles = tuple(rater_profiles(table, attention=data.attention, seed=settings.seed))
    ctx.progress(2, 4, "Traces")
    traces = []
    if with_traces:
        traces = trace_agreement(data.traces, settings, data.taken_back)
    ctx.progress(3, 4, "Pairs of raters")
    if earlier is None:
        every = of_all_passes(labels, choice) if choice.pass_no == 1 else None
        found = reliability_of(table, every, settings)
        matrices, retest, iccs = list(found.kappas), found.retest, found.iccs
    else:
        matrices, retest, iccs = _without_traces(earlier), earlier.retest, earlier.iccs
    matrices += [
        PairMatrix(
            "trace", f"Traces: {t.dimension}, {t.condition}", "concordance correlation coefficient (Lin 1989)",
            t.raters, t.pairwise, t.pairs,
        )
        for t in traces
    ]  # fmt: skip
    ctx.progress(4, 4)
    return Results(
        choice=choice,
        settings=settings,
        report=report,
        traces=tuple(traces),
        profiles=profiles,
        matrices=tuple(matrices),
        retest=retest,
        iccs=iccs,
        methods=tuple(_methods(report, traces, profiles, retest, iccs, settings)),
        excluded={one.rater: one.reason for one in labels.data.exclusions},
        traced=facts_of_traces(data.traces),
        left_out=left_out(labels, choice),
        sources=labels.sources,
    )


def _methods(
    report: AgreementReport | None,
    traces: list[TraceAgreement],
    profiles: tuple[RaterProfile, ...],
    retest: tuple[Retest, ...],
    iccs: dict[tuple[str, str], IccSet],
    settings: AgreementSettings,
) -> list[str]:
    out = methods_sentences(report) if report is not None else []
    if iccs:
        out.append(
            "Intraclass correlations are one-way (Donner 1986, unequal numbers of raters allowed) and two-way, "
            "absolute agreement and consistency, on complete items (McGraw & Wong 1996); where ratings are missing, "
            "those of a mixed model with crossed items and raters, fitted by REML to all ratings, stand beside them. "
            f"{_icc_intervals(settings)}"
        )
    if retest:
        kappa = retest[0].kappa
        out.append(f"Test-retest reliability of each rater was {kappa.estimator} ({kappa.reference}), of both passes.")
    if profiles:
        out.append(
            "Raters were described by bias and leave-one-out correlation against the mean of the others, use of the "
            f"scale, change of alpha without them, speed and attention checks; a robust z beyond {LIMIT:g} (0.6745 "
            "(x - median) / MAD) was a reason to look. No rater was left out automatically."
        )
    if traces:
        one = traces[0]
        out.append(
            f"Agreement of traces was the {one.mean_pairwise.estimator} ({one.mean_pairwise.reference}) and "
            f"{one.alpha.estimator} ({one.alpha.reference}); {one.alpha.missing}. Each rater's lag behind the fastest "
            "is where the overlap-normalised cross-correlations with the other raters are highest together, within "
            f"6 s, with expanded percentile bootstrap intervals over {settings.unit}s; raters with less than "
            f"{LEAST_S:.0f} s in common with another one, flat peaks and peaks at the edge were rejected. A lag is the "
            "whole delay, with the smoothing of the hand. Raters who oppose the others or never move enter no lag and "
            "no gold standard."
        )
    return out


def left_out(labels: Labels, choice: LabelFilter) -> tuple[tuple[str, str], ...]:
    """Return (rater, reason) for everybody who does not count."""
    stored = () if choice.with_excluded else tuple((one.rater, one.reason) for one in labels.data.exclusions)
    return stored + tuple((rater, "left out for this analysis") for rater in choice.without)


def _icc_intervals(settings: AgreementSettings) -> str:
    if settings.icc_interval == "F":
        return "Their intervals are those of the F distribution, which hold for normal scores only."
    return f"Their intervals are t intervals of the jackknife over {settings.unit}s."


def _without_traces(earlier: Results) -> list[PairMatrix]:
    return [one for one in earlier.matrices if one.kind != "trace"]


@dataclass(frozen=True)
class WhatIf:
    """One cell of the table with and without some raters."""

    condition: str
    emotion: str
    disagreement: float
    disagreement_without: float
    alpha: float
    alpha_without: float


def what_if(before: Results, after: Results) -> list[WhatIf]:
    """Return the cells of two results side by side."""
    out: list[WhatIf] = []
    if before.report is None:
        return out
    for cell in before.report.emotions:
        other = after.report.emotion(cell.condition, cell.emotion) if after.report is not None else None
        out.append(
            WhatIf(
                cell.condition, cell.emotion, cell.disagreement.value,
                NAN if other is None else other.disagreement.value, cell.alpha_ordinal.value,
                NAN if other is None else other.alpha_ordinal.value,
            )
        )  # fmt: skip
    return out
