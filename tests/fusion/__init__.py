"""Tests of the rules and ways of fusion."""
