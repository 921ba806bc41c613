"""Why people and the model part: reasons that somebody gave, the project's list of them, counts and the export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import db.clips
import db.gaps
import db.items
import db.sights
from app.domain.changes import Edit
from app.domain.gaps import USUAL, Gap, GapReason, ReasonCount, ReasonWord, counted, giving, list_edit
from app.domain.project import ItemRecord
from app.interchange.gaps_csv import ReasonRow, reason_cells, write_reasons
from app.results import Goal
from app.services.consent.gate import covered_clips
from app.services.consent.left import note_left
from db.project import Project
from db.schema import new_uid, now


@dataclass(frozen=True)
class GivenReasons:
    """What was said about gaps so far.

    Attributes:
        words: The list of reasons in its order: the project's own, or the usual one.
        given: Every reason that was given.
        uids: Number of an item → the item's name that is the same on all machines.
        leaving: Those that consent lets out of the project.
    """

    words: tuple[ReasonWord, ...]
    given: tuple[GapReason, ...]
    uids: dict[int, str]
    leaving: tuple[GapReason, ...] = ()

    def of(self, gap: Gap) -> tuple[GapReason, ...]:
        """Return the reasons that were given for a gap."""
        uid = self.uids.get(gap.item_id, "")
        return tuple(one for one in self.given if one.explains(gap, uid))


def read_reasons(project: Project) -> GivenReasons:
    """Read the list of reasons and what was given so far."""
    uids = {one.id: one.uid for one in db.items.every(project, removed=True)}
    words = db.gaps.words(project) or tuple(ReasonWord(new_uid(), name, at) for at, name in enumerate(USUAL))
    leaving = tuple(one for _, one in _leaving(project, without=True))
    return GivenReasons(words, db.gaps.reasons(project), uids, leaving)


def reason_edit(project: Project, gap: Gap, word: str, text: str = "", author: str = "") -> Edit | None:
    """Return the edit that gives a gap its reason, in place of an earlier one; None if it has it already.

    Args:
        project: The open project.
        gap: The gap.
        word: The reason; empty to take it back.
        text: A remark.
        author: Code of the person who gives it; empty for nobody.
    """
    before = read_reasons(project)
    there = before.of(gap)
    if (not word and not there) or (len(there) == 1 and (there[0].reason, there[0].text) == (word, text)):
        return None
    made = GapReason(
        new_uid(), before.uids[gap.item_id], gap.condition, gap.what, gap.start_s, gap.end_s, gap.people, gap.model,
        gap.size, gap.name, word, text, author, now(),
    )  # fmt: skip
    return giving([made] if word else [], there, author)


def words_edit(project: Project, wanted: Sequence[ReasonWord], author: str = "") -> Edit | None:
    """Return the edit after which the project has this list of reasons; None if it has it already.

    Args:
        project: The open project.
        wanted: The list in its order.
        author: Code of the person who changes it.

    Raises:
        UserError: The list is empty, a word is empty, or two are the same.
    """
    return list_edit(db.gaps.words(project), wanted, db.gaps.reasons(project), author)


def new_word(name: str, position: int) -> ReasonWord:
    """Return a new word; it is stored by the edit of `words_edit`."""
    return ReasonWord(new_uid(), name, position)


def reason_counts(project: Project, *, leaving: bool = False) -> tuple[ReasonCount, ...]:
    """Count the reasons that were given, by word, condition and what was judged.

    Args:
        project: The open project.
        leaving: Whether to count only those that consent lets out of the project.
    """
    return counted([one for _, one in _leaving(project, without=True)] if leaving else db.gaps.reasons(project))


def reviewed_clips(project: Project) -> list[int]:
    """Return the numbers of the clips on which reasons were given, ascending."""
    clips = {one.uid: one.clip_id for one in db.items.every(project)}
    return sorted({clips[one.item_uid] for one in db.gaps.reasons(project) if one.item_uid in clips})


def reason_rows(project: Project, without_refused: bool = False) -> list[ReasonRow]:
    """Return the reasons as the rows of a tidy table, by item and time.

    Args:
        project: The open project.
        without_refused: Whether to leave out reasons of, and on clips of, people whose consent does not cover an
            export; otherwise it is refused.

    Raises:
        Uncovered: Consent does not cover somebody, and nobody said to leave these people out.
    """
    rows = _leaving(project, without=without_refused)
    rows.sort(key=lambda pair: (pair[0].name, pair[1].start_s, pair[1].condition, pair[1].what))
    return [reason_cells(item.name, item.clip, one) for item, one in rows]


def _leaving(project: Project, *, without: bool) -> list[tuple[ItemRecord, GapReason]]:
    """Return the reasons that consent lets out of the project, with their items; others are left out or refused."""
    given = db.gaps.reasons(project)
    items = {one.uid: one for one in db.items.every(project)}
    used = {items[one.item_uid].clip_id for one in given}
    kept, may = covered_clips(
        project, [clip for clip in db.clips.every(project, removed=True) if clip.id in used], without=without
    )
    may.require(raters={one.author for one in given})
    named = [(items[one.item_uid], one) for one in given]
    return [(item, one) for item, one in named if item.clip_id in kept and one.author not in may.raters]


def export_reasons(project: Project, goal: Goal, without_refused: bool = False) -> tuple[Path, int]:
    """Write the reasons of the project as a tidy CSV file, and note that labels of these clips are shown.

    Args:
        project: The open project.
        goal: The file to write.
        without_refused: Whether to leave out people whose consent does not cover an export; otherwise it is refused.

    Returns:
        The path of the file and its number of rows.

    Raises:
        UserError: Consent does not cover the export, or the file cannot be written.
    """
    rows = reason_rows(project, without_refused)
    db.sights.note(project, reviewed_clips(project), "labels")
    written = write_reasons(goal, rows)
    note_left(project, "reasons for gaps", written[0], counts={"rows": written[1]})
    return written
