"""An archive of a study for others: data, definitions, tables and how to compute them again."""
