"""What `affectograph agreement` prints: which rows are intensities, what the brackets hold, noughts as noughts."""

import json
import re

import pytest

from app.agreement.estimate import Estimate
from app.agreement.printed import printed_notes, printed_tables, with_interval
from app.agreement.report import agreement_report
from app.agreement.settings import AgreementSettings
from app.agreement.tables import shown
from app.cli import main
from app.cli.screen_table import heads
from tests.agreement.test_report import CONDITIONS, simulated, votes_table, write_csv


@pytest.mark.parametrize(
    ("value", "text"),
    [(1e-16, "0.000"), (-1e-16, "0.000"), (-0.0, "0.000"), (0.0004, "0.0004"), (1e-4, "0.0001"), (-0.25, "−0.250")],
)
def test_what_rounding_left_of_a_nought_reads_as_one(value, text):
    assert shown(value) == text


def test_a_sentence_reads_a_nought_too():
    assert " was 0;" in Estimate(1e-16, "E", "paper").sentence()
    assert " was 0.00012;" in Estimate(0.00012, "E", "paper").sentence()


def test_intervals_stand_in_brackets_where_there_are_some():
    assert with_interval(Estimate(0.5, "E", "p", low=0.25, high=0.75)) == "0.500 [0.250, 0.750]"
    assert with_interval(Estimate(0.5, "E", "p")) == "0.500"
    assert with_interval(Estimate(float("nan"), "E", "p")) == "–"


def test_each_table_says_what_was_judged():
    report = agreement_report(simulated()[0], votes_table(conditions=CONDITIONS), AgreementSettings(replicates=30))
    tables = {table.title: table for table in printed_tables(report)}
    assert list(tables) == [
        "Disagreement and reliability of intensities",
        "Disagreement and reliability of categories",
        "Effect of the viewing condition on intensities: face_only − full_context",
        "Effect sizes and equal prevalence, intensities: face_only − full_context",
        "Effect of the viewing condition on categories: face_only − full_context",
        "Effect sizes and equal prevalence, categories: face_only − full_context",
    ]
    effects = list(tables.values())[2::2]
    assert [row[0] for row in effects[0].rows] == ["happy", "sad", "angry"]
    assert effects[1].rows[-1][0] == "(all)"
    assert len(effects[0].rows) + len(effects[1].rows) == len(report.pairs)
    happy = next(p for p in report.pairs if (p.kind, p.emotion) == ("intensity", "happy"))
    assert effects[0].rows[0][1] == with_interval(happy.difference)
    assert effects[0].rows[0][1].count("[") == 1
    sizes = list(tables.values())[3]
    assert sizes.rows[0][1:4] == tuple(
        map(with_interval, (happy.d_z_estimate, happy.rank_biserial_estimate, happy.prevalence_adjusted))
    )
    notes = " ".join(printed_notes(report))
    assert "conditional on these 5 raters" in notes
    assert "unchanged mean rating" in notes
    assert "t interval of the jackknife over clips, 60 clips" in notes
    assert "Fleiss' kappa of categories: face_only" in notes


def test_without_resamples_nothing_is_said_of_intervals():
    report = agreement_report(simulated()[0], None, AgreementSettings(replicates=0))
    assert not any("[" in cell for table in printed_tables(report) for row in table.rows for cell in row)
    assert not any("brackets" in note for note in printed_notes(report))


def test_the_command_prints_intervals_within_100_columns(tmp_path, capsys):
    write_csv(tmp_path / "r.csv", simulated()[0])
    words = ["--bootstrap", "40", "--json", str(tmp_path / "out.json")]
    assert main(["agreement", "--ratings", str(tmp_path / "r.csv"), *words]) == 0
    printed = capsys.readouterr().out
    lines = [line for line in printed.splitlines() if not line.startswith("Note: ")]
    assert max(map(len, lines)) <= 100
    cell = json.loads((tmp_path / "out.json").read_text())["conditions"]["full_context"]["emotions"]["happy"]
    low, high = cell["alpha_ordinal_interval"]
    found = re.search(rf"full_context .*happy .*{cell['alpha_ordinal']:.3f} \[{low:.3f}, {high:.3f}\]", printed)
    assert found, printed


def test_one_rater_alone_is_told_why_there_is_nothing_but_dashes():
    report = agreement_report(
        simulated()[0].without_raters(["B", "C", "D", "E"]), None, AgreementSettings(replicates=0)
    )
    assert all(row[2] == "–" for row in printed_tables(report)[0].rows)
    notes = printed_notes(report)
    assert any(note.startswith("–: ") and "two" in note for note in notes), notes
    assert not any(note.startswith("p: ") for note in notes)


def test_heads_are_broken_between_words_and_only_where_the_table_is_too_wide():
    header, rows = ("emotion", "difference at equal prevalence", "items"), [["happy", "0.123", "48"]]
    assert [head.plain for head in heads(header, rows, 100)] == list(header)
    assert [head.plain for head in heads(header, rows, 40, ("emotion",))] == [
        "emotion", "difference\nat equal\nprevalence", "items",
    ]  # fmt: skip
    assert heads(("[red]x",), [["1"]], 2)[0].plain == "[red]x"
