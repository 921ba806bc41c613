"""What other programs measured in a clip: their columns over time, as their files give them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class ForeignMeasures:
    """The columns that another program measured over a clip, of one face.

    Attributes:
        program: The program's name, such as `OpenFace`.
        face: The program's name of the face; empty where its file tells no faces apart.
        file: Name of the file that they came from.
        names: The names of the M columns.
        times_s: float64 N, seconds on the clip's PTS axis, not decreasing.
        values: float32 N×M in the program's own units; NaN where nothing was measured.
    """

    program: str
    face: str
    file: str
    names: tuple[str, ...]
    times_s: NDArray[np.float64]
    values: NDArray[np.float32]

    def title(self, name: str) -> str:
        """Return what a column is called beside those of other programs, without commas.

        Example:
            >>> one = ForeignMeasures("OpenFace", "2", "a.csv", ("AU12_r",), np.zeros(0), np.zeros((0, 1), np.float32))
            >>> one.title("AU12_r")
            'OpenFace AU12_r (face 2)'
        """
        face = f" (face {self.face})" if self.face else ""
        return f"{self.program} {name}{face}".replace(",", ";")

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles of all columns."""
        return tuple(self.title(name) for name in self.names)

    def column(self, number: int) -> NDArray[np.float32]:
        """Return the values of a column: float32 N."""
        return self.values[:, number]

    def means(self, start_s: float, end_s: float) -> NDArray[np.float64]:
        """Return the mean of each column over a range of time, float64 M; NaN where nothing was measured.

        Args:
            start_s: The beginning of the range, seconds on the clip's PTS axis.
            end_s: Its end, which belongs to it.
        """
        rows = self.values[(self.times_s >= start_s) & (self.times_s <= end_s)].astype(np.float64)
        count = np.isfinite(rows).sum(axis=0)
        return np.where(count > 0, np.nansum(rows, axis=0) / np.maximum(count, 1), np.nan)


def newest_of_each(found: Iterable[ForeignMeasures]) -> dict[str, tuple[ForeignMeasures, int]]:
    """Return each title with the measures and the column that hold it; of several, the last one counts."""
    return {title: (one, number) for one in found for number, title in enumerate(one.titles)}
