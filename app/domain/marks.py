"""Texts that lead to one person, and how they are found and taken out of other texts and of bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any, Final

SHORT: Final = 3
"""Marks with fewer characters are taken out only where they are the whole text: `1` stands in too many others."""
LEAST_IN_BYTES: Final = 5
"""Marks with fewer characters are not looked for in bytes, where they turn up by chance."""


class Marks:
    """The texts that lead to a person: code, name, names and hashes of clips, uids.

    A mark counts where no letter or digit is before or after it: `S01` is found in `S01_happy.csv`, not in `S011`.

    Args:
        texts: The marks; empty ones are ignored.
        instead: What is written in their place.
        parts: Words of a name, which are taken out of texts, too, but not looked for in bytes: others may have them.
    """

    def __init__(self, texts: Iterable[str], instead: str, parts: Iterable[str] = ()) -> None:
        self.texts = tuple(sorted({text for text in texts if text.strip()}, key=lambda text: (-len(text), text)))
        self.instead = instead
        self._parts = tuple(sorted(set(parts)))

    @cached_property
    def _within(self) -> re.Pattern[str]:
        return _pattern([text for text in (*self.texts, *self._parts) if len(text) >= SHORT])

    def clean(self, text: str) -> str:
        """Return a text without the marks."""
        return self.instead if text in self.texts else self._within.sub(self.instead, text)

    def clean_json(self, value: Any) -> Any:
        """Return plain values, as JSON holds them, with the marks taken out of every text and key."""
        if isinstance(value, str):
            return self.clean(value)
        if isinstance(value, list):
            return [self.clean_json(one) for one in value]
        if isinstance(value, dict):
            return {self.clean(key): self.clean_json(one) for key, one in value.items()}
        return value

    def in_text(self, text: str) -> bool:
        """Return whether a text holds a mark."""
        return text in self.texts or self._within.search(text) is not None

    @cached_property
    def _forms(self) -> tuple[tuple[str, re.Pattern[bytes]], ...]:
        found = []
        for text in self.texts:
            if len(text) >= LEAST_IN_BYTES:
                forms = {text.encode(), json.dumps(text)[1:-1].encode(), text.encode("utf-16-le")}
                whole = b"|".join(re.escape(form) for form in sorted(forms))
                found.append((text, re.compile(rb"(?<![0-9A-Za-z])(?:" + whole + rb")(?![0-9A-Za-z])")))
        return tuple(found)

    def in_bytes(self, content: bytes) -> tuple[str, ...]:
        """Return the marks of `LEAST_IN_BYTES` characters and more that stand in bytes, in UTF-8, JSON or UTF-16."""
        return tuple(text for text, form in self._forms if form.search(content))

    @property
    def not_in_bytes(self) -> tuple[str, ...]:
        """The marks that are too short to be looked for in bytes."""
        return tuple(text for text in self.texts if len(text) < LEAST_IN_BYTES)


def _pattern(texts: list[str]) -> re.Pattern[str]:
    if not texts:
        return re.compile(r"(?!)")
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, texts))})(?![^\W_])")
