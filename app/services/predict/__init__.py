"""Runs the models on clips and live pictures, and stores the predictions."""
