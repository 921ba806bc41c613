"""Signing in of those who see labels: owners and reviewers."""
