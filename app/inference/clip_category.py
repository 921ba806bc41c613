"""The model family "clip_category": reads a face's frames over an item and gives the probability of each category.

Streams (`app.streams`) turn each frame into a row of numbers once; the head reads the rows of many frames together. It
is quick, so that live video can run it repeatedly on the last seconds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.domain.item_frames import FrameRule
from app.errors import UserError
from app.inference.cards import ModelCard
from app.inference.session import open_model

Floats = NDArray[np.float32]

KIND: Final = "clip_category"
ATTENTION: Final = "attention"
MEMBERS: Final = "members"


@dataclass(frozen=True)
class FusedMember:
    """A member of a fusion, as the card of the fusion states it.

    Attributes:
        name: Name of the model.
        rule: The frames of an item that it reads.
        listens: Whether it reads a stream of sound. Such a member says nothing where there is no sound.
    """

    name: str
    rule: FrameRule
    listens: bool


@dataclass(frozen=True)
class Window:
    """How a model reads live video.

    Attributes:
        seconds: Length of the past that a verdict covers: the median length of the items of the training.
        stride_s: Time after which the next verdict is given, in seconds.
        rate_hz: Frames per second in the training.
        most_frames: Largest number of frames that are read; 0 for all.
        frame_rate: Largest number of frames per second that are read; 0 for all.
    """

    seconds: float
    stride_s: float
    rate_hz: float
    most_frames: int
    frame_rate: float = 0.0

    @property
    def rule(self) -> FrameRule:
        """The frames of an item that are read."""
        return FrameRule(self.most_frames, self.frame_rate)


@dataclass(frozen=True, eq=False)
class HeadAnswer:
    """A verdict of the head.

    Attributes:
        probabilities: float32 K, sums to one.
        rows: int64, numbers of the frames that were read.
        attention: float32, the weight of each of these frames; they sum to one. None where the model has none.
        members: float32 M×K, what each member of a fusion says; NaN for one that says nothing. None for other models.
    """

    probabilities: Floats
    rows: NDArray[np.int64]
    attention: Floats | None
    members: Floats | None = None


class ClipCategoryModel:
    """Runs the head of a model of categories on the rows of its streams.

    Attributes:
        card: Its card.
        classes: Names of its categories, in the order of the probabilities.
        window: How it reads live video.
        streams: The streams that it reads, in order, as the card states them.
        reads: "features" of all streams side by side, "probabilities" of the first network among them, or "all" columns
            of all streams.
        members: The members of a fusion; empty for other models.
    """

    def __init__(self, card: ModelCard, device: str = "auto", threads: int = 1) -> None:
        """Open the head; see `open_model`.

        Raises:
            UserError: The card is no such model's, or the file is not the one that it names.
        """
        if card.kind != KIND or "head" not in card.files or "probability" not in card.outputs:
            raise UserError(f"{card.name} is not a model of categories.", "Choose one that was trained on categories.")
        self.card = card
        self.classes: tuple[str, ...] = tuple(str(name) for name in card.raw.get("classes", ()))
        self.window = _window(card)
        self.streams: tuple[Mapping[str, Any], ...] = tuple(card.raw.get("streams", ()))
        self.reads = str(card.raw.get("reads", "features"))
        self.members = _members(card)
        shape = card.outputs["probability"].shape or ()
        if not self.classes or tuple(shape[1:]) != (len(self.classes),) or not self.streams:
            raise UserError(f"The card of {card.name} does not fit its file.", "Install the model again.")
        self._head = open_model(card, device, threads, "head")

    @property
    def provider(self) -> str:
        """Name of the execution provider that really runs the head."""
        return self._head.provider.actual

    def verdict(self, features: NDArray[Any], times_s: NDArray[np.float64], sound: bool = True) -> HeadAnswer:
        """Return the probabilities of the categories for the frames of one item.

        Args:
            features: float32 or uint8 T×D in order of time, at least one frame; items are thinned out as in training.
            times_s: float64 T, the times of the frames.
            sound: Whether there is sound, which live video has not; only fusions ask, see `FusedMember`.

        Raises:
            UserError: The head gives values that are not finite.
            ValueError: There is no frame.
        """
        if not len(features):
            raise ValueError("an item without a frame has no category")
        if self.members:
            return self._fused(np.asarray(features, np.float32), times_s, sound)
        rows = self.window.rule.rows(times_s)
        read = np.asarray(features[rows], np.float32)[None]
        feeds: dict[str, NDArray[Any]] = {"features": read, "length": np.array([len(rows)])}
        answers = self._head.run(feeds)
        said = np.asarray(answers["probability"][0], np.float32)
        if not np.isfinite(said).all():
            raise UserError(f"The model {self.card.name} gave values that are not numbers.", "Choose another model.")
        weights = answers.get(ATTENTION)
        return HeadAnswer(said, rows, None if weights is None else np.asarray(weights[0], np.float32))

    def _fused(self, features: Floats, times_s: NDArray[np.float64], sound: bool) -> HeadAnswer:
        """Return the verdict of a fusion, each of whose members reads frames of its own."""
        read = [one.rule.rows(times_s) if sound or not one.listens else np.zeros(0, np.int64) for one in self.members]
        if not any(len(rows) for rows in read):
            raise UserError(
                f"No member of {self.card.name} can say anything here: all of them listen.",
                "Analyse a clip with sound.",
            )
        feeds: dict[str, NDArray[Any]] = {"features": features[None], **member_rows([read])}
        answers = self._head.run(feeds)
        said = np.asarray(answers["probability"][0], np.float32)
        members = np.array(answers[MEMBERS][0], np.float32)
        members[[not len(rows) for rows in read]] = np.nan
        if not np.isfinite(said).all():
            raise UserError(f"The model {self.card.name} gave values that are not numbers.", "Choose another model.")
        return HeadAnswer(said, np.arange(len(features)), None, members)


def member_rows(read: Sequence[Sequence[NDArray[np.int64]]]) -> dict[str, NDArray[np.int64]]:
    """Return the inputs of a fusion that say which frames each member reads.

    Args:
        read: For each of N items and each of M members the numbers of the frames; none for a member that says nothing.

    Returns:
        `rows`, int64 N×M×R, padded at the end, and `length`, int64 N×M.

    Example:
        >>> found = member_rows([[np.array([0, 2]), np.array([], np.int64)]])
        >>> found["rows"].tolist(), found["length"].tolist()
        ([[[0, 2], [0, 0]]], [[2, 0]])
    """
    length = np.array([[len(rows) for rows in item] for item in read], np.int64)
    padded = np.zeros((*length.shape, max(int(length.max()), 1)), np.int64)
    for n, item in enumerate(read):
        for m, rows in enumerate(item):
            padded[n, m, : len(rows)] = rows
    return {"rows": padded, "length": length}


def _members(card: ModelCard) -> tuple[FusedMember, ...]:
    try:
        return tuple(
            FusedMember(
                str(each["name"]),
                FrameRule(int(each.get("most_frames", 0)), float(each.get("frame_rate", 0.0))),
                bool(each["listens"]),
            )
            for each in card.raw.get(MEMBERS, ())
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UserError(f"The card of {card.name} names its members wrongly ({error}).", "Install it again.") from error


def _window(card: ModelCard) -> Window:
    table: Mapping[str, Any] = card.raw.get("window", {})
    try:
        found = Window(
            float(table["seconds"]),
            float(table["stride_s"]),
            float(table["rate_hz"]),
            int(table.get("most_frames", 0)),
            float(table.get("frame_rate", 0.0)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(f"The card of {card.name} has no usable window ({error}).", "Install it again.") from error
    if not (found.seconds > 0 and found.stride_s > 0 and found.rate_hz > 0):
        raise UserError(f"The card of {card.name} has a window of length zero.", "Install it again.")
    return found
