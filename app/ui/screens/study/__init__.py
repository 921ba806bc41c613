"""The owner's side of a study: questions, conditions, assignment and progress."""
