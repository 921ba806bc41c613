"""The folders of Aff-Wild and Aff-Wild2: per-frame valence and arousal beside videos. The data need a signed licence.

Aff-Wild (Zafeiriou et al. 2017) has `annotations/PART/valence/NAME.txt` and `…/arousal/NAME.txt`, one value a line.
Aff-Wild2 (Kollias and Zafeiriou 2019) has `…/NAME.txt` with the header `valence,arousal`; −5 marks a frame without a
label, and the endings `_left` and `_right` tell two people of one video apart.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.media_endings import VIDEO_ENDINGS
from app.errors import UserError
from app.media.folder import media_below

SIDES: Final = ("_left", "_right")
NO_LABEL: Final = -5.0


@dataclass(frozen=True, eq=False)
class AffWildClip:
    """One labelled video.

    Attributes:
        video: The file.
        name: Of the annotation.
        values: float32 N×2 (valence, arousal) of the video's frames in order; NaN where there is no label.
        side: "left" or "right" where the video shows two labelled people, else empty.
    """

    video: Path
    name: str
    values: NDArray[np.float32]
    side: str


def read_aff_wild(folder: Path) -> tuple[list[AffWildClip], list[str]]:
    """Find annotations and their videos anywhere below a folder.

    Args:
        folder: Of the data set, or a part of it.

    Returns:
        The clips by name, and a sentence for each annotation that could not be used.

    Raises:
        UserError: There is no such folder, or nothing of either layout in it.
    """
    if not folder.is_dir():
        raise UserError(f"There is no folder {folder}.", "Name the folder of Aff-Wild or Aff-Wild2.")
    videos = {path.stem: path for path in media_below(folder, VIDEO_ENDINGS)}
    clips: list[AffWildClip] = []
    notes: list[str] = []
    for text in sorted(folder.rglob("*.txt")):
        if text.parent.name == "arousal":
            continue
        values = _values(text)
        if values is None:
            continue
        side = next((ending for ending in SIDES if text.stem.endswith(ending)), "")
        stem = text.stem.removesuffix(side)
        video = videos.get(text.stem) or videos.get(stem)
        if video is None:
            notes.append(f"{text.name} has no video.")
            continue
        clips.append(AffWildClip(video, text.stem, values, side.lstrip("_")))
    if not clips:
        raise UserError(
            f"{folder} holds no annotated videos of Aff-Wild or Aff-Wild2.",
            " ".join(notes[:3]) or "It should hold .txt files of valence and arousal, and videos of the same names.",
        )
    return clips, notes


def _values(text: Path) -> NDArray[np.float32] | None:
    """Labels of either layout; None for another text file."""
    if text.parent.name == "valence":
        partner = text.parent.parent / "arousal" / text.name
        columns = [_column(path) for path in (text, partner)]
        if columns[0] is None or columns[1] is None:
            return None
        n = min(len(columns[0]), len(columns[1]))
        values = np.stack([columns[0][:n], columns[1][:n]], axis=1)
    else:
        try:
            with text.open(encoding="utf-8-sig") as file:
                if file.readline().strip().lower().replace(" ", "") != "valence,arousal":
                    return None
                values = np.loadtxt(file, delimiter=",", ndmin=2)
        except (OSError, ValueError):
            return None
        if values.ndim != 2 or values.shape[1] != 2:
            return None
    values = values.astype(np.float64)
    values[values == NO_LABEL] = np.nan
    known = values[np.isfinite(values)]
    # Early releases count from −1000 to 1000.
    if known.size and np.abs(known).max() > 1.5:
        values /= 1000
    values[np.isnan(values).any(axis=1) | (np.abs(values) > 1).any(axis=1)] = np.nan
    return values.astype(np.float32)


def _column(path: Path) -> NDArray[np.float64] | None:
    try:
        return np.loadtxt(path, ndmin=1)
    except (OSError, ValueError):
        return None
