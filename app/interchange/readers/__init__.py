"""Files of other tools, read into one neutral record: one module a format, and one registry that recognises them."""
