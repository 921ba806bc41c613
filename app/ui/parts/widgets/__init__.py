"""Small parts shared by all screens."""
