"""The processor time to import many annotations of ELAN, beside its floors: the XML parsed, the rows inserted.

    python -m benchmarks.eaf_import [--files 100] [--annotations 10000] [--json OUT]

It writes files in the layout of ELAN 3.0 with two tiers each. Three methods run in turn, each on all files: ElementTree
parses them and keeps nothing; our import reads, plans and stores them; bare sqlite3 inserts the rows that it stored
into a new file with the same table and indices, in one transaction. Processor time is that of this process; no method
searches for cycles of objects meanwhile.
"""

import argparse
import json
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar
from xml.etree import ElementTree

import numpy as np

from app.collector import paused_collector
from app.jobs import Context
from app.media.writer import ClipWriter
from app.services.exchange.planning import plan_import
from app.services.exchange.store import store_plan
from app.services.projects.files import add_clip, create_project

T = TypeVar("T")
CLIP_S = 600
"""Length of the clip in seconds."""
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<ANNOTATION_DOCUMENT AUTHOR="" DATE="2026-01-01T10:00:00+00:00" '
    'FORMAT="3.0" VERSION="3.0">\n<HEADER MEDIA_FILE="" TIME_UNITS="milliseconds"><MEDIA_DESCRIPTOR '
    'MEDIA_URL="file:///clip.mp4" MIME_TYPE="video/mp4"/></HEADER>\n'
)


def write_document(path: Path, annotations: int, seed: int) -> None:
    """Write a document with two tiers of annotations, half of them each."""
    rng = random.Random(seed)
    times = sorted(rng.randrange(0, CLIP_S * 1000) for _ in range(2 * annotations))
    slots = "".join(f'<TIME_SLOT TIME_SLOT_ID="ts{n}" TIME_VALUE="{ms}"/>\n' for n, ms in enumerate(times))
    tiers = []
    for tier in range(2):
        rows = (
            f'<ANNOTATION>\n<ALIGNABLE_ANNOTATION ANNOTATION_ID="a{n}" TIME_SLOT_REF1="ts{2 * n}" '
            f'TIME_SLOT_REF2="ts{2 * n + 1}">\n<ANNOTATION_VALUE>smile {rng.randrange(9)}</ANNOTATION_VALUE>\n'
            "</ALIGNABLE_ANNOTATION>\n</ANNOTATION>\n"
            for n in range(tier, annotations, 2)
        )
        tiers.append(
            f'<TIER ANNOTATOR="R{seed}" LINGUISTIC_TYPE_REF="default-lt" TIER_ID="tier {tier}">\n{"".join(rows)}'
        )
    body = "</TIER>\n".join([*tiers, ""])
    path.write_text(f"{HEAD}<TIME_ORDER>\n{slots}</TIME_ORDER>\n{body}</ANNOTATION_DOCUMENT>\n", "utf-8")


def processor_s(work: Callable[[], T]) -> tuple[float, T]:
    """Return the processor time of a call, and what it returns."""
    with paused_collector():
        began_s = time.process_time()
        found = work()
        return time.process_time() - began_s, found


def parse(paths: list[Path]) -> None:
    """Parse all files and keep nothing."""
    for path in paths:
        ElementTree.fromstring(path.read_bytes())


def inserted(source: Path, target: Path) -> float:
    """Insert the notes of a project into a new file with the same table and indices; return the processor time."""
    with closing(sqlite3.connect(source)) as project, closing(sqlite3.connect(target)) as bare:
        for (text,) in project.execute("SELECT sql FROM sqlite_master WHERE tbl_name = 'clip_note' AND sql NOT NULL"):
            bare.execute(text)
        rows = project.execute("SELECT * FROM clip_note ORDER BY id").fetchall()

        def work() -> None:
            bare.executemany(f"INSERT INTO clip_note VALUES ({', '.join('?' * len(rows[0]))})", rows)
            bare.commit()

        return processor_s(work)[0]


def measure(folder: Path, files: int, annotations: int) -> dict[str, float]:
    """Return the processor times of all parts, in seconds."""
    clip = folder / "clip.mp4"
    with ClipWriter(clip, 32, 32, rate=1) as writer:
        for _ in range(CLIP_S + 1):
            writer.write(np.zeros((32, 32, 3), np.uint8))
    paths = [folder / f"document {n:03d}.eaf" for n in range(files)]
    for number, path in enumerate(paths):
        write_document(path, annotations, number)
    project_path = folder / "p.affectograph"
    with create_project(project_path) as project:
        add_clip(project, clip)
        steps: list[str] = []
        ctx = Context(lambda progress: steps.append(progress.text))
        parse_s = processor_s(lambda: parse(paths))[0]
        plan_s, plan = processor_s(lambda: plan_import(project, paths, ctx=ctx))
        store_s, done = processor_s(
            lambda: store_plan(project, plan, condition="full_context", study="imported", ctx=ctx)
        )
    return {
        "annotations": done.events, "steps": len(steps), "parse_s": parse_s, "plan_s": plan_s, "store_s": store_s,
        "insert_s": inserted(project_path, folder / "bare.db"),
    }  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=100)
    parser.add_argument("--annotations", type=int, default=10_000, help="of each file")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), chosen.files, chosen.annotations)
    ours, floor = found["plan_s"] + found["store_s"], found["parse_s"] + found["insert_s"]
    print(f"{found['annotations']:,.0f} annotations of {chosen.files} files, progress told {found['steps']} times")
    print(f"floor: XML parsed {found['parse_s']:.2f} s, rows inserted {found['insert_s']:.2f} s, both {floor:.2f} s")
    print(f"ours: read and planned {found['plan_s']:.2f} s, stored {found['store_s']:.2f} s, both {ours:.2f} s")
    print(f"ratio: {ours / floor:.2f}")
    if chosen.json is not None:
        chosen.json.write_text(json.dumps(found, indent=1), "utf-8")


if __name__ == "__main__":
    main()
