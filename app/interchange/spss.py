"""Tables as SPSS system files (.sav), with labels of variables and values.

Written after the description of the format in the developers' guide of GNU PSPP ("System File Format"), uncompressed
and in UTF-8. pyreadstat, which writes such files, takes data frames of pandas or polars only, and either is larger than
this program (docs/decisions/0119). It reads what is written here.

Words that repeat become numbers with value labels, as SPSS expects of factors; other words stay text.
"""

from __future__ import annotations

import math
import re
import struct
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from app.domain.path_text import shown
from app.domain.tables import Cell, Heading, Table
from app.errors import UserError
from app.interchange.data_dictionary import explanation

LONGEST: Final = 255
"""Bytes of the longest text; longer ones need a part of the format that few programs read alike."""
MOST_VALUES: Final = 200
"""Columns with more different words stay text."""
_LABEL: Final = 120
"""Bytes of the longest value label."""
_VARIABLE_LABEL: Final = 250
_MISSING: Final = -sys.float_info.max
_LOWEST: Final = math.nextafter(-sys.float_info.max, 0.0)
_NUMERIC, _TEXT = 5, 1  # F and A in formats
_RESERVED: Final = frozenset({"ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"})
_NOT_IN_NAME: Final = re.compile(r"[^\w.]+")


@dataclass(frozen=True)
class _Variable:
    """A column as SPSS has it.

    Attributes:
        short: Name of at most eight bytes.
        name: The name that people see.
        label: What it holds.
        width: Bytes of a text; 0 for numbers.
        decimals: Decimals that are shown.
        codes: Word → number, for words that became numbers.
    """

    short: str
    name: str
    label: str
    width: int
    decimals: int
    codes: dict[str, int]

    @property
    def elements(self) -> int:
        """The number of eight bytes that a value takes."""
        return max(1, math.ceil(self.width / 8))


def write_spss(path: Path, table: Table) -> None:
    """Write a table into a new file.

    Args:
        path: The file.
        table: The table.

    Raises:
        UserError: A cell holds more text than SPSS reads.
    """
    variables = _variables(table)
    with path.open("wb") as file:
        _header(file, table, variables)
        for variable in variables:
            _variable(file, variable)
        _value_labels(file, variables)
        _extensions(file, variables)
        file.write(struct.pack("<ii", 999, 0))
        for row in table.rows:
            file.write(b"".join(_value(cell, variable) for cell, variable in zip(row, variables, strict=True)))


def _variables(table: Table) -> list[_Variable]:
    names: set[str] = set()
    found = []
    for at, heading in enumerate(table.headings):
        cells = [row[at] for row in table.rows]
        found.append(_described(at, heading, cells, _name(heading.name, names)))
    return found


def _described(at: int, heading: Heading, cells: Sequence[Cell], name: str) -> _Variable:
    unit, meaning = explanation(heading.name)
    label = shown(heading.meaning or meaning or heading.text)
    unit = heading.unit or unit
    label = _cut(f"{label} ({unit})" if unit and f"({unit})" not in label else label, _VARIABLE_LABEL)
    words = [shown(cell) for cell in cells if isinstance(cell, str) and cell]
    short = f"V{at + 1}"
    if not words:
        whole = all(cell is None or isinstance(cell, int) for cell in cells)
        return _Variable(short, name, label, 0, 0 if whole else 4, {})
    different = sorted(set(words))
    mixed = any(isinstance(cell, int | float) for cell in cells)
    fits = all(len(word.encode()) <= _LABEL for word in different)
    if not mixed and fits and len(different) <= MOST_VALUES and len(different) < len(words):
        return _Variable(short, name, label, 0, 0, {word: number for number, word in enumerate(different, 1)})
    width = max(len(_as_text(cell).encode()) for cell in cells)
    if width > LONGEST:
        raise UserError(
            f"A cell of {heading.name} holds more than the {LONGEST} bytes of text that SPSS files take here.",
            "Export it as Excel or CSV.",
        )
    return _Variable(short, name, label, width, 0, {})


