"""Frozen training data: written once by content, read back whole, refused when changed; subjects dealt into parts."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.snapshot import ARRAYS, MANIFEST, load_snapshot, save_snapshot, split_names, split_subjects
from app.errors import UserError

FACTS = {"subjects": ["S1", "S2"], "clips": ["a.mp4"], "condition": "full_context"}


def arrays(n=6, **changes):
    rng = np.random.default_rng(4)
    target = rng.uniform(-1, 1, (n, 2)).astype(np.float32)
    target[0] = np.nan
    target[1, 1] = np.nan
    columns = {
        "features": rng.normal(size=(n, 3)).astype(np.float32),
        "landmarks": rng.normal(size=(n, 10)).astype(np.float32),
        "target": target,
        "times_s": np.arange(n) / 25,
        "sequence": np.zeros(n, np.int32),
        "subject": np.arange(n, dtype=np.int32) % 2,
        "clip": np.zeros(n, np.int32),
    }
    return {**columns, **changes}


def test_what_was_frozen_is_read_back(tmp_path):
    given = arrays(images=np.arange(6 * 4, dtype=np.uint8).reshape(6, 2, 2))
    folder = save_snapshot(given, FACTS, tmp_path)
    read = load_snapshot(folder)
    for name, column in given.items():
        np.testing.assert_array_equal(getattr(read, name), column)
    assert (read.subjects, read.clips) == (("S1", "S2"), ("a.mp4",))
    assert read.manifest["condition"] == "full_context"
    assert read.manifest["rows"] == 6
    assert read.labelled.tolist() == [False, False, True, True, True, True]
    assert load_snapshot(save_snapshot(arrays(), FACTS, tmp_path)).images is None


def test_equal_data_lie_in_one_folder_and_other_data_in_another(tmp_path):
    first = save_snapshot(arrays(), FACTS, tmp_path)
    written = (first / ARRAYS).stat().st_mtime_ns
    again = save_snapshot(dict(reversed(arrays().items())), {**FACTS, "condition": "face_only"}, tmp_path)
    assert again == first
    assert (first / ARRAYS).stat().st_mtime_ns == written
    assert load_snapshot(first).manifest["condition"] == "face_only"
    assert save_snapshot(arrays(times_s=np.arange(6) / 30), FACTS, tmp_path) != first


def spoil(folder, what):
    if what == "bytes":
        content = bytearray((folder / ARRAYS).read_bytes())
        content[len(content) // 2] ^= 1
        (folder / ARRAYS).write_bytes(content)
    elif what == "no arrays":
        (folder / ARRAYS).unlink()
    elif what == "no manifest":
        (folder / MANIFEST).unlink()
    elif what == "broken manifest":
        (folder / MANIFEST).write_text("{", "utf-8")
    else:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        del manifest["subjects"]
        (folder / MANIFEST).write_text(json.dumps(manifest), "utf-8")


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("bytes", "have changed since"),
        ("no arrays", "cannot be read"),
        ("no manifest", "cannot be read"),
        ("broken manifest", "cannot be read"),
        ("no subjects", "cannot be read"),
    ],
)
def test_what_is_not_as_it_was_frozen_is_refused(tmp_path, what, said):
    folder = save_snapshot(arrays(), FACTS, tmp_path)
    spoil(folder, what)
    with pytest.raises(UserError, match=said) as refused:
        load_snapshot(folder)
    assert "again" in refused.value.todo


def test_columns_of_different_lengths_are_refused(tmp_path):
    folder = save_snapshot(arrays(clip=np.zeros(5, np.int32)), FACTS, tmp_path)
    with pytest.raises(UserError, match="different lengths"):
        load_snapshot(folder)


@given(st.integers(3, 60), st.integers(0, 2**31), st.floats(0, 1), st.floats(0, 1))
def test_every_subject_is_in_one_part_and_no_part_is_empty(n, seed, validation, test):
    parts = split_subjects(n, seed, validation=validation, test=test)
    assert sorted((*parts.train, *parts.validation, *parts.test)) == list(range(n))
    assert parts.train
    assert parts.validation
    assert parts.test
    assert split_subjects(n, seed, validation=validation, test=test) == parts


def test_shares_are_those_that_were_asked_for():
    parts = split_subjects(100, 1)
    assert (len(parts.train), len(parts.validation), len(parts.test)) == (50, 15, 35)
    assert split_subjects(100, 2) != parts


@given(st.sets(st.text("abcdef", min_size=1), min_size=3, max_size=20), st.integers(0, 9))
def test_a_deal_by_name_does_not_depend_on_the_order_of_names(names, seed):
    ordered = sorted(names)
    parts = split_names(ordered, seed)
    assert split_names(ordered[::-1], seed) == parts
    assert sorted(name for part in parts for name in part) == ordered
    assert all(parts)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_nobody_can_be_held_out_of_two(n):
    with pytest.raises(UserError, match="labelled clips of"):
        split_subjects(n, 0)
    with pytest.raises(UserError, match="labelled clips of"):
        split_names([f"S{i}" for i in range(n)])
