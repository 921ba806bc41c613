"""Writers of traces: NOVA, CARMA, DARMA, MuSe and lists of frames as in Aff-Wild2."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from xml.sax.saxutils import quoteattr

import numpy as np
from numpy.typing import NDArray

from app.domain.holding import zero_order_hold
from app.domain.spreadsheet import SheetWriter
from app.interchange.writers.record import AXES, EXACT_S, RATE_HZ, OutTrace, Written, on_grid, safe, said, unique
from app.results import result

ENDS: Final = {"valence": ("very negative", "very positive"), "arousal": ("very calm", "very excited")}
"""Words for the ends of a dimension's scale."""
NO_LABEL: Final = "-5"


def _text(path: Path, lines: Sequence[str], out: Written) -> None:
    with result(path) as temporary:
        temporary.write_text("\n".join(lines) + "\n", "utf-8")
    out.files.append(path)


def _conditions(traces: Sequence[OutTrace], out: Written, tool: str) -> None:
    conditions = sorted({trace.condition for trace in traces})
    if len(conditions) > 1:
        out.lost.append(f"{tool} has no viewing conditions; they stand in the names of the files only.")


def _named(trace: OutTrace, several: bool, between: str, *more: str) -> str:
    parts = [trace.stem, *more, trace.rater, *([trace.condition] if several else [])]
    return between.join(safe(part) for part in parts)


def write_nova(folder: Path, traces: Sequence[OutTrace]) -> Written:
    """Write NOVA's pairs of files, one for each clip, rater and dimension.

    Args:
        folder: The folder.
        traces: The traces.

    Raises:
        UserError: A file is in the way that this program did not write, or cannot be written.
    """
    out = Written()
    several = len({trace.condition for trace in traces}) > 1
    jobs = [(trace, axis) for trace in traces for axis in (0, 1) if trace.has(axis)]
    names = unique(f"{_named(trace, several, '.', AXES[axis])}.annotation" for trace, axis in jobs)
    for (trace, axis), name in zip(jobs, names, strict=True):
        grid = on_grid(trace)
        if grid.loss and grid.loss not in out.lost:
            out.lost.append(grid.loss)
        head = [
            '<?xml version="1.0" ?>', '<annotation ssi-v="3">',
            f'    <info ftype="ASCII" size="{len(grid.values)}" />',
            f"    <meta annotator={quoteattr(trace.rater)} role={quoteattr(trace.condition)} />",
            f'    <scheme name="{AXES[axis]}" type="CONTINUOUS" sr="{grid.rate_hz!r}" min="-1" max="1" '
            'mincolor="#FFFFFFFF" maxcolor="#FFC0504D" />',
            "</annotation>",
        ]  # fmt: skip
        _text(folder / name, head, out)
        _text(folder / f"{name}~", [f"{said(value)};1" for value in grid.values[:, axis]], out)
    _conditions(traces, out, "NOVA")
    return out


def write_carma(folder: Path, traces: Sequence[OutTrace]) -> Written:
    """Write CARMA's CSV, one file for each clip, rater and dimension; see `write_nova`."""
    out = Written()
    several = len({trace.condition for trace in traces}) > 1
    jobs = [(trace, axis) for trace in traces for axis in (0, 1) if trace.has(axis)]
    names = unique(f"{_named(trace, several, '_', AXES[axis])}.csv" for trace, axis in jobs)
    for (trace, axis), name in zip(jobs, names, strict=True):
        grid = on_grid(trace)
        if grid.loss and grid.loss not in out.lost:
            out.lost.append(grid.loss)
        lower, upper = ENDS[AXES[axis]]
        head = [
            f"Time of Rating,{trace.rater}", f"Multimedia File,{_cell(trace.clip)}", f"Lower Label,{lower}",
            f"Upper Label,{upper}", "Minimum Value,-1", "Maximum Value,1", "Number of Steps,9", "Second,Rating",
            "%%%%%%,%%%%%%",
        ]  # fmt: skip
        rows = [f"{(n + 1) / grid.rate_hz!r},{said(value)}" for n, value in enumerate(grid.values[:, axis])]
        _text(folder / name, head + rows, out)
    _conditions(traces, out, "CARMA")
    return out


def write_darma(folder: Path, traces: Sequence[OutTrace]) -> Written:
    """Write DARMA's CSV, one file for each clip and rater; see `write_nova`."""
    out = Written()
    several = len({trace.condition for trace in traces}) > 1
    names = unique(f"{_named(trace, several, '_')}.csv" for trace in traces)
    for trace, name in zip(traces, names, strict=True):
        grid = on_grid(trace)
        if grid.loss:
            out.lost.append(grid.loss)
        head = [
            f"Time of Rating,{trace.rater},,", f"Multimedia File,{_cell(trace.clip)},{trace.clip_s!r},",
            "Magnitude,1,,",
            "Second,Valence,Arousal,Button", "%%%%%%,%%%%%%,%%%%%%,%%%%%%",
        ]  # fmt: skip
        rows = [f"{(n + 1) / grid.rate_hz!r},{said(row[0])},{said(row[1])},0" for n, row in enumerate(grid.values)]
        _text(folder / name, head + rows, out)
    _conditions(traces, out, "DARMA")
    return out


