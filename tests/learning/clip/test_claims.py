"""The claims about categories: what the data contain, how verdicts fall, and that trainings are run once."""

import json
from dataclasses import replace

import numpy as np
import pytest

from app.cli.claims_table import category_table
from app.domain.recipes import find_recipe
from app.errors import UserError
from app.jobs import Context
from app.learning.blocks.pictures import colour_pictures, pictures_of
from app.learning.clip import claims
from app.learning.clip.claims_data import CONDITIONS, SPEC, CategoryClaims, kept_data, read_data
from app.learning.clip.claims_specs import SPECS, Spec
from app.learning.clip.members.sound import sound_blocks
from app.learning.process.verdict import judge_shares

TINY = replace(SPEC, subjects=6, clips_per_subject=6, seconds=1.0, rate=6)


@pytest.fixture(scope="module")
def data_file(tmp_path_factory):
    return kept_data(Context(), tmp_path_factory.mktemp("claims"), TINY)


def test_data_hold_both_conditions_and_no_person_twice(data_file):
    data = read_data(data_file)
    assert data.face.shape[1] == 320
    assert data.context.shape[1] == 224
    assert len(data.first) == 37
    assert set(data.said) == set(CONDITIONS)
    open_ = np.array([kind == "ambiguous" for kind in data.kind])
    right = {name: (data.said[name][open_] == data.truth[open_, None]).mean() for name in CONDITIONS}
    assert right["full_context"] > right["face_only"] + 0.2
    for seed in range(4):
        split = data.split(seed)
        assert split.test == data.split(0).test
        assert not set(split.test) & {*split.train, *split.validation}
    assert len({data.split(seed).train for seed in range(4)}) > 1
    both = data.items("both", "face_only")
    assert [block.stop - block.start for block in both.blocks] == [320, 224]


def told(rng, label, held, accuracy):
    """Predictions that are right in a share of the items."""
    n, k = len(label), 8
    said = np.where(rng.random(n) < accuracy, label, (label + 1) % k)
    out = np.full((n, k), np.nan, np.float32)
    out[held] = np.eye(k)[said[held]]
    return out


