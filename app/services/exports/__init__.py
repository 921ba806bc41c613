"""Tables and figures as files: what every screen and command exports goes through these modules."""
