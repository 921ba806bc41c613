"""RAVDESS (Livingstone and Russo 2018): `Actor_01/01-01-03-01-01-01-01.mp4`, 24 actors, eight classes.

The seven numbers are modality (01 audio and video, 02 video, 03 audio), channel (01 speech, 02 song), emotion,
strength, sentence, repetition and actor.
"""

import re
from pathlib import Path
from typing import Final

from app.domain.media_endings import VIDEO_ENDINGS
from app.interchange.datasets.record import Dataset, Found, LabelledClip, refuse
from app.media.folder import media_below

CLASSES: Final = ("neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised")
LAYOUT: Final = "Actor_01/01-01-03-01-01-01-01.mp4"
_NAME: Final = re.compile(r"(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)")


def read(folder: Path) -> Found:
    """Find the videos below a folder.

    Of a recording that exists with and without sound, only the one with sound is taken.

    Raises:
        UserError: No video is named as this data set names its files.
    """
    if not folder.is_dir():
        raise refuse(folder, LAYOUT)
    chosen: dict[tuple[str, ...], LabelledClip] = {}
    notes: list[str] = []
    for path in media_below(folder, VIDEO_ENDINGS):
        name = _NAME.fullmatch(path.stem)
        number = int(name[3]) if name else 0
        if name is None or not 1 <= number <= len(CLASSES):
            notes.append(f"{path.relative_to(folder)} is not named as this data set names its files; it was left out.")
            continue
        clip = LabelledClip(path, CLASSES[number - 1], f"Actor_{name[7]}")
        # Files are sorted, so 01 (with sound) comes before 02 within a folder; across folders it takes its place.
        key = name.groups()[1:]
        if key not in chosen or name[1] == "01":
            chosen[key] = clip
    if not chosen:
        raise refuse(folder, LAYOUT)
    return Found(sorted(chosen.values(), key=lambda clip: clip.path), notes)


DATASET: Final = Dataset("ravdess", "RAVDESS (Livingstone and Russo 2018)", LAYOUT, CLASSES, read)
