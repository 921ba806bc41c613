"""The category of an item in Review: the stored verdict or the newest live one, beside people's votes."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.domain.item_frames import item_range
from app.ui.look.language import tr
from app.ui.parts.categories.said import Band, CategorySaid, vote_shares

if TYPE_CHECKING:
    from app.domain.analysis import ClipAnalysis
    from app.domain.live import LiveCategory, LiveFace
    from app.domain.project import ItemRecord
    from app.domain.verdicts_beside import VerdictsBeside
    from app.services.predict.clip_categories import ClipCategories

WHOLE = tr("Whole item")
NOT_YET = "Ctrl+Enter analyses the clip."


class LiveVerdicts:
    """The live verdicts of one clip for each face, on the clip's own axis."""

    def __init__(self) -> None:
        self._along: dict[int, dict[float, LiveCategory]] = {}

    def take(self, faces: "tuple[LiveFace, ...]") -> None:
        """Note the verdicts of a live answer; a later verdict at the same time replaces an earlier one."""
        for face in faces:
            if face.category is not None:
                self._along.setdefault(face.track_id, {})[face.category.time_s] = face.category

    def at(self, track_id: int, time_s: float) -> "LiveCategory | None":
        """Return the newest verdict on the last seconds before a time; None where none of them reaches there.

        Args:
            track_id: The face.
            time_s: Where the playhead is.
        """
        found = [one for one in self._along.get(track_id, {}).values() if 0 <= time_s - one.time_s <= one.seconds]
        return max(found, key=lambda one: one.time_s, default=None)

    def band(self, track_id: int) -> Band:
        """Return all verdicts on a face, in order of time."""
        found = self._along.get(track_id, {})
        if not found:
            return Band()
        times_s = sorted(found)
        values = np.stack([found[time_s].probabilities for time_s in times_s])
        return Band(found[times_s[0]].classes, np.array(times_s), values)


def said_of_item(
    known: "ClipCategories | None",
    analysis: "ClipAnalysis | None",
    track_id: int,
    item: "ItemRecord | None",
    live: "LiveCategory | None",
    no_live: str = "",
) -> CategorySaid | None:
    """Return the category facts that are drawn beside the clip.

    Args:
        known: Stored verdicts and votes; None without a model of categories.
        analysis: Stored predictions of the clip.
        track_id: Number of the chosen face.
        item: The item that is shown.
        live: The newest live verdict on the face; None if nothing is predicted live.
        no_live: Why the model gives no live verdicts; empty where it does, or nothing is predicted live.
    """
    if known is None:
        return None
    verdicts = known.verdicts
    stored = None
    if verdicts is not None and analysis is not None and len(analysis.times_s):
        stored = verdicts.item(track_id, *item_range(item, analysis))
    votes = known.votes.get(item.id, {}) if item is not None else {}
    if live is not None:
        title = tr("Last {seconds} s, live", seconds=f"{live.seconds:.1f}")
        shares = vote_shares(votes, live.classes)
        said = CategorySaid(title, known.model, live.classes, live.probabilities, shares, members=live.members)
        if verdicts is None or stored is None:
            return said
        whole = CategorySaid("", known.model, verdicts.classes, stored.probabilities)
        return replace(said, note=f"{WHOLE}: {whole.answer}")
    classes = verdicts.classes if verdicts is not None else tuple(sorted({w for each in votes.values() for w in each}))
    found = None if stored is None else stored.probabilities
    caption = NOT_YET if verdicts is None else tr("This face is not seen within the item.")
    return CategorySaid(WHOLE, known.model, classes, found, vote_shares(votes, classes), caption, no_live)


def said_beside(beside: "VerdictsBeside", known: "ClipCategories | None", item: "ItemRecord | None") -> CategorySaid:
    """Return what a fusion and its members said of the item that is played from a list of items.

    Args:
        beside: Their verdicts.
        known: Votes on the clip; None without a model of categories.
        item: The item that is shown.
    """
    votes = known.votes.get(item.id, {}) if known is not None and item is not None else {}
    shares = vote_shares(votes, beside.classes)
    return CategorySaid(
        WHOLE, beside.model, beside.classes, beside.fusion, shares, members=beside.members, label=beside.label
    )


def attention_of(
    known: "ClipCategories | None", analysis: "ClipAnalysis | None", track_id: int, item: "ItemRecord | None"
) -> Band:
    """Return the moments that counted for the verdict on an item, as shares of the strongest one.

    The band is empty if there is no verdict, or the model weighs no moments.

    Args:
        known: Stored verdicts and votes; None without a model of categories.
        analysis: Stored predictions of the clip.
        track_id: Number of the chosen face.
        item: The item that is shown.
    """
    if known is None or known.verdicts is None or analysis is None or not len(analysis.times_s):
        return Band()
    said = known.verdicts.item(track_id, *item_range(item, analysis))
    return Band() if said is None else _shares(said.evidence_s, said.evidence)


def live_attention(live: "LiveCategory") -> Band:
    """Return the moments that counted for a live verdict; see `attention_of`."""
    return _shares(live.read_s, live.weight)


def _shares(times_s: NDArray[np.float64], weight: NDArray[np.float32]) -> Band:
    """Return weights of moments as shares of the strongest one."""
    if not len(times_s):
        return Band()
    shares = weight / max(float(weight.max()), 1e-12)
    return Band(("attention",), times_s, np.asarray(shares[:, None], np.float32))


def band_of(known: "ClipCategories | None", track_id: int, live: Band | None) -> Band:
    """Return the verdicts that the timeline draws: live ones if there are any, otherwise stored ones."""
    if known is None:
        return Band()
    if live is not None and live.classes:
        return live
    verdicts = known.verdicts
    if verdicts is None:
        return Band()
    along = verdicts.along(track_id)
    if along is None:
        return Band(verdicts.classes)
    return Band(verdicts.classes, along.end_s, along.probabilities)
