"""The valence–arousal plane and the histograms beside it."""
