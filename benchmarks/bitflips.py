"""Flip bits of a project file and of its log, one at a time, and check that each is found, refused or harmless.

    python -m benchmarks.bitflips [--flips 200] [--seed 0] [--where PLACE] [--project FILE] [--json OUT] [--folder F]

The flips are spread over the parts of a project with rows in every table: the pages of each table and index, the
header, free space, and the log that a crash left behind. Commands check each copy with one flipped bit, export it and
print its agreement and its overview. A flip is "found" if the check reports damage, "refused" if the file cannot be
opened, and "harmless" if every table reads as before and all commands print and export the same. Any other verdict is
a fault of the program: "silent" (rows differ and the check reports nothing), "printed" (a command gave other numbers
without a warning) or "trace" (an exception without a message for people). The exit status is 1 if there is any.

If a folder is named, it keeps the results, and the same command continues with the next flip.
"""

import argparse
import contextlib
import gzip
import io
import json
import logging
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import db.clips
import db.runs
import db.sights
import db.spans
from app.cli import main as command
from app.domain.analysis import RunKey
from app.domain.spans import ClipVerdicts, ItemVerdict, WindowVerdicts
from app.errors import UserError
from app.services.projects.files import check_project, open_project
from db.project import Project

ROOT: Final = Path(__file__).resolve().parent.parent
_MADE_AT: Final = re.compile(r"(made.at\W+)\d{4}-\d\d-\d\dT[\d:.+Z]+")
"""When an output was made, which differs between any two of them."""
_FILE_HASH: Final = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
SAMPLE: Final = ROOT / "tests/data/projects/0.1/sound.affectograph.gz"
HEADER, FREE, LOG = "header", "free space", "log"
HEADER_BYTES: Final = 100
Parts = Mapping[str, Sequence[tuple[int, int]]]
"""Name of a part of the file → its pieces, (first byte, length) each."""
_CRASH: Final = """
import os, sys
import db.answers, db.edits, db.studies
from dataclasses import replace
from app.domain.answers import Intensity
from app.services.projects.files import open_project
project = open_project(sys.argv[1])
(study, *_) = (one for one in db.studies.every(project) if one.study.emotions)
for stored in db.answers.every(project, study.id)[:6]:
    other = {name: Intensity(5 - (given.score or 0)) for name, given in stored.answer.intensities.items()}
    edit = db.edits.correct_answer(project, stored.id, replace(stored.answer, intensities=other), reason="a slip")
    db.edits.apply(project, edit)
os._exit(9)
"""
"""Corrects answers and dies, so that the corrections are in the log alone."""


@dataclass(frozen=True)
class Files:
    """The bytes of a project: its file and, if it has one, its log."""

    file: bytes
    log: bytes | None = None

    def put(self, path: Path) -> None:
        """Write the project to a path and remove any other log beside it."""
        log, index = (path.with_name(path.name + ending) for ending in ("-wal", "-shm"))
        for one in (path, log, index):
            one.unlink(missing_ok=True)
        path.write_bytes(self.file)
        if self.log is not None:
            log.write_bytes(self.log)

    def flipped(self, place: int, bit: int) -> "Files":
        """Return a copy with one flipped bit, which is in the log if there is one and in the file otherwise."""
        data = bytearray(self.file if self.log is None else self.log)
        data[place] ^= 1 << bit
        return Files(bytes(data)) if self.log is None else Files(self.file, bytes(data))


def fill(project: Project) -> None:
    """Add rows to the tables that version 0.1 did not have."""
    clip = next(one for one in db.clips.every(project) if db.runs.for_clip(project, one.id))
    run = db.runs.load(project, db.runs.for_clip(project, clip.id)[0].id)
    said = np.random.default_rng(4).dirichlet(np.ones(3), 6).astype(np.float32)
    track = run.tracks[0].track_id
    verdicts = ClipVerdicts(
        key=RunKey(clip.sha256, "gru-1", "c" * 64, '{"window":[1.2,0.2]}'),
        provider="CPUExecutionProvider", classes=("happy", "sad", "worried"), window_s=1.2, stride_s=0.2,
        items=(ItemVerdict(track, 0.0, 1.0, said[0], np.arange(4) / 25, np.array([0.1, 0.2, 0.3, 0.4], np.float32)),),
        windows=(WindowVerdicts(track, np.arange(5) / 5, np.arange(5) / 5 + 1.2, said[1:]),),
    )  # fmt: skip
    db.spans.save(project, clip.id, run, verdicts)
    db.sights.note(project, [clip.id], "predictions")


