"""The screen of fusions: choose members and people, search, and read what the fusion gains."""
