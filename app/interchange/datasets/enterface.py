"""eNTERFACE'05 (Martin et al. 2006): `subject 1/anger/sentence 1/s1_an_1.avi`, 44 subjects, six classes."""

import re
from pathlib import Path
from typing import Final

from app.domain.media_endings import VIDEO_ENDINGS
from app.domain.vocabularies import find_vocabulary
from app.interchange.datasets.record import Dataset, Found, LabelledClip, refuse
from app.media.folder import media_below

CLASSES: Final = find_vocabulary("enterface").classes
LAYOUT: Final = "subject 1/anger/sentence 1/s1_an_1.avi"
GROUPS: Final = 5
"""Miyoshi et al. 2019 leave out one of five groups of subjects at a time. The groups are not published, so subjects are
dealt to them in turn."""
_CODES: Final = {name[:2]: name for name in CLASSES}
_NAME: Final = re.compile(r"s(\d+)_([a-z]{2})_(\d+)", re.IGNORECASE)
_SUBJECT: Final = re.compile(r"subject\s*(\d+)", re.IGNORECASE)


def read(folder: Path) -> Found:
    """Find the clips below a folder. A file's name says its class and subject; where it does not, its folders do.

    Raises:
        UserError: No clip's name or folder gives its subject and class.
    """
    if not folder.is_dir():
        raise refuse(folder, LAYOUT)
    clips: list[LabelledClip] = []
    notes: list[str] = []
    for path in media_below(folder, VIDEO_ENDINGS):
        steps = path.relative_to(folder).parts[:-1]
        name = _NAME.fullmatch(path.stem)
        named = next((int(found[1]) for step in steps if (found := _SUBJECT.fullmatch(step.strip()))), None)
        subject = named if named is not None else int(name[1]) if name else None
        told = next((step.strip().lower() for step in steps if step.strip().lower() in CLASSES), "")
        category = told or (_CODES.get(name[2].lower(), "") if name else "")
        if subject is None or not category:
            notes.append(f"{path.relative_to(folder)} does not name its subject and class; it was left out.")
            continue
        if name and told and _CODES.get(name[2].lower(), told) != told:
            notes.append(
                f"{path.relative_to(folder)}: file name and folder name different classes; the folder's was taken."
            )
        group = str((subject - 1) % GROUPS + 1)
        clips.append(LabelledClip(path, category, f"subject {subject}", group=group))
    if not clips:
        raise refuse(folder, LAYOUT)
    return Found(clips, notes)


DATASET: Final = Dataset("enterface", "eNTERFACE'05 (Martin et al. 2006)", LAYOUT, CLASSES, read)
