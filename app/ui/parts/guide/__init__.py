"""The panel of a guided first hour."""
