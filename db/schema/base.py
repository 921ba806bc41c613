"""The common parts of all tables: the declarative base, constraint names, column types and the schema's number.

Only types are used that both SQLite and PostgreSQL have.  Moments (`*_at`) are float64 seconds since the epoch, UTC;
times on a clip (`*_s`) are float64 seconds on its PTS axis.
"""

import time
import uuid
from collections.abc import Iterator
from typing import Annotated, Any, Final

from sqlalchemy import JSON, BigInteger, Double, ForeignKey, LargeBinary, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

SCHEMA_VERSION: Final = 15
"""Number of the newest migration.

The project file carries it as `user_version`, Alembic as its revision, in four digits.
"""

APPLICATION_ID: Final = 0x41464647
"""`AFFG` in the SQLite header: tells a project from any other SQLite file."""

_NAMES: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Every constraint has a name, so that a later migration can drop it on both databases."""


UID_STEM: Final = 24
"""So many digits at the beginning are shared by names that are made together."""


def new_uid() -> str:
    """Return a name for a row that is unique over all machines: 32 hex digits, later ones greater.

    The first 12 are milliseconds since the epoch, and the others are random, as in UUID version 7. New names thus stand
    together at the end of their index, so that a commit and a checkpoint touch few pages of it.
    """
    return f"{time.time_ns() // 1_000_000:012x}{uuid.uuid4().hex[12:]}"


def new_uids(count: int) -> Iterator[str]:
    """Yield names as `new_uid` makes them for many rows at once: one beginning, then a running number.

    `UID_STEM` characters are the same for all of them, so that a range of names stands for them.
    """
    stem = new_uid()[:UID_STEM]
    return (f"{stem}{number:0{32 - UID_STEM}x}" for number in range(count))


def now() -> float:
    """Return the present moment, float64 seconds since the epoch, UTC."""
    return time.time()


# Column shorthands: `id: Mapped[Key]`, `sha256: Mapped[Hash]`, `recipe: Mapped[Document]` …
Key = Annotated[int, mapped_column(primary_key=True)]
Uid = Annotated[str, mapped_column(String(32), unique=True, default=new_uid)]
Hash = Annotated[str, mapped_column(String(64))]
Name = Annotated[str, mapped_column(String(200))]
Prose = Annotated[str, mapped_column(Text, default="")]
Moment = Annotated[float, mapped_column(Double, default=now)]
Seconds = Annotated[float, mapped_column(Double)]
Blob = Annotated[bytes, mapped_column(LargeBinary)]
Size = Annotated[int, mapped_column(BigInteger)]
Document = Annotated[dict[str, Any], mapped_column(JSON)]


class Base(DeclarativeBase):
    """Base of every table. Table names are singular nouns of the glossary."""

    metadata = MetaData(naming_convention=_NAMES)

    digest: Mapped[int | None] = mapped_column(BigInteger, sort_order=1000, default=None)
    """CRC-32 of the row's other values, written by `db.digests` with each commit; empty on a server."""


def reference(target: str, *, index: bool = True, nullable: bool = False, cascade: bool = False) -> Any:
    """Return a foreign key column to `table.column`.

    It is indexed by default, because both databases scan the table without an index.

    Args:
        target: The column, such as `"clip.id"`.
        index: Whether to make an index; False where a unique constraint already begins with this column.
        nullable: Whether it may be empty.
        cascade: Whether rows are deleted with the row that they belong to. This is only for parts of a whole, never for
            labels.
    """
    rule = "CASCADE" if cascade else "RESTRICT"
    return mapped_column(ForeignKey(target, ondelete=rule), index=index, nullable=nullable)
