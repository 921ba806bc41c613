"""The screen on which people judge clips: sign-in, practice, ratings and traces. It never shows others' labels."""
