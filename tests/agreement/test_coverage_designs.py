"""The short form of benchmarks/coverage.py."""

import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import pytest


@pytest.fixture(scope="module")
def coverage():
    path = Path(__file__).resolve().parents[2] / "benchmarks" / "coverage.py"
    spec = importlib.util.spec_from_file_location("coverage", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["12x5", "6x10", "traces6"])
def test_intervals_cover_and_nulls_stay_null(coverage, name):
    record = coverage.Record(None, {})
    outcomes = coverage.study(name, record, 60, 1, 12_000)
    rows = coverage.rows_of(name, outcomes, record.truth[name])
    # Three standard errors below 92 %: 60 repetitions of estimates that hang together.
    assert min(r.covered for r in rows) >= 0.82
    assert np.mean([r.covered for r in rows]) >= 0.88
    assert max(r.width for r in rows) <= 1.7
    false = coverage.false_positives(outcomes)
    assert np.isnan(false) or false <= 0.17  # the upper 0.5 % of the binomial at 7 %


def test_rare_emotions_and_few_traces_have_no_interval_and_are_counted(coverage):
    record = coverage.Record(None, {})
    for name, at_least in (("rare60", 0.3), ("traces4", 1.0)):
        outcomes = coverage.study(name, record, 8, 1, 6_000)
        rows = coverage.rows_of(name, outcomes, record.truth[name])
        assert max(r.without for r in rows) >= at_least


def test_a_stopped_run_goes_on_where_it_was(coverage, tmp_path, capsys):
    path, table = tmp_path / "c.jsonl", tmp_path / "c.md"
    words = ["--designs", "traces6", "--truth-items", "6000", "--resume", str(path), "--table", str(table)]
    coverage.main([*words, "--repetitions", "3"])
    lines = path.read_text().splitlines()
    path.write_text("\n".join(lines[:-1]) + "\n" + lines[-1][:20])
    coverage.main([*words, "--repetitions", "4"])
    again = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["k"] for line in again if "k" in line] == [0, 1, 2, 3]
    assert again[4] == json.loads(lines[-1])
    assert "| traces6 | 6 | trace CCC |" in table.read_text()
    with pytest.raises(SystemExit, match="other settings"):
        coverage.main([*words, "--seed", "2"])
