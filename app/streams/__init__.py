"""The streams that models of whole clips read: pictures of face and surroundings, motion, sound and features."""
