"""Material with known truth that the program makes itself: a moved portrait, affect paths, simulated raters, the actor.

Nothing in here is a person's judgement or a real expression; whatever stores it marks it as simulated.
"""
