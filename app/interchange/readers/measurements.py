"""The measurements of other programs that `app.interchange.writers.measurements` writes, read again without loss."""

from __future__ import annotations

from typing import Final

import numpy as np

from app.errors import UserError
from app.interchange.readers.columns import check_times, numbers
from app.interchange.readers.record import ForeignFile, Format, Measures
from app.interchange.readers.text import Text, names

FIRST: Final = ("clip", "clip_sha256", "subject", "program", "face", "time_s")
"""The columns before those of the program."""


def _is_measurements(text: Text) -> bool:
    return tuple(names(text.head[0])[: len(FIRST)]) == FIRST


def _read(text: Text) -> ForeignFile:
    sheet = text.table(0)
    columns = sheet.header[len(FIRST) :]
    if not columns:
        raise UserError(f"{text.name} has no columns of a program.", "Export the measurements again.")
    said: set[tuple[str, ...]] = set()
    rows = sheet.rows

    def noting() -> object:
        for line, row in rows:
            said.add(tuple(sheet.text(row, name) for name in ("clip", "program", "face")))
            yield line, row

    sheet.rows = noting()  # type: ignore[assignment]
    lines, table = numbers(sheet, ["time_s", *(name.lower() for name in columns)])
    if len(said) > 1:
        raise UserError(
            f"{text.name} holds several clips, programs or faces.", "Give each of them a file of its own, as exported."
        )
    check_times(text, lines, table[:, 0], "time_s")
    ((clip, program, face),) = said
    found = ForeignFile(text.path)
    values = table[:, 1:].astype(np.float32)
    found.measures.append(Measures(program, table[:, 0], tuple(columns), values, clip, face, on_clip_clock=True))
    return found


FORMAT: Final = Format("measurements", "Measurements (exported by this program)", _is_measurements, _read)
