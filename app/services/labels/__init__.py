"""Human labels as tables and files: reading, exporting, importing them and making gold standards."""
