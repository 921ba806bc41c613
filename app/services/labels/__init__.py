"""People's labels as tables and files: read, exported, imported, and joined to gold standards."""
