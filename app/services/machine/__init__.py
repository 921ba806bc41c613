"""This machine: what it can do, and the entry in its desktop menu."""
