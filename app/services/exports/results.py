"""Tables of results as tables for export, with the meaning of each column."""

from app.agreement.columns import meaning_of
from app.agreement.tables import ResultTable
from app.domain.tables import Heading, Table


def exported(table: ResultTable) -> Table:
    """Return a table of results with headings that are explained.

    Args:
        table: The table; its names and numbers stay as they are stored.
    """
    headings = tuple(Heading(name, "s" if name.endswith("_s") else "", meaning_of(name)) for name in table.header)
    return Table(table.title, headings, table.rows)
