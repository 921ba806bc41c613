"""What the estimators mean, one sentence or two each, for readers who do not compute them.

Whoever makes an `Estimate` gives it its text from here (`Estimate.plain`).
"""

from typing import Final

DISAGREEMENT: Final = (
    "How far raters lie apart: for each item the variance of their answers, averaged over items. It grows with how "
    "often an emotion is seen at all, so read it together with alpha."
)
VOTE_DISAGREEMENT: Final = (
    "The chance that two raters of an item choose different categories, averaged over items: 0 when all agree. It "
    "grows with how evenly the categories are used, so read it together with alpha."
)
DISAGREEMENT_DIFFERENCE: Final = (
    "How much more raters disagree in the first condition than in the second, on items judged in both: below 0 they "
    "disagree less."
)
RAW_AGREEMENT: Final = "The share of pairs of raters who gave the same answer; chance is not taken out."
PREVALENCE: Final = "How often the emotion was seen at all (any answer above the lowest point)."
VOTE_PREVALENCE: Final = "How often raters chose this category."
ALPHA: Final = (
    "Agreement beyond what chance would bring: 1 is perfect, 0 is chance, and below 0 raters contradict each other. It "
    "works with missing answers and different raters per item."
)
ALPHA_DIFFERENCE: Final = "How much higher alpha is in the first condition than in the second."
EFFECT_SIZE: Final = (
    "How large the difference between the conditions is, free of the scale's unit: 0 is none; below 0 raters disagree "
    "less in the first condition."
)
FLEISS: Final = "Agreement beyond chance for categories, where chance is how often each category is chosen by all."
COHEN: Final = (
    "Agreement of two sets of answers beyond chance, where chance is how often each of the two uses each answer: 1 is "
    "perfect, 0 is chance. With weights, answers that lie close together count as partial agreement."
)
ICC: Final = (
    "The share of the variance of ratings that lies between items: how well one rating (…,1) or the mean of the panel "
    "(…,k) tells items apart. Absolute agreement (A) counts offsets of raters as error, consistency (C) does not."
)
CCC: Final = (
    "How closely two curves run on top of each other: 1 is the same curve, 0 no relation; offset and scale count as "
    "error."
)
LAG: Final = (
    "How many seconds a rater's curve runs behind that of the fastest rater. It is the whole delay: reaction time, and "
    "the smoothing of a slow hand."
)
