"""The frame model: one grey face crop in, expression, FER class and valence–arousal out."""
