"""The parameters that move the synthetic face: one table, and arrays of their values over time.

A parameter that stands for one action unit (AU) is named as in the Facial Action Coding System (Ekman and Friesen
1978).
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

Parameters = NDArray[np.float32]
"""float32 (…, len(PARAMETERS)): one row per frame, in the table's order, within each entry's bounds."""

PARAMETERS: Final[dict[str, tuple[float, float, str]]] = {
    "smile": (0.0, 1.2, "AU12: mouth corners up and out; 1 is the smile of the photograph"),
    "smile_skew": (-1.0, 1.0, "a one-sided AU12, −1 only the left half of the picture, 1 only the right (contempt)"),
    "frown": (0.0, 1.0, "AU15: mouth corners down"),
    "mouth_wide": (-1.0, 1.0, "AU20 stretched (1) to AU18 puckered (−1)"),
    "lips_part": (0.0, 1.0, "AU25: lips apart, teeth showing as in the photograph at 1"),
    "jaw_drop": (0.0, 1.0, "AU26/27: jaw lowered, the mouth's dark interior showing"),
    "lip_press": (0.0, 1.0, "AU24: lips pressed and thin"),
    "upper_lip": (0.0, 1.0, "AU10: upper lip raised"),
    "chin_raise": (0.0, 1.0, "AU17: chin and lower lip pushed up"),
    "brow_inner": (0.0, 1.0, "AU1: inner brows up"),
    "brow_outer": (0.0, 1.0, "AU2: outer brows up"),
    "brow_lower": (0.0, 1.0, "AU4: brows down and together, with furrows between them"),
    "cheek_raise": (0.0, 1.0, "AU6: cheeks and lower lids up"),
    "nose_wrinkle": (0.0, 1.0, "AU9: nose drawn up"),
    "lid_raise": (0.0, 1.0, "AU5: upper lids wide open"),
    "lid_close": (0.0, 1.0, "AU43/45: lids closing; 1 is shut"),
    "lid_tight": (0.0, 1.0, "AU7: lower lids up"),
    "gaze_x": (-1.0, 1.0, "eyes to the right of the picture (1) or the left (−1)"),
    "gaze_y": (-1.0, 1.0, "eyes down (1) or up (−1)"),
    "yaw": (-25.0, 25.0, "head turned towards the right of the picture, degrees"),
    "pitch": (-18.0, 18.0, "head bent down, degrees"),
    "roll": (-20.0, 20.0, "head tilted clockwise, degrees"),
    "shift_x": (-10.0, 10.0, "head to the right, portrait units"),
    "shift_y": (-8.0, 8.0, "head down, portrait units"),
    "zoom": (-0.08, 0.08, "head nearer: relative size minus 1"),
}
"""name → (lowest, highest, meaning). A portrait unit is one pixel of the stored portrait; eyes lie 43 units apart."""

INDEX: Final[dict[str, int]] = {name: column for column, name in enumerate(PARAMETERS)}
LOW: Final = np.array([entry[0] for entry in PARAMETERS.values()], np.float32)
HIGH: Final = np.array([entry[1] for entry in PARAMETERS.values()], np.float32)


def rest(frames: int | None = None) -> Parameters:
    """Return the parameters of the neutral face, float32 (P,), or (frames, P) if `frames` is given."""
    shape = (len(PARAMETERS),) if frames is None else (frames, len(PARAMETERS))
    return np.zeros(shape, np.float32)


def parameters(values: Mapping[str, float]) -> Parameters:
    """Return one row of parameters from values by name.

    Args:
        values: Values of some of `PARAMETERS`; all others have the value of the neutral face.

    Returns:
        float32 (P,), clipped to the bounds.

    Raises:
        KeyError: If the table does not contain a name.
    """
    row = rest()
    for name, value in values.items():
        row[INDEX[name]] = value
    return clipped(row)


def clipped(rows: Parameters) -> Parameters:
    """Return the rows clipped to the bounds of `PARAMETERS`, float32 of the same shape."""
    return np.clip(rows, LOW, HIGH).astype(np.float32)
