"""What a recipe is: a named way of training with its parameters, as the form, the command line and the run read it.

No torch here: the window shows recipes on machines that cannot train.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from app.errors import UserError

Value = bool | int | float | str
PAPER: Final = "paper"
SCALED: Final = "scaled"
"""Sizes of a recipe: that of its paper, and one that trains in minutes on two processor cores."""


@dataclass(frozen=True)
class Parameter:
    """One number or choice of a recipe.

    Attributes:
        key: Name in code, on the command line (`--set key=value`) and in the run's record.
        default: The recipe's default; its type is the parameter's type.
        title: For the form.
        help: One sentence: what it does, and the paper's value where there is one.
        low: Smallest value allowed, for numbers.
        high: Largest value allowed, for numbers.
        choices: The values allowed, for text.
        basic: Shown at once; the others under "more".
    """

    key: str
    default: Value
    title: str
    help: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    basic: bool = False

    def checked(self, value: Any) -> Value:
        """Return the value in the parameter's type and within its bounds; text is converted.

        Raises:
            UserError: When it does not fit.
        """
        kind = type(self.default)
        try:
            if kind is bool:
                text = str(value).lower()
                if text not in ("true", "false", "1", "0", "yes", "no"):
                    raise ValueError(text)
                result: Value = text in ("true", "1", "yes")
            else:
                result = kind(value)
        except (TypeError, ValueError) as error:
            raise UserError(f"{self.key} = {value!r} is not a {kind.__name__}.", self.help) from error
        if self.choices and result not in self.choices:
            raise UserError(f"{self.key} cannot be {value!r}.", f"Choose one of {', '.join(self.choices)}.")
        if not isinstance(result, str | bool):
            if self.low is not None and result < self.low:
                raise UserError(f"{self.key} = {value} is too small.", f"The least is {self.low:g}.")
            if self.high is not None and result > self.high:
                raise UserError(f"{self.key} = {value} is too large.", f"The most is {self.high:g}.")
        return result


SIZE: Final = Parameter(
    "size",
    PAPER,
    "Size",
    "The sizes of the paper, or smaller ones that train in minutes on two processor cores. Values that are given "
    "otherwise are kept.",
    choices=(PAPER, SCALED),
    basic=True,
)


@dataclass(frozen=True)
class Recipe:
    """A named way of training.

    Attributes:
        name: For the command line and the run's record.
        title: For people.
        summary: What it does and when to take it.
        source: The paper it follows.
        network: What is trained. For valence and arousal "head" or "frame_head" (with or without time, on the shipped
            model's features), "cnn" or "cnn_rnn" (system E from pixels); for categories a name that
            `app.learning.clip.members` knows.
        parameters: What can be set.
        target: What is predicted: valence and arousal of every frame, or the category of a whole item.
        reads: For categories, what the network reads of each frame: "features" of all streams side by side, or the
            class "probabilities" of the first frame network among them, or "both", the features first.
        streams: For categories, the streams that are read unless others are named.
        scaled_streams: The same in the size "scaled"; empty if they are the same in both sizes.
        scaled: Values that replace the defaults if the size "scaled" is chosen; empty if the recipe has one size. A
            recipe with two sizes also has the parameter `size`.
    """

    name: str
    title: str
    summary: str
    source: str
    network: str
    parameters: tuple[Parameter, ...]
    target: Literal["affect", "category"] = "affect"
    reads: Literal["features", "probabilities", "both"] = "features"
    streams: tuple[str, ...] = ("face",)
    scaled_streams: tuple[str, ...] = ()
    scaled: Mapping[str, Value] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        """Add the choice of the size to a recipe that has two."""
        if self.scaled and SIZE not in self.parameters:
            object.__setattr__(self, "parameters", (SIZE, *self.parameters))

    def defaults(self, size: str = PAPER) -> dict[str, Value]:
        """Return the values of all parameters that apply in a size if nothing else is given."""
        found = {parameter.key: parameter.default for parameter in self.parameters}
        return found | {SIZE.key: size} | dict(self.scaled) if size == SCALED else found

    def streams_in(self, size: str = PAPER) -> tuple[str, ...]:
        """Return the streams that are read in a size unless others are named."""
        return self.scaled_streams if size == SCALED and self.scaled_streams else self.streams

    def values(self, given: Mapping[str, Any] | None = None) -> dict[str, Value]:
        """Return all parameters with `given` in place of the defaults of the chosen size, checked.

        Raises:
            UserError: For an unknown name or a value that does not fit.
        """
        given = dict(given or {})
        known = {parameter.key: parameter for parameter in self.parameters}
        for key in given:
            if key not in known:
                raise UserError(f"The recipe {self.name} has no parameter {key}.", f"It has {', '.join(known)}.")
        size = SIZE.checked(given.get(SIZE.key, PAPER)) if self.scaled else PAPER
        defaults = self.defaults(str(size))
        return {key: known[key].checked(given.get(key, defaults[key])) for key in known}
