"""Sixty seeded tables of ratings that other programs have computed, see `tests/data/r/README.md`.

Twenty each: clustered (subjects with several clips), incomplete (a third of the ratings missing), and between raters
(each condition with raters of its own). `python -m tests.agreement.foreign_tables FOLDER` writes them as CSV for
`tests/data/r/reference.R`.
"""

import sys
from pathlib import Path

import numpy as np

from app.domain.ratings import RatingTable
from app.interchange.tidy_ratings import read_ratings

KINDS = ("clustered", "incomplete", "between")
TABLES = 20
CONDITIONS = ("a", "b")


def text_of(kind: str, number: int) -> str:
    """One table as CSV: subject, clip, condition, rater, emotion, score."""
    rng = np.random.default_rng([KINDS.index(kind), number, 1411])
    subjects, clips, raters = (8, 4, 4) if kind == "clustered" else (10, 3, 4) if kind == "incomplete" else (9, 2, 3)
    tilt = rng.normal(0, 0.9 if kind == "clustered" else 0.3, subjects)
    lines = ["subject,clip,condition,rater,emotion,score"]
    bias = rng.normal(0, 0.5, 2 * raters)
    for subject in range(subjects):
        for clip in range(clips):
            level = 2.2 + tilt[subject] + rng.normal(0, 1.1)
            for c, condition in enumerate(CONDITIONS):
                for rater in range(raters):
                    who = rater + raters * c if kind == "between" else rater
                    score = level + 0.4 * c + bias[who] + rng.normal(0, 0.9)
                    missing = rng.random() < (0.33 if kind == "incomplete" else 0.0)
                    if not missing:
                        lines.append(
                            f"s{subject},s{subject}c{clip},{condition},r{who},happy,{min(max(round(score), 0), 5)}"
                        )
    return "\n".join(lines) + "\n"


def table_of(kind: str, number: int, folder: Path) -> RatingTable:
    """The same as our reader takes it."""
    path = folder / f"{kind}{number}.csv"
    path.write_text(text_of(kind, number), encoding="utf-8")
    return read_ratings(path)


if __name__ == "__main__":
    place = Path(sys.argv[1])
    place.mkdir(parents=True, exist_ok=True)
    for one in KINDS:
        for n in range(TABLES):
            (place / f"{one}{n}.csv").write_text(text_of(one, n), encoding="utf-8")
