"""Made-up members of valence and arousal for tests."""

import numpy as np

from app.fusion.affect import AffectTable
from app.fusion.table import Kind


def world(people: int = 20, frames: int = 40, seed: int = 0, noise: tuple[float, ...] = (0.3, 0.4, 0.6)) -> AffectTable:
    """Return members that say the truth with noise of their own and shrink it, as networks do."""
    rng = np.random.default_rng(seed)
    n = people * frames
    gold = np.clip(rng.normal(0, 0.5, (n, 2)), -1, 1)
    said = np.stack([0.5 * (gold + rng.normal(0, each, (n, 2))) for each in noise])
    kind = np.full((len(noise), people), int(Kind.HELD_OUT), np.int8)
    kind[:, : people // 2] = int(Kind.OUT_OF_FOLD)
    names = tuple(f"P{k:02}" for k in range(people))
    members = tuple(f"m{k}" for k in range(len(noise)))
    return AffectTable(members, names, names, kind, np.repeat(np.arange(people), frames), said, gold)
