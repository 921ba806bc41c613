"""Names for one export, behind which nobody finds the people and clips of the project."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final

from app.domain.study import Study
from app.interchange.label_sheet import Place

_LETTERS: Final = 8


class Pseudonyms:
    """Names for raters, subjects, clips and items.

    Equal names have equal pseudonyms within one export. The key is random and kept nowhere, so that two exports cannot
    be laid side by side, and nobody finds a name by trying all.

    Args:
        off: Whether every name stays as it is.
        key: The secret; None makes one.
    """

    def __init__(self, *, off: bool = False, key: bytes | None = None) -> None:
        self.off = off
        self._key = secrets.token_bytes(32) if key is None else key

    def _name(self, kind: str, name: str) -> str:
        if self.off or not name:
            return name
        word = hashlib.blake2b(f"{kind}\0{name}".encode("utf-8", "surrogatepass"), key=self._key).hexdigest()
        return f"{kind}-{word[:_LETTERS]}"

    def rater(self, code: str) -> str:
        """Return the name of a rater."""
        return self._name("rater", code)

    def subject(self, code: str) -> str:
        """Return the name of a subject; empty for none."""
        return self._name("subject", code)

    def clip(self, name: str) -> str:
        """Return the name of a clip, which keeps its ending."""
        return name if self.off else f"{self._name('clip', name)}{PurePosixPath(name).suffix}"

    def face(self, name: str) -> str:
        """Return another program's name of a face, which may be a person's; a number stays."""
        return name if name.isdecimal() else self._name("face", name)

    def item(self, name: str) -> str:
        """Return the name of an item."""
        return self._name("item", name)

    def of(self, place: Place) -> Place:
        """Return the place of a label under other names, without the hash, by which the clip's file could be found."""
        if self.off:
            return place
        return place._replace(
            item=self.item(place.item),
            clip=self.clip(place.clip),
            clip_sha256="",
            subject=self.subject(place.subject),
            rater=self.rater(place.rater),
        )

    def study(self, study: Study) -> Study:
        """Return a study with the other names of the items that it practises and checks with."""
        if self.off:
            return study
        practice = tuple(replace(clip, item=self.item(clip.item)) for clip in study.practice)
        attention = tuple(replace(check, item=self.item(check.item)) for check in study.attention)
        return replace(study, practice=practice, attention=attention)

    @property
    def note(self) -> str:
        """What pseudonyms cannot hide; empty where they are off."""
        if self.off:
            return ""
        return (
            "Raters, subjects, clips and items have names of this export only; nothing keeps which is which. Times "
            "of answers may still lead to people."
        )
