"""The time of the agreement table at the size of Sun et al. 2018, against the krippendorff package.

The project holds 55,504 images x 9 emotions x 5 raters x 2 conditions with 5 % missing answers: five million
intensities. A fresh process on one core checks and reads the project file, then computes every estimate of the table
with its interval, and compares the conditions with 9,999 sign flips. The first process starts with an empty cache and
checks every row of the file. The others recognise its pages by their hash, as the program does until the file changes.
The alternative calls the krippendorff package for each resample of each cell; some of these calls are timed between our
runs and scaled up to all of them. benchmarks/agreement.md lists runs of several versions.

    python benchmarks/agreement.py                  # builds the project in a temporary folder (about a minute)
    python benchmarks/agreement.py --keep seed.affectograph      # keeps the project for the next time

Targets: at most 10 s once the rows have been checked, at least 50 times as fast as the package, at most 2 GB.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

N_ITEMS, N_RATERS, MISSING = 55_504, 5, 0.05
CONDITIONS = ("face_only", "full_context")
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def scores_of(n_items: int, n_emotions: int, seed: int = 0, n_raters: int = N_RATERS) -> NDArray[np.float64]:
    """Return simulated scores 0–5 of shape (items, raters, conditions, emotions), NaN where missing.

    Context makes the raters agree more.
    """
    rng = np.random.default_rng(seed)
    latent = rng.uniform(0, 5, (n_items, 1, 1, n_emotions)) * (rng.random((n_items, 1, 1, n_emotions)) < 0.4)
    noise = rng.normal(size=(n_items, n_raters, 2, n_emotions)) * np.array([1.1, 0.9])[:, None]
    scores: NDArray[np.float64] = np.clip(np.rint(latent + noise), 0, 5)
    scores[rng.random(scores.shape) < MISSING] = np.nan
    return scores


def build(path: Path, n_items: int, n_raters: int = N_RATERS) -> None:
    """Fill a project: the store writes one answer of each table, and the others are copied from it in bulk."""
    import db.answers
    import db.clips
    import db.items
    import db.raters
    import db.studies
    from app.domain.answers import Answer, AnswerKey, Circumstances, Intensity
    from app.domain.media import MediaInfo
    from app.domain.study_defaults import default_study
    from db.answers import NewAnswer
    from db.project import Project

    with Project.create(path) as project:
        info = MediaInfo(
            path=path.parent / "image0.png", kind="image", width=224, height=224, rotation_deg=0,
            time_base=Fraction(1, 1000), n_frames=1, duration_s=0.0, codec="png", average_rate=None,
            variable_rate=False, has_audio=False, audio_rate=0, audio_channels=0, complete=True, note="",
        )  # fmt: skip
        info.path.write_bytes(b"")
        clip = db.clips.add(project, info, "0" * 64)
        item = db.items.every(project, clip_id=clip.id)[0]
        study = default_study("seed", trace=False)
        record = db.studies.save(project, study)
        raters = [db.raters.add(project, f"R{k}").id for k in range(n_raters)]
        emotions = record.study.emotion_names
        answer = Answer({name: Intensity(0, response_s=1.0) for name in emotions}, response_s=1.0)
        for condition in CONDITIONS:
            key = AnswerKey(record.id, raters[0], item.id, condition)
            db.answers.add(
                project, NewAnswer(key, answer, Circumstances(study_version=record.version, source="import"))
            )
    _multiply(path, scores_of(n_items, len(emotions), n_raters=n_raters), raters, emotions)


def _multiply(path: Path, scores: NDArray[np.float64], raters: Sequence[int], emotions: Sequence[str]) -> None:
    from db import digests

    n_items = scores.shape[0]
    with closing(sqlite3.connect(path)) as base:
        base.row_factory = sqlite3.Row
        base.execute("PRAGMA synchronous = OFF")
        base.execute("PRAGMA foreign_keys = OFF")
        term = {row["text"]: row["id"] for row in base.execute("SELECT id, text FROM term")}
        reason = base.execute("SELECT coalesce(max(id), 0) + 1 FROM term").fetchone()[0]
        base.execute("INSERT INTO term (id, text) VALUES (?, ?)", (reason, "cannot tell (benchmark)"))
        clip, item, answer = (dict(base.execute(f"SELECT * FROM {t}").fetchone()) for t in ("clip", "item", "answer"))
        base.execute("DELETE FROM intensity")
        base.execute("DELETE FROM answer")
        _copies(base, "clip", clip, (
            {"id": i + 1, "uid": f"c{i:031x}", "sha256": f"{i:064x}", "name": f"image{i}.png"}
            for i in range(1, n_items)
        ))  # fmt: skip
        _copies(base, "item", item, (
            {"id": i + 1, "uid": f"i{i:031x}", "name": f"image{i}", "clip_id": i + 1, "position": i}
            for i in range(1, n_items)
        ))  # fmt: skip
        keys = [(i, r, c) for i in range(n_items) for r in range(len(raters)) for c in range(2)]
        _copies(base, "answer", answer, (
            {"id": k + 1, "uid": uuid.UUID(int=k).hex, "item_id": i + 1, "rater_id": raters[r],
             "condition_id": term[CONDITIONS[c]], "answered_at": 1e9 + k} for k, (i, r, c) in enumerate(keys)
        ))  # fmt: skip
        codes = [term[e] for e in emotions]
        order = np.argsort(codes)
        flat = scores.reshape(-1, len(emotions))[:, order]
        sorted_codes = [codes[o] for o in order]
        base.executemany(
            "INSERT INTO intensity (answer_id, emotion_id, score, missing_id) VALUES (?, ?, ?, ?)",
            (
                (k + 1, sorted_codes[e], None if s != s else int(s), reason if s != s else None)
                for k, row in enumerate(flat.tolist())
                for e, s in enumerate(row)
            ),
        )
        base.row_factory = None
        digests.seal_all(base)  # the rows came past the program
        base.commit()
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _copies(base: sqlite3.Connection, table: str, row: dict[str, Any], changes: Iterator[dict[str, Any]]) -> None:
    names = list(row)
    query = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
    base.executemany(query, (tuple({**row, **change}[n] for n in names) for change in changes))


def measure(path: Path, replicates: int) -> dict[str, float]:
    """Read and analyse the project in this process; return seconds of wall and processor time, and memory."""
    from app.agreement.report import agreement_report
    from app.agreement.settings import AgreementSettings
    from app.services.labels.tables import load_project_ratings

    started, cpu = time.perf_counter(), time.process_time()
    loaded = load_project_ratings(path, with_traces=False)
    read, read_cpu = time.perf_counter() - started, time.process_time() - cpu
    report = agreement_report(loaded.intensities, None, AgreementSettings(unit="item", replicates=replicates))
    cell = report.emotions[0]
    if loaded.intensities is None or cell.alpha_ordinal.interval is None or not report.pairs:
        raise SystemExit("The table is incomplete: an interval or a comparison is missing.")
    return {
        "read_s": read,
        "read_cpu_s": read_cpu,
        "wall_s": time.perf_counter() - started,
        "cpu_s": time.process_time() - cpu,
        "rss_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
        "rows": len(loaded.intensities),
        "cells": len(report.emotions),
    }


def time_package(counts: NDArray[np.int64], rng: np.random.Generator) -> dict[str, tuple[float, float]]:
    """Return the (wall, CPU) seconds that the package takes for one resample of one cell, by metric."""
    import krippendorff

    out = {}
    for metric in ("ordinal", "interval"):
        started, cpu = time.perf_counter(), time.process_time()
        pick = counts[rng.integers(0, counts.shape[0], counts.shape[0])]
        krippendorff.alpha(value_counts=pick, level_of_measurement=metric, value_domain=np.arange(6))
        out[metric] = (time.perf_counter() - started, time.process_time() - cpu)
    return out


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print the results; return 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=N_ITEMS)
    parser.add_argument("--bootstrap", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="project to build once and use again")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.child is not None:
        print(json.dumps(measure(args.child, args.bootstrap)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = args.keep or Path(folder) / "seed.affectograph"
        if not path.exists():
            print(f"building {args.items} items x 9 emotions x {N_RATERS} raters x 2 conditions ...", file=sys.stderr)
            build(path.resolve(), args.items)
        return _compare(path.resolve(), args, Path(folder) / "home")


def _compare(path: Path, args: argparse.Namespace, home: Path) -> int:
    scores = scores_of(args.items, 1, seed=1)[:, :, 0, 0]
    counts = np.stack([(scores == level).sum(axis=1) for level in range(6)], axis=1)
    rng = np.random.default_rng(0)
    ours, package = [], []
    command = [sys.executable, __file__, "--child", str(path), "--bootstrap", str(args.bootstrap)]
    surroundings = {**os.environ, **ONE_THREAD, "AFFECTOGRAPH_HOME": str(home)}
    for _ in range(1 + args.runs):
        done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=True)
        ours.append(json.loads(done.stdout))
        package += [time_package(counts, rng) for _ in range(4)]
    first = ours.pop(0)
    middle = {key: statistics.median(run[key] for run in ours) for key in ours[0]}
    cells = int(middle["cells"])
    per = [statistics.median(p["ordinal"][i] + p["interval"][i] for p in package) for i in (0, 1)]
    looped = [one * cells * args.bootstrap for one in per]
    print(
        f"{int(middle['rows']):,} intensities, {cells} cells, B = {args.bootstrap}, "
        f"median of {args.runs} runs, one core"
    )
    for name, run, wanted in (("the first time", first, ""), ("again", middle, "   (wanted: 10 s)")):
        print(f"  {name}: check and read the file, then the whole table with intervals")
        print(f"    checked and read         {run['read_s']:8.2f} s wall, {run['read_cpu_s']:.2f} s CPU")
        print(f"    everything               {run['wall_s']:8.2f} s wall, {run['cpu_s']:.2f} s CPU{wanted}")
    print(f"  memory                     {middle['rss_gb']:8.2f} GB                    (wanted: 2 GB)")
    print(f"  krippendorff 0.9, looped   {looped[0]:8.0f} s wall, {looped[1]:.0f} s CPU, from {len(package)} resamples")
    ratio = looped[0] / middle["wall_s"]
    print(f"  ratio                      {ratio:8.0f} x wall, {looped[1] / middle['cpu_s']:.0f} x CPU  (wanted: 50 x)")
    return 0 if middle["wall_s"] <= 10 and ratio >= 50 and middle["rss_gb"] <= 2 else 1


if __name__ == "__main__":
    sys.exit(main())
