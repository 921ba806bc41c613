"""Fusion of models of categories: the process that chooses weights, and the one graph that holds all members."""
