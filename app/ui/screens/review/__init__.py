"""The review screen: clips, player, timeline and plane on one desk."""
