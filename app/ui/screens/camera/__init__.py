"""The screen of a live camera: its picture with the overlay, the plane, and the last half minute as curves."""
