"""A model of raters: the truth of each item with its interval, and what each rater makes of it."""
