"""Picture, sound, clock and transport."""
