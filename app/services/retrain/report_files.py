"""Writes the page of a training, a comparison or a fusion into its folder, with each of its tables beside it."""

from collections.abc import Mapping
from pathlib import Path

from app.agreement.tables import ResultTable, table_csv, table_latex
from app.results import result


def write_page(path: Path, page: str, tables: Mapping[str, ResultTable]) -> Path:
    """Write a page, and its tables as CSV and LaTeX into the same folder.

    Args:
        path: The page's file.
        page: The page as HTML.
        tables: The tables by the names of their files, without an ending.

    Returns:
        The path of the page.

    Raises:
        UserError: A file cannot be written, or would take the place of one that this program did not write.
    """
    with result(path) as temporary:
        temporary.write_text(page, "utf-8")
    for name, table in tables.items():
        with result(path.with_name(f"{name}.csv")) as temporary:
            temporary.write_text(table_csv(table), "utf-8")
        with result(path.with_name(f"{name}.tex")) as temporary:
            temporary.write_text(table_latex(table, label=f"tab:{name}"), "utf-8")
    return path
