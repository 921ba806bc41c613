"""All formats of other tools, in the order in which they are tried. The content decides, never the file's name."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from app.errors import UserError
from app.interchange.readers import (
    carma,
    curves,
    elan,
    events,
    face_tables,
    frame_lists,
    label_studio,
    logs,
    measurements,
    nova,
    tables,
    workbook,
)
from app.interchange.readers.record import ForeignFile, Format
from app.interchange.readers.text import Text, read_text

FORMATS: Final[tuple[Format, ...]] = (
    measurements.FORMAT,
    elan.FORMAT, nova.FORMAT, label_studio.FORMAT, carma.CARMA, carma.DARMA, logs.DETAILED, logs.STATE, logs.IMOTIONS,
    carma.CARMA_TABLE, carma.DARMA_TABLE, face_tables.OPENFACE, face_tables.PYFEAT, face_tables.LIBREFACE, events.BORIS,
    events.BORIS_AGGREGATED, events.DATAVYU, events.OBSERVER, curves.CONTINUUM, curves.PAGAN, frame_lists.VA,
    frame_lists.CLASSES, frame_lists.UNITS, curves.FUSED, curves.SEGMENTS, curves.RATERS, tables.TIDY, tables.WIDE,
    carma.LOG,
)  # fmt: skip


def read_foreign(path: Path) -> list[ForeignFile]:
    """Read a file of another tool. A workbook gives one record for each sheet that can be read.

    Raises:
        UserError: The file cannot be read, or has no format that is known; the message says why.
    """
    path = Path(path)
    if nova.is_values(path):
        raise UserError(
            f"{path.name} holds the values of {path.name[:-1]}, and is read with it.", f"Choose {path.name[:-1]}."
        )
    if not workbook.is_workbook(path):
        return [_read(read_text(path))]
    found: list[ForeignFile] = []
    refused: list[UserError] = []
    for text in workbook.sheets(path):
        try:
            found.append(_read(text))
        except UserError as error:
            refused.append(error)
    if not found:
        raise refused[0] if refused else UserError(f"{path.name} has no sheet with cells.", "Choose another file.")
    found[0].lost += [f"A sheet was left out: {error.what}" for error in refused]
    return found


def format_of(text: Text) -> Format:
    """Return the format of a text.

    Raises:
        UserError: It has none that is known.
    """
    for one in FORMATS:
        if one.recognise(text):
            return one
    first = next((line for line in text.head if line), "")[:80]
    raise UserError(
        f"{text.name} has no format that this program reads; it begins with “{first}”.",
        "The formats are listed in the guide under Exchange; export the file again in one of them.",
    )


def _read(text: Text) -> ForeignFile:
    chosen = format_of(text)
    found = chosen.read(text)
    found.kind, found.title = chosen.name, chosen.title
    found.notes[:0] = text.notes
    return found
