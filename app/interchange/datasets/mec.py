"""CHEAVD and the MEC challenges (Li et al. 2016, 2018): clips in partitions, labels as folders or as a list.

The releases differ. Two layouts are read: a folder for each class in each partition, and a list `NAME label` for each
partition beside or above its clips.
"""

from pathlib import Path
from typing import Final

from app.domain.media_endings import VIDEO_ENDINGS
from app.domain.vocabularies import find_vocabulary
from app.interchange.datasets.record import Dataset, Found, LabelledClip, Part, part_of, refuse
from app.interchange.text_file import open_text
from app.media.folder import media_below

CLASSES: Final = find_vocabulary("mec").classes
LAYOUT: Final = "train/angry/clip.avi, val/…, or train/clip.avi beside a list train*.txt of lines “clip angry”"


def read(folder: Path) -> Found:
    """Find the clips of the partitions below a folder.

    Raises:
        UserError: No partition holds a labelled clip.
    """
    if not folder.is_dir():
        raise refuse(folder, LAYOUT)
    notes: list[str] = []
    listed = _lists(folder, notes)
    clips: list[LabelledClip] = []
    for path in media_below(folder, VIDEO_ENDINGS):
        steps = path.relative_to(folder).parts[:-1]
        part: Part = next((found for step in steps if (found := part_of(step))), "")
        if not part:
            continue
        category = steps[-1].lower() if steps[-1].lower() in CLASSES else listed.pop((part, path.stem), "")
        if category in CLASSES:
            clips.append(LabelledClip(path, category, part=part))
        elif category:
            notes.append(f"{path.name}: {category} is not a class of MEC; the clip was left out.")
        elif part != "test":
            notes.append(f"{path.relative_to(folder)} has no label and was left out.")
    if not clips:
        raise refuse(folder, LAYOUT)
    missing = [f"The list of {part} names {name}, which is missing." for part, name in sorted(listed)]
    return Found(clips, notes, missing)


def _lists(folder: Path, notes: list[str]) -> dict[tuple[Part, str], str]:
    """Return labels by partition and name of the clip without its ending."""
    found: dict[tuple[Part, str], str] = {}
    for path in sorted(folder.rglob("*.txt")):
        part = part_of(path.stem) or next((p for step in path.parts[-3:-1] if (p := part_of(step))), "")
        if not part or path.name.startswith("._"):
            continue
        with open_text(path) as file:
            for number, line in enumerate(file, 1):
                words = line.replace(",", " ").split()
                if not words:
                    continue
                if len(words) != 2:
                    notes.append(f"{path.name}, line {number}: “{line.strip()}” is not a clip and its label.")
                    continue
                found[part, Path(words[0]).stem] = words[1].lower()
    return found


DATASET: Final = Dataset("mec", "CHEAVD, MEC 2016 and 2017 (Li et al. 2018)", LAYOUT, CLASSES, read)
