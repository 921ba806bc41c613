"""The frame model, which reads one grey face crop and gives expression, FER class, valence and arousal."""
