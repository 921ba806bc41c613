"""Every recipe for categories gives verdicts live on frames with a face, or says in a sentence why it does not."""

import numpy as np
import onnx
import pytest
import torch

from app.domain.category_recipes import CATEGORY_RECIPES
from app.domain.faces import Face, TrackedFace
from app.domain.item_data import ItemData
from app.domain.item_frames import FrameRule
from app.domain.media import Frame
from app.domain.recipes import category_recipe
from app.domain.snapshot import Split
from app.errors import UserError
from app.inference import check
from app.inference.cards import find_model, load_card, write_card
from app.learning.clip import graph
from app.learning.clip.base.member import Machine
from app.learning.clip.export_card import card_table
from app.learning.clip.joined import as_read
from app.learning.clip.members import member_of
from app.learning.clip.run import build
from app.learning.clip.second import Looked, Staged
from app.learning.clip.solved import SolvedMember
from app.services.predict.categories import CategoryReader
from app.services.predict.live_categories import LiveCategories
from app.streams.catalogue import DEFAULT, SOUNDS, open_streams

HZ, FRAMES, ITEMS = 10, 17, 12
CLASSES = ("angry", "happy", "sad")
VARIANTS = [(recipe.name, {}) for recipe in CATEGORY_RECIPES if recipe.name != "convlstm"]
VARIANTS += [("convlstm", {"variant": each}) for each in "abcde"]
SMALL = {"words": 4, "blocks": 100, "passes": 1, "hidden": 8, "components": 8, "channels": 4}
ATTENDS = {"attention", "caca_a", "caca_b"}


def made_items(names, rng):
    """Return items of noise that have the streams of these names as this program reads them."""
    specs = [stream.spec for stream in open_streams(names, None, "cpu")]
    facts = [{**each.facts(), "features": each.columns - len(each.frame_classes)} for each in specs]
    pixels = all(each.dtype == "uint8" for each in specs)
    shape = (ITEMS * FRAMES, sum(each["features"] for each in facts))
    said = rng.random((ITEMS * FRAMES, len(specs[0].frame_classes)), dtype=np.float32) + 0.1
    return ItemData(
        features=rng.integers(0, 256, shape, dtype=np.uint8) if pixels else rng.normal(size=shape).astype(np.float32),
        probabilities=said / said.sum(axis=1, keepdims=True),
        times_s=np.tile(np.arange(FRAMES) / HZ, ITEMS),
        first=np.arange(ITEMS + 1) * FRAMES,
        target=np.eye(3, dtype=np.float32)[np.arange(ITEMS) % 3],
        said=(np.arange(ITEMS) % 3).astype(np.int16)[:, None],
        subject=np.arange(ITEMS, dtype=np.int32) // 3,
        items=tuple(f"item {n}" for n in range(ITEMS)),
        subjects=("S0", "S1", "S2", "S3"),
        classes=CLASSES,
        frame_classes=specs[0].frame_classes,
        manifest={"streams": facts},
        sha256="",
    )


def made_member(recipe, values, data):
    """Return a member of random weights; a machine in it is solved on the noise."""
    stated, split = member_of(recipe.network), Split((0, 1, 2), (), (3,))
    if isinstance(stated, Machine):
        return SolvedMember(recipe, values, data).solve(split).numbers
    network = build(recipe, values, data).eval()
    if stated.then is None:
        return network
    seen = Looked(network, data, FrameRule.of(values), torch.device("cpu"))
    return Staged(network, stated.then.solve(values, data, stated.then.pool(values, data, seen), split).numbers)


def made_model(recipe, more, place, rng):
    """Write a model of a recipe at its smallest stated size, without training it."""
    known = {parameter.key for parameter in recipe.parameters}
    wished = {"size": "scaled", "grid": "1", "gamma": "1", **SMALL, **more}
    values = recipe.values({key: value for key, value in wished.items() if key in known})
    data = as_read(recipe, made_items(recipe.scaled_streams or recipe.streams or DEFAULT, rng))
    rows = data.probabilities if recipe.reads == "probabilities" else data.features
    model = graph.head(made_member(recipe, values, data), recipe.network, rows.shape[1], len(CLASSES))
    place.mkdir()
    onnx.save(model, str(place / "head.onnx"))
    result = {"recipe": recipe.name, "values": values, "epochs": 0, "best_epoch": 0, "ending": "", "device": "cpu"}
    result |= {"subjects": {"train": ["S0"], "validation": [], "test": []}, "test": {}}
    write_card(place, card_table(place.name, place, {"head": "head.onnx"}, result, data, [find_model(None)], {}))
    return load_card(place)


def frames_of(rng, count):
    """Yield frames of noise, always with one face."""
    marks = np.array([[70, 60], [110, 60], [90, 80], [75, 100], [105, 100]], np.float32)
    face = Face(np.array([50, 30, 80, 90], np.float32), marks, 1.0)
    for n in range(count):
        image = rng.integers(0, 256, (160, 200, 3), dtype=np.uint8)
        yield Frame(n, n, n / HZ, image), TrackedFace(1, n, n / HZ, face, 1.0)


@pytest.mark.parametrize(("name", "more"), VARIANTS)
def test_a_recipe_gives_verdicts_live_or_says_why_not(name, more, tmp_path, monkeypatch):
    # The file is our own: that it is tried in a process of its own first is tested elsewhere.
    monkeypatch.setattr(check, "examine", lambda _path: None)
    rng, recipe = np.random.default_rng(5), category_recipe(name)
    torch.manual_seed(5)
    reader = CategoryReader(made_model(recipe, more, tmp_path / "made", rng), None, "cpu")
    if any(stream.spec.name in SOUNDS for stream in reader.streams):
        with pytest.raises(UserError, match="made reads the sound: it has no live verdict"):
            LiveCategories(reader)
        assert "no live verdict" in recipe.summary
        return
    live, said = LiveCategories(reader), []
    for frame, face in frames_of(rng, FRAMES + 4):
        found = live.take(frame, [face])
        said += [one for one in found.values() if one not in said]
    assert len(said) >= 4
    assert {one.classes for one in said} == {CLASSES}
    assert all(abs(one.probabilities.sum() - 1) < 1e-4 for one in said)
    last = said[-1]
    assert (len(last.read_s) > 0) == (name in ATTENDS)
    if name in ATTENDS:
        assert len(last.weight) == len(last.read_s)
        assert abs(last.weight.sum() - 1) < 1e-4
        assert last.time_s - last.seconds - 1e-6 <= last.read_s[0] <= last.read_s[-1] <= last.time_s
