"""The streams that models of categories read of an item, by name."""

from collections.abc import Mapping
from typing import Final

TITLES: Final[Mapping[str, str]] = {
    "face": "features of the frame model on the aligned square crop, which shows corners of the scene",
    "face_oval": "the same on the face alone, everything beyond its outline grey",
    "context": "colours and edges of the whole frame, 5 times a second",
    "context_masked": "the same with the face covered",
    "measures": "head pose, eyes and movements of the face, measured on its mesh",
    "flow": "motion within the face: directions of optical flow over 4×4 cells",
    "dynamic": "the mean of the face's last 16 frames as a picture of 16×16",
    "audio": "log-mel bands, level, pitch and shape of the spectrum over the last second",
    "is10": "openSMILE's IS10 features of the item's whole sound; for research only (extra `audio`)",
    "face_pixels": "the face itself in colour, for networks that learn from pixels; face_pixels:48 sets its side",
    "face_oval_pixels": "the same with everything beyond the outline of the face grey",
    "context_pixels": "the middle square of the frame in colour; context_pixels:112@5 sets its side, and 5 a second",
    "context_masked_pixels": "the same with the face covered",
    "flow_pixels": "motion within the face as pictures; flow_pixels:48 sets their side",
    "flow_oval_pixels": "the same on the face alone",
}
"""What each stream holds, in words; `app/streams/catalogue.py` opens them."""
