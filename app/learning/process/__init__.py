"""The parts that every training process needs: its program frame, journal, checkpoints, device and workers."""
