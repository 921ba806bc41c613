"""Opens clips with the frame index of an earlier time, so that a clip is read through once and not at every opening."""

import json
import logging
import threading
from collections import OrderedDict
from dataclasses import fields
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

import numpy as np

from app.errors import UserError
from app.files import replacing
from app.jobs import Context
from app.paths import data_dir

if TYPE_CHECKING:
    from app.media.index import FrameIndex
    from app.media.reader import VideoReader

log = logging.getLogger(__name__)

KEPT: Final = 64
_known: "OrderedDict[str, FrameIndex]" = OrderedDict()
_locks: dict[str, threading.Lock] = {}
_guard: Final = threading.Lock()


def key_of(path: Path) -> str:
    """Names a file's content as far as its directory entry tells: another size or time is another file.

    Raises:
        UserError: It is not there.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.", "Check that it is still there.") from error
    return f"{status.st_size:x}-{status.st_mtime_ns:x}-{abs(hash_text(str(path.absolute()))):x}"


def hash_text(text: str) -> int:
    """A hash that is the same in every process."""
    return crc32(text.encode("utf-8", "surrogateescape"))


def open_reader(path: Path, ctx: Context) -> "VideoReader":
    """Open a clip; two who open the same one at once read it through once.

    Raises:
        UserError: The file cannot be read, or holds no frame that decodes.
        Cancelled: On request.
    """
    from app.media.reader import VideoReader

    key = key_of(path)
    with _guard:
        lock = _locks.setdefault(key, threading.Lock())
    with lock:
        index = _recall(key)
        reader = VideoReader(path, index=index, ctx=ctx)
        if index is None:
            _remember(key, reader.index)
    return reader


def _recall(key: str) -> "FrameIndex | None":
    with _guard:
        if key in _known:
            _known.move_to_end(key)
            return _known[key]
    file = _file(key)
    if not file.exists():
        return None
    from app.media.index import FrameIndex

    try:
        with np.load(file, allow_pickle=False) as kept:
            values: dict[str, Any] = {
                name: Fraction(*v) if isinstance(v, list) else v for name, v in json.loads(str(kept["facts"])).items()
            }
            values |= {name: kept[name] for name in kept.files if name != "facts"}
            index = FrameIndex(**values)
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.info("an index is built anew: %s", error)
        return None
    _hold(key, index)
    return index


def _remember(key: str, index: "FrameIndex") -> None:
    _hold(key, index)
    arrays: dict[str, np.ndarray[Any, Any]] = {}
    facts: dict[str, Any] = {}
    for part in fields(index):
        value = getattr(index, part.name)
        if isinstance(value, np.ndarray):
            arrays[part.name] = value
        else:
            facts[part.name] = [value.numerator, value.denominator] if isinstance(value, Fraction) else value
    try:
        with replacing(_file(key)) as new:
            np.savez(new, allow_pickle=False, facts=np.array(json.dumps(facts)), **arrays)
    except UserError as error:
        log.info("an index was not kept: %s", error)


def _hold(key: str, index: "FrameIndex") -> None:
    with _guard:
        _known[key] = index
        while len(_known) > KEPT:
            _known.popitem(last=False)


def _file(key: str) -> Path:
    return data_dir() / "cache" / f"{key}.npz"
