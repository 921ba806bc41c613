"""The table of claims: what is kept, what is trained again, and what is said of it."""

import json
from dataclasses import replace

import numpy as np
import pytest

from app.agreement.pooled import moments
from app.cli.claims import table, write_between
from app.errors import UserError
from app.jobs import Context
from app.learning.affect import claims, claims_data
from app.learning.affect.claims import CLAIMS, VARIANTS, Training, judge, run_claims
from app.learning.affect.claims_data import SPEC, data_key, kept_data, read_data
from app.learning.affect.verdict import verdict
from app.learning.process import code_version
from app.learning.process.code_version import files_version

TINY = replace(SPEC, subjects=4, clips_per_subject=1, seconds=4.0, rate=8)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return kept_data(Context(), tmp_path_factory.mktemp("claims"), TINY)


def test_data_are_made_once_and_come_back_as_they_were(kept, monkeypatch):
    data = read_data(kept)
    assert len(data.truth) == 4 * 32
    assert data.snapshot.landmarks.shape == (128, 136)
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
    assert json.loads(file.read_text())[gone]["ccc"] == pytest.approx(before["ccc"])
    data = read_data(kept)
    assert found["frames"] == 32 * len(data.snapshot.manifest["split"]["test"]) < len(data.truth)
    text = table(found, "A paper")
    assert all(f"\n| {variant.name} | " in text for variant in VARIANTS)
    assert "1 of 1" in text or "0 of 1" in text


SUBJECTS = 8


def sums_of(noise, seed, subjects=SUBJECTS):
    """(subjects, dimensions, 6) sums of predictions with noise of this size."""
    out = []
    for subject in range(subjects):
        rng = np.random.default_rng([seed, subject])
        gold = rng.normal(size=(2, 200))
        out.append([moments(one, one + noise * rng.normal(size=200)) for one in gold])
    return np.array(out)


def test_a_claim_holds_by_the_interval_over_subjects_and_four_of_five_seeds():
    good, bad = ([sums_of(noise, seed) for seed in range(5)] for noise in (0.3, 0.9))
    found = verdict(good, bad)
    assert (found.answer, found.agree, found.reason) == ("held", 5, "")
    assert 0 < found.interval[0] < found.difference < found.interval[1]
    back = verdict(bad, good)
    assert (back.answer, back.agree) == ("not held", 0)
    assert back.interval == pytest.approx([-found.interval[1], -found.interval[0]], abs=0.01)


def test_a_bare_difference_is_no_held_claim():
    one, other = ([sums_of(0.5, seed) for seed in seeds] for seeds in (range(5), range(5, 10)))
    found = verdict(one, other)
    assert found.difference != 0
    assert found.answer == "undecided"
    assert "contains 0" in found.reason
    seeds = [sums_of(noise, k) for k, noise in enumerate((0.1, 0.1, 0.1, 0.9, 0.9))]
    split = verdict(seeds, [sums_of(0.7, k) for k in range(5)])
    assert (split.answer, split.agree) == ("undecided", 3)
    assert "the seeds do not agree" in split.reason
    few = verdict([sums_of(0.3, k, 3) for k in range(5)], [sums_of(0.9, k, 3) for k in range(5)])
    assert few.answer == "undecided"
    assert "3 held-out subjects are too few" in few.reason


def test_a_claim_is_judged_with_the_papers_numbers_beside_it():
    claim = next(claim for claim in CLAIMS if claim.better == "CNN-RNN" and claim.than == "CNN")
    results = {
        name: [{"ccc": [level, level], "sums": sums_of(noise, seed).tolist(), "frames": 9} for seed in range(5)]
        for name, noise, level in (("CNN-RNN", 0.3, 0.9), ("CNN", 0.9, 0.5))
    }
    judged = judge(claim, results, {"CNN-RNN": [0.9, 0.9], "CNN": [0.5, 0.5]})
    assert (judged["held"], judged["verdict"], judged["seeds"]) == (True, "held", 5)
    assert judged["interval"][0] > 0
    assert judged["paper"] == pytest.approx([0.5, 0.405])


def test_changed_code_means_other_trainings_and_other_data(monkeypatch):
    before, data = Training("CNN", 0).key, data_key(TINY)
    monkeypatch.setattr(claims, "code_version", lambda: "other")
    assert Training("CNN", 0).key != before
    monkeypatch.setattr(claims_data, "files_version", lambda *_places: "other")
    assert data_key(TINY) != data


def test_the_version_of_code_follows_every_file(tmp_path, monkeypatch):
    package = tmp_path / "app"
    (package / "part").mkdir(parents=True)
    for name in ("__init__.py", "part/a.py", "one.py"):
        (package / name).write_text("x = 1\n")
    monkeypatch.setattr(code_version.app, "__file__", str(package / "__init__.py"))
    before = files_version("app/part", "app/one.py")
    assert files_version("app/part", "app/one.py") == before
    (package / "part" / "a.py").write_text("x = 2\n")
    after = files_version("app/part", "app/one.py")
    assert after != before
    (package / "one.py").write_text("x = 2\n")
    assert files_version("app/part", "app/one.py") != after


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
