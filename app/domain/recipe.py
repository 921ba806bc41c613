"""What a recipe is: a named way of training with its parameters, as the form, the command line and the run read it.

No torch here: the window shows recipes on machines that cannot train.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from app.errors import UserError

Value = bool | int | float | str
Network = Literal[
    "head", "frame_head", "cnn", "cnn_rnn", "average", "kaverage", "aggregation", "irnn", "gru", "attention"
]
_OF_PROBABILITIES: Final[frozenset[Network]] = frozenset({"average", "kaverage"})


def reads_probabilities(network: str) -> bool:
    """Return whether a recipe's network reads the frame model's class probabilities, and not features."""
    return network in _OF_PROBABILITIES


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


@dataclass(frozen=True)
class Recipe:
    """A named way of training.

    Attributes:
        name: For the command line and the run's record.
        title: For people.
        summary: What it does and when to take it.
        source: The paper it follows.
        network: What is trained. For valence and arousal "head" or "frame_head" (with or without time, on the shipped
            model's features), "cnn" or "cnn_rnn" (system E from pixels); for categories the recipe's own name.
        parameters: What can be set.
        target: What is predicted: valence and arousal of every frame, or the category of a whole item.
    """

    name: str
    title: str
    summary: str
    source: str
    network: Network
    parameters: tuple[Parameter, ...]
    target: Literal["affect", "category"] = "affect"

    def values(self, given: Mapping[str, Any] | None = None) -> dict[str, Value]:
        """Return all parameters with `given` in place of defaults, checked.

        Raises:
            UserError: For an unknown name or a value that does not fit.
        """
        given = dict(given or {})
        known = {parameter.key: parameter for parameter in self.parameters}
        for key in given:
            if key not in known:
                raise UserError(f"The recipe {self.name} has no parameter {key}.", f"It has {', '.join(known)}.")
        return {key: known[key].checked(given.get(key, known[key].default)) for key in known}
