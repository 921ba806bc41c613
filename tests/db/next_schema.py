"""A schema that is one migration newer than this program's, for tests of what happens to older files."""

import shutil

from db import migrate, upgrades
from db.engine import sqlite_engine
from db.schema import SCHEMA_VERSION
from db.upgrades import SchemaTarget

NEXT = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "{revision}", "{before}", None, None


def upgrade():
    with op.batch_alter_table("clip") as table:  # copies and drops the table: what refers to it must survive
        table.add_column(sa.Column("mood", sa.Integer(), nullable=True))
        table.alter_column("codec", type_=sa.String(80))
    {last}
"""


def next_schema(folder, last="pass"):
    """The migrations of this program and one more."""
    shutil.copytree(migrate.MIGRATIONS / "versions", folder, ignore=shutil.ignore_patterns("__pycache__"))
    text = NEXT.format(revision=f"{SCHEMA_VERSION + 1:04d}", before=f"{SCHEMA_VERSION:04d}", last=last)
    (folder / "next.py").write_text(text)
    return SchemaTarget(SCHEMA_VERSION + 1, folder)


def upgrade(path, target, *, may_upgrade=True):
    reader = sqlite_engine(path, writer=False)
    try:
        upgrades.ensure_newest(reader, path, may_upgrade=may_upgrade, target=target)
    finally:
        reader.dispose()