@pytest.fixture(scope="module")
def made_up():
    """Twelve people with twenty clips each, half of them ambiguous."""
    rng = np.random.default_rng(0)
    n, people = 240, 12
    truth = rng.integers(0, 8, n)
    said = np.repeat(truth[:, None], 5, axis=1).astype(np.int16)
    return CategoryClaims(
        face=np.zeros((n, 2), np.float32),
        probabilities=np.zeros((n, 8), np.float32),
        context=np.zeros((n, 2), np.float32),
        pixels=np.zeros((n, 3), np.uint8),
        audio=np.zeros((n, 1), np.float32),
        first=np.arange(n + 1),
        subject=np.repeat(np.arange(people, dtype=np.int32), n // people),
        kind=tuple("ambiguous" if i % 2 else "plain" for i in range(n)),
        said=dict.fromkeys(CONDITIONS, said),
        truth=truth,
        classes=tuple("abcdefgh"),
        subjects=tuple(f"S{i}" for i in range(people)),
    )


def test_a_difference_that_is_there_holds_and_one_that_is_not_stays_undecided(made_up):
    rng = np.random.default_rng(1)
    held = np.isin(made_up.subject, made_up.split(0).test)
    accuracy = dict.fromkeys((variant.name for variant in SPECS["categories"].variants), 0.5)
    accuracy |= {"GRU, face, full_context": 0.5, "mean": 0.2, "GRU, both, full_context": 0.95, "average": 0.5}
    seeds = range(5)
    results = {
        name: {seed: told(rng, made_up.truth, held, share) for seed in seeds} for name, share in accuracy.items()
    }
    results["kaverage"] = results["average"]
    found = claims.table_of(results, made_up, seeds)
    verdicts = {each["claim"]: each for each in found["claims"]}
    assert verdicts["GRU > mean features"]["verdict"] == "held"
    assert verdicts["face + context > face, on clips that the face alone leaves open"]["verdict"] == "held"
    assert verdicts["k-average > frame averaging"]["verdict"] == "undecided"
    one = verdicts["full-context labels gain more from context than face-only labels"]
    assert one["difference"] == pytest.approx(0.45, abs=0.12)
    assert found["people"]["full_context"]["accuracy"] == 1.0
    text = category_table(found | {"scale": "Faces of 20×20 pixels."}, "Made up")
    assert "with the face covered. Faces of 20×20 pixels." in text
    assert "| GRU > mean features |" in text
    json.dumps(found)


@pytest.mark.parametrize("system", ["A", "D"])
def test_every_claim_of_a_paper_names_rows_that_exist(made_up, system):
    rng, spec = np.random.default_rng(2), SPECS[system]
    held = np.isin(made_up.subject, made_up.split(0).test)
    results = {v.name: {0: told(rng, made_up.truth, held, 0.6)} for v in spec.variants}
    found = claims.table_of(results, made_up, [0], system)
    assert set(found["variants"]) == {v.name for v in spec.variants} | set(spec.mixtures)
    assert [each["claim"] for each in found["claims"]] == [claim.text for claim in spec.claims]
    for name, weights in spec.mixtures.items():
        assert sum(weights.values()) == 1.0, name
    for variant in spec.variants:
        find_recipe(variant.recipe).values(variant.values)


def test_trainings_come_claim_by_claim_and_those_for_claims_that_should_hold_first():
    order = [(variant.name, seed) for variant, seed in claims.in_order(SPECS["C"], range(2))]
    assert order == [(f"variant {letter}", seed) for letter in "cabed" for seed in range(2)]
    for spec in SPECS.values():
        found = claims.in_order(spec, range(3))
        assert len(found) == 3 * len(spec.variants)
        assert {variant.name for variant, _ in found} == {variant.name for variant in spec.variants}


def test_claims_whose_trainings_are_done_are_judged_and_the_others_are_named(made_up):
    rng, held = np.random.default_rng(3), np.isin(made_up.subject, made_up.split(0).test)
    results = {name: {0: told(rng, made_up.truth, held, 0.6)} for name in ("VGG-16", "ResNet-10", "C3D")}
    found = claims.table_of(results, made_up, [0], "A", left=1)
    assert set(found["variants"]) == {"VGG-16", "ResNet-10", "C3D", "VGG-16 + ResNet-10"}
    assert [each["claim"] for each in found["claims"]] == [claim.text for claim in SPECS["A"].claims[:3]]
    assert found["open"] == [claim.text for claim in SPECS["A"].claims[3:]]
    text = category_table(found, "Made up")
    assert "| fusion > C3D | – | – | not trained yet | – | – |" in text
    assert "1 training left to do" in text


def test_data_hold_pixels_and_the_voice(data_file):
    data = read_data(data_file)
    items = data.items("pixels", "full_context")
    assert items.features.dtype == np.uint8
    assert colour_pictures(items).height == 40
    assert items.features.std() > 10
    joined = data.items("face+audio", "full_context")
    assert [block.stop - block.start for block in joined.blocks] == [320, 110]
    assert np.isfinite(joined.features).all()
    moving = data.items("pixels+motion", "full_context")
    assert [each.channels for each in pictures_of(moving)] == [3, 2]
    assert moving.features[:, -3200:].std() > 1
    assert sound_blocks(joined) == [slice(320, 430)]


def test_pictures_of_another_side_show_the_same_faces(data_file):
    data = read_data(data_file)
    small = data.smaller(20)
    assert (data.side, small.side, data.smaller(40)) == (40, 20, data)
    assert [(each.height, each.channels) for each in pictures_of(small.items("pixels+motion", "full_context"))] == [
        (20, 3),
        (20, 2),
    ]
    blocks = data.pixels.reshape(-1, 20, 2, 20, 2, 3).mean(axis=(2, 4))
    np.testing.assert_allclose(small.pixels.reshape(blocks.shape), blocks, atol=0.51)


def test_a_weighted_sum_of_shares_is_what_a_pencil_gives():
    right, asked = [np.array([3.0, 1, 2, 2])], [np.array([4.0, 4, 4, 4])]
    other, fewer = [np.array([1.0, 1, 1, 1])], [np.array([2.0, 2, 2, 2])]
    found = judge_shares([(1.0, right, asked), (-0.5, other, fewer)])
    assert found.difference == pytest.approx(8 / 16 - 0.5 * 4 / 8)
    assert found.interval[0] <= found.difference <= found.interval[1]


@pytest.mark.slow
def test_trainings_are_kept_and_a_run_that_ends_early_goes_on(data_file, monkeypatch):
    some = [variant for variant in SPECS["categories"].variants if variant.name in ("average", "GRU, both, face_only")]
    monkeypatch.setattr(claims, "SPECS", {"categories": Spec(tuple(some), ())})
    monkeypatch.setattr(claims, "table_of", lambda results, data, seeds, system, left: results)
    trained = []
    once = claims.train_one
    monkeypatch.setattr(claims, "train_one", lambda *a: (trained.append(a[:2]), once(*a))[1])
    with pytest.raises(UserError, match="0 of 2 trainings"):
        claims.run_claims(data_file, [0], Context(), epochs=1, minutes=-1.0)
    results = claims.run_claims(data_file, [0], Context(), epochs=1)
    assert len(trained) == 2
    again = claims.run_claims(data_file, [0], Context(), epochs=1)
    assert len(trained) == 2
    data = read_data(data_file)
    for name, found in results.items():
        np.testing.assert_array_equal(found[0], again[name][0])
        # Everybody held out is predicted, whatever the raters agreed on, and nobody else.
        known = np.isfinite(found[0]).all(axis=1)
        np.testing.assert_array_equal(known, np.isin(data.subject, data.split(0).test))


@pytest.mark.slow
@pytest.mark.parametrize("system", ["B"])
def test_the_claims_of_a_paper_are_trained_and_judged(data_file, system):
    found = claims.run_claims(data_file, [0], Context(), system=system, epochs=1)
    assert list(found["variants"]) == [variant.name for variant in SPECS[system].variants]
    assert [each["claim"] for each in found["claims"]] == [claim.text for claim in SPECS[system].claims]
    assert all(0 <= each["full_context"] <= 1 for each in found["variants"].values())


def test_networks_that_learn_from_pixels_alone_have_more_people_unless_fewer_are_asked_for(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(claims, "kept_data", lambda ctx, work, spec: asked.append(spec.subjects))
    monkeypatch.setattr(claims, "run_claims", lambda *given, **more: {})
    for words in (["--system", "A"], ["--system", "C"], ["--system", "C", "--subjects", "6"]):
        assert claims.main([*words, "--out", str(tmp_path / "out.json")]) == 0
    assert asked == [60, 150, 6]
