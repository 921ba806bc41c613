"""Sixty tables that R has computed (lme4, psych, and the definitions written out) give the same numbers here."""

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from app.agreement.ccc import ccc
from app.agreement.icc import icc
from app.agreement.kappa import cohen_kappa, cohen_table
from app.agreement.reml import components
from app.agreement.report import agreement_report
from app.agreement.settings import AgreementSettings
from tests.agreement.foreign_tables import CONDITIONS, KINDS, TABLES, table_of

VALUES = Path(__file__).parent.parent / "data" / "r" / "values.csv"
PSYCH = ("ICC1", "ICC1k", "ICC2", "ICC2k", "ICC3", "ICC3k")
EXACT = {"rel": 1e-9, "abs": 1e-9}


@pytest.fixture(scope="module")
def of_r():
    """(table, condition) → quantity → value."""
    found = defaultdict(dict)
    with VALUES.open(newline="") as file:
        for row in csv.DictReader(file):
            found[row["table"], row["condition"]][row["quantity"]] = float(row["value"] or "nan")
    assert len(found) == len(KINDS) * TABLES * 3
    return found


def same_interval(one, theirs, name):
    """Whether an estimate has the interval of R, or none where R has none."""
    ends = theirs[f"{name}_low"], theirs[f"{name}_high"]
    if np.isnan(ends[0]):
        return one.interval is None and "carry the value" in one.reason
    return one.interval == pytest.approx(ends, abs=1e-7)


def matrix_of(table, condition):
    """(clips, raters) scores of one condition, raters by name."""
    rows = table.condition.codes == table.condition.names.index(condition)
    codes = table.rater.codes[rows]
    used = sorted(set(codes.tolist()), key=lambda code: table.rater.names[code])
    matrix = np.full((len(table.items), len(used)), np.nan)
    matrix[table.item[rows], [used.index(code) for code in codes]] = table.score[rows]
    return matrix


@pytest.mark.parametrize("number", range(TABLES))
@pytest.mark.parametrize("kind", KINDS)
def test_coefficients_of_one_condition_are_those_of_r(tmp_path, of_r, kind, number):
    table = table_of(kind, number, tmp_path)
    for condition in CONDITIONS:
        theirs, matrix = of_r[f"{kind}{number}", condition], matrix_of(table, condition)
        mixed = components(matrix)
        assert mixed.agreement == pytest.approx(theirs["reml_A"], abs=1e-4)
        assert mixed.consistency == pytest.approx(theirs["reml_C"], abs=1e-4)
        pair = matrix[~np.isnan(matrix[:, :2]).any(axis=1), :2]
        labels = np.arange(6.0)
        for weights, name in (("quadratic", "kappa_quadratic"), ("none", "kappa_plain")):
            ours = cohen_kappa(cohen_table(pair[:, 0], pair[:, 1], labels), weights, labels=labels).value
            assert ours == pytest.approx(theirs[name], **EXACT)
        assert ccc(pair[:, 0], pair[:, 1]) == pytest.approx(theirs["ccc"], **EXACT)
        if kind != "incomplete":
            found = icc(matrix, interval="F")
            for name, one in zip(PSYCH, found.all(), strict=True):
                assert one.value == pytest.approx(theirs[f"psych_{name}"], abs=1e-6), name
                assert one.low == pytest.approx(theirs[f"psych_{name}_low"], abs=1e-5), name
                assert one.high == pytest.approx(theirs[f"psych_{name}_high"], abs=1e-5), name


@pytest.mark.parametrize("number", range(TABLES))
@pytest.mark.parametrize("kind", KINDS)
def test_the_report_is_that_of_r(tmp_path, of_r, kind, number):
    report = agreement_report(table_of(kind, number, tmp_path), None, AgreementSettings(unit="subject"))
    for cell in report.emotions:
        theirs = of_r[f"{kind}{number}", cell.condition]
        assert cell.disagreement.value == pytest.approx(theirs["disagreement"], **EXACT)
        assert cell.alpha_ordinal.value == pytest.approx(theirs["alpha_ordinal"], **EXACT)
        assert cell.alpha_interval.value == pytest.approx(theirs["alpha_interval"], **EXACT)
        assert same_interval(cell.disagreement, theirs, "disagreement")
        assert same_interval(cell.alpha_interval, theirs, "alpha_interval")
    (pair,), theirs = report.pairs, of_r[f"{kind}{number}", ""]
    assert pair.difference.value == pytest.approx(theirs["difference"], **EXACT)
    assert pair.d_z == pytest.approx(theirs["d_z"], **EXACT)
    assert pair.rank_biserial == pytest.approx(theirs["rank_biserial"], **EXACT)
    assert pair.p_units == pytest.approx(theirs["p_units"], abs=1e-12)
    left = pair.prevalence_adjusted
    assert left.value == pytest.approx(theirs["equal_prevalence"], abs=1e-8)
    assert same_interval(left, theirs, "equal_prevalence")
    if kind == "between":
        assert pair.p_raters == pytest.approx(theirs["p_raters"], abs=1e-12)
        assert pair.p == max(pair.p_units, pair.p_raters)
    else:
        assert same_interval(pair.difference, theirs, "difference")
