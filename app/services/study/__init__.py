"""Studies: their definition and assignment, raters' sessions, kits, and the correction of answers."""
