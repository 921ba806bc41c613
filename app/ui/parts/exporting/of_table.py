"""The rows of any table in the window, with numbers as numbers."""

import math
import re
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtWidgets import QTableView

from app.domain.tables import Cell, Heading, Table
from app.ui.look.language import tr

_NOTHING: Final = frozenset({"", "–", "—", "-", "·"})
_NUMBER: Final = r"[+\-−]?(?:0|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d*)(?:\.\d+)?"
"""A number as the window writes it. A code with zeros in front, such as 007, is none."""
_ALONE: Final = re.compile(rf"({_NUMBER})\s?(%|s|ms|min|h|px|°|Hz)?")
_WITH_ENDS: Final = re.compile(rf"({_NUMBER}) ?\[({_NUMBER}), ({_NUMBER})\]")


def table_of(view: QTableView, title: str = "") -> Table:
    """Return the table that a view shows: its rows in their order, and all columns, also those left out for room.

    A column of numbers becomes numbers, with a common unit in the heading. A column of numbers with intervals becomes
    three columns.

    Args:
        view: The view.
        title: The title of the table; empty for the name of the view.
    """
    model = view.model()
    headings: list[Heading] = []
    columns: list[list[Cell]] = []
    beside = view.verticalHeader()
    if beside is not None and beside.isVisible():
        headings.append(Heading(""))
        columns.append([_head(model, at, Qt.Orientation.Vertical) for at in range(model.rowCount())])
    for at in range(model.columnCount()):
        name = _head(model, at, Qt.Orientation.Horizontal)
        told = str(model.headerData(at, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole) or "")
        for heading, cells in _column(model, at, name, told):
            headings.append(heading)
            columns.append(cells)
    rows = tuple(zip(*columns, strict=True)) if columns else ()
    return Table(title or view.accessibleName() or tr("Table"), tuple(headings), rows)


def _head(model: QAbstractItemModel, at: int, side: Qt.Orientation) -> str:
    return str(model.headerData(at, side, Qt.ItemDataRole.DisplayRole) or "").replace("\n", " ")


def _column(model: QAbstractItemModel, at: int, name: str, told: str) -> list[tuple[Heading, list[Cell]]]:
    texts, exact = [], []
    for row in range(model.rowCount()):
        index: QModelIndex = model.index(row, at)
        shown = model.data(index, Qt.ItemDataRole.DisplayRole)
        texts.append("" if shown is None else str(shown).strip())
        order = model.data(index, Qt.ItemDataRole.UserRole)
        exact.append(float(order) if isinstance(order, int | float) and not isinstance(order, bool) else math.nan)
    known = [text for text in texts if text not in _NOTHING]
    if known and all(_WITH_ENDS.fullmatch(text) or _ALONE.fullmatch(text) for text in known):
        units = {found[2] or "" for text in known if (found := _ALONE.fullmatch(text)) is not None}
        if any(_WITH_ENDS.fullmatch(text) for text in known):
            return _with_ends(name, told, texts, exact)
        if len(units) == 1:
            cells: list[Cell] = [_exact(text, value) for text, value in zip(texts, exact, strict=True)]
            return [(Heading(name, units.pop(), told), cells)]
    words: list[Cell] = [None if text in _NOTHING else text for text in texts]
    return [(Heading(name, "", told), words)]


def _with_ends(name: str, told: str, texts: Sequence[str], exact: Sequence[float]) -> list[tuple[Heading, list[Cell]]]:
    parts: tuple[list[Cell], list[Cell], list[Cell]] = ([], [], [])
    for text, value in zip(texts, exact, strict=True):
        found = _WITH_ENDS.fullmatch(text)
        numbers = (_exact(found[1], value), _number(found[2]), _number(found[3])) if found else (_exact(text, value),)
        for place, part in enumerate(parts):
            part.append(numbers[place] if place < len(numbers) else None)
    names = (name, f"{name}, low".strip(", "), f"{name}, high".strip(", "))
    return [(Heading(each, "", told), part) for each, part in zip(names, parts, strict=True)]


def _exact(text: str, value: float) -> Cell:
    """Return the number of a cell: the exact one if the model knows it, or else the rounded one that it shows."""
    found = _ALONE.fullmatch(text)
    if found is None:
        return None
    written = _number(found[1])
    decimals = len(found[1].partition(".")[2])
    if not math.isnan(value) and abs(value - written) <= 0.5 * 10.0**-decimals + 1e-12:
        return int(value) if decimals == 0 and value == int(value) else value
    return written


def _number(text: str) -> int | float:
    plain = text.replace("−", "-").replace(",", "")
    return float(plain) if "." in plain else int(plain)
