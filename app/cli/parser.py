"""The parser of each command, which refuses what it does not know by itself, with the word that may be meant."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import Any

from app.addresses import is_server
from app.domain.near import asked, nearest


class Parser(argparse.ArgumentParser):
    """An `ArgumentParser` whose commands refuse unknown words with their own usage.

    argparse hands unknown words of a command up to the whole program, which then prints its own usage. A command that
    takes a project takes it as `--project P` and as a word of its own.
    """

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> tuple[Any, list[str]]:
        """Parse words, and refuse those that are not known."""
        found, unknown = super().parse_known_args(None if args is None else self._with_project(args), namespace)
        if unknown:
            options = [option for action in self._actions for option in action.option_strings]
            self.error(f"unrecognized arguments: {' '.join(_with_meant(word, options) for word in unknown)}")
        return found, unknown

    def _with_project(self, words: Sequence[str]) -> list[str]:
        """Return words in which the project is named as this command takes it, by its place or by `--project`."""
        actions = [action for action in self._actions if action.dest == "project"]
        if not actions:
            return list(words)
        if actions[0].option_strings:
            at = next((at for at, word in enumerate(words) if _is_project(word)), None)
            named = any(word.partition("=")[0] == "--project" for word in words)
            if at is None or named or self._takes_value(words[:at]):
                return list(words)
            return [*words[:at], *words[at + 1 :], "--project", words[at]]
        for at, word in enumerate(words):
            if word == "--project" and at + 1 < len(words):
                return [words[at + 1], *words[:at], *words[at + 2 :]]
            if word.startswith("--project="):
                return [word.partition("=")[2], *words[:at], *words[at + 1 :]]
        return list(words)

    def _takes_value(self, words: Sequence[str]) -> bool:
        """Whether the last of the words is an option whose value follows."""
        option = self._option_string_actions.get(words[-1]) if words else None
        return option is not None and option.nargs != 0

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        try:
            super()._check_value(action, value)
        except argparse.ArgumentError as error:
            choices: Iterable[Any] = action.choices or ()
            error.message += asked(nearest(str(value), map(str, choices)))
            raise


def _is_project(word: str) -> bool:
    return is_server(word) or (word.endswith(".affectograph") and not word.startswith("-"))


def _with_meant(word: str, options: Iterable[str]) -> str:
    return word + (asked(nearest(word.partition("=")[0], options)) if word.startswith("-") else "")
