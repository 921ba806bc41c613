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


@dataclass(frozen=True, eq=False)
class ForeignColumn:
    """One column of another program over a clip.

    Attributes:
        program: The program's name.
        times_s: float64 N, seconds on the clip's PTS axis, not decreasing.
        values: float32 N; NaN where nothing was measured.
    """

    program: str
    times_s: NDArray[np.float64]
    values: NDArray[np.float32]


def columns_of(found: Iterable[ForeignMeasures]) -> dict[str, ForeignColumn]:
    """Return the columns by title. Of several with one title, the last counts, and others where it has no times.

    A long recording may thus be measured in parts, and a part again.

    Example:
        >>> parts = [np.array([0.0, 1.0, 2.0]), np.array([2.0, 3.0])]
        >>> made = [ForeignMeasures("P", "", "f", ("x",), t, np.full((len(t), 1), i)) for i, t in enumerate(parts)]
        >>> columns_of(made)["P x"].times_s.tolist(), columns_of(made)["P x"].values.tolist()
        ([0.0, 1.0, 2.0, 3.0], [0, 0, 1, 1])
    """
    joined: dict[str, ForeignColumn] = {}
    for one in found:
        for number, title in enumerate(one.titles):
            times_s, values = one.times_s, one.column(number)
            before = joined.get(title)
            if before is not None and len(times_s):
                earlier, later = before.times_s < times_s[0], before.times_s > times_s[-1]
                times_s = np.concatenate([before.times_s[earlier], times_s, before.times_s[later]])
                values = np.concatenate([before.values[earlier], values, before.values[later]])
            joined[title] = ForeignColumn(one.program, times_s, values)
    return joined
