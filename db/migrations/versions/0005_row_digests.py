"""row digests

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

TABLES = (
    "answer", "audit", "clip", "exclusion", "face_track", "gold", "item",
    "model", "presentation", "promotion", "rater", "rater_name", "review_note", "run",
    "run_track", "setting", "slot", "study", "study_item", "study_rater", "study_version",
    "subject", "term", "trace", "trace_chunk", "training_run",
)


def upgrade() -> None:
    """Bring the schema to this revision. The digests themselves are written by `db.upgrades` once all steps are done."""
    for table in TABLES:
        op.add_column(table, sa.Column("digest", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Take this revision back."""
    for table in TABLES:
        op.drop_column(table, "digest")  # not in a batch, which would copy tables that triggers look at
