"""The language of the window: `tr` gives each text in it. No Qt is loaded, and English needs no file.

Texts are written in English where they are used, inside `tr`, and with named places for what varies:
`tr("{count} of {clips}", count=3, clips="5 clips")`. Qt's own tool finds them there and keeps the
files `app/ui/languages/LANGUAGE.ts`, which Qt Linguist edits (`make languages`). Texts at the top of modules are read
once, so a language must be chosen before screens are imported, and another one comes with the next start.
"""

import logging
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

log = logging.getLogger(__name__)

FOLDER: Final = Path(__file__).parents[1] / "languages"
"""Where the files of translations lie."""

_texts: dict[str, str] = {}
"""Translations by their English texts; empty for English."""


def tr(text: str, /, **values: object) -> str:
    """Return a text in the language of the window.

    Args:
        text: The English text, a literal. Names in braces are places for `values`; without values, braces stay.
        values: What is put into the places.

    Returns:
        The translation, or the English text where there is none, or one that lacks a place.

    Example:
        >>> tr("{count} of {total}", count=3, total=5)
        '3 of 5'
    """
    said = _texts.get(text, text)
    if not values:
        return said
    try:
        return said.format(**values)
    except (KeyError, IndexError, ValueError):
        log.warning("the translation of %r has other places in braces than the text", text)
        return text.format(**values)


def languages() -> tuple[str, ...]:
    """Return the codes of the languages that there are files for, such as `de`, in their order."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.ts")))


def speak_in(language: str) -> None:
    """Choose the language of the window. Call this before screens are imported.

    Args:
        language: `en`, or one of `languages`. For others the window stays English.
    """
    _texts.clear()
    if language in languages():
        _texts.update(translations(FOLDER / f"{language}.ts"))


def translations(path: Path) -> dict[str, str]:
    """Read the finished and unreviewed translations of a file of Qt Linguist.

    Args:
        path: The file.

    Returns:
        Translations by their English texts, without those that are missing and those of texts that no longer exist.
    """
    found: dict[str, str] = {}
    for message in ElementTree.parse(path).iter("message"):
        said = message.find("translation")
        source = message.findtext("source", "")
        if source and said is not None and said.text and said.get("type") not in ("vanished", "obsolete"):
            found[source] = said.text
    return found


def sources(path: Path) -> frozenset[str]:
    """Return the English texts of a file of Qt Linguist that the window still has."""
    found = set()
    for message in ElementTree.parse(path).iter("message"):
        said = message.find("translation")
        if said is None or said.get("type") not in ("vanished", "obsolete"):
            found.add(message.findtext("source", ""))
    return frozenset(found)
