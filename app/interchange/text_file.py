"""Opening a user's text file: finds its encoding, and says in which line and column it is not valid text."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, TextIO

from app.errors import UserError

_MARKS: Final = (
    (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"), (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"),
)  # fmt: skip
_OTHERS: Final = (
    (b"PK\x03\x04", "an Excel or LibreOffice workbook (or another zip file)"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"), (b"%PDF", "a PDF"), (b"SQLite format 3", "a database"),
    (b"\x1f\x8b", "a gzip file"), (b"PAR1", "a Parquet file"), (b"$FL2", "an SPSS file"), (b"{\\rtf", "a Word file"),
)  # fmt: skip
_HEAD_BYTES: Final = 4096
_BLOCK: Final = 1 << 20
MAX_BYTES: Final = 1 << 30
"""Greatest size of a file that is read into memory as a whole."""


def raw_bytes(path: Path) -> bytes:
    """Return the bytes of a file.

    Raises:
        UserError: The file cannot be read, is not a file, or is larger than `MAX_BYTES`.
    """
    try:
        if path.is_dir():
            raise UserError(f"{path} is a folder.", "Choose a file.")
        if path.stat().st_size > MAX_BYTES:
            raise UserError(f"{path.name} is larger than 1 GB.", "Split it, or choose another file.")
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.", "Check the path and its permissions.") from error


def decoded(path: Path, raw: bytes) -> tuple[str, list[str]]:
    """Return the text of a file of another tool, and sentences about how it was decoded.

    Older tools wrote in the code page of Windows: what is not UTF-8 is read as Windows-1252.

    Raises:
        UserError: The bytes are not text; the message names line and column.
    """
    encoding = encoding_of(path)
    try:
        return raw.decode("utf-8-sig" if encoding == "utf-8-sig" else encoding), []
    except UnicodeError as error:
        where = _where(path, encoding)
        if encoding == "utf-8-sig":
            with suppress(UnicodeError):
                return raw.decode("cp1252"), [f"{path.name} is not UTF-8 and was read as Windows-1252 (Western)."]
        known = "UTF-8" if encoding == "utf-8-sig" else encoding.upper()
        raise UserError(f"{path.name} is not {known} text{where}.", "Save it as UTF-8 and try again.") from error


def encoding_of(path: Path) -> str:
    """Return the name of a text file's encoding: UTF-8, UTF-16 or UTF-32.

    UTF-16 and UTF-32 are recognised by their byte-order mark. UTF-16 without a mark is recognised by its zero bytes: in
    text of Western letters, every second byte is one.

    Args:
        path: The file, whose beginning is read.

    Raises:
        UserError: The file is a workbook, a database or the like.
        OSError: The file cannot be read.
    """
    with path.open("rb") as raw:
        head = raw.read(_HEAD_BYTES)
    for mark, what in _OTHERS:
        if head.startswith(mark):
            raise UserError(
                f"{path.name} is {what}, not a text file.", "Save the table as CSV UTF-8 and choose that file."
            )
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if half >= 2 and odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if half >= 2 and even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return "utf-8-sig"


@contextmanager
def open_text(path: Path) -> Iterator[TextIO]:
    """Open a user's text file in its encoding, and leave its line ends as they are.

    Args:
        path: The file, in UTF-8, UTF-16 or UTF-32.

    Raises:
        UserError: The file cannot be read, or is not text in one of these encodings; the message names line and column
            of the first wrong byte. The error may be raised while the file is read.
    """
    encoding = "utf-8-sig"
    try:
        encoding = encoding_of(path)
        with path.open(encoding=encoding, newline="") as text:
            yield text
    except UnicodeError as error:
        known = "UTF-8" if encoding == "utf-8-sig" else encoding.upper()
        raise UserError(
            f"{path.name} is not {known} text{_where(path, encoding)}.", "Save it as CSV UTF-8 and try again."
        ) from error
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.", "Check the path and its permissions.") from error


def _where(path: Path, encoding: str) -> str:
    """Return the place of the first byte that is not text, in words; empty where the file cannot be looked at again."""
    line, column = 1, 1
    try:
        with path.open(encoding=encoding, errors="surrogateescape", newline="") as text:
            while block := text.read(_BLOCK):
                wrong = next((i for i, letter in enumerate(block) if "\udc80" <= letter <= "\udcff"), None)
                before = block if wrong is None else block[:wrong]
                lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
                column = len(lines[-1]) + (column if len(lines) == 1 else 1)
                line += len(lines) - 1
                if wrong is not None:
                    byte = ord(block[wrong]) - 0xDC00
                    return f": line {line}, column {column} holds the byte 0x{byte:02X}"
    except (OSError, UnicodeError):
        pass
    return ""
