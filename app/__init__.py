"""Affectograph: live affect prediction, human annotation, agreement and retraining."""

__version__ = "0.1.0"
