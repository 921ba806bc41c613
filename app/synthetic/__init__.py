"""Synthetic material whose truth is known: a moved portrait, affect paths, simulated raters and the synthetic actor.

Nothing in this package is a person's judgement or a real expression. The code that stores it marks it as simulated.
"""
