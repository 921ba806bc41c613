"""The list of vetted models, `models_onnx/zoo.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app import toml_text
from app.domain.near import asked, nearest
from app.errors import UserError
from app.paths import SHIPPED_MODELS

MANIFEST: Final = SHIPPED_MODELS / "zoo.toml"


@dataclass(frozen=True)
class ZooEntry:
    """One vetted model.

    Attributes:
        name: Its name, which is also that of its folder and card.
        url: The address from which it is fetched.
        file: Name of the ONNX file.
        bytes: Size in bytes; None if the file could not be obtained when the list was made.
        sha256: Hash in hex; None if it is not known, and then the first installation shows and keeps it.
        licence: The licence in words.
        non_commercial: Whether its use is restricted to non-commercial purposes.
        source: Its makers and the paper.
        card: The card to write, without file facts.
    """

    name: str
    url: str
    file: str
    bytes: int | None
    sha256: str | None
    licence: str
    non_commercial: bool
    source: str
    card: Mapping[str, Any]


def load_manifest(path: Path = MANIFEST) -> tuple[ZooEntry, ...]:
    """Return all entries, in the list's order.

    Raises:
        UserError: The list is missing or malformed.
    """
    try:
        tables = toml_text.loads(path.read_text("utf-8"))["model"]
        return tuple(
            ZooEntry(
                name=table["name"],
                url=table["url"],
                file=table["file"],
                bytes=table.get("bytes"),
                sha256=table.get("sha256"),
                licence=table["licence"],
                non_commercial=table["non_commercial"],
                source=table["source"],
                card=table["card"],
            )
            for table in tables
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise UserError(
            f"The list of models {path.name} cannot be read ({error}).", "Install the program again."
        ) from error


def find_entry(name: str, path: Path = MANIFEST) -> ZooEntry:
    """Return the entry with a given name.

    Raises:
        UserError: There is no such entry; the message lists those that exist.
    """
    entries = load_manifest(path)
    for entry in entries:
        if entry.name == name:
            return entry
    names = [one.name for one in entries]
    raise UserError(f"The zoo has no model called {name}{asked(nearest(name, names))}.", f"It has {', '.join(names)}.")
