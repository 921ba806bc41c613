"""The base of every screen: context, edits, commands, background work and error handling."""
