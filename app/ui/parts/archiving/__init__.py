"""Archives for others: made of a project, and checked."""
