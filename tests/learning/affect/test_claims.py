"""The table of claims: what is kept, what is trained again, and what is said of it."""

import json
from dataclasses import replace

import numpy as np
import pytest

from app.cli.claims import table, write_between
from app.errors import UserError
from app.jobs import Context
from app.learning.affect import claims_data
from app.learning.affect.claims import CLAIMS, VARIANTS, Training, judge, run_claims
from app.learning.affect.claims_data import SPEC, data_key, kept_data, read_data

TINY = replace(SPEC, subjects=4, clips_per_subject=1, seconds=2.0, rate=8)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return kept_data(Context(), tmp_path_factory.mktemp("claims"), TINY)


def test_data_are_made_once_and_come_back_as_they_were(kept, monkeypatch):
    data = read_data(kept)
    assert len(data.truth) == 4 * 16
    assert data.snapshot.landmarks.shape == (64, 136)
    assert set(data.snapshot.manifest["split"]) == {"train", "validation", "test"}
    assert len(data.raters) == claims_data.RATERS
    assert not np.array_equal(data.of_rater(0).target, data.of_rater(1).target, equal_nan=True)

    def never(*_):
        raise AssertionError("made again")

    monkeypatch.setattr(claims_data, "make_data", never)
    assert kept_data(Context(), kept.parent, TINY) == kept


def test_other_people_or_another_model_mean_other_data(monkeypatch):
    assert data_key(TINY) != data_key(SPEC)
    before = data_key(TINY)
    monkeypatch.setattr(claims_data, "sha256_of", lambda _path: "0" * 64)
    assert data_key(TINY) != before


@pytest.mark.slow
def test_what_was_trained_before_a_break_is_not_trained_again(kept):
    told = []
    tell = lambda done, total, name: told.append((done, total))  # noqa: E731
    found = run_claims(kept, [0], tell, epochs=1)
    assert told[0] == (0, len(VARIANTS))
    assert told[-1] == (len(VARIANTS), len(VARIANTS))
    file = kept.with_name(kept.stem.replace("data-", "trained-") + ".json")
    trained = json.loads(file.read_text())
    gone = Training("CNN", 0, 1).key
    before = trained.pop(gone)
    file.write_text(json.dumps(trained))
    told.clear()
    again = run_claims(kept, [0], tell, epochs=1)
    assert told == [(6, 7), (7, 7)]
    assert again == found
    assert json.loads(file.read_text())[gone] == pytest.approx(before)
    text = table(found, "A paper")
    assert all(f"\n| {variant.name} | " in text for variant in VARIANTS)
    assert "1 of 1" in text or "0 of 1" in text


def test_a_claim_holds_by_its_medians_and_counts_the_seeds_that_agree():
    claim = next(claim for claim in CLAIMS if claim.better == "CNN-RNN" and claim.than == "CNN")
    results = {variant.name: [[0.1, 0.1]] * 3 for variant in VARIANTS}
    results |= {"CNN-RNN": [[0.5, 0.5], [0.6, 0.4], [0.0, 0.1]], "CNN": [[0.4, 0.4], [0.4, 0.4], [0.4, 0.4]]}
    medians = {name: np.median(np.array(found), axis=0).tolist() for name, found in results.items()}
    judged = judge(claim, results, medians)
    assert judged["held"]
    assert judged["seeds"] == 2
    assert judged["paper"] == pytest.approx([0.5, 0.405])


def test_the_table_goes_between_its_marks_and_nothing_else_changes(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# A\n<!-- claims of system E: begin -->\nold\n<!-- claims of system E: end -->\nrest\n")
    write_between(page, "E", "new")
    assert page.read_text() == (
        "# A\n<!-- claims of system E: begin -->\n\nnew\n\n<!-- claims of system E: end -->\nrest\n"
    )
    with pytest.raises(UserError, match="no place"):
        write_between(page, "B", "new")
    with pytest.raises(UserError, match="no place"):
        write_between(tmp_path / "none.md", "E", "new")
