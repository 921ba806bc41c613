"""The clip list."""
