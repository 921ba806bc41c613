"""Measurements of other programs as CSV: a file for each clip, program and face.

The columns of the programs keep their names and units. `time_s` is on the clip's own presentation time stamps, as in
exported traces.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.domain.foreign_measures import ForeignMeasures
from app.domain.spreadsheet import SheetWriter
from app.interchange.cells import guarded
from app.interchange.readers.measurements import FIRST
from app.results import result


@dataclass(frozen=True, eq=False)
class MeasuredTable:
    """What a program measured on one face of a clip, as it is written.

    Attributes:
        clip: The clip's name.
        clip_sha256: SHA-256 of its bytes; empty where other names are wanted.
        subject: Code of the person who is seen; empty where not known.
        face: The program's name of the face; empty where it tells none apart.
        measures: The columns.
    """

    clip: str
    clip_sha256: str
    subject: str
    face: str
    measures: ForeignMeasures


def write_measurements(path: Path, table: MeasuredTable) -> int:
    """Write a table, whole or not at all, and return the number of rows. Cells are empty where nothing was measured.

    Args:
        path: The file, which is replaced if an export wrote it.
        table: The table.

    Raises:
        UserError: The file cannot be written, or is not one that an export wrote.
    """
    measures = table.measures
    begin = [guarded(one) for one in (table.clip, table.clip_sha256, table.subject, measures.program, table.face)]
    with result(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as text:
        writer = SheetWriter(text)
        writer.writerow((*FIRST, *measures.names))
        for time_s, row in zip(measures.times_s.tolist(), measures.values, strict=True):
            writer.writerow((*begin, repr(time_s), *("" if np.isnan(value) else str(value) for value in row)))
        text.flush()
    return len(measures.times_s)
