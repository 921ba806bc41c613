"""The owner's side of a study: what is asked, how clips are shown, who judges what, how far they are."""
