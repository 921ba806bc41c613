"""The files outside a project in which this program keeps something of its people, and how each is rid of a person.

Beside the project: frozen training data, runs and models, backups that the program made, broken logs. In the user's
folder: pictures and indexes of clips, faces and features, rescue files, journals of traces, confirmed answers, the log.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from app import held
from app.domain.consent import Person
from app.domain.marks import Marks
from app.errors import UserError
from app.files import replacing
from app.inference.cards import project_models
from app.media.index_cache import kept_of
from app.paths import cache_dir, config_dir, data_dir, log_dir
from app.services.predict.kept import CLIP_HASH, cache_folder
from app.services.projects import confirmed, rescue_files, trace_journal
from app.unfinished import NOTES
from db.erasing import Reach
from db.paths import located

What = Literal["snapshot", "training file", "model file", "backup", "cache", "rescue file", "trace journal", "log"]
Way = Literal["remove", "clean", "entries", "lines"]
_TEXT: Final = frozenset({".json", ".jsonl", ".toml", ".csv", ".html", ".md", ".txt", ".tex", ".log", ".svg", ".ini"})
_MANIFESTS: Final = ("snapshot.json", "manifest.json")
_ROOM: Final = 1 << 28
"""Files up to this size are looked into."""


@dataclass(frozen=True)
class Place:
    """A file or folder that goes, or from which something goes.

    Attributes:
        path: It.
        what: What it is.
        way: "remove" it, "clean" its text, take "entries" or "lines" out of it.
    """

    path: Path
    what: What
    way: Way


def places(project_file: Path, person: Person, found: Reach, *, backups: bool) -> list[Place]:
    """Find the files outside a project that hold something of a person.

    Args:
        project_file: The project's file.
        person: The person.
        found: What leads to the person.
        backups: Whether backups beside the project that hold the person go, too.
    """
    marks = found.marks
    listed = [*_beside(project_file, person, marks), *(_backups(project_file, person, marks) if backups else ())]
    listed += [Place(path, "cache", "remove") for path in _caches(project_file, found)]
    listed += [Place(path, "rescue file", "entries") for path in _holding(rescue_files.folder(), marks)]
    listed += [Place(path, "rescue file", "lines") for path in _holding(confirmed.folder(), marks)]
    listed += [Place(path, "trace journal", "remove") for path in _journals(project_file, found)]
    listed += [Place(path, "log", "clean") for path in _holding(log_dir(), marks)]
    return listed


def _caches(project_file: Path, found: Reach) -> list[Path]:
    """Return what is kept of a subject's clips; all of it is computed again when needed."""
    if not found.clips:
        return []
    indexes = data_dir() / "cache"
    listed = [path for sha256 in found.clips for path in (indexes / f"{sha256}.png", cache_folder() / sha256)]
    for path, _ in located(found.clips.values(), project_file.parent):
        listed += kept_of(path, indexes)
    # Earlier versions named files by hashes of what was computed. Nobody can tell whose they are, and none is used.
    listed += [path for path in _files(cache_folder()) if not CLIP_HASH.fullmatch(_top(path, cache_folder()))]
    listed += [path for path in indexes.glob("*.npz") if "-" not in path.stem]
    return [path for path in dict.fromkeys(listed) if path.exists()]


def _top(path: Path, folder: Path) -> str:
    return path.relative_to(folder).parts[0]


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())


def _holding(folder: Path, marks: Marks) -> Iterator[Path]:
    return (path for path in _files(folder) if _of_clip(path.relative_to(folder), marks) or _holds(path, marks))


def _of_clip(place: Path, marks: Marks) -> bool:
    """Return whether a file lies in the folder of one of the person's clips, whatever it is called itself."""
    return any(CLIP_HASH.fullmatch(part) and marks.in_text(part) for part in place.parts[:-1])


def _holds(path: Path, marks: Marks) -> bool:
    """Return whether a file's bytes, or its name, lead to the person."""
    if marks.in_text(path.name):
        return True
    with suppress(OSError):
        if path.stat().st_size <= _ROOM:
            content = path.read_bytes()
            short = path.suffix in _TEXT and marks.in_text(content.decode("utf-8", "replace"))
            return short or bool(marks.in_bytes(content))
    return False


def _beside(project_file: Path, person: Person, marks: Marks) -> Iterator[Place]:
    training = project_file.with_name(project_file.name + ".training")
    snapshots = [path for kind in ("snapshots", "items", "fusions") for path in _folders(training / kind)]
    gone = [path for path in snapshots if _learned(path, person, marks)]
    yield from (Place(path, "snapshot", "remove") for path in gone)
    for path in _files(training):
        if not any(path.is_relative_to(folder) for folder in gone) and _holds(path, marks):
            yield Place(path, "training file", "clean" if path.suffix in _TEXT else "remove")
    for path in _files(project_models(project_file)):
        if path.suffix in _TEXT and _holds(path, marks):
            yield Place(path, "model file", "clean")


