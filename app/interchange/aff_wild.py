"""The folders of Aff-Wild and Aff-Wild2: per-frame valence and arousal beside videos. The data need a signed licence.

Aff-Wild (Zafeiriou et al. 2017) has `annotations/PART/valence/NAME.txt` and `…/arousal/NAME.txt`, one value a line.
Aff-Wild2 (Kollias and Zafeiriou 2019) has `…/NAME.txt` with the header `valence,arousal`; −5 marks a frame without a
label, and the endings `_left` and `_right` tell two people of one video apart.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.media_endings import VIDEO_ENDINGS
from app.errors import UserError
from app.interchange import cells
from app.interchange.sheet import open_sheet
from app.interchange.text_file import open_text
from app.media.folder import media_below

SIDES: Final = ("_left", "_right")
NO_LABEL: Final = -5.0
THOUSANDS: Final = 1000.0
"""Early releases count from −1000 to 1000."""

_COLUMNS: Final = ("valence", "arousal")
_REMARKS: Final = 20
"""Lines above the header, remarks or the separator, after which a text is none of labels."""


@dataclass(frozen=True, eq=False)
class AffWildClip:
    """One labelled video.

    Attributes:
        video: The file.
        name: Name of the annotation.
        values: float32 N×2 (valence, arousal) of the video's frames in order; NaN where there is no label.
        side: "left" or "right" where the video shows two labelled people, else empty.
        annotation: The file of labels (of valence, where there are two).
    """

    video: Path
    name: str
    values: NDArray[np.float32]
    side: str
    annotation: Path


def read_aff_wild(folder: Path) -> tuple[list[AffWildClip], list[str]]:
    """Find annotations and their videos anywhere below a folder.

    Where several videos have the name of one annotation, their folders decide which one it belongs to (`_video_of`).

    Args:
        folder: The folder of the data set, or a part of it.

    Returns:
        The clips by name, and a sentence for each annotation that could not be used.

    Raises:
        UserError: The folder does not exist, or holds neither layout.
    """
    if not folder.is_dir():
        raise UserError(f"There is no folder {folder}.", "Name the folder of Aff-Wild or Aff-Wild2.")
    videos: dict[str, list[Path]] = defaultdict(list)
    for path in media_below(folder, VIDEO_ENDINGS):
        videos[path.stem].append(path)
    clips: list[AffWildClip] = []
    notes: list[str] = []
    for text in sorted(path for path in folder.rglob("*.txt") if not path.name.startswith("._")):
        if text.parent.name == "arousal" and (text.parent.parent / "valence" / text.name).exists():
            continue
        try:
            values = _values(text, folder)
            if values is None:
                continue
            side = next((ending for ending in SIDES if text.stem.endswith(ending)), "")
            video = _video_of(text, side, videos, folder)
        except UserError as error:
            notes.append(f"{_named(text, folder)} was left out: {error.what}")
            continue
        clips.append(AffWildClip(video, text.stem, values, side.lstrip("_"), text))
    if not clips:
        raise UserError(
            f"{folder} holds no annotated videos of Aff-Wild or Aff-Wild2.",
            " ".join(notes[:3]) or "It should hold .txt files of valence and arousal, and videos of the same names.",
        )
    return clips, notes


def _named(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def _video_of(text: Path, side: str, videos: Mapping[str, Sequence[Path]], folder: Path) -> Path:
    """Return the video of an annotation: of its name, and of several in the folder whose path is most like its own.

    Raises:
        UserError: There is none, or several are as likely.
    """
    found = videos.get(text.stem) or videos.get(text.stem.removesuffix(side)) or ()
    if not found:
        raise UserError(f"{text.name} has no video.", "Put the video into the folder.")
    mine = {part.lower() for part in text.relative_to(folder).parts[:-1]}
    alike = [len(mine & {part.lower() for part in path.relative_to(folder).parts[:-1]}) for path in found]
    best = [path for path, count in zip(found, alike, strict=True) if count == max(alike)]
    if len(best) > 1:
        names = " and ".join(_named(path, folder) for path in best)
        raise UserError(
            f"{names} have the same name, and nothing says which of them it belongs to.",
            "Put annotations into folders named like those of the videos.",
        )
    return best[0]


def _values(text: Path, folder: Path) -> NDArray[np.float32] | None:
    """Return the labels of either layout; None for another text file.

    Raises:
        UserError: The file is one of labels, and a line of it cannot be read or is outside the scale.
    """
    if text.parent.name in _COLUMNS:
        pair = [text.parent.parent / name / text.name for name in _COLUMNS]
        for path in pair:
            if not path.is_file():
                raise UserError(f"{_named(path, folder)} is missing.", "Each video needs valence and arousal.")
        values, lines = zip(*(_column(path) for path in pair), strict=True)
        if len(values[0]) != len(values[1]):
            raise UserError(
                f"it has {len(values[0])} values of valence and {len(values[1])} of arousal.",
                "Both need one line for each frame.",
            )
        return _scaled(text, np.stack(values, axis=1), lines[0])
    if not _is_table(text):
        return None
    rows, numbers = [], []
    with open_sheet(text, frozenset(_COLUMNS)) as sheet:
        for line, row in sheet.rows:
            rows.append([sheet.number(row[sheet.at[name]], line, name) for name in _COLUMNS])
            numbers.append(line)
    return _scaled(text, np.array(rows, np.float64).reshape(-1, 2), numbers)


def _is_table(text: Path) -> bool:
    """Return whether the first line names valence and arousal, whatever stands between them or above."""
    try:
        with open_text(text) as file:
            lines = (file.readline(1000).lower().replace('"', "").strip() for _ in range(_REMARKS))
            first = next((line for line in lines if line and not line.startswith(("#", "sep="))), "")
    except UserError:
        return False
    for separator in ",;\t|":
        first = first.replace(separator, " ")
    return sorted(first.split()) == sorted(_COLUMNS)


def _column(path: Path) -> tuple[NDArray[np.float64], list[int]]:
    """Return (values, line numbers) of a file with one number in each line."""
    values: list[float] = []
    lines: list[int] = []
    with open_text(path) as file:
        for line, said in enumerate(file, start=1):
            if not said.strip():
                continue
            try:
                values.append(cells.number(said))
            except ValueError as error:
                raise UserError(f"line {line} of {path.parent.name} {error}.", "Correct the line.") from error
            lines.append(line)
    return np.array(values, np.float64), lines


def _scaled(text: Path, values: NDArray[np.float64], lines: Sequence[int]) -> NDArray[np.float32]:
    """Return labels from −1 to 1, NaN where a frame lacks one of the two.

    Raises:
        UserError: A value is outside the scale.
    """
    values[values == NO_LABEL] = np.nan
    known = values[np.isfinite(values)]
    if known.size and np.abs(known).max() > 1.5 and bool((known == np.rint(known)).all()):
        values = values / THOUSANDS
    wrong = np.argwhere(np.abs(values) > 1)
    if wrong.size:
        row, column = (int(place) for place in wrong[0])
        raise UserError(
            f"line {lines[row]}: {_COLUMNS[column]} is {values[row, column]:g}, outside −1 to 1.", "Correct the line."
        )
    values[np.isnan(values).any(axis=1)] = np.nan
    return values.astype(np.float32)
