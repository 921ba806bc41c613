"""The check sums of `db.digests` for all rows of a table at once.

CRC-32 is linear: the sum of two texts in a row follows from the sums of both and the length of the second. So the text
of a row is never put together. The sums of its values are computed, each distinct number once, and joined by arithmetic
on arrays. The rows are those of `db.pages`.
"""

import zlib
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from db.pages import Column, Int, Unusual

Sums = NDArray[np.uint32]

LONGEST: Final = 400
"""Longer texts are left to `db.digests`: their sums are computed byte by byte."""
_QUOTE: Final = b"'"


def _table() -> Sums:
    value = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        value = np.where(value & 1, (value >> 1) ^ np.uint32(0xEDB88320), value >> 1)
    return value


_BYTE: Final = _table()
"""What one byte makes of a sum of zero."""
_PLAIN: Final = np.array([0x20 <= code < 0x7F and chr(code) not in "'\\" for code in range(256)])
"""Which bytes Python writes as they are in a text between apostrophes."""


def _shifts(longest: int) -> Sums:
    """What so many bytes of zero make of each byte of a sum: uint32 (length, byte of the sum, its value)."""
    one = np.arange(256, dtype=np.uint32)
    value = np.stack([one << (8 * k) for k in range(4)])
    found = np.empty((longest + 1, 4, 256), np.uint32)
    for length in range(longest + 1):
        found[length] = value
        value = (value >> 8) ^ _BYTE[value & 0xFF]
    return found


_FLAT: Final = _shifts(LONGEST + 2).reshape(-1)
_AT_ONCE: Final = 1 << 14
"""Rows that are joined together: few enough for their arrays to stay in the processor's own memory."""
_DISTINCT: Final = 4096
"""Columns with few different values are taken as one, as long as they have no more combinations than this."""


@dataclass(frozen=True, eq=False)
class Pieces:
    """A piece of the text of each row.

    Attributes:
        sums: uint32 (rows,), CRC-32 of the piece.
        lengths: int64 (rows,), its bytes.
    """

    sums: Sums
    lengths: Int

    def take(self, which: Int) -> "Pieces":
        """Return the pieces of other rows."""
        return Pieces(self.sums[which], self.lengths[which])


def joined(first: Sums, second: Pieces) -> Sums:
    """Return the sums of texts that are followed by pieces.

    Example:
        >>> piece = Pieces(np.array([zlib.crc32(b" two")], np.uint32), np.array([4]))
        >>> int(joined(np.array([zlib.crc32(b"one")], np.uint32), piece)[0]) == zlib.crc32(b"one two")
        True
    """
    found = np.empty(first.size, np.uint32)
    for begin in range(0, first.size, _AT_ONCE):
        part = slice(begin, begin + _AT_ONCE)
        before, by = first[part], second.lengths[part] * 1024
        sums = second.sums[part] ^ _FLAT[by + (before & 0xFF)]
        for k in (1, 2, 3):
            sums ^= _FLAT[by + (256 * k) + ((before >> (8 * k)) & 0xFF)]
        found[part] = sums
    return found


def together(*pieces: Pieces | bytes) -> Pieces:
    """Join pieces of the same rows, of which at least one differs between rows, to one."""
    rows = next(piece.sums.size for piece in pieces if isinstance(piece, Pieces))
    first, *others = (_same(piece, rows) if isinstance(piece, bytes) else piece for piece in pieces)
    sums, lengths = first.sums, first.lengths
    for one in others:
        sums, lengths = joined(sums, one), lengths + one.lengths
    return Pieces(sums, lengths)


def ended(sums: Sums) -> Sums:
    """Return the sums of texts that are followed by the closing bracket."""
    return joined(sums, _same(b")", sums.size))


def numbers(values: Int) -> Pieces:
    """Return whole numbers from 0 on as Python writes them.

    Example:
        >>> found = numbers(np.array([0, 907, 10]))
        >>> [zlib.crc32(b"0"), zlib.crc32(b"907"), zlib.crc32(b"10")] == found.sums.tolist()
        True
    """
    lengths, bound = np.ones(values.size, np.int64), 10
    while bound <= 10**18 and bool((longer := values >= bound).any()):
        lengths += longer
        bound *= 10
    sums = np.zeros(values.size, np.uint32)
    for begin in range(0, values.size, _AT_ONCE):
        part = slice(begin, begin + _AT_ONCE)
        sums[part] = _of_digits(values[part], lengths[part])
    return Pieces(sums, lengths)


