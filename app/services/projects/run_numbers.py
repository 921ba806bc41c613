"""Finds stored predictions whose frame numbers have another meaning today."""

import numpy as np

from app.domain.analysis import ClipAnalysis
from app.domain.project import ClipRecord
from app.errors import UserError
from app.media.index_cache import cached_index
from app.paths import data_dir


def numbered_otherwise(known: ClipAnalysis, clip: ClipRecord) -> bool:
    """Return whether predictions date from a time when lost frames had no rows, so that later frames had other numbers.

    This is possible only for damaged clips. If the clip's file is missing, it cannot be told.

    Args:
        known: The predictions.
        clip: The clip that they were made on.
    """
    if known.complete:
        return False
    if len(known.times_s) < clip.n_frames:
        return True
    try:
        return not np.array_equal(cached_index(clip.path, data_dir() / "cache").times_s, known.times_s)
    except UserError:
        return False
