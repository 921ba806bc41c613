"""The formula of every estimator, in one line of plain text for reports; docs/statistics.md says more of each."""

from __future__ import annotations

from typing import Final

_PAIRS: Final = "mean over items of the share of pairs of raters who gave the same answer"
_ALPHA: Final = "1 - observed / expected disagreement over all pairs of ratings of an item"
_ANOVA: Final = "MSR items, MSC raters, MSE residual, n items, k raters"

FORMULAS: Final[tuple[tuple[str, str], ...]] = (
    (
        "disagreement (mean within-item sample variance of the 0/1 indicator)",
        "mean over items of m/(m-1) p(1-p), p the share of the m votes of an item",
    ),
    ("disagreement (mean within-item sample variance", "mean over items of sum (x - item mean)^2 / (m-1)"),
    ("disagreement (mean within-item population variance", "mean over items of sum (x - item mean)^2 / m"),
    ("disagreement (chance that two raters", "mean over items of 1 - sum n_c(n_c-1) / (m(m-1))"),
    ("prevalence (share of votes)", "votes for the category / all votes"),
    ("prevalence", "ratings that count as present / all ratings"),
    ("raw agreement", _PAIRS),
    (
        "Krippendorff's alpha (ordinal)",
        f"{_ALPHA}; (difference of mid-ranks)^2 as the distance of two scores",
    ),
    ("Krippendorff's alpha (interval)", f"{_ALPHA}; (difference of scores)^2 as their distance"),
    ("Krippendorff's alpha (nominal", f"{_ALPHA}; 1 for unequal answers, 0 for equal ones"),
    ("Fleiss' kappa, generalised", "(P - Pe) / (1 - Pe), P over items with two votes, Pe = sum of (mean n_c/m)^2"),
    ("Fleiss' kappa", "(P - Pe) / (1 - Pe), P share of agreeing pairs of votes, Pe = sum p_c^2"),
    ("Cohen's kappa", "(p_o - p_e) / (1 - p_e)"),
    (
        "Cohen's weighted kappa (quadratic weights)",
        "2 s_xy / (s_x^2 + s_y^2 + (mean x - mean y)^2), moments with divisor n, within an emotion and condition",
    ),
    ("Cohen's weighted kappa (linear weights)", "1 - mean |x - y| / mean of |x - y| over all pairings of the scores"),
    ("ICC(1,1)", "(MSB - MSW) / (MSB + (k0-1) MSW), k0 = (N - sum m^2/N) / (n-1)"),
    ("ICC(1,k)", "k r / (1 + (k-1) r), r = ICC(1,1), k the harmonic mean of the ratings of an item"),
    ("ICC(A,1), two-way", f"(MSR - MSE) / (MSR + (k-1) MSE + k/n (MSC - MSE)); {_ANOVA}"),
    ("ICC(A,k), two-way", f"(MSR - MSE) / (MSR + (MSC - MSE)/n); {_ANOVA}"),
    ("ICC(C,1), two-way", f"(MSR - MSE) / (MSR + (k-1) MSE); {_ANOVA}"),
    ("ICC(C,k), two-way", f"(MSR - MSE) / MSR; {_ANOVA}"),
    ("ICC(A,1), mixed model", "s_item^2 / (s_item^2 + s_rater^2 + s_error^2), variances of a crossed mixed model"),
    ("ICC(C,1), mixed model", "s_item^2 / (s_item^2 + s_error^2), variances of a crossed mixed model"),
    ("mean paired difference", "mean over items of (variance in a - variance in b)"),
    ("d_z", "mean of the differences of items / their standard deviation"),
    ("matched-pairs rank-biserial", "(sum of ranks of positive - of negative differences) / sum of all, zeros dropped"),
    ("difference of Krippendorff's alpha", "alpha in a - alpha in b"),
    (
        "condition difference of disagreement adjusted for prevalence",
        "intercept of d ~ (m_a - m_b) + (m_a^2 - m_b^2), d difference of variances, m mean rating of an item",
    ),
    (
        "leave-one-out concordance",
        "2 s_xy / (s_x^2 + s_y^2 + (mean x - mean y)^2), y the mean of the other raters, divisor n",
    ),
    ("human ceiling", "mean over raters of the concordance of a rater with the mean of the others"),
    ("concordance correlation coefficient", "2 s_xy / (s_x^2 + s_y^2 + (mean x - mean y)^2), moments with divisor n"),
    ("reaction lag", "shift at which the sum of the correlations of all pairs is largest, less that of the fastest"),
)
"""(how the name of an estimator begins, its formula); the first that fits holds."""


def formula_of(estimator: str) -> str:
    """Return the formula of an estimator by its full name; empty where there is none.

    Args:
        estimator: full name, as `Estimate.estimator` has it.

    Example:
        >>> formula_of("prevalence (share of votes)")
        'votes for the category / all votes'
    """
    return next((formula for beginning, formula in FORMULAS if estimator.startswith(beginning)), "")
