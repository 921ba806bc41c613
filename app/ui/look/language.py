"""The language of the window: `tr` gives each text in it. No Qt is loaded, and English needs no file.

Texts are written in English where they are used, inside `tr`, and with named places for what varies:
`tr("{count} of {clips}", count=3, clips="5 clips")`. Qt's own tool finds them there and keeps the
files `app/ui/languages/LANGUAGE.ts`, which Qt Linguist edits (`make languages`). Texts at the top of modules are read
once, so that another language comes with the next start.
"""

import logging
import os
from functools import cache
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from app.paths import config_dir
from app.settings import stored

log = logging.getLogger(__name__)

FOLDER: Final = Path(__file__).parents[1] / "languages"
"""Where the files of translations lie."""
GONE: Final = ("vanished", "obsolete")
"""How Qt's tools mark translations of texts that the window no longer has."""


def tr(text: str, /, **values: object) -> str:
    """Return a text in the language of the window.

    Args:
        text: The English text, a literal. Names in braces are places for `values`; without values, braces stay.
        values: What is put into the places.

    Returns:
        The translation, or the English text where there is none, or one that has other places.

    Example:
        >>> tr("{count} of {total}", count=3, total=5)
        '3 of 5'
    """
    said = _texts().get(text, text)
    if not values:
        return said
    try:
        return said.format(**values)
    except (KeyError, IndexError, ValueError):
        log.warning("the translation of %r has other places in braces than the text", text)
        return text.format(**values)


@cache
def language() -> str:
    """Return the code of the window's language, such as `de`.

    It is AFFECTOGRAPH_LANGUAGE, or else the user's setting; `en` where there is no file for it.
    """
    chosen = os.environ.get("AFFECTOGRAPH_LANGUAGE") or stored(config_dir() / "settings.toml", "appearance.language")
    return str(chosen) if (FOLDER / f"{chosen}.ts").is_file() else "en"


@cache
def _texts() -> dict[str, str]:
    return {} if language() == "en" else translations(FOLDER / f"{language()}.ts")


def translations(path: Path) -> dict[str, str]:
    """Read the translations of a file of Qt Linguist, reviewed or not.

    Args:
        path: The file.

    Returns:
        Translations by their English texts, without those that are missing and those of texts that no longer exist.
    """
    found: dict[str, str] = {}
    for message in ElementTree.parse(path).iter("message"):
        source, said = message.findtext("source", ""), message.find("translation")
        if source and said is not None and said.text and said.get("type") not in GONE:
            found[source] = said.text
    return found


def sources(path: Path) -> frozenset[str]:
    """Return the English texts of a file of Qt Linguist that the window still has."""
    found = set()
    for message in ElementTree.parse(path).iter("message"):
        said = message.find("translation")
        if said is None or said.get("type") not in GONE:
            found.add(message.findtext("source", ""))
    return frozenset(found)
