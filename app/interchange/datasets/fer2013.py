"""FER2013 (Goodfellow et al. 2013): one table `fer2013.csv` with `emotion,pixels,Usage`, 48×48 grey pictures."""

from pathlib import Path
from typing import Final

import numpy as np

from app.domain.emotions import FER
from app.interchange.datasets.record import Dataset, Found, LabelledClip, Part, refuse
from app.interchange.sheet import open_sheet

LAYOUT: Final = "fer2013.csv or icml_face_data.csv with the columns emotion, pixels and Usage"
TABLES: Final = ("fer2013.csv", "icml_face_data.csv")
SIDE: Final = 48
_PARTS: Final[dict[str, Part]] = {"training": "train", "publictest": "validation", "privatetest": "test"}


def read(folder: Path) -> Found:
    """Read the pictures of the table, which does not name subjects.

    The challenge chose models on its public test set and ranked them on its private one; here these are validation and
    test.

    Args:
        folder: The folder that holds the table, or the table itself.

    Raises:
        UserError: The table does not exist, or lacks a column.
    """
    table = folder if folder.is_file() else next((folder / name for name in TABLES if (folder / name).is_file()), None)
    if table is None:
        raise refuse(folder, LAYOUT)
    clips: list[LabelledClip] = []
    notes: list[str] = []
    with open_sheet(table) as sheet:
        sheet.need("emotion", "pixels", "usage")
        for line, row in sheet.rows:
            said, usage = sheet.text(row, "emotion"), sheet.text(row, "usage").lower()
            pixels = np.array(sheet.text(row, "pixels").split(), dtype=object)
            right = all(value.isdigit() and int(value) <= 255 for value in pixels) and len(pixels) == SIDE * SIDE
            if not right or usage not in _PARTS or not said.isdigit() or int(said) >= len(FER):
                notes.append(
                    f"{table.name}, line {line}: this is not a picture of {SIDE}×{SIDE}, a class from 0 to "
                    f"6 and a usage."
                )
                continue
            picture = pixels.astype(np.uint8).reshape(SIDE, SIDE)
            name = Path(f"fer{line - 1:05d}.png")
            clips.append(LabelledClip(name, FER[int(said)], part=_PARTS[usage], picture=picture))
    if not clips:
        raise refuse(folder, LAYOUT)
    return Found(clips, notes)


DATASET: Final = Dataset("fer2013", "FER2013 (Goodfellow et al. 2013)", LAYOUT, FER, read)
