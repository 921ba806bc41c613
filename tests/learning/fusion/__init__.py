"""Tests of the graph of a fusion."""