def _name(wished: str, used: set[str]) -> str:
    """Return a name that SPSS allows and that no other column has: letters, digits, points and underscores."""
    plain = _NOT_IN_NAME.sub("_", wished).strip("._") or "V"
    plain = plain if plain[0].isalpha() else f"V_{plain}"
    plain = f"{plain}_" if plain.upper() in _RESERVED else plain
    number, name = 1, _cut(plain, 60)
    while name.upper() in used:
        number += 1
        name = f"{_cut(plain, 56)}_{number}"
    used.add(name.upper())
    return name


def _cut(text: str, most: int) -> str:
    return text.encode()[:most].decode(errors="ignore")


def _as_text(cell: Cell) -> str:
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    return shown(cell) if isinstance(cell, str) else repr(cell)


def _padded(text: str, size: int) -> bytes:
    return text.encode()[:size].ljust(size)


def _header(file: BinaryIO, table: Table, variables: Sequence[_Variable]) -> None:
    now = time.localtime()
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    day = f"{now.tm_mday:02d} {months[now.tm_mon - 1]} {now.tm_year % 100:02d}"
    elements = sum(variable.elements for variable in variables)
    file.write(b"$FL2" + _padded("@(#) SPSS DATA FILE Affectograph", 60))
    file.write(struct.pack("<iiiiid", 2, elements, 0, 0, len(table.rows), 100.0))
    file.write(_padded(day, 9) + _padded(time.strftime("%H:%M:%S", now), 8))
    file.write(_padded(_cut(shown(table.title), 64), 64) + bytes(3))


def _variable(file: BinaryIO, variable: _Variable) -> None:
    kind, wide = (_TEXT, variable.width) if variable.width else (_NUMERIC, 12)
    form = kind << 16 | wide << 8 | variable.decimals
    label = variable.label.encode()
    file.write(struct.pack("<iiiiii", 2, variable.width, int(bool(label)), 0, form, form))
    file.write(_padded(variable.short, 8))
    if label:
        file.write(struct.pack("<i", len(label)) + label.ljust(-(-len(label) // 4) * 4))
    for _ in range(variable.elements - 1):
        file.write(struct.pack("<iiiiii", 2, -1, 0, 0, 0, 0) + b" " * 8)


def _value_labels(file: BinaryIO, variables: Sequence[_Variable]) -> None:
    place = 1
    for variable in variables:
        if variable.codes:
            file.write(struct.pack("<ii", 3, len(variable.codes)))
            for word, number in variable.codes.items():
                text = word.encode()
                size = -(-(len(text) + 1) // 8) * 8 - 1
                file.write(struct.pack("<dB", float(number), len(text)) + text.ljust(size))
            file.write(struct.pack("<iii", 4, 1, place))
        place += variable.elements


def _extensions(file: BinaryIO, variables: Sequence[_Variable]) -> None:
    file.write(struct.pack("<iiii8i", 7, 3, 4, 8, 24, 0, 0, -1, 1, 1, 2, 65001))
    file.write(struct.pack("<iiii3d", 7, 4, 8, 3, _MISSING, sys.float_info.max, _LOWEST))
    shown_as = [
        value
        for variable in variables
        for value in (1 if variable.width or variable.codes else 3, 12, 0 if variable.width else 1)
    ]
    file.write(struct.pack(f"<iiii{len(shown_as)}i", 7, 11, 4, len(shown_as), *shown_as))
    names = "\t".join(f"{variable.short}={variable.name}" for variable in variables).encode()
    file.write(struct.pack("<iiii", 7, 13, 1, len(names)) + names)
    file.write(struct.pack("<iiii", 7, 20, 1, 5) + b"UTF-8")


def _value(cell: Cell, variable: _Variable) -> bytes:
    if variable.width:
        return _as_text(cell).encode().ljust(variable.elements * 8)
    if variable.codes:
        number = variable.codes.get(shown(cell)) if isinstance(cell, str) else None
        return struct.pack("<d", _MISSING if number is None else float(number))
    if cell is None or isinstance(cell, str) or not math.isfinite(cell):
        return struct.pack("<d", _MISSING)
    return struct.pack("<d", float(cell))
