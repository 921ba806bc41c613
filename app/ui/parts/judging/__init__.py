"""The parts with which a rater judges: the stage, the questions, the pad and the draft of an answer."""
