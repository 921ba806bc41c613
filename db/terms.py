"""Names that millions of answers share. Each is stored once and referred to by number."""

from collections.abc import Iterable
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from db.project import Source, reading
from db.schema import Term

# Statements of the path from a click to the disk are built once: building them again takes longer than running them.
_KNOWN: Final = select(Term.__table__.c.text, Term.__table__.c.id).where(
    Term.__table__.c.text.in_(bindparam("texts", expanding=True))
)

# Terms are never changed nor removed, so what a transaction has found stays true. What it adds itself may yet be rolled
# back: that is remembered by the next one that finds it.
_SEEN: Final[WeakKeyDictionary[Any, dict[str, int]]] = WeakKeyDictionary()
_ADDED: Final = "terms.added"


def numbers(session: Session, texts: Iterable[str]) -> dict[str, int]:
    """Return the number of each text; unknown texts are added. The empty text has no number.

    Args:
        session: A session that may write.
        texts: Names of emotions, categories, conditions and reasons.
    """
    wanted = {text for text in texts if text}
    seen = _SEEN.setdefault(session.get_bind(), {})
    known = {text: seen[text] for text in wanted if text in seen}
    if len(known) < len(wanted):
        found = dict(_known(session, wanted - known.keys()))
        known |= found
        if not session.info.get(_ADDED):
            seen |= found
    for text in sorted(wanted - known.keys()):
        session.info[_ADDED] = True
        known[text] = session.execute(insert(Term).values(text=text).returning(Term.id)).scalar_one()
    return known


def _known(session: Session, wanted: set[str]) -> Iterable[tuple[str, int]]:
    found = session.connection().execute(_KNOWN, {"texts": sorted(wanted)})
    return [(text, number) for text, number in found]


def texts(source: Source) -> dict[int, str]:
    """Return all terms by number."""
    with reading(source) as session:
        return dict(session.execute(select(Term.id, Term.text)).all())
