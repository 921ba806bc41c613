"""Fusion of several models: who may choose weights, how weights are chosen, and what the fusion gains. Pure numpy."""
