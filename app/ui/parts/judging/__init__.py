"""What a rater judges with: the stage, the questions, the pad and the draft of an answer."""
