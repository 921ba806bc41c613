"""This machine: its abilities, and the program's entry in the desktop menu."""
