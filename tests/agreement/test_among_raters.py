"""A model in a rater's place: held against the same means, one more rater of the same kind scores the human ceiling."""

import numpy as np
import pytest

from app.agreement.among_raters import RatedClip, among_raters
from app.agreement.ccc import ccc, mean_of_others
from app.services.retrain.comparison import ClipSeries, compare_series

SUBJECTS, POINTS = 30, 400


def people(n_raters, noise, seed=0, offset=0.0):
    """Per subject (raters, points): one truth, each rater with noise of the same size."""
    out = []
    for subject in range(SUBJECTS):
        rng = np.random.default_rng([seed, subject])
        out.append(rng.normal(size=POINTS) + offset + noise * rng.normal(size=(n_raters, POINTS)))
    return out


def test_an_equal_extra_rater_scores_the_ceiling():
    # Three raters of whom each agrees with the mean of the other two by about .75, and a fourth of the same kind.
    clips = [RatedClip(f"S{s}", four[:3], four[3:]) for s, four in enumerate(people(4, 0.66))]
    found = among_raters(clips, replicates=999)
    assert found.human == pytest.approx(0.75, abs=0.01)
    assert found.models[0] == pytest.approx(found.human, abs=0.005)
    low, high = found.below_intervals[0]
    assert low < 0 < high
    # Held against the mean of all, the same rater would look better than people.
    everybody = np.concatenate([clip.raters.mean(axis=0) for clip in clips])
    extra = np.concatenate([clip.models[0] for clip in clips])
    assert ccc(extra, everybody) > found.human + 0.01


def test_the_ceiling_equals_the_plain_computation_on_the_frames_that_all_have():
    rng = np.random.default_rng(1)
    blocks = [block.copy() for block in people(3, 0.5)[:6]]
    models = [rng.normal(size=(2, POINTS)) for _ in blocks]
    for block, model in zip(blocks, models, strict=True):
        block[0, :50] = np.nan
        model[1, 300:] = np.nan
    clips = [RatedClip(f"S{s}", b, m) for s, (b, m) in enumerate(zip(blocks, models, strict=True))]
    found = among_raters(clips, replicates=0)
    raters, both = np.concatenate(blocks, axis=1), np.concatenate(models, axis=1)
    raters_seen = np.where(np.isnan(both).any(axis=0), np.nan, raters)
    human = [ccc(raters_seen[k], mean_of_others(raters, k)) for k in range(3)]
    assert found.human == pytest.approx(np.mean(human), abs=1e-12)
    for m in (0, 1):
        here = [np.where(np.isnan(raters_seen[k]), np.nan, both[m]) for k in range(3)]
        want = np.mean([ccc(here[k], mean_of_others(raters, k)) for k in range(3)])
        assert found.models[m] == pytest.approx(want, abs=1e-12)
    assert np.isnan(found.human_interval[0])


def test_compare_names_raters_and_both_models_against_the_same_means(capsys):
    from app.cli.compare import print_comparison

    clips = []
    for s, four in enumerate(people(4, 0.64)[:8]):
        both = np.repeat(four[:, :, None], 2, axis=2)
        raters = {name: both[k] for k, name in enumerate("ABC")}
        worse = both[3] + np.random.default_rng([9, s]).normal(size=(POINTS, 2))
        clips.append(ClipSeries(f"{s}.mp4", s, f"S{s}", np.arange(POINTS) / 25, both[:3].mean(axis=0), worse, both[3],
                                raters))  # fmt: skip
    found = compare_series("old", "new", clips)
    told = found.as_dict()["valence"]["among_raters"]
    assert told["models"]["new"]["ccc"] == pytest.approx(told["raters"]["ccc"], abs=0.02)
    assert told["models"]["old"]["below_raters_interval"][0] > 0  # worse than one more rater
    assert told["models"]["new"]["below_raters_interval"][0] < 0 < told["models"]["new"]["below_raters_interval"][1]
    assert found.as_dict()["valence"]["human_ceiling"] == told["raters"]["ccc"]
    print_comparison(found)
    said = capsys.readouterr().out
    assert f"against the mean of the other raters: a rater {told['raters']['ccc']:.3f} [" in said
    assert f"the new model {told['models']['new']['ccc']:.3f} [" in said
