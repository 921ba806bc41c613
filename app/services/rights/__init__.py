"""Erasing people from a project, and the audit log."""
