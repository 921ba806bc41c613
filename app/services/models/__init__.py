"""The models at hand: which one is in use, how good they are, and what their cards say in words."""
