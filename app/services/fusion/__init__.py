"""Fusion of several models into one: members, who may choose weights, the search, the model and its report."""
