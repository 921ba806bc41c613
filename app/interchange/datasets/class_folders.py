"""Any data set whose folders are named after classes: `CLASS/clip`, `PART/CLASS/clip` or `PART/CLASS/SUBJECT/clip`."""

from pathlib import Path
from typing import Final

from app.interchange.datasets.record import Dataset, Found, LabelledClip, mixed, part_of, refuse
from app.media.folder import media_below

LAYOUT: Final = (
    "CLASS/clip.mp4 or train|val|test/CLASS/clip.mp4, optionally with a folder SUBJECT/ between CLASS and clip"
)


def read(folder: Path) -> Found:
    """Find clips by the folders that they lie in.

    Args:
        folder: A folder whose subfolders are classes or partitions.

    Raises:
        UserError: No folder of a class holds a clip.
    """
    if not folder.is_dir():
        raise refuse(folder, LAYOUT)
    clips: list[LabelledClip] = []
    notes: list[str] = []
    for path in media_below(folder):
        steps = path.relative_to(folder).parts[:-1]
        part = part_of(steps[0]) if steps else ""
        named = steps[1:] if part else steps
        if not 1 <= len(named) <= 2:
            notes.append(f"{path.relative_to(folder)} does not lie in the folder of a class; it was left out.")
            continue
        clips.append(LabelledClip(path, named[0], named[1] if len(named) == 2 else "", part))
    if not clips:
        raise refuse(folder, LAYOUT)
    return Found(clips, notes + mixed(clips))


DATASET: Final = Dataset("folders", "Folders named after classes", LAYOUT, (), read)
