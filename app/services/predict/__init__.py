"""Clips and live pictures through the models, and the predictions that are stored."""
