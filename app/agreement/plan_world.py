"""What is assumed of people, clips and raters where a study is planned, and studies drawn from it.

A rating is a normal value that is rounded to the points of the scale and cut at its ends.  The value is the sum of what
its subject, its clip, its item and its rater add, and of a residual of its own.  The level is such that the stated
share of ratings lies above the scale's lowest point: with a small share most ratings are the lowest point, as those of
rare emotions are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement.resample import Unit
from app.domain.ratings import Factor, Items, RatingTable
from app.errors import UserError

Float = NDArray[np.float64]

CONDITIONS: Final = ("first", "second")
PARTS: Final = ("subject", "clip", "item", "rater", "residual")
"""What a rating is made of, from the highest level down."""
MOST_VARIANCE: Final = 1e9


@dataclass(frozen=True)
class World:
    """What ratings are made of; variances in squared points, of the values before they are rounded and cut.

    Attributes:
        subject: variance of what a person shown adds to all ratings.
        clip: variance of what a clip adds.
        item: variance of what an item adds, beyond its clip.
        rater: variance of what a rater adds to all ratings.
        residual: variance of what is left of each single rating.
        prevalence: share of ratings above the scale's lowest point, between 0 and 1.
        low: lowest point of the scale.
        high: highest point.
        step: distance of two points; 0 for a scale without steps.
    """

    subject: float = 0.3
    clip: float = 0.3
    item: float = 1.0
    rater: float = 0.3
    residual: float = 1.1
    prevalence: float = 0.5
    low: float = 0.0
    high: float = 5.0
    step: float = 1.0

    @property
    def total(self) -> float:
        """Variance of a value before it is rounded and cut."""
        return self.subject + self.clip + self.item + self.rater + self.residual

    @property
    def level(self) -> float:
        """Mean of the values, such that the prevalence holds.

        Example:
            >>> World(prevalence=0.5).level
            0.5
        """
        from scipy.special import ndtri

        return self.low + self.step / 2.0 + float(np.sqrt(self.total) * ndtri(self.prevalence))

    def words(self) -> str:
        """Return the assumptions in a sentence.

        Example:
            >>> print(World(prevalence=0.25).words())
            Ratings from 0 to 5 in steps of 1, 25 % of them above 0; before rounding their variance is 3: subject 10 %,
            clip 10 %, item 33 %, rater 10 %, residual 37 %.
        """
        shares = ", ".join(f"{name} {getattr(self, name) / self.total:.0%}".replace("%", " %") for name in PARTS)
        steps = f" in steps of {self.step:g}" if self.step else ""
        return (
            f"Ratings from {self.low:g} to {self.high:g}{steps}, {100 * self.prevalence:.3g} % of them above "
            f"{self.low:g}; before rounding their variance is {self.total:.3g}: {shares}."
        )


def stated_world(world: World) -> World:
    """Check what somebody states of ratings.

    Args:
        world: as stated.

    Returns:
        The same.

    Raises:
        UserError: a variance is negative, ratings have no residual, or prevalence or scale are none.

    Example:
        >>> stated_world(World(rater=0.5)).rater
        0.5
    """
    for part in PARTS:
        if not 0.0 <= getattr(world, part) < MOST_VARIANCE:
            raise UserError(f"{getattr(world, part):g} is not a variance of a {part}.", "Name a number from 0.")
    if world.residual <= 0.0:
        raise UserError("Ratings without a residual agree for certain.", "Name a residual variance above 0.")
    if not 0.0 < world.prevalence < 1.0:
        raise UserError("Prevalence is a share between 0 and 1.", "Name a share such as 0.3.")
    if not 0.0 <= world.step <= world.high - world.low or world.high <= world.low:
        raise UserError(
            f"A scale from {world.low:g} to {world.high:g} has no steps of {world.step:g}.",
            "Name steps no longer than the scale, or 0 for a scale without steps.",
        )
    return world


@dataclass(frozen=True)
class StudySize:
    """How large a study is.

    Attributes:
        subjects: persons shown.
        clips: clips of each.
        raters: raters of each item; of each condition where conditions have their own.
        items: items of each clip.
    """

    subjects: int = 12
    clips: int = 5
    raters: int = 5
    items: int = 1

    @property
    def unit(self) -> Unit:
        """What is left out together: the highest level of which there is more than one.

        Example:
            >>> StudySize(12, 5).unit, StudySize(1, 5).unit
            ('subject', 'clip')
        """
        return "subject" if self.subjects > 1 else "clip" if self.clips > 1 else "item"

    @property
    def n_items(self) -> int:
        """Items of the whole study."""
        return self.subjects * self.clips * self.items

    @property
    def n_units(self) -> int:
        """Number of what is left out."""
        return {"subject": self.subjects, "clip": self.clips, "item": self.items}[self.unit]

    def codes(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """((items,), (items,)) subject and clip of each item."""
        item = np.arange(self.n_items, dtype=np.int32)
        return item // (self.clips * self.items), item // self.items

    def unit_of_item(self) -> NDArray[np.int64]:
        """(items,) number of what each item is left out with.

        Example:
            >>> StudySize(2, 2).unit_of_item()
            array([0, 0, 1, 1])
        """
        subject, clip = self.codes()
        item = np.arange(self.n_items, dtype=np.int64)
        return {"subject": subject.astype(np.int64), "clip": clip.astype(np.int64), "item": item}[self.unit]


@dataclass(frozen=True)
class Contrast:
    """What two conditions have of their own.

    Attributes:
        quiet: share of the residual variance that is left in the second condition; 1 where nothing differs.
        between: whether each condition has its own raters.
        emotions: emotions that are judged; only the first one differs.
    """

    quiet: float = 1.0
    between: bool = False
    emotions: int = 1


def draw_scores(world: World, size: StudySize, rng: np.random.Generator, contrast: Contrast | None = None) -> Float:
    """Return the scores of one study.

    Args:
        world: what ratings are made of.
        size: how large the study is.
        rng: source of chance.
        contrast: of two conditions; one condition and one emotion if None.

    Returns:
        (items, emotions, raters, conditions) float64, NaN where a rater did not judge a condition.

    Example:
        >>> draw_scores(World(), StudySize(4, 2, 3), np.random.default_rng(0)).shape
        (8, 1, 3, 1)
    """
    emotions = 1 if contrast is None else contrast.emotions
    conditions = 1 if contrast is None else 2
    raters = size.raters * (2 if contrast is not None and contrast.between else 1)
    subject, clip = size.codes()

    def part(variance: float, shape: tuple[int, ...]) -> Float:
        return float(np.sqrt(variance)) * rng.normal(size=shape)

    of_item = part(world.subject, (size.subjects, emotions))[subject]
    of_item = of_item + part(world.clip, (size.subjects * size.clips, emotions))[clip]
    of_item = of_item + part(world.item, (size.n_items, emotions))
    of_rater = part(world.rater, (emotions, raters))
    noise = part(world.residual, (size.n_items, emotions, raters, conditions))
    if contrast is not None:
        noise[:, 0, :, 1] *= np.sqrt(contrast.quiet)
    value = world.level + of_item[:, :, None, None] + of_rater[None, :, :, None] + noise
    if world.step:
        value = world.low + world.step * np.rint((value - world.low) / world.step)
    scores = np.clip(value, world.low, world.high)
    if contrast is not None and contrast.between:
        scores[:, :, size.raters :, 0] = np.nan
        scores[:, :, : size.raters, 1] = np.nan
    return scores


def as_table(scores: Float, size: StudySize, world: World) -> RatingTable:
    """Return the scores as the table that the report analyses.

    Args:
        scores: (items, emotions, raters, conditions), as `draw_scores` gives them.
        size: of the study.
        world: for the scale.

    Example:
        >>> size = StudySize(4, 2, 3)
        >>> table = as_table(draw_scores(World(), size, np.random.default_rng(0)), size, World())
        >>> len(table), len(table.items), table.scale
        (24, 8, (0.0, 5.0))
    """
    known = np.flatnonzero(~np.isnan(scores.ravel()))
    item, emotion, rater, condition = (axis.ravel()[known] for axis in np.indices(scores.shape, dtype=np.int32))
    subject, clip = size.codes()
    items = Items(
        _names("i", size.n_items),
        Factor(clip, _names("c", size.subjects * size.clips)),
        Factor(subject, _names("s", size.subjects)),
    )
    return RatingTable(
        items, item, Factor(condition, CONDITIONS[: scores.shape[3]]), Factor(rater, _names("R", scores.shape[2])),
        Factor(emotion, _names("e", scores.shape[1])), scores.ravel()[known], np.ones(item.size, dtype=np.int32),
        scale=(world.low, world.high), simulated=True,
    )  # fmt: skip


def _names(letter: str, number: int) -> tuple[str, ...]:
    return tuple(f"{letter}{k + 1}" for k in range(number))


def mean_variance(scores: Float) -> float:
    """Return the mean within-item sample variance of (items, raters) scores without NaN.

    Example:
        >>> mean_variance(np.array([[0.0, 2.0], [1.0, 1.0]]))
        1.0
    """
    return float(scores.var(axis=1, ddof=1).mean())


LARGE: Final = StudySize(1, 20_000, 5)
"""A study without end, for all that matters; what it gives is called the truth of a world."""


def quiet_for(world: World, effect: float, seed: int = 0) -> float:
    """Share of the residual variance that must be left in the second condition for an effect of a given size.

    Args:
        world: what ratings are made of.
        effect: mean within-item variance of the first condition less that of the second, in squared points, 0 or more.
        seed: of the large study in which the effect is looked for.

    Returns:
        Between 0 and 1; NaN where not even raters without any residual would differ so much.

    Example:
        >>> quiet_for(World(), 0.0)
        1.0
        >>> bool(0.0 < quiet_for(World(), 0.2) < 1.0), quiet_for(World(), 9.0)
        (True, nan)
    """
    if effect == 0.0:
        return 1.0

    def shown(quiet: float) -> float:
        drawn = draw_scores(world, LARGE, np.random.default_rng(seed), Contrast(quiet))
        return mean_variance(drawn[:, 0, :, 1])

    base = shown(1.0)

    def gap(quiet: float) -> float:
        return base - shown(quiet)

    if gap(0.0) < effect:
        return float("nan")
    low, high = 0.0, 1.0
    for _ in range(24):
        middle = (low + high) / 2.0
        low, high = (middle, high) if gap(middle) > effect else (low, middle)
    return (low + high) / 2.0
