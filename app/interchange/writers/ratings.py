"""Writers of ratings: wide tables for JASP, jamovi and SPSS, and ELAN documents with the traces linked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import numpy as np

from app.domain.holding import zero_order_hold
from app.domain.spreadsheet import SheetWriter
from app.interchange.cells import guarded
from app.interchange.readers.elan import BETWEEN, CATEGORY, OURS
from app.interchange.tidy import Judgement
from app.interchange.writers.record import AXES, OutTrace, Written, safe, said, unique
from app.results import result

_DATE: Final = "1970-01-01T00:00:00+00:00"


def write_wide(folder: Path, rows: Sequence[Judgement]) -> Written:
    """Write one table for each emotion and condition: a row for each clip and pass, a column for each rater.

    Args:
        folder: The folder.
        rows: Intensities.

    Raises:
        UserError: A file is in the way that this program did not write, or cannot be written.
    """
    out = Written()
    tables: dict[tuple[str, str, str], dict[tuple[str, int], dict[str, int | None]]] = {}
    for row in rows:
        place = row.place
        cells = tables.setdefault((place.study, row.name, place.condition), {})
        cells.setdefault((place.item or place.clip, place.pass_no), {})[place.rater] = row.score
    several = len({study for study, _, _ in tables}) > 1
    names = unique(
        safe("_".join([*([study] if several else []), emotion, condition])) + ".csv"
        for study, emotion, condition in tables
    )
    for cells, name in zip(tables.values(), names, strict=True):
        raters = sorted({rater for one in cells.values() for rater in one})
        passes = len({number for _, number in cells}) > 1
        with result(folder / name) as temporary, temporary.open("w", encoding="utf-8", newline="") as text:
            sheet = SheetWriter(text)
            sheet.writerow(["item", *(["pass"] if passes else []), *map(guarded, raters)])
            for (item, number), scores in sorted(cells.items()):
                shown = [scores.get(rater) for rater in raters]
                sheet.writerow(
                    [guarded(item), *([number] if passes else []), *("" if one is None else one for one in shown)]
                )
        out.files.append(folder / name)
    if any(row.missing_reason for row in rows):
        out.lost.append("The reasons for missing scores are not kept: their cells are empty.")
    if any(row.response_s is not None or row.answered_at is not None for row in rows):
        out.lost.append("When each score was given, and how long it took, is not kept.")
    return out


@dataclass
class ElanClip:
    """A clip for ELAN.

    Attributes:
        name: The clip's name.
        path: Its file.
        clip_s: Its length in seconds.
        intensities: Its intensities.
        categories: Its categories.
        traces: Its traces.
    """

    name: str
    path: Path
    clip_s: float
    intensities: list[Judgement] = field(default_factory=list)
    categories: list[Judgement] = field(default_factory=list)
    traces: list[OutTrace] = field(default_factory=list)


def write_elan(folder: Path, clips: Sequence[ElanClip]) -> Written:
    """Write a document for each clip: a tier for each rater, emotion and condition; traces as linked series.

    Args:
        folder: The folder.
        clips: The clips.

    Raises:
        UserError: A file is in the way that this program did not write, or cannot be written.
    """
    out = Written()
    stems = unique(safe(Path(clip.name).stem) for clip in clips)
    for clip, stem in zip(clips, stems, strict=True):
        series = _write_series(folder, stem, clip, out)
        root = _document(clip, series)
        ElementTree.indent(root, "    ")
        with result(folder / f"{stem}.eaf") as temporary:
            ElementTree.ElementTree(root).write(temporary, "UTF-8", xml_declaration=True)
        out.files.append(folder / f"{stem}.eaf")
    judged = [row for clip in clips for row in (*clip.intensities, *clip.categories)]
    if any(row.missing_reason for row in judged):
        out.lost.append("Missing answers have no annotation.")
    if any(row.place.pass_no > 1 for row in judged):
        out.lost.append("Of several passes of a rater, each tier's name tells the pass.")
    if any(clip.traces for clip in clips):
        out.lost.append(
            "ELAN shows traces as linked series; they are not annotations, and reading the .eaf leaves them out."
        )
    return out


def _document(clip: ElanClip, series: Sequence[str]) -> ElementTree.Element:
    root = ElementTree.Element(
        "ANNOTATION_DOCUMENT", AUTHOR="Affectograph", DATE=_DATE, FORMAT="3.0", VERSION="3.0",
        attrib={
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:noNamespaceSchemaLocation": "http://www.mpi.nl/tools/elan/EAFv3.0.xsd",
        },
    )  # fmt: skip
    tiers: dict[tuple[str, str, str], list[Judgement]] = {}
    for row in clip.intensities:
        tiers.setdefault((row.place.rater, row.name, _where(row)), []).append(row)
    for row in clip.categories:
        tiers.setdefault((row.place.rater, CATEGORY, _where(row)), []).append(row)
    count = sum(1 for rows in tiers.values() for row in rows if _label(row))
    header = ElementTree.SubElement(root, "HEADER", MEDIA_FILE="", TIME_UNITS="milliseconds")
    ElementTree.SubElement(
        header, "MEDIA_DESCRIPTOR", MEDIA_URL=clip.path.absolute().as_uri(), MIME_TYPE="video/*",
        RELATIVE_MEDIA_URL=f"./{clip.path.name}",
    )  # fmt: skip
    for name in series:
        kind = "text/xml" if name.endswith(".xml") else "text/plain"
        ElementTree.SubElement(
            header, "LINKED_FILE_DESCRIPTOR", LINK_URL=f"./{name}", MIME_TYPE=kind, RELATIVE_LINK_URL=f"./{name}"
        )
    ElementTree.SubElement(header, "PROPERTY", NAME=OURS).text = "1"
    ElementTree.SubElement(header, "PROPERTY", NAME="lastUsedAnnotationId").text = str(count)
    order = ElementTree.SubElement(root, "TIME_ORDER")
    number = 0
    for (rater, name, where), rows in sorted(tiers.items()):
        tier = ElementTree.SubElement(
            root, "TIER", TIER_ID=BETWEEN.join((rater, name, where)), LINGUISTIC_TYPE_REF="rating", ANNOTATOR=rater
        )
        if rows[0].place.subject:
            tier.set("PARTICIPANT", rows[0].place.subject)
        for row in rows:
            label = _label(row)
            if not label:
                continue
            number += 1
            ends = (0, max(round(clip.clip_s * 1000), 1))
            slots = [f"ts{2 * number - 1}", f"ts{2 * number}"]
            for slot, ms in zip(slots, ends, strict=True):
                ElementTree.SubElement(order, "TIME_SLOT", TIME_SLOT_ID=slot, TIME_VALUE=str(ms))
            held = ElementTree.SubElement(ElementTree.SubElement(tier, "ANNOTATION"), "ALIGNABLE_ANNOTATION")
            held.attrib.update(ANNOTATION_ID=f"a{number}", TIME_SLOT_REF1=slots[0], TIME_SLOT_REF2=slots[1])
            ElementTree.SubElement(held, "ANNOTATION_VALUE").text = label
    ElementTree.SubElement(
        root, "LINGUISTIC_TYPE", LINGUISTIC_TYPE_ID="rating", TIME_ALIGNABLE="true", GRAPHIC_REFERENCES="false"
    )
    return root


def _where(row: Judgement) -> str:
    return row.place.condition if row.place.pass_no == 1 else f"{row.place.condition}{BETWEEN}{row.place.pass_no}"


def _label(row: Judgement) -> str:
    return "" if row.missing_reason else str(row.score) if row.score is not None else row.name


def _write_series(folder: Path, stem: str, clip: ElanClip, out: Written) -> list[str]:
    """Write the traces of a clip as a table, and ELAN's description of it; return the names of both."""
    if not clip.traces:
        return []
    times_s = np.unique(np.concatenate([trace.times_s for trace in clip.traces]))
    columns = [(trace, axis) for trace in clip.traces for axis in (0, 1) if trace.has(axis)]
    names = [f"{trace.rater} {AXES[axis]} {trace.condition}" for trace, axis in columns]
    table = [zero_order_hold(trace.times_s, trace.values[:, axis], times_s) for trace, axis in columns]
    data, described = folder / f"{stem}_traces.csv", folder / f"{stem}_tsconf.xml"
    with result(data) as temporary, temporary.open("w", encoding="utf-8", newline="") as text:
        sheet = SheetWriter(text)
        sheet.writerow(["time_s", *names])
        for row, time_s in enumerate(times_s):
            cells = [float(column[row]) for column in table]
            sheet.writerow([repr(float(time_s)), *("" if np.isnan(cell) else said(cell) for cell in cells)])
    root = ElementTree.Element("timeseries", date=_DATE, version="1.0")
    source = ElementTree.SubElement(
        root, "tracksource", attrib={
            "source-url": f"./{data.name}", "sample-type": "Discontinuous Rate", "time-column": "0", "time-origin": "0",
        },
    )  # fmt: skip
    for place, name in enumerate(names, start=1):
        track = ElementTree.SubElement(source, "track", name=name, derivative="0")
        position = ElementTree.SubElement(track, "sample-position")
        ElementTree.SubElement(position, "pos", col=str(place), row="1")
        ElementTree.SubElement(track, "range", min="-1.0", max="1.0")
    with result(described) as temporary:
        ElementTree.ElementTree(root).write(temporary, "UTF-8", xml_declaration=True)
    out.files += [data, described]
    return [data.name, described.name]
