"""Devices besides mouse and keyboard, and how they move a marker. No Qt."""
