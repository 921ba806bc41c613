"""Use cases of screens and commands without Qt. There is no SQL, no image processing and no torch in here."""
