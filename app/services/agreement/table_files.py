"""Writes tables of results into a folder, each as CSV and as LaTeX."""

from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from app.agreement.tables import ResultTable, table_csv, table_latex
from app.batch import Failures
from app.results import result


def write_tables(
    folder: Path, tables: Iterable[ResultTable], failures: Failures, inputs: Collection[Path] = ()
) -> list[Path]:
    """Write each table as CSV (full precision) and LaTeX (three decimals).

    Args:
        folder: The folder, which is made if it is missing.
        tables: The tables.
        failures: Receives the files that cannot be written; the others are written.
        inputs: Files from which the numbers were computed; they are never replaced.

    Returns:
        The files that were written.
    """
    out = []
    for table in tables:
        name = table.title.lower().replace(" ", "_")
        bodies: dict[str, Callable[[ResultTable, str], str]] = {
            ".csv": lambda t, _: table_csv(t),
            ".tex": lambda t, n: table_latex(t, label=f"tab:{n}"),
        }
        for suffix, body in bodies.items():
            path = folder / f"{name}{suffix}"
            with failures.of(path.name), result(path, inputs=inputs) as temporary:
                temporary.write_text(body(table, name), encoding="utf-8")
                out.append(path)
    return out
