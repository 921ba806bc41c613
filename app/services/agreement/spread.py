"""Lets the workers of a cluster sum the blocks of a bootstrap."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from app.agreement.draws import Block, Each, Summed, one_by_one
from app.agreement.resample import Real
from app.cluster import Cluster
from app.jobs import Context


@contextmanager
def spread(scheduler: str, ctx: Context) -> Iterator[Each]:
    """Yield who sums blocks of a bootstrap: the workers of a cluster, or this process if no scheduler is named.

    Both give the same sums.

    Args:
        scheduler: Address of the scheduler; empty for none.
        ctx: Can cancel the waiting.

    Raises:
        UserError: There is no such cluster.
    """
    if not scheduler:
        yield one_by_one
        return
    with Cluster(scheduler, ctx) as cluster:

        def each(function: Callable[[Summed, Real], Block], shared: Summed, blocks: Iterator[Real]) -> Iterator[Block]:
            return cluster.each(ctx, function, shared, (_narrow(block) for block in blocks))

        yield each


def _narrow(weights: Real) -> Any:
    """Return the same whole numbers in an eighth of the bytes, if they fit: they are sent to other computers."""
    return weights.astype(np.uint8) if weights.max(initial=0) < 256 else weights
