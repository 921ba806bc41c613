"""Use cases without Qt: what a screen or a command asks for. No SQL, no pixels, no torch in here."""
