"""Tables of members for tests."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.fusion.table import Kind, MemberTable


def table_of(
    said: object,
    label: Sequence[int],
    subjects: Sequence[str] = (),
    kind: Kind | NDArray[np.int8] = Kind.HELD_OUT,
    members: Sequence[str] = (),
) -> MemberTable:
    """Return a table of M×N×K probabilities whose items have one label each."""
    values = np.array(said, np.float64)
    m, n, k = values.shape
    names = tuple(members) or tuple(f"m{number}" for number in range(m))
    people = tuple(subjects) or tuple(f"S{number}" for number in range(n))
    kinds = np.full((m, n), int(kind), np.int8) if isinstance(kind, Kind) else kind
    target = np.eye(k)[list(label)]
    return MemberTable(
        names, tuple("abcdefghi"[:k]), tuple(f"i{n}" for n in range(n)), people, values, kinds, target, np.zeros((n, k))
    )


def world(
    people: int = 20, each: int = 10, classes: int = 4, strengths: Sequence[float] = (0.5, 0.4, 0.3), seed: int = 0
) -> MemberTable:
    """Return members that err independently: each names the right class with more probability by its strength."""
    rng = np.random.default_rng(seed)
    n = people * each
    label = rng.integers(0, classes, n)
    said = rng.dirichlet(np.full(classes, 0.7), (len(strengths), n))
    said[:, np.arange(n), label] += np.array(strengths)[:, None]
    said /= said.sum(axis=2, keepdims=True)
    return table_of(said, label.tolist(), [f"P{number // each:02}" for number in range(n)])
