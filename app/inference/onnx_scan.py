"""Reads the structure of an ONNX file without loading it: a walk over its protobuf fields with limits.

ONNX files are untrusted input. Before ONNX Runtime sees a file, this module looks for data kept in other files (a path
could lead anywhere), operators of unknown origin, and sizes that would exhaust the machine. Field numbers are those of
onnx/onnx.proto (ONNX IR version 10).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from app.errors import UserError

MAX_FILE_BYTES: Final = 512 * 1024 * 1024
MAX_ELEMENTS: Final = 256 * 1024 * 1024
MAX_NODES: Final = 100_000
MAX_DEPTH: Final = 12
KNOWN_DOMAINS: Final = frozenset({"", "ai.onnx", "ai.onnx.ml", "com.microsoft", "com.microsoft.nchwc"})

_OTHERS: Final = (
    (b"version https://git-lfs", "only a pointer of Git LFS, not the model", "Fetch it with `git lfs pull`."),
    (b"PK\x03\x04", "a zip file, such as PyTorch saves", "Export the model to ONNX (torch.onnx.export)."),
    (b"\x89HDF", "an HDF5 file, such as Keras saves", "Export the model to ONNX (tf2onnx)."),
    (b"<", "a web page", "Download the file itself."),
)
"""First bytes of a file → what kind of file it is, although it is called .onnx, and what to do."""

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


@dataclass
class Contents:
    """The structure of a file.

    Attributes:
        operators: Number of occurrences of each operator.
        parameters: Number of elements of all stored weights.
        external: Locations of data outside the file, as written in it.
    """

    operators: Counter[str] = field(default_factory=Counter)
    parameters: int = 0
    external: list[str] = field(default_factory=list)


def scan(path: Path) -> Contents:
    """Walk over a file.

    Raises:
        UserError: The file is not an ONNX file, is larger than the limits, uses operators of an unknown domain, or
            keeps data outside its own folder.
    """
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise _refused(path, f"it has {size // 2**20} MB, more than the {MAX_FILE_BYTES // 2**20} MB that are allowed")
    contents = Contents()
    with path.open("rb") as stream:
        head = stream.read(32)
    for mark, what, todo in _OTHERS:
        if head.startswith(mark):
            raise UserError(f"The model file {path.name} is refused: it is {what}.", todo)
    try:
        _model(memoryview(path.read_bytes()), contents)
    except _Malformed as error:
        raise _refused(path, str(error)) from error
    for location in contents.external:
        _check_location(path, location)
    return contents


def _refused(path: Path, reason: str) -> UserError:
    return UserError(f"The model file {path.name} is refused: {reason}.", "Use a file from a source you trust.")


def _check_location(path: Path, location: str) -> None:
    pure = PurePosixPath(location)
    if not location or pure.is_absolute() or ".." in pure.parts or "\\" in location or ":" in location:
        raise _refused(path, f"it wants to read data outside its folder ({location or 'no name'})")
    target = path.parent / location
    if not target.resolve().is_relative_to(path.parent.resolve()):
        raise _refused(path, f"its data file {location} is a link to a place outside its folder")
    if not target.is_file():
        raise UserError(
            f"The model file {path.name} is refused: it keeps its weights in {location}, but this data file is "
            f"missing.",
            f"Put {location} into the same folder, then try again.",
        )
    if target.stat().st_size > MAX_FILE_BYTES:
        raise _refused(path, f"its data file {location} is larger than {MAX_FILE_BYTES // 2**20} MB")


class _Malformed(Exception):
    """The bytes are not an ONNX model, or one beyond the limits."""


Field = tuple[int, int, int, memoryview]
"""Field number, wire type, number (for a varint), bytes (for everything else)."""

_NOTHING = memoryview(b"")


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise _Malformed("it is cut off or not an ONNX file")
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def _fields(data: memoryview) -> Iterator[Field]:
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        number, wire = tag >> 3, tag & 7
        if wire == _VARINT:
            value, at = _varint(data, at)
            yield number, wire, value, _NOTHING
            continue
        if wire == _BYTES:
            length, at = _varint(data, at)
        elif wire in (_FIXED64, _FIXED32):
            length = 8 if wire == _FIXED64 else 4
        else:
            raise _Malformed("it is not an ONNX file")
        if number == 0 or at + length > len(data):
            raise _Malformed("it is cut off or not an ONNX file")
        yield number, wire, 0, data[at : at + length]
        at += length


def _model(data: memoryview, contents: Contents) -> None:
    graphs = 0
    for number, wire, _, value in _fields(data):
        if wire != _BYTES:
            continue
        if number == 7:  # ModelProto.graph
            graphs += 1
            _graph(value, contents, 0)
        elif number == 8:  # opset_import
            _domain(value, 1)
        elif number == 25:  # functions
            _function(value, contents)
    if graphs != 1:
        raise _Malformed("it is not an ONNX file")


def _domain(data: memoryview, field_number: int) -> None:
    for number, wire, _, value in _fields(data):
        if number == field_number and wire == _BYTES:
            domain = _text(value)
            if domain not in KNOWN_DOMAINS:
                raise _Malformed(f"it needs operators of the domain {domain}")


def _text(value: memoryview) -> str:
    try:
        return bytes(value[:4096]).decode("utf-8")
    except UnicodeDecodeError:
        raise _Malformed("it is not an ONNX file") from None


def _graph(data: memoryview, contents: Contents, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise _Malformed("its graphs are nested too deeply")
    for number, wire, _, value in _fields(data):
        if wire != _BYTES:
            continue
        if number == 1:  # node
            _node(value, contents, depth)
        elif number == 5:  # initializer
            _tensor(value, contents)
        elif number == 15:  # sparse_initializer
            _sparse(value, contents)


def _function(data: memoryview, contents: Contents) -> None:
    for number, wire, _, value in _fields(data):
        if wire == _BYTES and number == 7:  # node
            _node(value, contents, 1)
        elif wire == _BYTES and number == 11:  # attribute_proto
            _attribute(value, contents, 1)


def _node(data: memoryview, contents: Contents, depth: int) -> None:
    for number, wire, _, value in _fields(data):
        if wire != _BYTES:
            continue
        if number == 4:  # op_type
            contents.operators[_text(value)] += 1
            if contents.operators.total() > MAX_NODES:
                raise _Malformed(f"it has more than {MAX_NODES} operators")
        elif number == 5:  # attribute
            _attribute(value, contents, depth)


def _attribute(data: memoryview, contents: Contents, depth: int) -> None:
    for number, wire, _, value in _fields(data):
        if wire != _BYTES:
            continue
        if number in (5, 10):  # t, tensors
            _tensor(value, contents)
        elif number in (6, 11):  # g, graphs
            _graph(value, contents, depth + 1)
        elif number in (22, 23):  # sparse_tensor, sparse_tensors
            _sparse(value, contents)


def _sparse(data: memoryview, contents: Contents) -> None:
    for number, wire, _, value in _fields(data):
        if wire == _BYTES and number in (1, 2):  # values, indices
            _tensor(value, contents)


def _tensor(data: memoryview, contents: Contents) -> None:
    elements = 1
    location: str | None = None
    is_external = False
    for number, wire, integer, value in _fields(data):
        if number == 1:  # dims, one by one or packed
            for size in _integers(wire, integer, value):
                elements *= size
                if elements > MAX_ELEMENTS:
                    raise _Malformed(f"one of its tensors has more than {MAX_ELEMENTS} elements")
        elif number == 13 and wire == _BYTES:  # external_data
            location = _external_location(value) or location
        elif number == 14 and wire == _VARINT:  # data_location
            is_external = integer == 1
    contents.parameters += elements
    if is_external or location is not None:
        contents.external.append(location or "")


def _integers(wire: int, integer: int, value: memoryview) -> Iterator[int]:
    if wire == _VARINT:
        yield integer
        return
    at = 0
    while at < len(value):
        size, at = _varint(value, at)
        yield size


def _external_location(data: memoryview) -> str | None:
    texts = {number: _text(value) for number, wire, _, value in _fields(data) if wire == _BYTES}
    return texts.get(2, "") if texts.get(1) == "location" else None
