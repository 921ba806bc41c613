"""Keep what was shown to whom

The table begins empty: what was shown before is not known, and old judgements stay as they are.

Revision: 0006, after 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "sight",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("rater_id", sa.Integer(), nullable=True),
        sa.Column("machine", sa.String(length=64), nullable=False),
        sa.Column("clip_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("digest", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("what IN ('predictions', 'labels', 'agreement')", name=op.f("ck_sight_what")),
        sa.ForeignKeyConstraint(["clip_id"], ["clip.id"], name=op.f("fk_sight_clip_id_clip"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["rater_id"], ["rater.id"], name=op.f("fk_sight_rater_id_rater"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sight")),
        sa.UniqueConstraint("uid", name=op.f("uq_sight_uid")),
    )
    with op.batch_alter_table("sight", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sight_clip_id"), ["clip_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sight_rater_id"), ["rater_id"], unique=False)


def downgrade() -> None:
    """Take this revision back."""
    with op.batch_alter_table("sight", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sight_rater_id"))
        batch_op.drop_index(batch_op.f("ix_sight_clip_id"))

    op.drop_table("sight")
