"""System E: valence and arousal from face sequences (Kollias et al. 2017), as printed and as a practical retraining."""
