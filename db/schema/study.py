"""Studies: emotions, scale, categories, conditions and design under which items are judged. Each version is kept."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from db.schema.base import Base, Document, Key, Moment, Name, Uid


class Study(Base):
    """One version of a study's definition."""

    __tablename__ = "study"

    id: Mapped[Key]
    uid: Mapped[Uid]
    name: Mapped[Name]
    version: Mapped[int]
    document: Mapped[Document]
    created_at: Mapped[Moment]

    __table_args__ = (UniqueConstraint("name", "version"),)
