"""Models of the category of a whole item: members, how each is trained, and what they are worth."""
