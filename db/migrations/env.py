"""Run by Alembic: migrations run inside the transaction of the connection that `db.migrate` hands over."""

from alembic import context

from db.migrate import configure_options

connection = context.config.attributes["connection"]
context.configure(connection=connection, **configure_options(connection))
context.run_migrations()
