"""RAF-DB, single label (Li et al. 2017): `EmoLabel/list_patition_label.txt` and `Image/aligned/train_1_aligned.jpg`."""

from pathlib import Path
from typing import Final

from app.interchange.datasets.record import Dataset, Found, LabelledClip, part_of, refuse
from app.interchange.text_file import open_text

CLASSES: Final = ("surprise", "fear", "disgust", "happiness", "sadness", "anger", "neutral")
LAYOUT: Final = "EmoLabel/list_patition_label.txt and Image/aligned/train_00001_aligned.jpg or Image/original/…"
LISTS: Final = ("list_patition_label.txt", "list_partition_label.txt")
"""The data set itself spells it like the first of these."""


def read(folder: Path) -> Found:
    """Read the list and find its pictures, preferring aligned ones. The data set does not name subjects.

    Raises:
        UserError: The list or all of its pictures are missing.
    """
    table = next((path for name in LISTS for path in sorted(folder.rglob(name))), None) if folder.is_dir() else None
    if table is None:
        raise refuse(folder, LAYOUT)
    pictures: dict[str, Path] = {}
    for path in sorted(table.parent.parent.rglob("*.jpg"), key=lambda path: "aligned" not in path.stem):
        pictures.setdefault(path.stem.removesuffix("_aligned"), path)
    clips: list[LabelledClip] = []
    notes: list[str] = []
    missing: list[str] = []
    with open_text(table) as file:
        for number, line in enumerate(file, 1):
            words = line.split()
            if not words:
                continue
            if len(words) != 2 or not words[1].isdigit() or not 1 <= int(words[1]) <= len(CLASSES):
                notes.append(
                    f"{table.name}, line {number}: “{line.strip()}” is not a picture and a number from 1 to 7."
                )
                continue
            name = Path(words[0]).stem
            if name not in pictures:
                missing.append(f"{table.name}, line {number}: {words[0]} is missing.")
                continue
            clips.append(LabelledClip(pictures[name], CLASSES[int(words[1]) - 1], part=part_of(name)))
    if not clips:
        raise refuse(folder, LAYOUT)
    return Found(clips, notes, missing)


DATASET: Final = Dataset("raf-db", "RAF-DB (Li et al. 2017)", LAYOUT, CLASSES, read)
