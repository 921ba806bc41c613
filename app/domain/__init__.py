"""Frozen records and pure numpy functions that every other part speaks in. Imports nothing but numpy and app.errors."""
