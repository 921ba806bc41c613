"""A live camera: its picture with the overlay, the plane, the last half minute as curves."""