def free_some(path: Path) -> None:
    """Leave free pages with old content in a file."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE old AS SELECT hex(randomblob(3000)) AS a FROM answer LIMIT 12")
        connection.execute("DROP TABLE old")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def parts_of(path: Path) -> dict[str, list[tuple[int, int]]]:
    """Return the parts of a file as byte ranges: used parts of each table's and index's pages, header, and the rest."""
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as connection:
        (size,), (count,) = (connection.execute(f"PRAGMA {what}").fetchone() for what in ("page_size", "page_count"))
        owners = {
            page: (name, kind) for page, name, kind in connection.execute("SELECT pageno, name, pagetype FROM dbstat")
        }
    data = path.read_bytes()
    found: dict[str, list[tuple[int, int]]] = {HEADER: [(0, HEADER_BYTES)]}
    for page in range(1, count + 1):
        begin = (page - 1) * size
        name, kind = owners.get(page, (FREE, ""))
        if kind not in ("leaf", "internal"):  # the rest of a large row, or nothing
            found.setdefault(name, []).append((begin, size))
            continue
        # https://www.sqlite.org/fileformat2.html#b_tree_pages: a header, pointers to cells, a gap, cells.
        head = begin + (HEADER_BYTES if page == 1 else 0)
        cells, content = (int.from_bytes(data[head + at : head + at + 2], "big") for at in (3, 5))
        pointers_end, content_begin = head + (8 if kind == "leaf" else 12) + 2 * cells, begin + (content or 65536)
        end = begin + size
        for part, (first, last) in (
            (name, (head, pointers_end)),
            (FREE, (pointers_end, content_begin)),
            (name, (content_begin, end)),
        ):
            if first < last:
                found.setdefault(part, []).append((first, last - first))
    return found


def rows_of(path: Path) -> dict[str, str]:
    """Return every table as text. If there is no log, nothing is written beside the file."""
    how = "" if path.with_name(path.name + "-wal").exists() else "?mode=ro&immutable=1"
    with contextlib.closing(sqlite3.connect(f"file:{path}{how}", uri=True)) as connection:
        found = {}
        connection.text_factory = bytes
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            name = table.decode("utf-8", "replace")
            try:
                found[name] = repr(connection.execute(f'SELECT * FROM "{name}"').fetchall())
            except sqlite3.Error as error:
                found[name] = f"unreadable: {error}"
        return found


class _Heard(logging.Handler):
    """A log handler that keeps what commands write to standard error besides refusals."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.text = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        self.text += record.getMessage() + "\n"


def said(files: Files, path: Path, out: Path) -> dict[str, str]:
    """Return what each command prints and exports of a project, or "refused: …" or "told: …" if it reports a fault."""
    told = {}
    asked: dict[str, list[str]] = {
        "info": ["project", "info", str(path)],
        "studies": ["study", "show", str(path)],
        "agreement": ["agreement", str(path), "--json", str(out / "agreement.json")],
        "export": ["ratings", "export", str(path), "--out", str(out / "export")],
    }
    for name, words in asked.items():
        files.put(path)
        screen, errors, heard = io.StringIO(), io.StringIO(), _Heard()
        logging.getLogger("affectograph").addHandler(heard)
        with contextlib.redirect_stdout(screen), contextlib.redirect_stderr(errors):
            status = command(words)
        logging.getLogger("affectograph").removeHandler(heard)
        sentence = errors.getvalue().strip()
        printed = screen.getvalue().replace(str(path), "FILE").replace(str(out), "OUT")
        told[name] = printed if status == 0 else f"refused: {sentence}"
        if status == 0 and heard.text:
            told[name] = f"told: {heard.text}"
        if status not in (0, 1) or (status == 1 and not sentence):
            told[name] = f"status {status}: {sentence}"
    for file in sorted(p for p in out.rglob("*") if p.is_file() and not p.name.startswith(".")):
        told[str(file.relative_to(out))] = file.read_text("utf-8", "replace").replace(str(path), "FILE")
    # Reports name the file's hash, which any flipped bit changes.
    return {name: _MADE_AT.sub(r"\1", _FILE_HASH.sub("HASH", text)) for name, text in told.items()}


def judge(
    files: Files, path: Path, good_rows: dict[str, str], good_words: dict[str, str], out: Path
) -> tuple[str, str]:
    """Return the verdict on one flipped bit, and its details."""
    files.put(path)
    try:
        rows: dict[str, str] | sqlite3.Error = rows_of(path)
    except sqlite3.Error as error:
        rows = error
    files.put(path)
    try:
        with open_project(path, read_only=True) as project:
            damage = [problem.what for problem in check_project(project, hash_files=False) if problem.damage]
        verdict, detail = ("found", damage[0]) if damage else ("harmless", "")
    except UserError as error:
        verdict, detail = "refused", str(error)
    except Exception as error:  # noqa: BLE001 — this is what we look for
        return "trace", repr(error)
    try:
        words = said(files, path, out)
    except Exception as error:  # noqa: BLE001
        return "trace", repr(error)
    for name, text in words.items():
        if text != good_words.get(name) and not text.startswith(("refused: affectograph:", "told: ")):
            return "printed", f"{name}: {text[:300]}"
    if verdict == "harmless":
        if rows != good_rows:
            return "silent", str(rows) if isinstance(rows, sqlite3.Error) else "rows differ"
        if any(text != good_words.get(name) for name, text in words.items()):
            return "silent", "a command refuses what the check finds sound"
    return verdict, detail


