"""What the model of raters makes of raters who rate against the others or as if by chance.

A rater is of one of three kinds: sound, with the scale turned round, or by chance. The kind is decided before the fit,
from how the scores follow the others' (`suspects.py`), because few judgements decide it and a wrong scale would spoil
everything that is shared. A scale that is turned round is turned back and tells as much as any other; answers by chance
tell nothing of the items and stay out of the likelihood.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final, Literal

import numpy as np

from app.agreement.bayes.ordinal_data import OrdinalData
from app.agreement.bayes.suspects import Suspect, suspects_of

Treated = Literal["turned", "chance"]
EVERY: Final[tuple[Treated, ...]] = ("turned", "chance")
TURNED: Final[tuple[Treated, ...]] = ("turned",)
_DONE: Final[dict[Treated, tuple[str, str]]] = {
    "turned": ("here the scale is turned round", "The model turns this rater's scale round."),
    "chance": ("here these answers do not count", "The model does not count these answers."),
}
_ASK: Final = "Ask the rater; to count the answers as they stand, use `affectograph raters --as-given`."


def allow_for(data: OrdinalData, treat: Collection[Treated] = EVERY) -> OrdinalData:
    """Return ratings with scales turned back, and without answers by chance.

    Raters are treated one after the other, those most against the others first, because a turned scale hides in the
    means of the others who is sound. Fewer than half of all raters are treated: else nobody can tell who is wrong.

    Args:
        data: The ratings as they were given.
        treat: Which raters are treated: those with the scale turned round, those by chance, or both.

    Returns:
        The ratings; `allowed` and `notes` say who was treated and why.

    Example:
        >>> from app.agreement.bayes.simulate import TYPICAL, StudyShape, draw_study
        >>> data, _ = draw_study(StudyShape(30, 6, 3, 1), np.random.default_rng(2), TYPICAL)
        >>> turned = replace(data, level=np.where(data.rater == 1, 5 - data.level, data.level))
        >>> found = allow_for(turned)
        >>> found.allowed[0][0], bool((found.level == data.level).all())
        ('R2', True)
    """
    treated: set[str] = set()
    for _ in range((len(data.raters) - 1) // 2):
        left = [one for one in suspects_of(data) if one.rater not in treated and _kind(one) in treat]
        if not left:
            break
        worst = min(left, key=lambda one: one.follows)
        data = _treated(data, worst)
        treated.add(worst.rater)
    return data


def _kind(one: Suspect) -> Treated:
    return "turned" if one.against else "chance"


def _treated(data: OrdinalData, one: Suspect) -> OrdinalData:
    mine = data.rater == data.raters.index(one.rater)
    short, done = _DONE[_kind(one)]
    made = replace(
        data, notes=(*data.notes, f"{one.found} {done} {_ASK}"),
        allowed=(*data.allowed, (one.rater, f"{one.short} ({short})")),
    )  # fmt: skip
    if one.against:
        return replace(made, level=np.where(mine, len(data.points) - 1 - data.level, data.level))
    return made.where(~mine)
