"""Flip bits of a project file, one at a time, and look whether each is found, refused or harmless.

    python -m benchmarks.bitflips [--flips 200] [--seed 0] [--project FILE] [--json OUT]

Each copy of the file with one bit flipped is checked, and asked for its exports, agreement and overview. A flip is
"found" where the check tells damage, "refused" where the file cannot be opened, and "harmless" where every table reads
as before and all commands print and export the same. What else becomes of it is a fault of the program: "silent" (rows
differ, and the check says nothing), "printed" (a command gave other numbers), "trace" (an exception that is no
sentence). Exit status 1 where there is any.
"""

import argparse
import contextlib
import gzip
import io
import json
import random
import re
import sqlite3
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.cli import main as command
from app.errors import UserError
from app.services.projects.files import check_project, open_project

_MADE_AT: Final = re.compile(r"(made.at\W+)\d{4}-\d\d-\d\dT[\d:.+Z]+")
"""When an output was made, which differs between any two of them."""
_FILE_HASH: Final = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
SAMPLE: Final = Path(__file__).resolve().parent.parent / "tests/data/projects/0.1/sound.affectograph.gz"


def rows_of(path: Path) -> dict[str, str]:
    """Every table as text, read without writing anything beside the file."""
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as connection:
        found = {}
        connection.text_factory = bytes
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            name = table.decode("utf-8", "replace")
            try:
                found[name] = repr(connection.execute(f'SELECT * FROM "{name}"').fetchall())
            except sqlite3.Error as error:
                found[name] = f"unreadable: {error}"
        return found


def said(path: Path, out: Path) -> dict[str, str]:
    """What commands print and export of a project; a refusal is one line that begins with "refused"."""
    told = {}
    asked: dict[str, list[str]] = {
        "info": ["project", "info", str(path)],
        "studies": ["study", "show", str(path)],
        "agreement": ["agreement", str(path), "--json", str(out / "agreement.json")],
        "export": ["ratings", "export", str(path), "--out", str(out / "export")],
    }
    for name, words in asked.items():
        screen, errors = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(screen), contextlib.redirect_stderr(errors):
            status = command(words)
        sentence = errors.getvalue().strip()
        printed = screen.getvalue().replace(str(path), "FILE").replace(str(out), "OUT")
        told[name] = printed if status == 0 else f"refused: {sentence}"
        if status not in (0, 1) or (status == 1 and not sentence):
            told[name] = f"status {status}: {sentence}"
    for file in sorted(p for p in out.rglob("*") if p.is_file() and not p.name.startswith(".")):
        told[str(file.relative_to(out))] = file.read_text("utf-8", "replace").replace(str(path), "FILE")
    # Reports name the file's hash, which any flipped bit changes.
    return {name: _MADE_AT.sub(r"\1", _FILE_HASH.sub("HASH", text)) for name, text in told.items()}


def judge(path: Path, good_rows: dict[str, str], good_words: dict[str, str], out: Path) -> tuple[str, str]:
    """What became of one flipped bit, and the details."""
    try:
        rows: dict[str, str] | sqlite3.Error = rows_of(path)  # before the commands: an export notes what it showed
    except sqlite3.Error as error:
        rows = error
    try:
        with open_project(path, read_only=True) as project:
            damage = [problem.what for problem in check_project(project, hash_files=False) if problem.damage]
        verdict, detail = ("found", damage[0]) if damage else ("harmless", "")
    except UserError as error:
        verdict, detail = "refused", str(error)
    except Exception as error:  # noqa: BLE001 — this is what we look for
        return "trace", repr(error)
    try:
        words = said(path, out)
    except Exception as error:  # noqa: BLE001
        return "trace", repr(error)
    for name, text in words.items():
        if text != good_words.get(name) and not text.startswith("refused: affectograph:"):
            return "printed", f"{name}: {text[:300]}"
    if verdict == "harmless":
        if rows != good_rows:
            return "silent", str(rows) if isinstance(rows, sqlite3.Error) else "rows differ"
        if any(text != good_words.get(name) for name, text in words.items()):
            return "silent", "a command refuses what the check finds sound"
    return verdict, detail


def run(source: Path, flips: int, seed: int, folder: Path) -> list[dict[str, Any]]:
    """Flip and judge.

    Args:
        source: A project of the present version; it is only read.
        flips: How many bits.
        seed: Of their places.
        folder: For copies and exports.
    """
    data = source.read_bytes()
    path = folder / "flipped.affectograph"
    path.write_bytes(data)
    good_rows, good_words = rows_of(path), said(path, folder / "good")
    results = []
    for number in range(flips):
        rng = random.Random(f"{seed}:{number}")
        place, bit = rng.randrange(len(data)), rng.randrange(8)
        flipped = bytearray(data)
        flipped[place] ^= 1 << bit
        path.unlink()
        path.write_bytes(flipped)
        with tempfile.TemporaryDirectory(dir=folder) as out:
            verdict, detail = judge(path, good_rows, good_words, Path(out))
        results.append({"number": number, "byte": place, "bit": bit, "verdict": verdict, "detail": detail})
    return results


def main(argv: list[str] | None = None) -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--flips", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--project", type=Path)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / "project.affectograph"
        source.write_bytes(args.project.read_bytes() if args.project else gzip.decompress(SAMPLE.read_bytes()))
        open_project(source).close()  # brings it to the present version
        results = run(source, args.flips, args.seed, Path(name))
        size = source.stat().st_size
    counts = Counter(one["verdict"] for one in results)
    report = {"bytes": size, "seed": args.seed, "flips": args.flips, "verdicts": dict(sorted(counts.items()))}
    print(json.dumps(report, indent=2))
    faults = [one for one in results if one["verdict"] in ("silent", "printed", "trace")]
    for one in faults:
        print(json.dumps(one))
    if args.json:
        args.json.write_text(json.dumps({**report, "results": results}, indent=2) + "\n", encoding="utf-8")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
