"""Verdicts of a model of categories as CSV: one row for each range, and one for each window along a face."""

import csv
from pathlib import Path

from app.domain.spans import ClipVerdicts
from app.results import result


def write_verdicts(path: Path, verdicts: ClipVerdicts) -> None:
    """Write the columns kind (`item` or `window`), track, start_s, end_s, category, and one for each class.

    Args:
        path: The file; one that this program wrote before is replaced.
        verdicts: What the model said.

    Raises:
        UserError: The file cannot be written.
    """
    with result(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["kind", "track", "start_s", "end_s", "category", *verdicts.classes])

        def row(kind: str, track_id: int, start_s: float, end_s: float, said: list[float]) -> None:
            top = verdicts.classes[said.index(max(said))]
            writer.writerow([kind, track_id, f"{start_s:.6f}", f"{end_s:.6f}", top, *(f"{p:.6f}" for p in said)])

        for item in verdicts.items:
            row("item", item.track_id, item.start_s, item.end_s, item.probabilities.tolist())
        for each in verdicts.windows:
            for start_s, end_s, said in zip(each.start_s, each.end_s, each.probabilities, strict=True):
                row("window", each.track_id, float(start_s), float(end_s), said.tolist())
