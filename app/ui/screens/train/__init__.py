"""The train screen, which makes a better model from labels, or says that it is not better."""
