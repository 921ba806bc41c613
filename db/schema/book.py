"""The project's own bookkeeping: settings and the audit log."""

from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from db.schema.base import Base, Document, Key, Moment, Uid


class Setting(Base):
    """One setting of this project; keys and defaults are in the program's table of settings."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON(none_as_null=False))


class Audit(Base):
    """A line of the audit log: who did what and when. Rows are only ever added."""

    __tablename__ = "audit"

    id: Mapped[Key]
    uid: Mapped[Uid]
    at: Mapped[Moment] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(100))
    action: Mapped[str] = mapped_column(String(100), index=True)  # such as "edit.apply", "blind.open", "model.promote"
    detail: Mapped[Document]
