"""${message}

Revision: ${up_revision}, after ${down_revision | comma,n}
"""

import sqlalchemy as sa
from alembic import op

from db.migrations.triggers import triggers_set_aside
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    """Bring the schema to this revision."""
    with triggers_set_aside(op.get_bind()):
        ${(upgrades if upgrades else "pass").replace("\n", "\n    ")}


def downgrade() -> None:
    """Take this revision back."""
    with triggers_set_aside(op.get_bind()):
        ${(downgrades if downgrades else "pass").replace("\n", "\n    ")}
