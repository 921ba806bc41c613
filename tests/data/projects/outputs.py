"""What the commands write and print about the projects of old versions, to be compared with another time or version.

    python -m tests.data.projects.outputs FOLDER [--demo]

writes everything into a new folder; run it before and after a change, and `diff -r` of the two folders shows what the
change did to anybody's numbers. With `--demo` the demo project is asked too.

    python -m tests.data.projects.outputs --write

writes the part that is committed beside the projects (`0.1/outputs`). It began as what 0.1 itself printed: write it
anew only where a change is meant, and say in CHANGELOG.md what became different. The tests compare with it.
"""

import argparse
import contextlib
import gzip
import io
import json
import os
import re
import shutil
import sqlite3
import tempfile
from html.parser import HTMLParser
from pathlib import Path

from app.cli import main as affectograph
from app.jobs import Context
from app.services.demo.project import ensure_demo_project
from app.services.projects.files import open_project

HERE = Path(__file__).parent
VERSIONS = ("0.1",)
SAMPLES = [(version, file.name.split(".")[0]) for version in VERSIONS for file in sorted((HERE / version).glob("*.gz"))]
"""(version, name) of every old project."""

COMMITTED = ("agreement.json", "agreement.txt", "agreement.html.txt", "tables/*.csv", "labels/*")
"""What of the outputs lies beside the projects."""
LARGE_BYTES = 20_000
"""A file that is larger is committed compressed."""

_NUMBER = re.compile(r"(?<![\w.])-?\d+\.?\d*(?:e[+-]?\d+)?(?![\w])")
_UID = re.compile(r"\b[0-9a-f]{32}\b")
_MOMENT = re.compile(r"\b20\d\d-\d\d-\d\dT[0-9:.]+(?:Z|[+-]\d\d:\d\d)")
_MADE = re.compile(r"(made[ _]at\W{1,5})" + _MOMENT.pattern)


def unpack(version, name, folder):
    """Put a project of an old version and its clips into a folder; the project file."""
    shutil.copytree(HERE / version / "clips", folder / "clips", dirs_exist_ok=True)
    path = folder / f"{name}.affectograph"
    path.write_bytes(gzip.decompress((HERE / version / f"{path.name}.gz").read_bytes()))
    return path


def row_counts(path):
    """Table → rows, of a project file as it lies there."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in names}


def ask(project, out):
    """Run what only reads, and whose outputs are committed."""
    name = project.name
    run(project.parent, out / "agreement.txt", "agreement", name, "--traces", "--bootstrap", "200", "--seed", "3",
        "--json", out / "agreement.json", "--html", out / "agreement.html", "--csv", out / "tables")  # fmt: skip
    run(project.parent, out / "labels.txt", "ratings", "export", name, "--out", out / "labels", "--comments")
    if (out / "agreement.html").exists():
        (out / "agreement.html.txt").write_text(_words((out / "agreement.html").read_text("utf-8")), "utf-8")


def ask_more(project, out):
    """Run everything else that is the same each time; the last commands store gold standards."""
    folder, name = project.parent, project.name
    run(folder, out / "info.json", "project", "info", name, "--json")
    run(folder, out / "check.txt", "project", "check", name)
    run(folder, out / "study.json", "study", "show", name, "--json")
    run(folder, out / "study.txt", "study", "show", name)
    with contextlib.closing(sqlite3.connect(project)) as connection:
        studies = [study for (study,) in connection.execute("SELECT name FROM study ORDER BY name")]
    for study in studies:
        run(folder, out / f"preview_{study}.txt", "study", "preview", name, study, "--csv", out / f"{study}.csv")
        run(folder, out / f"agreement_{study}.txt", "agreement", name, "--study", study, "--with-excluded", "--by",
            "item", "--bootstrap", "0", "--json", out / f"agreement_{study}.json")  # fmt: skip
    clips = sorted(str(clip.relative_to(folder)) for clip in folder.rglob("*.mp4"))
    run(folder, out / "analyze.txt", "analyze", *clips, "--project", name, "--out", out / "analyze", "--device", "cpu")
    for timed in (*(out / "analyze").glob("*.png"), *(out / "analyze").glob("*.json"), out / "analyze.txt"):
        timed.unlink()
    for kind, methods in {
        "intensity": ("mean", "median", "ewe"),
        "category": ("plurality", "majority", "ferplus", "soft", "dawid_skene"),
        "trace": ("mean", "median", "ewe", "barycentre"),
    }.items():
        for method in methods:
            place = out / f"gold_{kind}_{method}"
            run(folder, place.with_suffix(".txt"), "gold", name, "--kind", kind, "--method", method,
                "--json", place.with_suffix(".json"))  # fmt: skip


def run(folder, printed, *words):
    """Run a command in the project's folder and keep what it prints, without the names of folders."""
    printed.parent.mkdir(parents=True, exist_ok=True)
    said = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        status = affectograph([str(word) for word in words])
    text = said.getvalue().replace(str(printed.parent), "OUT").replace(str(folder), "HERE")
    text = re.sub(r'"size_bytes": \d+', '"size_bytes": 0', text)
    printed.write_text(text + (f"exit status {status}\n" if status else ""), "utf-8")