def _folders(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []


def _learned(folder: Path, person: Person, marks: Marks) -> bool:
    """Return whether frozen data show the person, or hold labels of that rater, alone or pooled with others'."""
    for path in _files(folder):
        if path.suffix in (".json", ".csv") and marks.in_text(path.read_text("utf-8", "replace")):
            return True
    if person.party == "rater":
        for name in _MANIFESTS:
            with suppress(OSError, ValueError):
                labels = json.loads((folder / name).read_text("utf-8")).get("labels", {})
                if isinstance(labels, dict) and labels.get("source") in ("gold", "stored"):
                    return True
    return False


def _backups(project_file: Path, person: Person, marks: Marks) -> Iterator[Place]:
    for path in backups_beside(project_file):
        if holds_person(path, person, marks):
            yield Place(path, "backup", "remove")


def backups_beside(project_file: Path) -> list[Path]:
    """Return what the program may have left beside a project: copies, backups, logs that could not be read."""
    stem, suffix = project_file.stem, project_file.suffix
    found: list[Path] = []
    for pattern in (f"{stem}.v*{suffix}.bak", f"{stem}-2???????T*{suffix}", f".{stem}*.new", f"{stem}*.broken-log-*"):
        escaped = pattern.replace("[", "[[]") if "[" in stem else pattern
        found += project_file.parent.glob(escaped)
    return sorted({path for path in found if path.is_file() and path != project_file})


def holds_person(path: Path, person: Person, marks: Marks) -> bool:
    """Return whether a copy of a project holds a person; a file that is no project is searched byte by byte."""
    if held.is_held(path):
        return False
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as copy:
            query = f"SELECT count(*) FROM {person.party} WHERE uid = ? OR code = ?"
            return bool(copy.execute(query, (person.uid, person.code)).fetchone()[0])
    except sqlite3.Error:
        return _holds(path, marks)


def _journals(project_file: Path, found: Reach) -> Iterator[Path]:
    for path in _files(trace_journal.folder()):
        with suppress(OSError, ValueError, KeyError, TypeError):
            said = json.loads(path.read_bytes().partition(b"\n")[0])
            start = said["start"]
            mine = said["project"] == str(project_file.resolve())
            rater, item = found.rows.get("rater", ()), found.rows.get("item", ())
            if mine and (start["rater_id"] in rater or start["item_id"] in item):
                yield path


def clear(place: Place, marks: Marks) -> None:
    """Rid one file of the person.

    Raises:
        UserError: It cannot be removed or written.
    """
    try:
        if place.way == "remove":
            _remove(place.path)
        elif place.way == "entries":
            _without_entries(place.path, marks)
        elif place.way == "lines":
            lines = place.path.read_bytes().split(b"\n")
            kept = [
                line for n, line in enumerate(lines) if n == 0 or not marks.in_text(line.decode("utf-8", "replace"))
            ]
            _in_place(place.path, b"\n".join(kept))
        else:
            text = place.path.read_text("utf-8", "surrogateescape")
            _in_place(place.path, marks.clean(text).encode("utf-8", "surrogateescape"))
            if marks.in_text(place.path.name):
                place.path.rename(place.path.with_name(marks.clean(place.path.name)))
    except OSError as error:
        raise UserError(
            f"{place.path} cannot be changed: {error.strerror or error}.", "Close what uses it, then try again."
        ) from error


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _in_place(path: Path, content: bytes) -> None:
    """Write over a file itself, which somebody may have open to add to it."""
    with path.open("r+b") as file:
        file.write(content)
        file.truncate()
        file.flush()
        os.fsync(file.fileno())


def _without_entries(path: Path, marks: Marks) -> None:
    try:
        content = json.loads(path.read_text("utf-8"))
        entries = content["entries"]
    except (ValueError, KeyError, TypeError):
        _in_place(path, marks.clean(path.read_text("utf-8", "replace")).encode())
        return
    content["entries"] = [one for one in entries if not marks.in_text(json.dumps(one, ensure_ascii=False))]
    content = marks.clean_json(content)
    if not content["entries"]:
        path.unlink()
        return
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")


def remnants(project_file: Path, marks: Marks) -> list[Path]:
    """Return the files of this program, beside the project and in the user's folders, that still lead to the person."""
    folders = [project_file.with_name(project_file.name + ".training"), project_models(project_file)]
    names = ("cache", "features", "rescue", "confirmed", "traces", "examined", NOTES)
    folders += [data_dir() / name for name in names]
    folders += [log_dir(), config_dir(), cache_dir()]
    found = [path for folder in dict.fromkeys(folders) for path in _holding(folder, marks)]
    return found + [path for path in backups_beside(project_file) if not held.is_held(path) and _holds(path, marks)]
