"""Whatever a file went through, reading it gives sound values or one sentence: 200 mutations of every example."""

import shutil
import warnings

import numpy as np
import pytest

from app.errors import UserError
from app.interchange.readers.registry import read_foreign
from tests.interchange.readers.examples import NOVA_VALUES, TEXTS, VARIANTS, write_all
from tests.interchange.readers.mutations import mutated

SEEDS = 200
KINDS = [*TEXTS, *VARIANTS, *(f"nova-{kind}-{how}" for kind, how in NOVA_VALUES), "annemo", "gtrace", "feeltrace"]


@pytest.fixture(scope="module")
def examples(tmp_path_factory):
    return write_all(tmp_path_factory.mktemp("examples"))


def check_sound(found):
    for one in [*found.traces, *found.measures]:
        assert np.isfinite(one.times_s).all()
        assert (np.diff(one.times_s) >= 0).all()
        assert len(one.times_s) == len(one.values) > 0
        assert not np.isinf(one.values).any()
    for mark in found.marks:
        assert np.isfinite(mark.start_s)
        assert mark.end_s is None or mark.end_s >= mark.start_s


def outcome(path):
    """What reading gives: sound values, or a sentence with what to do. Anything else fails."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            found = read_foreign(path)
        except UserError as error:
            refusal = error
        else:
            for one in found:
                check_sound(one)
            return None
    assert refusal.what.strip().endswith(".")
    assert refusal.todo
    assert "\n" not in refusal.what
    assert len(refusal.what) < 600
    return refusal


@pytest.mark.parametrize("kind", KINDS)
def test_a_mutated_file_is_read_or_refused_in_a_sentence(examples, kind, tmp_path):
    path = examples[kind]
    assert outcome(path) is None
    work = tmp_path / path.name
    refused = 0
    for seed in range(SEEDS):
        companion = path.with_name(path.name + "~")
        if companion.exists():
            both = [companion, path] if seed % 2 else [path, companion]
            shutil.copy(both[1], tmp_path / both[1].name)
            (tmp_path / both[0].name).write_bytes(mutated(both[0].read_bytes(), seed))
        else:
            work.write_bytes(mutated(path.read_bytes(), seed))
        refused += outcome(work) is not None
    assert 0 < refused < SEEDS
    for left in tmp_path.iterdir():
        left.unlink()


def test_mutated_files_of_others_are_read_or_refused_in_a_sentence(shared, tmp_path):
    for path in sorted((shared / "formats").rglob("*")):
        if path.is_dir() or path.name == "README.md" or path.name.endswith("~"):
            continue
        companion = path.with_name(path.name + "~")
        if companion.exists():
            shutil.copy(companion, tmp_path / companion.name)
        raw = path.read_bytes()
        for seed in range(SEEDS if len(raw) < 100_000 else 10):
            (tmp_path / path.name).write_bytes(mutated(raw, seed))
            outcome(tmp_path / path.name)
