"""The benchmark of lags at its smallest size: what it prints."""

import pytest

from app.agreement import lags
from benchmarks.lags import DESIGNS, main


@pytest.mark.slow
def test_the_table_has_a_row_for_each_design_and_the_rule_stays(capsys):
    assert main(["--repetitions", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 + 4 * len(DESIGNS)
    assert lines[2].startswith("| 1 of 6 s | 6 | 3 | 0.67 | ")
    assert lines[2].endswith("| – | – | – |")
    assert lines[-1].startswith("| 10 of 30 s | 300 | 5 | 0.50 | 100% | ")
    assert lags.LEAST_S == 60.0