def _cell(text: str) -> str:
    return f'"{text}"' if "," in text else text


def write_muse(folder: Path, traces: Sequence[OutTrace]) -> Written:
    """Write MuSe's raw tables: a folder for each dimension, a file for each clip, a column for each rater.

    Where all traces of a clip have the same times, these are kept. Otherwise the traces are looked up `RATE_HZ` times a
    second. See `write_nova` for the arguments.
    """
    out = Written()
    groups: dict[tuple[str, str], list[OutTrace]] = {}
    for trace in traces:
        groups.setdefault((trace.clip, trace.condition), []).append(trace)
    several = len({condition for _, condition in groups}) > 1
    stems = unique(safe(f"{Path(clip).stem}_{c}" if several else Path(clip).stem) for clip, c in groups)
    for (clip, _), mine, stem in zip(groups, groups.values(), stems, strict=True):
        for axis, name in enumerate(AXES):
            columns = [trace for trace in mine if trace.has(axis)]
            if not columns:
                continue
            times_s, loss = _common(columns, clip)
            if loss and loss not in out.lost:
                out.lost.append(loss)
            table = [zero_order_hold(one.times_s, one.values[:, axis], times_s) for one in columns]
            path = folder / name / f"{stem}.csv"
            with result(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as text:
                sheet = SheetWriter(text)
                sheet.writerow(["timestamp", *unique(one.rater for one in columns)])
                for row, time_s in enumerate(times_s):
                    cells = [float(column[row]) for column in table]
                    sheet.writerow([repr(float(time_s)), *("" if np.isnan(cell) else said(cell) for cell in cells)])
            out.files.append(path)
    _conditions(traces, out, "MuSe")
    return out


def _common(traces: Sequence[OutTrace], clip: str) -> tuple[NDArray[np.float64], str]:
    """Return times for all traces of a clip, and a sentence where they are not their own."""
    first = traces[0].times_s
    same = all(len(one.times_s) == len(first) and np.allclose(one.times_s, first, 0, EXACT_S) for one in traces)
    if same and bool((np.diff(first) > 0).all()):
        return first, ""
    last = max(float(one.times_s[-1]) for one in traces)
    at_s = np.arange(int(np.floor(last * RATE_HZ + 1e-6)) + 1) / RATE_HZ
    return at_s, (
        f"{clip}: its traces have different times; they are written {RATE_HZ:g} times a second, so that changes appear "
        f"up to {1 / RATE_HZ:g} s late."
    )


def write_aff_wild2(folder: Path, traces: Sequence[OutTrace], frames_s: Mapping[str, NDArray[np.float64]]) -> Written:
    """Write lists of Aff-Wild2: a folder for each rater, a file for each clip, a line for each frame.

    Args:
        folder: The folder.
        traces: The traces.
        frames_s: Clip → float64 F, the times of its frames from the first one, in seconds.

    Raises:
        UserError: A file is in the way that this program did not write, or cannot be written.
    """
    out = Written()
    several = len({trace.condition for trace in traces}) > 1
    joined: dict[tuple[str, str, str], NDArray[np.float64]] = {}
    for trace in traces:
        at_s = frames_s[trace.clip]
        values = zero_order_hold(trace.times_s, trace.values, at_s + EXACT_S)
        key = (trace.clip, trace.rater, trace.condition)
        # Two traces of one dimension each are one list.
        joined[key] = np.where(np.isnan(joined[key]), values, joined[key]) if key in joined else values
        if len(at_s) != len(trace.times_s) or not np.allclose(at_s, trace.times_s, 0, EXACT_S):
            out.lost.append(f"{trace.clip}, rater {trace.rater}: times between frames are not kept.")
    half = 0
    for (clip, rater, condition), values in joined.items():
        valence_gone, arousal_gone = np.isnan(values[:, 0]), np.isnan(values[:, 1])
        half += bool((valence_gone != arousal_gone).any())
        lines = [
            f"{NO_LABEL},{NO_LABEL}" if gone else f"{said(valence)},{said(arousal)}"
            for gone, (valence, arousal) in zip(valence_gone | arousal_gone, values, strict=True)
        ]
        place = folder / (f"{safe(rater)}_{safe(condition)}" if several else safe(rater))
        _text(place / f"{safe(Path(clip).stem)}.txt", ["valence,arousal", *lines], out)
    if half:
        out.lost.append(f"In {half} files, frames with only one of valence and arousal are marked as not labelled.")
    return out
