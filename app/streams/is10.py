"""openSMILE's IS10 paralinguistic features of the sound of a whole item, an extra: `pip install 'affectograph[audio]'`.

Kahou et al. 2015, section 3, classify these 1,582 numbers. openSMILE's research licence allows no commercial use of it
or of what was made with it, although its package index entry says MIT. The program says so before the features are
computed, and in the card of every model that learned from them.
"""

import importlib.util
import warnings
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.errors import UserError
from app.extras import how_to_add
from app.streams.stream import Rows, Sound, StreamSpec

VERSION: Final = 1
COLUMNS: Final = 1582
RATE: Final = 16_000
SHORTEST_S: Final = 0.1
"""Shorter sounds are lengthened by silence: below 0.08 seconds openSMILE has no single window to describe."""
LICENCE: Final = (
    "openSMILE's features fall under its research licence (audEERING GmbH): no commercial use of them, or of a model "
    "that learned from them."
)


@lru_cache(maxsize=1)
def open_smile() -> Any:
    """Open openSMILE once.

    Raises:
        UserError: The extra is not installed, or openSMILE has other features.
    """
    if importlib.util.find_spec("opensmile") is None:
        raise UserError(
            "The stream is10 needs openSMILE, which is not installed.",
            f"{how_to_add('audio')}, or choose the stream audio. {LICENCE}",
        )
    import opensmile

    made = opensmile.Smile(feature_set=opensmile.FeatureSet.IS10, feature_level=opensmile.FeatureLevel.Functionals)
    if len(made.feature_names) != COLUMNS:
        raise UserError(
            f"This openSMILE gives {len(made.feature_names)} features of IS10 instead of {COLUMNS}.",
            "Install opensmile 2.6.",
        )
    return made


class Is10Functionals:
    """The IS10 features of the sound from the first to the last frame; every frame of the item has the same row.

    Args:
        name: Name of the stream.
    """

    def __init__(self, name: str) -> None:
        geometry: dict[str, Any] = {"of": "sound", "rate": RATE, "shortest_s": SHORTEST_S, "whole": True}
        self.spec = StreamSpec(name, VERSION, COLUMNS, geometry=geometry, non_commercial=LICENCE)

    def heard(self, sound: Sound, times_s: NDArray[np.float64]) -> Rows:
        """Return the features of the sound over all N times: float32 N×1582, with equal rows.

        Raises:
            UserError: openSMILE is not installed, or gives values that are not numbers.
        """
        if not len(times_s):
            return np.zeros((0, COLUMNS), np.float32)
        step_s = float(np.median(np.diff(times_s))) if len(times_s) > 1 else 0.0
        samples = np.asarray(sound.read(float(times_s[0]), float(times_s[-1] - times_s[0]) + step_s, RATE), np.float32)
        return np.repeat(functionals(samples.reshape(-1))[None], len(times_s), axis=0)


def functionals(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the 1,582 features of mono sound at 16 kHz, −1…1, of any length.

    Raises:
        UserError: openSMILE is not installed, or gives values that are not numbers.
    """
    lacking = round(SHORTEST_S * RATE) - len(samples)
    if lacking > 0:
        samples = np.pad(samples, (lacking // 2, lacking - lacking // 2))
    smile = open_smile()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = np.asarray(smile.process_signal(samples, RATE).to_numpy(), np.float32).reshape(-1)
    if found.shape != (COLUMNS,) or not np.isfinite(found).all():
        raise UserError(
            "openSMILE gave values that are not numbers.", "Leave out this item, or choose the stream audio."
        )
    return found
