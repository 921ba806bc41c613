"""Note whether what was shown was enough to judge it, and refuse judgements of what was never shown

Old rows stay as they are: `judgeable` is empty in them, and triggers look at new rows only.

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# What a screen's answer must name. `coalesce(judgeable, …)`: a kit that an older version made does not say.
SHOWN = """SELECT 1 FROM presentation AS shown WHERE shown.id = {of}.presentation_id AND (shown.item_id IS NULL
    OR (shown.frames_shown > 0 AND shown.plays > 0 AND coalesce(shown.judgeable, {true})))"""
UNSEEN_ANSWER = "NEW.source = 'screen' AND NEW.category_id IS NOT NULL AND NOT EXISTS (" + SHOWN.format(
    of="NEW", true="{true}"
) + ")"
UNSEEN_SCORE = (
    "NEW.score IS NOT NULL AND EXISTS (SELECT 1 FROM answer AS given WHERE given.id = NEW.answer_id"
    " AND given.source = 'screen' AND NOT EXISTS (" + SHOWN.format(of="given", true="{true}") + "))"
)
TRIGGERS = (("answer_was_shown", "answer", UNSEEN_ANSWER), ("intensity_was_shown", "intensity", UNSEEN_SCORE))
WORDS = "what was never shown cannot be judged"


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("presentation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("judgeable", sa.Boolean(), nullable=True))
    for name, table, unseen in TRIGGERS:
        if op.get_bind().dialect.name == "sqlite":
            op.execute(
                f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN {unseen.format(true='1')} "
                f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
            )
            continue
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {unseen.format(true='true')} "
            f"THEN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
        )
        op.execute(f"CREATE TRIGGER {name} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def downgrade() -> None:
    """Take this revision back."""
    for name, table, _ in reversed(TRIGGERS):
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TRIGGER {name}")
        else:
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}()")
    with op.batch_alter_table("presentation", schema=None) as batch_op:
        batch_op.drop_column("judgeable")
