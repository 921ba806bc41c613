"""Arrays as compact bytes: a header with dtype and shape, then the values, with their bytes regrouped and deflated.

Grouping puts all exponents of a float array side by side, so that series shrink further than with zlib alone.
The layout is `AFB1`, CRC-32 of all that follows, the header's length (both little-endian uint32), a JSON header, a zlib
stream.
"""

import json
import math
import struct
import zlib
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.errors import UserError

_MAGIC: Final = b"AFB1"
_LEVEL: Final = 5
_DTYPES: Final = frozenset({"<f4", "<f8", "<i4", "<i8", "<i2", "|u1", "|b1", "<f2"})
MAX_BYTES: Final = 1 << 28
"""Arrays larger than this when unpacked are taken for damage: 256 MiB are 60 hours of one face's landmarks."""
_MAX_HEADER: Final = 1000


class BlobError(UserError, ValueError):
    """The error for bytes that are damaged, or not an array that `pack` made.

    Attributes:
        detail: The fault in a few words.
    """

    def __init__(self, detail: str) -> None:
        super().__init__(
            f"The project file is damaged: an array in it cannot be unpacked ({detail}).",
            "Go back to a backup copy.",
            "Run `affectograph project check` on it, which names table and row, and go back to a backup copy.",
        )
        self.detail = detail

    def __reduce__(self) -> tuple[type["BlobError"], tuple[str]]:  # type: ignore[override]
        return (type(self), (self.detail,))


def pack(array: NDArray[Any]) -> bytes:
    """Return an array's bytes, little-endian, in C order.

    Args:
        array: Array of a float, integer or boolean dtype.

    Raises:
        BlobError: The array has another dtype, or `unpack` would take it for damage.
    """
    data = np.ascontiguousarray(array)
    if data.nbytes > MAX_BYTES:
        raise BlobError(f"arrays of {data.nbytes} bytes are not stored")
    kind = data.dtype.newbyteorder("<") if data.dtype.byteorder == ">" else data.dtype
    data = data.astype(kind, copy=False)
    if data.dtype.str not in _DTYPES:
        raise BlobError(f"arrays of {data.dtype} are not stored")
    header = json.dumps({"dtype": data.dtype.str, "shape": np.shape(array)}, separators=(",", ":")).encode()
    size = data.dtype.itemsize
    grouped = np.ascontiguousarray(data.reshape(-1).view(np.uint8).reshape(-1, size).T) if size > 1 else data
    body = struct.pack("<I", len(header)) + header + zlib.compress(grouped.tobytes(), _LEVEL)
    return _MAGIC + struct.pack("<I", zlib.crc32(body)) + body


def unpack(blob: bytes, rows: int | None = None) -> NDArray[Any]:
    """Return the array that was packed. It is new and may be written to.

    Data that are larger than the header says, or than any array of this program, are not inflated.

    Args:
        blob: Bytes that `pack` made.
        rows: Expected number of rows; None where unknown.

    Raises:
        BlobError: The bytes are damaged, or hold another number of rows than expected.
    """
    try:
        if blob[:4] != _MAGIC:
            raise BlobError("no array")
        check, length = struct.unpack_from("<II", blob, 4)
        if zlib.crc32(memoryview(blob)[8:]) != check:
            raise BlobError("the check sum does not fit")
        if length > _MAX_HEADER:
            raise BlobError("an impossible header")
        header = json.loads(blob[12 : 12 + length])
        if header["dtype"] not in _DTYPES:
            raise BlobError(f"unknown dtype {header['dtype']}")
        dtype, shape = np.dtype(header["dtype"]), tuple(int(n) for n in header["shape"])
        count = math.prod(shape)
        expected = count * dtype.itemsize
        if min(shape, default=0) < 0 or max(shape, default=0) > MAX_BYTES or expected > MAX_BYTES:
            raise BlobError(f"impossible shape {shape}")
        if rows is not None and shape[:1] != (rows,):
            raise BlobError(f"it has the shape {shape}, but should have {rows} rows")
        inflate = zlib.decompressobj()
        raw = inflate.decompress(blob[12 + length :], expected + 1)
        if len(raw) != expected or not inflate.eof:
            raise BlobError(f"{len(raw)} bytes, but should have {expected}")
    except BlobError:
        raise
    except zlib.error as error:
        raise BlobError("its values cannot be inflated") from error
    except (KeyError, TypeError, ValueError, struct.error, AttributeError) as error:
        raise BlobError("its header cannot be read") from error
    flat = np.frombuffer(raw, np.uint8)
    ungrouped = np.ascontiguousarray(flat.reshape(dtype.itemsize, count).T) if count else flat
    return ungrouped.view(dtype).reshape(shape).copy() if count else np.zeros(shape, dtype)
