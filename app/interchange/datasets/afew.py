"""AFEW (Dhall et al. 2012, EmotiW challenges): `Train_AFEW/Angry/000046280.avi`, official partitions by film."""

from pathlib import Path
from typing import Final

from app.domain.media_endings import VIDEO_ENDINGS
from app.domain.words import many
from app.interchange.datasets.record import Dataset, Found, LabelledClip, Part, part_of, refuse
from app.media.folder import media_below

CLASSES: Final = ("Angry", "Disgust", "Fear", "Happy", "Neutral", "Sad", "Surprise")
LAYOUT: Final = "Train_AFEW/Angry/000046280.avi, Val_AFEW/… (and Test_AFEW/…, which has no labels)"


def read(folder: Path) -> Found:
    """Find the clips of the partitions below a folder.

    Each film belongs to one partition, so nobody is in two of them; within a partition, the folders do not name
    subjects. Clips of the test partition have no published label and are only counted.

    Raises:
        UserError: No partition has a clip in the folder of a class.
    """
    if not folder.is_dir():
        raise refuse(folder, LAYOUT)
    known = {name.lower(): name for name in CLASSES}
    clips: list[LabelledClip] = []
    notes: list[str] = []
    unlabelled = 0
    for path in media_below(folder, VIDEO_ENDINGS):
        steps = path.relative_to(folder).parts[:-1]
        part: Part = next((found for step in steps if (found := part_of(step))), "")
        category = known.get(steps[-1].lower()) if steps else None
        if part and category:
            clips.append(LabelledClip(path, category, part=part))
        elif part == "test":
            unlabelled += 1
        elif part:
            notes.append(f"{path.relative_to(folder)}: {steps[-1]} is not a class of AFEW; the clip was left out.")
    if not clips:
        raise refuse(folder, LAYOUT)
    if unlabelled:
        what = many(unlabelled, "clip of the test partition has", "clips of the test partition have")
        notes.append(f"{what} no label: left out.")
    return Found(clips, notes)


DATASET: Final = Dataset("afew", "AFEW (Dhall et al. 2012)", LAYOUT, CLASSES, read)
