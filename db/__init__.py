"""The project file: schema, engine, sessions, queries that return records, edits, migrations. The only user of SQLAlchemy."""
