"""The curves of the Review screen on the clip's frame axis: predictions of one face, and traces by people."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.analysis import TrackPrediction
from app.domain.emotions import FERPLUS
from app.domain.words import many
from app.ui.look.language import tr
from app.ui.parts.player.overlay import OverlayFace

Times = NDArray[np.float64]
Values = NDArray[np.float32]


@dataclass(eq=False)
class Prediction:
    """One face's prediction over a clip; row i belongs to frame i, NaN where the face is not seen.

    Attributes:
        times_s: float64 F.
        values: float32 F×2 (valence, arousal).
        probabilities: float32 F×K.
        classes: Names of the K classes.
        live: Whether it grows while the clip plays.
        written: The ranges of rows that were written since it was made: the first row, and the one behind the last.
    """

    times_s: Times
    values: Values
    probabilities: Values
    classes: tuple[str, ...] = FERPLUS
    live: bool = False
    written: list[tuple[int, int]] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether nothing is known yet."""
        return bool(np.isnan(self.values).all())


@dataclass(frozen=True, eq=False)
class Annotation:
    """One trace, or the mean of several, held on the clip's frame axis.

    Attributes:
        key: Its name in the list of annotations.
        title: Its title for the user.
        values: float32 F×2; NaN before it begins.
        note: Whether it was simulated or recorded unblinded.
        item_id: The item that was judged.
        condition: The condition in which it was shown.
        group: Item and condition in words, which is its heading.
        mean: Whether it is the mean of several traces.
    """

    key: str
    title: str
    values: Values
    note: str = ""
    item_id: int = 0
    condition: str = ""
    group: str = ""
    mean: bool = False

    def under(self, group: str) -> "Annotation":
        """Return the same annotation under a heading."""
        return replace(self, group=group)

    def beside(self, other: "Annotation") -> bool:
        """Return whether both were given on the same item in the same condition."""
        return (self.item_id, self.condition) == (other.item_id, other.condition)


def empty_prediction(times_s: Times, classes: tuple[str, ...] = FERPLUS, *, live: bool = False) -> Prediction:
    """Return a prediction without values."""
    count = len(times_s)
    return Prediction(
        times_s,
        np.full((count, 2), np.nan, np.float32),
        np.full((count, len(classes)), np.nan, np.float32),
        classes,
        live,
    )


def from_track(times_s: Times, track: TrackPrediction, *, smooth: bool) -> Prediction:
    """Spread a track over the frame axis.

    Args:
        times_s: float64 F, the clip's frame times.
        track: One track of a run over the clip.
        smooth: Whether to take the smoothed values.
    """
    made = empty_prediction(times_s, track.classes)
    rows = track.frame_idx[track.frame_idx < len(times_s)]
    source = track.smooth if smooth else track.valence_arousal
    made.values[rows] = source[: len(rows)]
    if track.probabilities.shape[1] == len(track.classes):
        made.probabilities[rows] = track.probabilities[: len(rows)]
    return made


def faces_at(tracks: Sequence[TrackPrediction], frame_idx: int, *, smooth: bool) -> tuple[OverlayFace, ...]:
    """Return the faces of one frame in stored predictions."""
    found = []
    for track in tracks:
        row = int(np.searchsorted(track.frame_idx, frame_idx))
        if row < len(track) and track.frame_idx[row] == frame_idx:
            values = (track.smooth if smooth else track.valence_arousal)[row]
            found.append(
                OverlayFace(
                    track.track_id,
                    track.boxes[row],
                    track.landmarks[row],
                    float(track.quality[row]),
                    track.probabilities[row],
                    track.classes,
                    float(values[0]),
                    float(values[1]),
                )
            )
    return tuple(found)


def longest_track(tracks: Sequence[TrackPrediction]) -> int:
    """Return the number of the track that is seen in most frames; 0 without any."""
    return max(tracks, key=len).track_id if tracks else 0


BRIDGE_S: Final = 1.0
"""Live answers that are more than this many seconds apart are not joined."""


def bridge(times_s: Times, series: Values, before: int, idx: int, value: NDArray[np.floating]) -> int:
    """Write a live answer, and fill the frames since the last one by linear interpolation.

    Returns the first frame that was written.

    Args:
        times_s: float64 F.
        series: float32 F×K, changed in place.
        before: Frame of the previous answer; −1 without one.
        idx: Frame of this answer.
        value: The K numbers of the answer.
    """
    series[idx] = value
    if 0 <= before < idx and times_s[idx] - times_s[before] <= BRIDGE_S:
        share = (times_s[before + 1 : idx] - times_s[before]) / (times_s[idx] - times_s[before])
        series[before + 1 : idx] = series[before] + share[:, None] * (series[idx] - series[before])
        return before + 1
    return idx


def bridged(times_s: Times, rows: NDArray[np.int32], looked_idx: NDArray[np.int32], values: Values) -> Values:
    """Spread live answers over the frame axis, and fill the frames between two of them as `bridge` does.

    Args:
        times_s: float64 F.
        rows: int32 N, ascending, the frames in which the face was seen.
        looked_idx: int32 M, ascending, all frames that were predicted. Nothing is filled over one without the face.
        values: float32 N×K.

    Returns:
        float32 F×K, NaN where nothing is known.
    """
    made = np.full((len(times_s), values.shape[1]), np.nan, np.float32)
    if not len(rows):
        return made
    at = np.arange(rows[0], rows[-1] + 1)
    before = np.searchsorted(rows, at, side="right") - 1
    beside = (np.diff(np.searchsorted(looked_idx, rows)) == 1) & (np.diff(times_s[rows]) <= BRIDGE_S)
    filled = np.isin(at, rows) | np.r_[beside, False][before]
    for column in range(values.shape[1]):
        made[at[filled], column] = np.interp(times_s[at[filled]], times_s[rows], values[:, column])
    return made


def mean_of(annotations: Sequence[Annotation], item_id: int = 0, condition: str = "") -> Annotation:
    """Return the mean at every frame over the raters who have a value there.

    Args:
        annotations: Traces of one item in one condition.
        item_id: Number of the item.
        condition: The condition.
    """
    stack = np.stack([annotation.values for annotation in annotations])
    known = ~np.isnan(stack)
    count = known.sum(axis=0)
    total = np.where(known, stack, 0).sum(axis=0)
    mean = np.full(total.shape, np.nan, np.float32)
    np.divide(total, count, out=mean, where=count > 0)
    key = tr("mean {item_id} {condition}", item_id=item_id, condition=condition)
    title = tr("Mean of {traces}", traces=many(len(annotations), tr("trace"), tr("traces")))
    return Annotation(key, title, mean, item_id=item_id, condition=condition, mean=True)
