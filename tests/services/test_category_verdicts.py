"""A trained model of categories at work: verdicts of items and of the last seconds, comparison, promotion, files."""

import csv
import json

import numpy as np
import pytest

import db.clips
import db.items
import db.models
import db.spans
from app.cli import main
from app.domain.item_data import load_items
from app.domain.item_frames import last_seconds
from app.errors import UserError
from app.inference.cards import load_card
from app.jobs import Context
from app.services.models.in_use import category_card, promoted_category
from app.services.predict.analyse import Analyser
from app.services.predict.categories import LEAST_SHARE, CategoryReader, item_range, said_of
from app.services.predict.live_categories import LiveCategories
from app.services.predict.streams import StreamBank
from app.services.predict.tracks import TrackBank
from app.services.projects.files import open_project
from app.services.retrain.category_compare import AVERAGING, compare_categories
from app.services.retrain.category_labels import CategoryChoice
from app.services.retrain.category_runs import CategoryRequest, train_categories
from app.services.retrain.data import training_folder
from app.services.retrain.promote import promote, rollback
from tests.services.test_retrain_categories import judged, project  # noqa: F401  (fixtures)

pytestmark = [pytest.mark.slow, pytest.mark.process, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def trained(judged, tmp_path_factory):  # noqa: F811
    """Two models of the project: attention pooling on the face, and averages of face and surroundings."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AFFECTOGRAPH_HOME", str(judged.parent / "home"))
        with open_project(judged) as opened:
            one = CategoryRequest("attention", {"folds": 1, "epochs": 3, "width": 8, "heads": 2}, name="looks")
            two = CategoryRequest(
                "aggregation", {"folds": 1, "grid": "1"}, streams=("face", "context_masked"), name="both"
            )
            return [train_categories(opened, each, lambda _event: None, Context()) for each in (one, two)]


def analysed(project, clip):  # noqa: F811
    with Analyser(project_path=project.path) as analyser:
        return analyser.analyse(clip.path, Context(), project=project)


@pytest.mark.parametrize("which", [0, 1])
def test_the_verdict_on_an_item_is_what_the_training_said(project, trained, which):  # noqa: F811
    made = trained[which]
    data = load_items(training_folder(project) / "items" / made.record.snapshot_sha256[:16])
    with np.load(made.run / "held_out.npz") as file:
        expected = file["predicted"]
    card = load_card(made.folder)
    assert ("model" in card.files) == (which == 0)  # one graph where one network is all that is read
    reader = CategoryReader(card, project.path)
    held = np.flatnonzero(np.isfinite(expected).all(axis=1))
    by_name = {item.name: item for item in db.items.every(project)}
    for row in held[:3]:
        item = by_name[data.items[row]]
        clip = db.clips.get(project, item.clip_id)
        analysis = analysed(project, clip)
        alone = reader.of_item(project, item, Context())
        stored = said_of(reader, project, clip.path, analysis, Context())
        said = stored.item(analysis.tracks[0].track_id, *item_range(item, analysis))
        np.testing.assert_allclose(alone.probabilities, expected[row], atol=1e-4)
        np.testing.assert_allclose(said.probabilities, expected[row], atol=1e-4)
        assert len(said.evidence) == (len(said.evidence_s) if which == 0 else 0)


def test_verdicts_are_stored_and_not_computed_again(project, trained, monkeypatch):  # noqa: F811
    reader = CategoryReader(load_card(trained[0].folder), project.path)
    clip = db.clips.every(project)[0]
    analysis = analysed(project, clip)
    first = said_of(reader, project, clip.path, analysis, Context())
    window = first.along(analysis.tracks[0].track_id)
    assert (np.diff(window.end_s) > 0.9 * first.stride_s).all()
    np.testing.assert_allclose(window.probabilities.sum(axis=1), 1, atol=1e-5)
    assert window.end_s[0] >= analysis.times_s[0] + 0.5 * first.window_s - 1e-6

    def again(*_):
        raise AssertionError("read a second time")

    monkeypatch.setattr(StreamBank, "read_rows", again)
    kept = said_of(reader, project, clip.path, analysis, Context())
    np.testing.assert_array_equal(kept.along(1).probabilities, window.probabilities)
    assert db.spans.newest(project, clip.id, load_card(trained[0].folder).file().sha256) is not None


@pytest.mark.parametrize("which", [0, 1])
def test_a_live_verdict_is_that_of_the_same_seconds_read_at_once(project, trained, which):  # noqa: F811
    reader, bank = CategoryReader(load_card(trained[which].folder), project.path), TrackBank()
    clip = db.clips.every(project)[0]
    live, said = LiveCategories(reader), {}
    for seen in bank.walk(clip.path, clip.sha256, Context()):
        for verdict in live.take(seen.frame, seen.faces).values():
            said[verdict.time_s] = verdict
    tracks = bank.tracks(clip.path, clip.sha256, Context())
    found = StreamBank(reader.streams, tracks=bank).read_rows(clip.path, tracks, np.arange(len(tracks)), Context())
    features, window = reader.features(found.rows), reader.model.window
    assert len(np.unique(tracks.track_id)) == 1
    assert len(said) > 1
    for time_s, verdict in said.items():
        assert LEAST_SHARE * window.seconds - 1e-6 <= verdict.seconds <= window.seconds
        rows = last_seconds(found.times_s, time_s, window.seconds, window.rate_hz)
        again = reader.model.verdict(features[rows], found.times_s[rows])
        np.testing.assert_allclose(verdict.probabilities, again.probabilities, atol=1e-4)
    live.forget()
    first = next(iter(bank.walk(clip.path, clip.sha256, Context())))
    assert live.take(first.frame, first.faces) == {}  # another place: too little was seen there


def test_a_model_of_other_streams_than_those_here_is_refused(project, trained, tmp_path):  # noqa: F811
    card = load_card(trained[0].folder)
    card.raw["streams"][0]["weights"] = "0" * 64
    with pytest.raises(UserError, match="learned from another frame model"):
        CategoryReader(card, project.path)


def test_a_first_model_is_compared_with_frame_averaging_and_promoted_by_the_answer(project, trained):  # noqa: F811
    made = trained[0]
    told = made.record.metrics["comparison"]
    assert told["models"] == {"old": AVERAGING, "new": "looks"}
    assert made.comparison.found.n == told["items"] > 0
    assert set(told["subjects"]) == set(made.record.snapshot["split"]["test"])
    assert told["accuracy"]["new"] == pytest.approx(made.result["test"]["accuracy"]["value"])
    assert told["uar"]["new"] == pytest.approx(made.result["test"]["uar"]["value"])
    assert told["accuracy"]["difference"] == pytest.approx(told["accuracy"]["new"] - told["accuracy"]["old"])
    assert told["overall"]["verdict"] == "too few subjects"
    with pytest.raises(UserError, match="too few to say"):
        promote(project, "looks")
    assert category_card(None, project) is None
    before = db.models.in_use(project)
    promote(project, "looks", anyway=True)
    assert category_card(None, project).name == promoted_category(project.path) == "looks"
    assert db.models.in_use(project) == before  # the model of valence and arousal stays
    assert compare_categories(project, None, "both", Context()).old == "looks"
    promote(project, "both", anyway=True)
    assert rollback(project, role="category") == "looks"
    assert rollback(project, role="category") == ""
    with pytest.raises(UserError, match="nothing to roll back"):
        rollback(project, role="category")


def test_a_model_whose_file_was_changed_is_not_used(project, trained):  # noqa: F811
    promote(project, "looks", anyway=True)
    path = load_card(trained[0].folder).path()
    whole = path.read_bytes()
    try:
        path.write_bytes(whole[:-1] + b"?")
        with pytest.raises(UserError, match="not the one that was promoted"):
            category_card(None, project)
    finally:
        path.write_bytes(whole)
        rollback(project, role="category")


def test_analyze_writes_verdicts_with_and_without_a_project(judged, trained, monkeypatch, tmp_path, capsys):  # noqa: F811
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(judged.parent / "home"))
    clip = sorted(judged.parent.glob("*.mp4"))[0]
    words = ["analyze", str(clip), "--categories", str(trained[0].folder)]
    assert main([*words, "--out", str(tmp_path / "a"), "--project", str(judged)]) == 0
    assert main([*words, "--out", str(tmp_path / "b")]) == 0
    assert " %" in capsys.readouterr().out
    found = []
    for folder in ("a", "b"):
        with (tmp_path / folder / f"{clip.stem}.categories.csv").open(newline="") as file:
            found.append(list(csv.DictReader(file)))
        told = json.loads((tmp_path / folder / "summary.json").read_text())["clips"][0]["categories"]
        assert told["model"] == "looks"
        assert told["whole_clip"][0]["category"] == found[-1][0]["category"]
    assert found[0] == found[1]
    assert {row["kind"] for row in found[0]} == {"item", "window"}


def test_shuffled_labels_offer_no_promotion(project):  # noqa: F811
    labels = CategoryChoice(shuffle_seed=1)
    request = CategoryRequest("aggregation", {"folds": 1, "grid": "1"}, labels, name="shuffled")
    made = train_categories(project, request, lambda _event: None, Context())
    assert "shuffled" not in made.comparison.labels  # what it is held against is true
    assert not made.comparison.offers_promotion
    with pytest.raises(UserError, match="was not promoted"):
        promote(project, "shuffled")
