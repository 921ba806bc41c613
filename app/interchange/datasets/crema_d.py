"""CREMA-D (Cao et al. 2014): `VideoFlash/1001_DFA_ANG_XX.flv`, 91 actors, six classes, and the votes of people.

The votes are in `processedResults/tabulatedVotes.csv`. It has a line for each clip and way of presentation (voice,
face, or both), with the number of people who chose each class.
"""

from pathlib import Path
from typing import Final

from app.domain.media_endings import VIDEO_ENDINGS
from app.domain.words import many
from app.interchange.datasets.record import Dataset, Found, LabelledClip, refuse
from app.interchange.published import CREMA_CLASSES, CREMA_NAME, crema_way
from app.interchange.sheet import open_sheet
from app.media.folder import media_below

CLASSES: Final = tuple(CREMA_CLASSES.values())
LAYOUT: Final = "VideoFlash/1001_DFA_ANG_XX.flv, and processedResults/tabulatedVotes.csv for people's votes"
VOTES: Final = "tabulatedVotes.csv"
_CODES: Final = dict(zip(("ANG", "DIS", "FEA", "HAP", "NEU", "SAD"), CLASSES, strict=True))
_BOTH: Final = 3


def read(folder: Path) -> Found:
    """Find the videos below a folder. The class is the plurality of the votes, or the acted one where there are none.

    Raises:
        UserError: No video has a name of this form, or the table of votes is malformed.
    """
    if not folder.is_dir():
        raise refuse(folder, LAYOUT)
    notes: list[str] = []
    votes = _votes(folder)
    clips: list[LabelledClip] = []
    for path in media_below(folder, VIDEO_ENDINGS):
        name = CREMA_NAME.fullmatch(path.stem)
        if name is None or name[3] not in _CODES:
            notes.append(f"{path.relative_to(folder)} is not named as this data set names its files; it was left out.")
            continue
        told = votes.get(path.stem, {})
        acted = _CODES[name[3]]
        top = [word for word, count in told.items() if count == max(told.values())]
        clips.append(LabelledClip(path, top[0] if len(top) == 1 else acted, name[1], votes=told))
    if not clips:
        raise refuse(folder, LAYOUT)
    missing = sum(not clip.votes for clip in clips)
    if votes and missing:
        notes.append(f"{many(missing, 'clip has', 'clips have')} no votes; the class is the acted one.")
    if not votes:
        notes.append(f"{VOTES} is missing: the class is the one that was acted, not the one that people saw.")
    return Found(clips, notes)


def _votes(folder: Path) -> dict[str, dict[str, float]]:
    """Return the votes for face and voice together, by name of the clip."""
    table = next(iter(sorted(folder.rglob(VOTES))), None)
    if table is None:
        return {}
    found: dict[str, dict[str, float]] = {}
    with open_sheet(table) as sheet:
        sheet.need("filename", *CREMA_CLASSES)
        number = sheet.header[0].lower()
        for line, row in sheet.rows:
            # The number of a line says how the clip was presented: 300001 is the first clip, seen and heard.
            if crema_way(sheet.text(row, number)) not in (0, _BOTH):
                continue
            counts = {
                word: sheet.number(sheet.text(row, column), line, column) for column, word in CREMA_CLASSES.items()
            }
            found[sheet.text(row, "filename")] = {word: count for word, count in counts.items() if count > 0}
    return found


DATASET: Final = Dataset("crema-d", "CREMA-D (Cao et al. 2014)", LAYOUT, CLASSES, read)
