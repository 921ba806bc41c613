"""ELAN's .eaf (EAF 2.6 to 3.0): tiers of annotations, with untimed slots, vocabularies and tiers below tiers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from urllib.parse import unquote

import numpy as np

from app.domain.words import many
from app.errors import UserError
from app.interchange.readers import xml_text
from app.interchange.readers.record import ForeignFile, Format, Mark, Rating
from app.interchange.readers.text import Text, base_name
from app.interchange.readers.xml_text import Element

_ROOT: Final = "ANNOTATION_DOCUMENT"
_UNITS: Final = {"milliseconds": 1000.0, "": 1000.0}
_MAX_MS: Final = 1e12
OURS: Final = "affectograph.ratings"
"""Property of a document that this program wrote: its tiers are ratings, named RATER|EMOTION|CONDITION."""
CATEGORY: Final = "category"
"""Name in place of the emotion on tiers of categories."""
BETWEEN: Final = "|"

Range = tuple[float, float]


def _recognise(text: Text) -> bool:
    return xml_text.is_xml(text, _ROOT)


@dataclass
class _Slots:
    """Times of slots in ms, in the order of the file. Those without a time are filled in."""

    ms: dict[str, float | None] = field(default_factory=dict)
    untimed: int = 0
    guessed: int = 0

    def fill_chain(self, chain: Sequence[str]) -> None:
        """Spread the untimed slots of neighbouring annotations evenly between the timed ones, as ELAN does."""
        place = np.arange(len(chain), dtype=np.float64)
        known = [i for i, slot in enumerate(chain) if self.ms[slot] is not None]
        if len(known) < 2:
            return
        times = [self.ms[chain[i]] or 0.0 for i in known]
        for i in range(known[0], known[-1]):
            if self.ms[chain[i]] is None:
                self.ms[chain[i]] = float(np.interp(place[i], known, times))

    def fill_rest(self) -> None:
        """Spread what is left between its neighbours in the order of the file."""
        order = list(self.ms)
        known = [i for i, slot in enumerate(order) if self.ms[slot] is not None]
        times = [self.ms[order[i]] or 0.0 for i in known]
        for i, slot in enumerate(order):
            if self.ms[slot] is None:
                self.guessed += 1
                self.ms[slot] = float(np.interp(i, known, times)) if known else 0.0


class _Annotation(NamedTuple):
    """One annotation before its times are known."""

    number: str
    label: str
    tier: int
    slots: tuple[str, str] | None = None
    parent: str = ""
    previous: str = ""


def _read(text: Text) -> ForeignFile:
    root = xml_text.parse(text, _ROOT)
    found = ForeignFile(text.path)
    header = root.find("HEADER")
    units = header.get("TIME_UNITS", "milliseconds") if header is not None else "milliseconds"
    if units not in _UNITS:
        raise UserError(
            f"{text.name} counts its times in {units}, not in milliseconds.", "Save it again with a current ELAN."
        )
    clip = _clip(header, found)
    slots = _slots(text, root)
    tiers = root.findall("TIER")
    vocabulary = _vocabulary(root)
    annotations = _annotations(text, tiers, slots, vocabulary)
    _fill(annotations, len(tiers), slots, found)
    ranges, orphans = _ranges(annotations, slots)
    if orphans:
        found.lost.append(
            f"{many(orphans, 'annotation refers', 'annotations refer')} to annotations that the file does not have."
        )
    said = [(tier.get("TIER_ID", ""), tier.get("ANNOTATOR", ""), tier.get("PARTICIPANT", "")) for tier in tiers]
    turned = 0
    for number, label, tier_no, *_ in annotations:
        if number not in ranges:
            continue
        start, end = ranges[number]
        if end < start:
            turned += 1
            start, end = end, start
        layer, rater, subject = said[tier_no]
        found.marks.append(Mark(layer, start / 1000, end / 1000, label, rater, clip, subject))
    if turned:
        found.notes.append(
            f"{many(turned, 'annotation ends', 'annotations end')} before the beginning; both were swapped."
        )
    if header is not None and any(one.get("NAME") == OURS for one in header.findall("PROPERTY")):
        _take_ratings(found)
    empty = [tier.get("TIER_ID", "") for tier in tiers if not len(tier)]
    if empty:
        found.notes.append(f"Tiers without annotations: {', '.join(empty)}.")
    return found


def _take_ratings(found: ForeignFile) -> None:
    """Turn the annotations of tiers of ratings, which this program wrote, back into ratings."""
    marks, found.marks = found.marks, []
    for mark in marks:
        parts = mark.layer.split(BETWEEN)
        number = parts[3] if len(parts) == 4 else "1"
        score = float(mark.label) if mark.label.lstrip("-").isdecimal() and len(mark.label) < 5 else None
        if len(parts) not in (3, 4) or not number.isdecimal() or (score is None) != (parts[1] == CATEGORY):
            found.marks.append(mark)
            continue
        name = mark.label if score is None else parts[1]
        found.ratings.append(Rating(mark.clip, parts[0], name, score, parts[2], max(int(number), 1)))


def _clip(header: Element | None, found: ForeignFile) -> str:
    """Return the name of the first medium; name the others and linked files as lost."""
    if header is None:
        return ""
    urls = [one.get("MEDIA_URL", "") for one in header.findall("MEDIA_DESCRIPTOR")]
    if not urls and header.get("MEDIA_FILE"):
        urls = [header.get("MEDIA_FILE", "")]
    names = [base_name(unquote(url)) for url in urls if url]
    if len(names) > 1:
        found.lost.append(
            f"It names {len(names)} media; the first, {names[0]}, is taken, and {', '.join(names[1:])} left out."
        )
    origins = [one.get("TIME_ORIGIN") for one in header.findall("MEDIA_DESCRIPTOR")[:1]]
    if origins and origins[0] not in (None, "", "0"):
        found.notes.append(f"The medium begins at {origins[0]} ms of ELAN's time; the times are kept unchanged.")
    linked = [base_name(unquote(one.get("LINK_URL", ""))) for one in header.findall("LINKED_FILE_DESCRIPTOR")]
    if linked:
        found.lost.append(f"Linked files are not read: {', '.join(linked)}.")
    return names[0] if names else ""


def _slots(text: Text, root: Element) -> _Slots:
    slots = _Slots()
    for slot in root.iterfind("TIME_ORDER/TIME_SLOT"):
        name = slot.get("TIME_SLOT_ID", "")
        if not name or name in slots.ms:
            raise UserError(f"{text.name}: the time slot “{name}” occurs twice.", "Save it again in ELAN.")
        value = slot.get("TIME_VALUE")
        if not value:
            slots.ms[name] = None
            slots.untimed += 1
            continue
        ms = float(value) if value.isdecimal() else xml_text.number(text, slot, "TIME_VALUE", value)
        if not 0 <= ms <= _MAX_MS:
            raise UserError(f"{text.name}: the time slot {name} has the time {ms:g} ms.", "Correct it in ELAN.")
        slots.ms[name] = ms
    return slots


def _vocabulary(root: Element) -> dict[str, str]:
    """Return the words of controlled vocabularies by the name of their entry, in their first language."""
    words: dict[str, str] = {}
    for entry in root.iterfind("CONTROLLED_VOCABULARY/CV_ENTRY_ML"):
        value = entry.find("CVE_VALUE")
        if value is not None and entry.get("CVE_ID"):
            words[entry.get("CVE_ID", "")] = value.text or ""
    return words


def _annotations(text: Text, tiers: Sequence[Element], slots: _Slots, words: dict[str, str]) -> list[_Annotation]:
    found: list[_Annotation] = []
    seen: set[str] = set()
    for number, tier in enumerate(tiers):
        for one in tier.iterfind("ANNOTATION/*"):
            name = one.get("ANNOTATION_ID", "")
            if not name or name in seen:
                raise UserError(f"{text.name}: the annotation “{name}” occurs twice.", "Save it again in ELAN.")
            seen.add(name)
            label = (one.findtext("ANNOTATION_VALUE") or "").strip()
            if not label and words:
                label = words.get(one.get("CVE_REF", ""), "")
            if one.tag == "ALIGNABLE_ANNOTATION":
                pair = one.get("TIME_SLOT_REF1", ""), one.get("TIME_SLOT_REF2", "")
                if pair[0] not in slots.ms or pair[1] not in slots.ms:
                    missing = pair[pair[0] in slots.ms]
                    raise UserError(
                        f"{text.name}: annotation {name} refers to the time slot “{missing}”, which does not exist.",
                        "Save it again in ELAN.",
                    )
                found.append(_Annotation(name, label, number, pair))
            else:
                parent, previous = one.get("ANNOTATION_REF", ""), one.get("PREVIOUS_ANNOTATION", "")
                found.append(_Annotation(name, label, number, parent=parent, previous=previous))
    return found


def _fill(annotations: Sequence[_Annotation], tiers: int, slots: _Slots, found: ForeignFile) -> None:
    """Give each untimed slot a time: from its neighbours in the tier, or else from those in the file."""
    if not slots.untimed:
        return
    of_tier: list[list[tuple[str, str]]] = [[] for _ in range(tiers)]
    for one in annotations:
        if one.slots is not None:
            of_tier[one.tier].append(one.slots)
    for pairs in of_tier:
        chain: list[str] = []
        for first, second in pairs:
            if not chain or chain[-1] != first:
                slots.fill_chain(chain)
                chain = [first]
            chain.append(second)
        slots.fill_chain(chain)
    slots.fill_rest()
    said = f"{many(slots.untimed, 'time slot has', 'time slots have')} no time; it was taken from the neighbours"
    found.notes.append(
        f"{said} in the tier." if not slots.guessed else f"{said}, for {slots.guessed} in the file's order."
    )


def _ranges(annotations: Sequence[_Annotation], slots: _Slots) -> tuple[dict[str, Range], int]:
    """Return the range of each annotation in ms, and the number of those without one.

    An annotation that refers to another shares its range with its siblings of the same tier, evenly and in order.
    """
    ranges: dict[str, Range] = {}
    children: dict[str, dict[int, list[_Annotation]]] = defaultdict(lambda: defaultdict(list))
    for one in annotations:
        pair = one.slots
        if pair is not None:
            ranges[one.number] = (slots.ms[pair[0]] or 0.0, slots.ms[pair[1]] or 0.0)
        else:
            children[one.parent][one.tier].append(one)
    ready = list(ranges) if children else []
    while ready:
        parent = ready.pop()
        begin, end = ranges[parent]
        for siblings in children.pop(parent, {}).values():
            ordered = _in_order(siblings)
            step = (end - begin) / len(ordered)
            for place, one in enumerate(ordered):
                ranges[one.number] = (begin + place * step, begin + (place + 1) * step)
                ready.append(one.number)
    return ranges, sum(1 for one in annotations if one.number not in ranges)


def _in_order(siblings: list[_Annotation]) -> list[_Annotation]:
    """Return the siblings as their references to the previous one say, or else in the order of the file."""
    follows = {one.previous: one for one in siblings if one.previous}
    ordered = [one for one in siblings if not one.previous][:1]
    while ordered and (following := follows.pop(ordered[-1].number, None)) is not None:
        ordered.append(following)
    return ordered if len(ordered) == len(siblings) else siblings


FORMAT: Final = Format("eaf", "ELAN", _recognise, _read)
