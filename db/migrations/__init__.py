"""Alembic's environment. There is no alembic.ini: `db.migrate` sets everything up."""
