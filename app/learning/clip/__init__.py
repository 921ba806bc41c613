"""Models of the category of a whole item: the members, their training and their scores."""
