"""Dialogs made from the tables of settings and commands."""
