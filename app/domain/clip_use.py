"""What refers to a clip, for the table of clips."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ClipUse:
    """What a project holds about a clip besides its predictions and traces.

    Attributes:
        faces: Number of faces in the newest predictions; 0 without any.
        answers: Number of ratings in the main part of studies, without those that a later revision replaced.
        studies: Names of the studies that judge one of its items, in the order of the studies.
    """

    faces: int = 0
    answers: int = 0
    studies: tuple[str, ...] = ()