class _Words(HTMLParser):
    """The text of a page; drawings differ with the version of what draws them."""

    def __init__(self):
        super().__init__()
        self.found, self.within = [], 0

    def handle_starttag(self, tag, attrs):
        self.within += tag in ("svg", "style", "script")

    def handle_endtag(self, tag):
        self.within -= tag in ("svg", "style", "script")

    def handle_data(self, data):
        if not self.within and data.strip():
            self.found.append(" ".join(data.split()))


def _words(page):
    parser = _Words()
    parser.feed(page)
    return "\n".join(parser.found) + "\n"


def committed(out):
    """Relative path → text of what is committed of the outputs in a folder."""
    found = sorted({path for pattern in COMMITTED for path in out.glob(pattern) if not path.name.startswith(".")})
    # When a table was made is different each time; when an answer was given is not.
    return {path.relative_to(out).as_posix(): _MADE.sub(r"\1MOMENT", path.read_text("utf-8")) for path in found}


def stored(version, name):
    """Relative path → text of what lies beside the projects."""
    folder = HERE / version / "outputs" / name
    found = {}
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        raw, where = path.read_bytes(), path.relative_to(folder).as_posix()
        found[where.removesuffix(".gz")] = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    return found


def split(text):
    """A text's words between numbers, and its numbers; the last digits of a number may differ between machines."""
    return _NUMBER.split(text), [float(number) for number in _NUMBER.findall(text)]


def _masked(folder):
    """What is drawn anew each time the demo is made: uids and moments."""
    for path in folder.rglob("*.*"):
        if path.is_file():
            text = _MOMENT.sub("MOMENT", _UID.sub("UID", path.read_text("utf-8")))
            path.write_text(text, "utf-8")


def _write():
    for version, name in SAMPLES:
        with tempfile.TemporaryDirectory() as place:
            project = unpack(version, name, Path(place) / "project")
            open_project(project).close()  # brings it up to date: what only reads would refuse it
            ask(project, Path(place) / "out")
            folder = HERE / version / "outputs" / name
            shutil.rmtree(folder, ignore_errors=True)
            for file, text in committed(Path(place) / "out").items():
                (folder / file).parent.mkdir(parents=True, exist_ok=True)
                if len(text) > LARGE_BYTES:
                    (folder / f"{file}.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
                else:
                    (folder / file).write_text(text, "utf-8")
    for version in VERSIONS:
        counts = {}
        for _, name in [sample for sample in SAMPLES if sample[0] == version]:
            with tempfile.TemporaryDirectory() as place:
                counts[name] = row_counts(unpack(version, name, Path(place)))
        (HERE / version / "rows.json").write_text(json.dumps(counts, indent=1) + "\n", "utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, help="a new folder")
    parser.add_argument("--demo", action="store_true", help="ask the demo project too")
    parser.add_argument("--write", action="store_true", help="write what is committed beside the projects")
    args = parser.parse_args()
    if (args.folder is None) != args.write:
        parser.error("name a new folder, or --write")
    with tempfile.TemporaryDirectory() as home:
        os.environ["AFFECTOGRAPH_HOME"] = home
        if args.write:
            _write()
            return
        args.folder.mkdir(parents=True)
        for version, name in SAMPLES:
            with tempfile.TemporaryDirectory() as place:
                project = unpack(version, name, Path(place))
                open_project(project).close()
                ask(project, args.folder.resolve() / version / name)
                ask_more(project, args.folder.resolve() / version / name)
        if args.demo:
            _ask_demo(args.folder.resolve() / "demo")


def _ask_demo(out):
    """Make the demo project in the home folder of this run, and ask it."""
    project = ensure_demo_project(Context())
    ask(project, out)
    ask_more(project, out)
    _masked(out)


if __name__ == "__main__":
    main()
