"""The frame model, which predicts expression, FER class, valence and arousal of one grey face crop."""
