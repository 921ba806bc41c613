"""What stands beside every result, the same in JSON, page, tables, console and figures."""

import hashlib
import json

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
    assert main(words) == 0
    said = " ".join(capsys.readouterr().out.split())
    sha = hashlib.sha256(path.read_bytes()).hexdigest()
    found = json.loads((tmp_path / "o.json").read_text())["provenance"]
    assert (found["program"], found["version"]) == ("Affectograph", __version__)
    assert found["inputs"] == [{"name": "r.csv", "sha256": sha}]
    assert found["unit"] == "subject"
    assert found["exclusions"] == [{"rater": "E", "reason": "--without"}]
    assert found["labels"][0]["raters"] == 4
    assert found["smallest_p"] == pytest.approx(2 / 2**9)
    assert "Krippendorff's alpha (ordinal)" in found["estimators"]
    page, table = (tmp_path / "o.html").read_text(), (tmp_path / "t" / "provenance.csv").read_text()
    for text in (said, page, table):
        assert sha in text
        assert f"Affectograph {__version__}" in text
        assert "within raters" in text
        assert "9 subjects" in text
        assert "cells missing" in text


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf"])
def test_figures_say_where_they_come_from(tmp_path, suffix):
    report = agreement_report(simulated(20)[0], None, AgreementSettings())
    save_figure(disagreement_figure(report), tmp_path / f"f.{suffix}", about=about_figure(report.provenance))
    data = (tmp_path / f"f.{suffix}").read_bytes()
    assert f"Affectograph {__version__}".encode() in data
    if suffix != "pdf":
        assert report.facts[0].sha256.encode() in data


def test_every_sentence_of_the_page_names_what_it_is_about():
    report = agreement_report(
        simulated(20)[0], votes_table(conditions=("face_only", "full_context")), AgreementSettings()
    )
    page = report_html(report)
    sentences = page[page.index("Every result as a sentence") :].split("<li>")[1:]
    assert len(sentences) > 50
    conditions = ("face_only", "full_context")
    assert all(any(c in sentence for c in conditions) for sentence in sentences)
