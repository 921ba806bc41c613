"""Finished fusions of made-up members for tests of the window."""

from pathlib import Path

import numpy as np

from app.fusion.frozen import Frozen, freeze
from app.fusion.partition import PartitionName, dealt
from app.fusion.table import Kind
from app.fusion.ways import Way
from app.learning.fusion.train import run_all
from app.learning.process.journal import Journal
from app.services.fusion.outcome import FusionOutcome, read_outcome
from tests.fusion.tables import world

FACTS = {
    "labels": {"title": "Categories of all raters", "condition": "full_context"},
    "people": {},
    "notes": [],
    "members": [
        {"name": name, "recipe": "gru", "condition": condition, "predictions_sha256": []}
        for name, condition in (("m0", "face_only"), ("m1", "full_context"), ("m2", "full_context"))
    ],
}


def frozen(place: Path, partition: PartitionName = "folds") -> Frozen:
    """Return the predictions of three members on 24 people, of whom 8 are held out."""
    table = world(people=24, each=6, seed=3)
    table.kind[:, :96] = int(Kind.STOPPED if partition == "as_in_d" else Kind.OUT_OF_FOLD)
    # One member says nothing of one item.
    table.said[2, 100] = np.nan
    table.kind[2, 100] = int(Kind.NONE)
    return freeze(table, dealt(table, partition), FACTS, place / "fusions")


def outcome(place: Path, way: Way | None = None, partition: PartitionName = "folds") -> FusionOutcome:
    """Choose weights for them, as the child process does, and read what was found."""
    data, run = frozen(place, partition), place / "run"
    run.mkdir(parents=True, exist_ok=True)
    journal = Journal(run)
    run_all(data, way or Way("model", draws=20), run, journal)
    journal.close()
    return read_outcome(run, data.folder)
