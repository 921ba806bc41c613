"""What every screen stands on: context, edits, commands, background work and faults."""
