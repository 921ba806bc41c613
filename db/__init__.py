"""The project file: schema, engine, queries that return records, edits, migrations. The only user of SQLAlchemy."""