def _of_digits(values: Int, lengths: Int) -> Sums:
    state = np.full(values.size, 0xFFFFFFFF, np.uint32)
    for left in range(int(lengths.max(initial=1)) - 1, -1, -1):
        rows = np.flatnonzero(lengths > left)
        byte = (48 + values[rows] // 10**left % 10).astype(np.uint32)
        state[rows] = (state[rows] >> 8) ^ _BYTE[(state[rows] ^ byte) & 0xFF]
    return state ^ np.uint32(0xFFFFFFFF)


def _same(text: bytes, rows: int) -> Pieces:
    return Pieces(np.full(rows, zlib.crc32(text), np.uint32), np.full(rows, len(text), np.int64))


@dataclass(frozen=True, eq=False)
class _Coded:
    """The values of a column, or of several with commas between, by their different texts.

    Attributes:
        texts: The different texts.
        place: int64 (rows,), which of them each row has.
    """

    texts: list[bytes]
    place: Int

    def and_then(self, other: "_Coded") -> "_Coded":
        """Return both with a comma between."""
        texts = [first + b", " + second for first in self.texts for second in other.texts]
        if len(other.texts) == 1:
            return _Coded(texts, self.place)
        if len(self.texts) == 1:
            return _Coded(texts, other.place)
        return _Coded(texts, self.place * len(other.texts) + other.place)

    def pieces(self) -> Pieces:
        sums = np.fromiter(map(zlib.crc32, self.texts), np.uint32, len(self.texts))
        lengths = np.fromiter(map(len, self.texts), np.int64, len(self.texts))
        if int(lengths.max(initial=0)) > LONGEST:
            raise Unusual("values that are too long together")
        return Pieces(sums[self.place], lengths[self.place])


def _written(column: Column, kind: str) -> tuple[_Coded | Pieces, NDArray[np.bool_] | None]:
    """A column as Python writes its values, and for which rows that holds; None for all."""
    kind = kind.upper()
    if bool(column.missing.all()):
        return _Coded([b"None"], np.zeros(column.kind.size, np.int64)), None
    if kind in ("INTEGER", "BIGINT", "BOOLEAN"):
        return _of_numbers(column.integers(), column.missing), None
    if kind == "DOUBLE":
        return _of_numbers(column.numbers(), column.missing), None
    if kind.startswith("VARCHAR") or kind in ("TEXT", "JSON"):
        return _of_texts(column)
    raise Unusual(f"a column of type {kind}")


def _of_numbers(values: Int | NDArray[np.float64], missing: NDArray[np.bool_]) -> _Coded | Pieces:
    distinct, place = _distinct(values)
    if distinct.size > _DISTINCT and values.dtype == np.int64 and int(values.min()) >= 0 and not missing.any():
        return numbers(values.astype(np.int64))
    # One text of all lines is encoded much faster than each of them.
    texts = "\n".join(map(repr, distinct.tolist())).encode().split(b"\n") if distinct.size else []
    if missing.any():
        place = np.where(missing, len(texts), place)
        texts.append(b"None")
    return _Coded(texts, place)


def _distinct(values: NDArray[np.int64] | NDArray[np.float64]) -> tuple[NDArray[np.int64] | NDArray[np.float64], Int]:
    """Distinct values and the place of each; by counting where the numbers lie close together."""
    if values.dtype == np.int64:
        low = int(values.min())
        if int(values.max()) - low <= 4 * values.size + 1000:
            found = np.flatnonzero(np.bincount(values - low))
            place = np.zeros(int(found[-1]) + 1, np.int64)
            place[found] = np.arange(found.size)
            return (found + low).astype(np.int64), place[values - low]
        distinct, inverse = np.unique(values.astype(np.int64), return_inverse=True)
        return distinct, inverse.astype(np.int64)
    # Bits, because 0.0 and -0.0 are equal and are written differently.
    bits, inverse = np.unique(np.ascontiguousarray(values).view(np.int64), return_inverse=True)
    return bits.view(np.float64), inverse.astype(np.int64)


def _of_texts(column: Column) -> tuple[_Coded | Pieces, NDArray[np.bool_] | None]:
    """Texts that Python writes as they are, between apostrophes; others do not hold."""
    lengths = column.text_lengths()
    if int(lengths.max(initial=0)) == 0:
        return _Coded([_QUOTE + _QUOTE], np.zeros(lengths.size, np.int64)), None
    plain = lengths <= LONGEST
    sums = np.full(lengths.size, zlib.crc32(_QUOTE), np.uint32)
    for length in np.unique(lengths[plain]).tolist():
        rows = np.flatnonzero(lengths == length)
        for begin in range(0, rows.size, _AT_ONCE):
            some = rows[begin : begin + _AT_ONCE]
            sums[some], plain[some] = _of_bytes(column, some, length, sums[some])
    lengths = np.where(plain, lengths, 0)
    return together(Pieces(sums, lengths + 1), _QUOTE), plain


def _of_bytes(column: Column, rows: Int, length: int, sums: Sums) -> tuple[Sums, NDArray[np.bool_]]:
    """Sums of texts of one length, and which of them Python writes as they are."""
    state, plain, start = sums ^ 0xFFFFFFFF, np.ones(rows.size, np.bool_), column.start[rows]
    for k in range(length):
        byte = column.image[start + k]
        plain &= _PLAIN[byte]
        state = (state >> 8) ^ _BYTE[(state ^ byte) & 0xFF]
    return (state ^ 0xFFFFFFFF).astype(np.uint32), plain


def values_of(
    columns: dict[str, Column], kinds: dict[str, str], *, end: bytes = b""
) -> tuple[list[Pieces], NDArray[np.bool_]]:
    """Return columns as Python writes their values, in pieces that stand with commas between them.

    Args:
        columns: The columns in their order.
        kinds: The declared type of each.
        end: What follows the last value.

    Returns:
        The pieces, and bool (rows,): for which rows they hold.

    Raises:
        Unusual: A column is not of numbers or text.
    """
    holds = np.ones(next(iter(columns.values())).kind.size, np.bool_)
    found: list[_Coded | Pieces] = []
    for name, column in columns.items():
        written, plain = _written(column, kinds[name])
        if plain is not None:
            holds &= plain
        before = found[-1] if found else None
        if isinstance(before, _Coded) and isinstance(written, _Coded) and _few(before, written):
            found[-1] = before.and_then(written)
        else:
            found.append(written)
    last = found[-1]
    found[-1] = _Coded([text + end for text in last.texts], last.place) if isinstance(last, _Coded) else last
    pieces = [one.pieces() if isinstance(one, _Coded) else one for one in found]
    if end and not isinstance(last, _Coded):
        pieces[-1] = together(pieces[-1], end)
    return pieces, holds


def _few(first: _Coded, second: _Coded) -> bool:
    return len(first.texts) * len(second.texts) <= _DISTINCT


def of_rows(columns: dict[str, Column], kinds: dict[str, str], seed: int) -> tuple[Sums, NDArray[np.bool_]]:
    """Return the sums of rows as far as their parts, and for which rows they hold.

    Args:
        columns: The columns that count, in their order.
        kinds: The declared type of each.
        seed: CRC-32 of the table's name.

    Returns:
        uint32 (rows,) sums of the table's name, a bracket and the values with commas between, and bool (rows,).

    Raises:
        Unusual: A column is not of numbers or text.
    """
    pieces, holds = values_of(columns, kinds)
    sums, comma = np.full(holds.size, zlib.crc32(b"(", seed), np.uint32), _same(b", ", holds.size)
    for i, piece in enumerate(pieces):
        sums = joined(sums if i == 0 else joined(sums, comma), piece)
    return sums, holds


def with_parts(sums: Sums, owner: Int, parts: Pieces, ordered: Int) -> Sums:
    """Return the sums of what `of_rows` gives, followed by the parts of each row.

    Args:
        sums: uint32 (rows,).
        owner: int64 (parts,), the row to which each part belongs.
        parts: The texts of the parts, each with the comma before it.
        ordered: int64 (parts,), the parts by row and then by what orders them.
    """
    owner, parts = owner[ordered], parts.take(ordered)
    counts = np.bincount(owner, minlength=sums.size)
    first = np.cumsum(counts) - counts
    sums = sums.copy()
    for k in range(int(counts.max(initial=0))):
        rows = np.flatnonzero(counts > k)
        sums[rows] = joined(sums[rows], parts.take(first[rows] + k))
    return sums
