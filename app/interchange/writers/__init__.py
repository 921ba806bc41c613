"""Labels written in the formats of other tools, each with a report of what the format cannot hold."""
