"""Where people judge clips: signing in, practice, ratings, traces. Nothing here shows predictions or others' labels."""
