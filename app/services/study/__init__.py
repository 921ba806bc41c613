"""Studies: what is asked of whom, a rater's session, kits, and the correction of answers."""
