"""Visitors of a kiosk: what is kept of those who agreed."""
