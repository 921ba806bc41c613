"""What stands beside every result, the same in JSON, page, tables, console and figures."""

import csv
import hashlib
import html
import json
import re
from datetime import UTC, datetime

import numpy as np
import pytest

from app import __version__
from app.agreement.figures import about_figure, disagreement_figure, save_figure
from app.agreement.page import report_html
from app.agreement.provenance import facts_of
from app.agreement.report import agreement_report
from app.agreement.settings import AgreementSettings
from app.cli import main
from tests.agreement.test_report import simulated, votes_table, write_csv


def test_facts_count_what_is_there():
    table, scores = simulated()
    facts = facts_of(table)
    known = int((~np.isnan(scores)).sum())
    assert (facts.kind, facts.subjects, facts.clips, facts.items, facts.raters) == ("intensities", 9, 60, 60, 5)
    assert (facts.ratings, facts.cells, facts.missing) == (known, scores.size, scores.size - known)
    assert facts.per_item == (5, 5)
    assert facts.sha256 == facts_of(simulated()[0]).sha256
    assert facts.sha256 != facts_of(simulated(seed=1)[0]).sha256
    votes = facts_of(votes_table(low=1))
    assert (votes.raters, votes.cells, votes.subjects) == (0, 0, 35)
    assert votes.per_item[0] >= 1


def test_the_command_writes_it_everywhere(tmp_path, capsys):
    path = tmp_path / "r.csv"
    write_csv(path, simulated(20)[0])
    words = ["agreement", "--ratings", str(path), "--json", str(tmp_path / "o.json"), "--without", "E"]
    words += ["--html", str(tmp_path / "o.html"), "--csv", str(tmp_path / "t")]
    began = datetime.now(UTC).replace(microsecond=0)
    assert main(words) == 0
    said = " ".join(capsys.readouterr().out.split())
    sha = hashlib.sha256(path.read_bytes()).hexdigest()
    found = json.loads((tmp_path / "o.json").read_text())["provenance"]
    assert (found["program"], found["version"]) == ("Affectograph", __version__)
    assert found["inputs"] == [{"name": "r.csv", "sha256": sha}]
    assert found["unit"] == "subject"
    assert found["exclusions"] == [{"rater": "E", "reason": "left out for this analysis"}]
    assert found["labels"][0]["raters"] == 4
    assert found["smallest_p"] == pytest.approx(2 / 2**9)
    assert "Krippendorff's alpha (ordinal)" in found["estimators"]
    kappa = "Cohen's weighted kappa (quadratic weights)"
    assert found["formulas"][kappa].startswith("2 s_xy / (s_x^2 + s_y^2")
    assert set(found["formulas"]) == set(found["estimators"])
    assert all(found["formulas"].values())
    page = html.unescape((tmp_path / "o.html").read_text())
    with (tmp_path / "t" / "provenance.csv").open(newline="") as file:
        table = "\n".join(": ".join(row) for row in csv.reader(file))
    listed = [
        sha, found["labels"][0]["sha256"], f"Affectograph {__version__}",
        "within raters", "9 subjects, 20 clips, 20 items, 4 raters, 4 raters an item", "cells missing",
        "each subject is left out once", "9999, seed 0", "step-down max-T",
        "E (left out for this analysis)", "can occur", "0.0039",
        "ICC(A,1), two-way, absolute agreement, single rating: (MSR",
        f"{kappa}: {found['formulas'][kappa]} (Cohen 1968",
        "matched-pairs rank-biserial correlation: (sum of ranks",
    ]  # fmt: skip
    for text in (said, page, table):
        assert [fact for fact in listed if fact not in text] == []
        (made_at,) = set(re.findall(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", text))
        assert began <= datetime.fromisoformat(made_at) <= datetime.now(UTC)


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf"])
def test_figures_say_where_they_come_from(tmp_path, suffix):
    report = agreement_report(simulated(20)[0], None, AgreementSettings())
    save_figure(disagreement_figure(report), tmp_path / f"f.{suffix}", about=about_figure(report.provenance))
    data = (tmp_path / f"f.{suffix}").read_bytes()
    assert f"Affectograph {__version__}".encode() in data
    if suffix != "pdf":  # which compresses its text
        for what, value in report.provenance.rows():
            assert value.split(":")[0] in html.unescape(data.decode("utf-8", "replace")), what


def test_every_sentence_of_the_page_names_what_it_is_about():
    report = agreement_report(
        simulated(20)[0], votes_table(conditions=("face_only", "full_context")), AgreementSettings()
    )
    page = report_html(report)
    sentences = page[page.index("Every result as a sentence") :].split("<li>")[1:]
    assert len(sentences) > 50
    conditions = ("face_only", "full_context")
    assert all(any(c in sentence for c in conditions) for sentence in sentences)
