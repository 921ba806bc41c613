"""What a reader of a data set finds, and the error for a folder that does not have the expected layout."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from app.errors import UserError

Part = Literal["train", "validation", "test", ""]
_SHOWN: Final = 5
PARTS: Final[dict[str, Part]] = {
    "train": "train",
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "dev": "validation",
    "test": "test",
    "testing": "test",
}
"""Names that folders and tables give to the official partitions."""


@dataclass(frozen=True, eq=False)
class LabelledClip:
    """One clip or picture of a data set.

    Attributes:
        path: The file. For a picture that a table holds, a file name under which it can be written.
        category: The class, in the words of the data set.
        subject: The person seen; empty where the data set does not say.
        part: The official partition; empty where there is none.
        group: The official group of subjects that are left out together; empty where there is none.
        votes: A mapping from class to the number of people who chose it; empty where the data set does not publish
            votes.
        picture: uint8 H×W, the picture itself where no file holds it; None otherwise.
    """

    path: Path
    category: str
    subject: str = ""
    part: Part = ""
    group: str = ""
    votes: Mapping[str, float] = field(default_factory=dict)
    picture: NDArray[np.uint8] | None = None


@dataclass(frozen=True, eq=False)
class Found:
    """What lies in a folder.

    Attributes:
        clips: Labelled clips, in the order of their paths.
        notes: A sentence for each file that could not be used.
        missing: A sentence for each file that a list of the data set names and that is not there.
    """

    clips: list[LabelledClip]
    notes: list[str]
    missing: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Dataset:
    """A data set whose layout is known.

    Attributes:
        name: The name on the command line.
        title: The name on screens, with the publication.
        layout: A description of the layout in one line.
        classes: Names of its classes; empty where its folders are named after them.
        read: A function that finds the clips below a folder.
    """

    name: str
    title: str
    layout: str
    classes: tuple[str, ...]
    read: Callable[[Path], Found]


def refuse(folder: Path, layout: str) -> UserError:
    """Return the error for a folder of another layout, which says what was expected and what the folder holds.

    Args:
        folder: The folder, as the user named it.
        layout: A description of the expected layout.
    """
    if not folder.is_dir():
        return UserError(f"There is no folder {folder}.", f"Name the folder that holds {layout}.")
    names = sorted(path.name + ("/" if path.is_dir() else "") for path in folder.iterdir() if path.name[:1] != ".")
    rest = len(names) - _SHOWN
    there = ", ".join(names[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")
    return UserError(
        f"{folder} does not have the expected layout: {layout}. It holds {there or 'nothing'}.",
        "Name the folder into which the data set was unpacked.",
    )


def part_of(name: str) -> Part:
    """Return the partition that a folder or cell names, such as "Val_AFEW"; empty where it names none."""
    word = name.strip().lower().replace("-", "_").split("_")[0]
    return PARTS.get(word, "")


def mixed(clips: list[LabelledClip]) -> list[str]:
    """Return a sentence for each subject whose clips are in several official partitions."""
    parts: dict[str, set[str]] = {}
    for clip in clips:
        if clip.subject and clip.part:
            parts.setdefault(clip.subject, set()).add(clip.part)
    return [
        f"Subject {subject} is in several partitions ({', '.join(sorted(found))}), so the official partitions are "
        f"not used for training."
        for subject, found in sorted(parts.items())
        if len(found) > 1
    ]
