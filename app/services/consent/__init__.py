"""Who has agreed to what, who must be left out of what, and names behind which nobody is found."""