def sources(folder: Path, given: Path | None) -> dict[bool, Files]:
    """Return the project as closed properly and as left by a crash, by whether it has a log."""
    path = folder / "project.affectograph"
    path.write_bytes(given.read_bytes() if given is not None else gzip.decompress(SAMPLE.read_bytes()))
    with open_project(path) as project:  # brings it to the present version
        if given is None:
            fill(project)
    free_some(path)
    found = {False: Files(path.read_bytes())}
    if given is None:
        ended = subprocess.run([sys.executable, "-c", _CRASH, str(path)], cwd=ROOT, check=False)
        if ended.returncode != 9:
            raise RuntimeError("the project could not be left open")
        found[True] = Files(path.read_bytes(), path.with_name(path.name + "-wal").read_bytes())
    return found


def places(parts: Parts, flips: int, seed: int) -> list[tuple[str, int, int]]:
    """Return the (part, byte, bit) of each flip: of ten, one is in the header, one in free space and two in the log."""
    names = sorted(parts.keys() - {HEADER, FREE, LOG}) or sorted(parts)
    random.Random(seed).shuffle(names)
    found = []
    for number in range(flips):
        rng = random.Random(f"{seed}:{number}")
        turn, bit = number % 10, rng.randrange(8)
        part = {0: HEADER, 1: FREE, 2: LOG, 3: LOG}.get(turn, "")
        if part not in parts:
            part = names[(number // 10 * 6 + turn - 4) % len(names)]
        ((begin, length),) = rng.choices(parts[part], [length for _, length in parts[part]])
        found.append((part, begin + rng.randrange(length), bit))
    return found


def run(given: Path | None, flips: int, seed: int, folder: Path, where: str | None = None) -> list[dict[str, Any]]:
    """Flip bits and judge each flip.

    Args:
        given: A project, which is only read, or None for the sample, which has rows in every table.
        flips: Number of bits to flip.
        seed: Seed for their places.
        folder: Folder for copies, exports and results; results that it contains are not made again.
        where: Name of the only part in which to flip bits, or None for all parts.
    """
    os.environ["AFFECTOGRAPH_HOME"] = str(folder / "home")
    path, journal = folder / "flipped.affectograph", folder / "flips.jsonl"
    kept = folder / "sources"
    if not kept.exists():
        for crashed, files in sources(folder, given).items():
            (kept / str(crashed)).mkdir(parents=True)
            files.put(kept / str(crashed) / path.name)
    whole = {}
    for crashed in (False, True):
        file = kept / str(crashed) / path.name
        if file.exists():
            log = file.with_name(file.name + "-wal")
            whole[crashed] = Files(file.read_bytes(), log.read_bytes() if log.exists() else None)
    whole[False].put(path)
    parts = parts_of(path)
    if True in whole:
        parts[LOG] = [(0, len(whole[True].log or b""))]
    if where is not None:
        parts = {name: pieces for name, pieces in parts.items() if name == where}
    good = {}
    for crashed, files in whole.items():
        files.put(path)
        good[crashed] = rows_of(path), said(files, path, folder / f"good{crashed}")
    results = [json.loads(line) for line in journal.read_text().splitlines()] if journal.exists() else []
    for number, (part, place, bit) in list(enumerate(places(parts, flips, seed)))[len(results) :]:
        crashed = part == LOG
        with tempfile.TemporaryDirectory(dir=folder) as out:
            verdict, detail = judge(whole[crashed].flipped(place, bit), path, *good[crashed], Path(out))
        for stray in folder.glob("flipped.broken-log-*"):
            stray.unlink()
        results.append(
            {"number": number, "part": part, "byte": place, "bit": bit, "verdict": verdict, "detail": detail}
        )
        with journal.open("a") as out_file:
            out_file.write(json.dumps(results[-1]) + "\n")
    return results


def kind_of(part: str) -> str:
    """Return the kind of a part of the file: header, free space, log, index or table."""
    return part if part in (HEADER, FREE, LOG) else "index" if part.startswith(("ix_", "sqlite_auto")) else "table"


def main(argv: list[str] | None = None) -> int:
    """Flip the bits and print a report; return 1 if any verdict is a fault of the program."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--flips", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--where", help="only in this part: the name of a table or index, header, free space or log")
    parser.add_argument("--project", type=Path)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args(argv)
    if args.folder is not None:
        args.folder.mkdir(parents=True, exist_ok=True)
    with contextlib.nullcontext(args.folder) if args.folder else tempfile.TemporaryDirectory() as name:
        results = run(args.project, args.flips, args.seed, Path(name).absolute(), args.where)
    counts = Counter(one["verdict"] for one in results)
    by_kind: dict[str, Counter[str]] = {}
    for one in results:
        by_kind.setdefault(kind_of(one["part"]), Counter())[one["verdict"]] += 1
    report = {
        "seed": args.seed, "flips": args.flips, "parts": len({one["part"] for one in results}),
        "verdicts": dict(sorted(counts.items())),
        "by_kind": {kind: dict(sorted(n.items())) for kind, n in by_kind.items()},
    }  # fmt: skip
    print(json.dumps(report, indent=2))
    faults = [one for one in results if one["verdict"] in ("silent", "printed", "trace")]
    for one in faults:
        print(json.dumps(one))
    if args.json:
        args.json.write_text(json.dumps({**report, "results": results}, indent=2) + "\n", encoding="utf-8")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
