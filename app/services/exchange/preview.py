"""The preview of an import in words, for the command line and the screen."""

from __future__ import annotations

from typing import Final

from app.domain.words import many
from app.services.exchange.plan import Kind, Line

_UNITS: Final[dict[Kind, tuple[str, str]]] = {
    "trace": ("sample", "samples"),
    "fused trace": ("sample", "samples"),
    "ratings": ("rating", "ratings"),
    "categories": ("category", "categories"),
    "labels": ("row", "rows"),
    "events": ("event", "events"),
    "measurements": ("row", "rows"),
}


def what_of(line: Line) -> str:
    """Return what a line brings, such as `trace of valence, 250 samples`."""
    of = f" of {line.dimension}" if line.dimension else ""
    return f"{line.kind}{of}, {many(line.count, *_UNITS[line.kind])}"


def said(line: Line) -> str:
    """Return a line of the preview as one sentence."""
    parts = [f"{line.file} ({line.format}): {what_of(line)}"]
    if line.rater:
        parts.append(f"rater {line.rater}")
    if line.clip:
        there = f" (there {line.clip_there})" if line.clip_there and line.clip_there != line.clip else ""
        parts.append(f"clip {line.clip}{there}")
    if line.scale:
        parts.append(f"scale {line.scale}")
    if line.times:
        parts.append(line.times)
    text = ", ".join(parts)
    return f"{text}. Stays out: {line.problem}." if line.problem else f"{text}."
