"""Walks through the window that take the documentation's pictures."""
