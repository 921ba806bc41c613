"""What models of whole clips read of them: pictures of the face and of its surroundings, motion, sound, features."""
