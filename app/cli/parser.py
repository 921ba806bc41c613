"""The parser of each command, which refuses what it does not know by itself, with the word that may be meant."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import Any

from app.domain.near import asked, nearest


class Parser(argparse.ArgumentParser):
    """An `ArgumentParser` whose commands refuse unknown words with their own usage.

    argparse hands unknown words of a command up to the whole program, which then prints its own usage.
    """

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> tuple[Any, list[str]]:
        """Parse words, and refuse those that are not known."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            options = [option for action in self._actions for option in action.option_strings]
            self.error(f"unrecognized arguments: {' '.join(_with_meant(word, options) for word in unknown)}")
        return found, unknown

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        try:
            super()._check_value(action, value)
        except argparse.ArgumentError as error:
            choices: Iterable[Any] = action.choices or ()
            error.message += asked(nearest(str(value), map(str, choices)))
            raise


def _with_meant(word: str, options: Iterable[str]) -> str:
    return word + (asked(nearest(word.partition("=")[0], options)) if word.startswith("-") else "")
