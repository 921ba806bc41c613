"""The rows that benchmarks of the player print: ours, what it is compared with, their ratio, and what is wanted.

Every row compares one number of ours with another one of the same run: that of a limit, of another program, or a bound
that was set beforehand. A target is always a bound on their ratio. Where several runs took turns, the row shows the
medians, and the ratio is the median of the ratios of the single turns, so that a load that comes and goes counts less.
"""

import argparse
import json
import os
import statistics
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self

HEAD: Final = "| what | ours | compared with | ratio | wanted | holds |\n| --- | --- | --- | --- | --- | --- |"


@dataclass(frozen=True)
class Row:
    """One comparison.

    Attributes:
        what: What was measured, in words.
        ours: Our number.
        unit: The unit of both numbers.
        other: The number that it is compared with.
        other_is: What that number is, in words.
        ratio: Ours divided by the other number; 1 where both are 0.
        least: The smallest ratio that is wanted; None for no such bound.
        most: The largest ratio that is wanted; None for no such bound.
    """

    what: str
    ours: float
    unit: str
    other: float
    other_is: str
    ratio: float
    least: float | None = None
    most: float | None = None

    @classmethod
    def of(
        cls,
        what: str,
        ours: Sequence[float],
        unit: str,
        others: Sequence[float],
        other_is: str,
        *,
        least: float | None = None,
        most: float | None = None,
    ) -> Self:
        """Return the row of runs that took turns; one other number stands for all turns."""
        turns = list(others) * len(ours) if len(others) == 1 else list(others)
        ratios = [_ratio(mine, other) for mine, other in zip(ours, turns, strict=True)]
        middle = statistics.median
        return cls(what, middle(ours), unit, middle(turns), other_is, middle(ratios), least, most)

    @property
    def holds(self) -> bool | None:
        """Whether the target is met; None without a target."""
        if self.least is None and self.most is None:
            return None
        return (self.least is None or self.ratio >= self.least) and (self.most is None or self.ratio <= self.most)

    def __str__(self) -> str:
        wanted = " and ".join(
            f"{sign} {bound:g}" for sign, bound in (("≥", self.least), ("≤", self.most)) if bound is not None
        )
        holds = {None: "–", True: "yes", False: "**no**"}[self.holds]
        unit = f" {self.unit}" if self.unit else ""
        return (
            f"| {self.what} | {_figure(self.ours)}{unit} | {_figure(self.other)}{unit}: {self.other_is} | "
            f"{_figure(self.ratio)} | {wanted or '–'} | {holds} |"
        )


def _ratio(mine: float, other: float) -> float:
    if other:
        return mine / other
    return 1.0 if not mine else float("inf")


def _figure(value: float) -> str:
    """Return three significant digits; whole numbers and those from 100 on without decimals."""
    if value == round(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:#.3g}".rstrip(".")


def arguments(doc: str | None, repeats: int = 3) -> argparse.ArgumentParser:
    """Return a parser with what all these programs understand."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=repeats, help=f"turns of each case (default: {repeats})")
    parser.add_argument("--quick", action="store_true", help="at most two minutes: shorter and fewer turns")
    parser.add_argument("--json", type=Path, help="write the rows to this file, too")
    return parser


def show(rows: Sequence[Row], heading: str, json_to: Path | None = None) -> None:
    """Print a table with the machine and its load, and write it as JSON."""
    loads = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    print(f"{heading}\n{os.cpu_count()} cores; load of the last 1, 5 and 15 minutes: {loads}\n\n{HEAD}")
    for row in rows:
        print(row)
    sys.stdout.flush()
    if json_to is not None:
        json_to.write_text(json.dumps([asdict(row) for row in rows], indent=1, ensure_ascii=False) + "\n", "utf-8")


def read(path: Path) -> list[Row]:
    """Return the rows that another program has written."""
    return [Row(**each) for each in json.loads(path.read_text("utf-8"))]
