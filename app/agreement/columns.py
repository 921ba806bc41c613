"""The meaning of each column of the tables of results, for the explanations beside an export."""

from typing import Final

_INTERVAL: Final = "of its interval; empty where it has none"

MEANINGS: Final[dict[str, str]] = {
    "condition": "how the items were shown",
    "a": "the first of the two that are compared",
    "b": "the second of the two that are compared",
    "kind": "intensity or category",
    "what": "what is compared",
    "dimension": "valence or arousal",
    "of": "what the estimate is about",
    "estimator": "the name of the statistic; its formula and source are among the notes",
    "measure": "the statistic",
    "name": "the emotion or dimension",
    "low": f"lower end {_INTERVAL}",
    "high": f"upper end {_INTERVAL}",
    "value": "the estimate; empty where it is not defined",
    "reason": "why there is no value or no interval",
    "disagreement": "mean over items of the sample variance (n - 1) of the intensities; of categories, the chance that "
    "two raters of an item differ",
    "disagreement_population": "the same with divisor n",
    "prevalence": "share of ratings in which the emotion is present",
    "raw_agreement": "share of pairs of raters who agree, not corrected for chance",
    "alpha_ordinal": "Krippendorff's alpha, ordinal metric",
    "alpha_interval": "Krippendorff's alpha, interval metric",
    "alpha_nominal": "Krippendorff's alpha, nominal metric",
    "fleiss_kappa": "Fleiss' kappa",
    "n_items": "number of items",
    "n_raters": "number of raters",
    "n_ratings": "number of ratings",
    "n_clusters": "number of units that intervals and p values resample",
    "difference": "mean paired difference of disagreement, a minus b",
    "p": "p of random sign flips, not adjusted",
    "p_adjusted": "p adjusted over the emotions by step-down max-T",
    "p_holm": "p adjusted over the emotions by Holm",
    "smallest_p": "the smallest p that can occur with so few units",
    "d_z": "Cohen's d of the paired differences",
    "rank_biserial": "matched-pairs rank-biserial correlation",
    "prevalence_adjusted": "difference that is left at an unchanged mean rating",
    "p_prevalence_holm": "p of the difference at an unchanged mean rating, adjusted by Holm",
    "delta_alpha": "difference of alpha, a minus b",
    "p_delta_alpha_holm": "p of the difference of alpha, adjusted by Holm",
    "alpha": "the kind of alpha that is compared",
    "design": "who judged in which condition",
    "scope": "to what the results extend",
    "bias": "mean difference from the mean of the others, in points",
    "spread_ratio": "standard deviation over that of the others",
    "loo_correlation": "correlation with the mean of the others",
    "alpha_change": "change of alpha without this rater",
    "share_lowest": "share of ratings at the lowest point of the scale",
    "share_highest": "share of ratings at the highest point of the scale",
    "longest_run": "longest run of equal answers",
    "median_response_s": "median time to an answer",
    "fast_share": "share of answers that were given too fast",
    "checks_passed": "attention checks that were passed",
    "checks_asked": "attention checks that were asked",
    "flags": "reasons to look at this rater; a flag is not a verdict",
    "excluded": "why the project leaves this rater out; empty where it does not",
    "robust_z": "0.6745 (x - median) / MAD",
    "stability": "share of resamples in which the flag is raised",
    "evidence": "the flag in words",
    "agreement": "agreement of the pair",
    "kappa": "agreement of the two passes, weighted kappa",
    "exact": "share of equal answers",
    "mean_difference": "second minus first answer, in points",
    "mean_absolute_difference": "mean absolute difference of both answers, in points",
    "pearson": "Pearson's correlation of both passes",
    "n": "number of pairs of answers",
    "most_disputed": "the emotion on which raters differ most",
    "model": "the model against the mean of the raters",
    "human_low": "the rater who agrees least with the others",
    "human_mean": "mean over raters, each against the others: the human ceiling",
    "human_high": "the rater who agrees most with the others",
    "points": "intensity that typical raters of the panel would give on average, by the model of raters",
    "sd": "posterior standard deviation",
    "context_points": "points that condition b adds to condition a, by the model of raters",
    "model_bias": "points that the rater gives more than a typical one, by the model of raters",
    "noise": "the rater's noise over the panel's, by the model of raters",
    "drift": "points that are added in an hour of a session; empty without times",
    "profile": "the rater in words",
    "observed": "of the ratings that were given",
    "drawn": "mean over ratings drawn from the model",
    "away": "distance of the observed from the drawn, in standard deviations of the drawn",
    "fits": "whether the observed could have come from the model",
    "share": "posterior mean of the share",
    "seen": "the category that the rater sees",
    "said": "the category that the rater gives",
    "ccc": "concordance correlation coefficient (Lin 1989)",
}
"""Column → what it holds."""

_ENDS: Final = {"_low": f"lower end {_INTERVAL}", "_high": f"upper end {_INTERVAL}"}


def meaning_of(column: str) -> str:
    """Return what a column of results holds; empty if its name says it all.

    Args:
        column: The name of the column.

    Example:
        >>> meaning_of("alpha_ordinal_low")
        "Krippendorff's alpha, ordinal metric: lower end of its interval; empty where it has none"
    """
    if column in MEANINGS:
        return MEANINGS[column]
    for ending, words in _ENDS.items():
        whole = column.removesuffix(ending)
        if whole != column:
            return ": ".join(filter(None, (MEANINGS.get(whole, ""), words)))
    if column.startswith("disagreement_"):
        return f"disagreement in the condition {column.removeprefix('disagreement_')}, mean over emotions"
    return ""
