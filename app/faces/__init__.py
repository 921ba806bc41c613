"""Faces: detection, tracking, alignment, quality and the face-only view."""
