"""The models on this machine: the one in use, their scores, and their cards in words."""
