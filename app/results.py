"""Where results for people go: a file that this program did not write is never replaced.

Beside its results the program keeps a small hidden file, `.affectograph-results.json`, with the name and the SHA-256 of
each. A file that is there already is replaced only where it is still exactly what was written before. Everything else,
whether a person's own file or a result that a person has changed since, is left alone, and the person is told.
"""

import json
import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from app.domain.words import many
from app.errors import UserError
from app.files import replacing, sha256_of

LEDGER: Final = ".affectograph-results.json"
_NAMED: Final = 3

_agreed: set[str] = set()


@contextmanager
def result(path: Path, *, inputs: Collection[Path] = ()) -> Iterator[Path]:
    """Give a temporary path whose file takes the place of `path` when the block ends well, and remember it as ours.

    Args:
        path: Where the result goes.
        inputs: Files that it is made from; none of them is ever replaced, not even one that this program wrote.

    Raises:
        UserError: Something that this program did not write is there, or the file cannot be written.
    """
    refuse_foreign([path], inputs=inputs)
    with replacing(path) as temporary:
        yield temporary
        digest = sha256_of(temporary)
    _agreed.discard(_key(path))
    written = {**_ledger(path.parent), path.name: digest}
    with replacing(path.parent / LEDGER) as ledger:
        ledger.write_text(json.dumps(written, indent=1, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")


def refuse_foreign(paths: Iterable[Path], *, inputs: Collection[Path] = ()) -> None:
    """Find out, before long work begins, whether results would replace what this program did not write.

    Args:
        paths: Where results would go.
        inputs: Files that they are made from.

    Raises:
        UserError: They would; the sentence names the files.
    """
    there = [path for path in paths if os.path.lexists(path)]
    own = [path for path in there if any(_same(path, file) for file in inputs)]
    if own:
        raise UserError(
            f"The results would replace {_names(own)}, from which they are to be made.",
            "Choose another folder or another name for them.",
        )
    foreign = [path for path in there if not path.is_dir() and not _ours(path)]
    if foreign:
        raise UserError(
            f"The results would replace {_names(foreign)}, not written by this program or changed since.",
            "Choose another folder or another name for them, or move what is there away.",
        )


def agree(path: Path) -> None:
    """Note that a person was asked, and agreed, that the next result takes the place of this file."""
    _agreed.add(_key(path))


def _key(path: Path) -> str:
    return os.path.abspath(path)


def _same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except OSError:
        return _key(path) == _key(other)


def _ours(path: Path) -> bool:
    if _key(path) in _agreed:
        return True
    known = _ledger(path.parent).get(path.name)
    return known is not None and path.is_file() and not path.is_symlink() and known == sha256_of(path)


def _ledger(folder: Path) -> dict[str, str]:
    try:
        found = json.loads((folder / LEDGER).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(digest) for name, digest in found.items()} if isinstance(found, dict) else {}


def _names(paths: list[Path]) -> str:
    named = ", ".join(path.name for path in paths[:_NAMED])
    rest = len(paths) - _NAMED
    return f"{named} and {many(rest, 'other file')}" if rest > 0 else named
