"""Writes results for people; a file that this program did not write is never replaced.

Beside its results the program keeps a small hidden file, `.affectograph-results.json`, with the name and the SHA-256 of
each. A file that is there already is replaced only where it is still exactly what was written before. Everything else,
whether a person's own file or a result that a person has changed since, is left alone, and the person is told.

A result is listed before it takes its place. If the program ends between the two, both what is there still and what
was to come are known as its own.
"""

import json
import logging
import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from app import held
from app.domain.path_text import json_safe
from app.domain.words import many
from app.errors import UserError
from app.files import replacing, sha256_of
from app.locks import alone
from app.paths import data_dir

LEDGER: Final = ".affectograph-results.json"
_NAMED: Final = 3
_KNOWN: Final = 4
"""How many contents of one file are remembered: what is there, and what programs are about to write."""
_WAIT_S: Final = 10.0
log = logging.getLogger(__name__)

_Seen: TypeAlias = tuple[int, int, int, int]


@dataclass(frozen=True)
class Chosen:
    """The place that a person chose for a result, and the existing file that may be replaced by it.

    Attributes:
        path: The final path; nothing is added to it.
        over: The file that may be replaced: its device, inode, time of change and size. None where nothing was there
            or nobody was asked. Another file, or this one after a change, is not meant by it.
    """

    path: Path
    over: _Seen | None = None

    @classmethod
    def agreed(cls, path: Path) -> "Chosen":
        """Return the choice of a person who was asked and agreed that a result replaces the file now at this path."""
        return cls(path, _seen(path))


Goal: TypeAlias = Path | Chosen
"""Where a result goes: a path alone never replaces what the program did not write."""


def path_of(goal: Goal) -> Path:
    """Return the path of either kind of goal."""
    return goal.path if isinstance(goal, Chosen) else goal


@contextmanager
def result(goal: Goal, *, inputs: Collection[Path] = ()) -> Iterator[Path]:
    """Yield a temporary path whose file replaces the goal when the block ends well, and record it as ours.

    Args:
        goal: The place for the result.
        inputs: Files that it is made from; none of them is ever replaced, not even one that this program wrote.

    Raises:
        UserError: Something is there that this program did not write and nobody agreed to lose, or the file cannot be
            written.
    """
    path = path_of(goal)
    refuse_foreign([goal], inputs=inputs)
    with replacing(path) as temporary:
        yield temporary
        _list(path, sha256_of(temporary))


def _list(path: Path, digest: str) -> None:
    """Add to the list of results what a file is about to become."""
    with ExitStack() as stack:
        try:
            # Two programs may write results into one folder, and each writes the whole list.
            stack.enter_context(alone(data_dir() / "results.lock", _WAIT_S))
        except OSError as error:
            log.warning("results in %s are listed without a lock: %s", path.parent, error)
        known = _ledger(path.parent)
        before = [one for one in known.get(path.name, ()) if one != digest] if os.path.lexists(path) else []
        known[path.name] = [*before, digest][-_KNOWN:]
        with replacing(path.parent / LEDGER) as ledger:
            plain = {name: digests[0] if len(digests) == 1 else digests for name, digests in known.items()}
            ledger.write_text(
                json_safe(json.dumps(plain, indent=1, sort_keys=True, ensure_ascii=False)) + "\n", "utf-8"
            )


def refuse_foreign(goals: Iterable[Goal], *, inputs: Collection[Path] = ()) -> None:
    """Check before long work begins that results would replace no file that this program did not write.

    Args:
        goals: The places for the results.
        inputs: Files that they are made from.

    Raises:
        UserError: They would; the sentence names the files.
    """
    there = {path_of(goal): goal for goal in goals if os.path.lexists(path_of(goal))}
    for path in there:
        held.refuse(path)
    own = [path for path in there if any(_same(path, file) for file in inputs)]
    if own:
        raise UserError(
            f"The results would replace {_names(own)}, from which they are to be made.",
            "Choose another folder or another name for them.",
        )
    foreign = [path for path, goal in there.items() if not path.is_dir() and not _may_go(goal)]
    if foreign:
        raise UserError(
            f"The results would replace {_names(foreign)}, not written by this program or changed since.",
            "Choose another folder or another name for them, or move what is there away.",
        )


def written_here(path: Path) -> bool:
    """Return whether a file is exactly what this program wrote there as a result, by the list of results beside it."""
    return _ours(path)


def _may_go(goal: Goal) -> bool:
    """Whether what is there may be replaced: because a person said so of this very file, or because it is ours."""
    if isinstance(goal, Chosen) and goal.over is not None and goal.over == _seen(goal.path):
        return True
    return _ours(path_of(goal))


def _seen(path: Path) -> _Seen | None:
    try:
        status = path.lstat()
    except OSError:
        return None
    return status.st_dev, status.st_ino, status.st_mtime_ns, status.st_size


def _same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except OSError:
        return os.path.abspath(path) == os.path.abspath(other)


def _ours(path: Path) -> bool:
    known = _ledger(path.parent).get(path.name, ())
    return bool(known) and path.is_file() and not path.is_symlink() and sha256_of(path) in known


def _ledger(folder: Path) -> dict[str, list[str]]:
    """Return the SHA-256 of what each result may be, the last one that was begun at the end."""
    try:
        found = json.loads((folder / LEDGER).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    listed = found.items() if isinstance(found, dict) else ()
    return {
        str(name): [str(one) for one in digests] if isinstance(digests, list) else [str(digests)]
        for name, digests in listed
    }


def _names(paths: list[Path]) -> str:
    named = ", ".join(path.name for path in paths[:_NAMED])
    rest = len(paths) - _NAMED
    return f"{named} and {many(rest, 'other file')}" if rest > 0 else named
