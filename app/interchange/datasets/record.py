"""What a reader of a data set finds, and how it says that a folder is not what it expects."""

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
"""How folders and tables call the official partitions."""


@dataclass(frozen=True, eq=False)
class LabelledClip:
    """One clip or picture of a data set.

    Attributes:
        path: The file; for a picture that lies in a table, a name that it can be written under.
        category: The class, in the words of the data set.
        subject: Who is seen; empty where the data set does not say.
        part: The official partition; empty where there is none.
        group: The official group of subjects that is left out together; empty where there is none.
        votes: Class → people who chose it, where the data set publishes that; empty otherwise.
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
    """

    clips: list[LabelledClip]
    notes: list[str]


@dataclass(frozen=True)
class Dataset:
    """A data set whose layout is known.

    Attributes:
        name: For the command line.
        title: For people, with the publication.
        layout: The layout in one line.
        classes: Names of its classes; empty where the folder itself says them.
        read: Finds the clips below a folder.
    """

    name: str
    title: str
    layout: str
    classes: tuple[str, ...]
    read: Callable[[Path], Found]


def refuse(folder: Path, layout: str) -> UserError:
    """Return the error for a folder of another layout: what was expected, and what lies there.

    Args:
        folder: As the user named it.
        layout: What was expected.
    """
    if not folder.is_dir():
        return UserError(f"There is no folder {folder}.", f"Name the folder that holds {layout}.")
    names = sorted(path.name + ("/" if path.is_dir() else "") for path in folder.iterdir() if path.name[:1] != ".")
    rest = len(names) - _SHOWN
    there = ", ".join(names[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")
    return UserError(
        f"{folder} does not have the expected layout: {layout}. It holds {there or 'nothing'}.",
        "Name the folder that the data set unpacks to.",
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
        f"Subject {subject} is in several partitions ({', '.join(sorted(found))}): they are not kept for training."
        for subject, found in sorted(parts.items())
        if len(found) > 1
    ]
