"""The graph from pictures to a verdict gives what frame networks and the graph of all members give."""

import numpy as np
import onnx
import pytest

from app.fusion.ways import Fusion
from app.inference.cards import DEFAULT_MODEL, find_model
from app.inference.clip_category import member_rows
from app.inference.quantise import loaded
from app.learning.clip.base.graph_rows import FEATURES, PROBABILITY
from app.learning.fusion.graph import Part, columns_of, fused_graph
from app.learning.fusion.whole import against_parts, seen_of, whole_graph, whole_inputs
from tests.learning.fusion.test_graph import head

CLASSES, FRAMES = 4, 5
FACE = find_model(DEFAULT_MODEL)
SHA256 = FACE.file().sha256
EMBEDDING = int(FACE.outputs["embedding"].shape[-1])


def network_stream(name, said):
    return {
        "name": name, "columns": EMBEDDING + said, "weights": SHA256, "frame_classes": ["c"] * said,
        "geometry": {"network": FACE.name},
    }  # fmt: skip


AUDIO = {"name": "audio", "columns": 6, "frame_classes": []}
MOTION = {"name": "dynamic", "columns": 3, "frame_classes": []}


@pytest.mark.parametrize(
    "streams",
    [
        (AUDIO, network_stream("face_oval", 8), MOTION),
        (network_stream("face", 8), network_stream("context:affectograph_face", 0)),
    ],
)
def test_it_gives_what_the_networks_and_the_head_give(tmp_path, streams):
    widths = [len(columns_of(streams, [each["name"]], "both")) for each in streams]
    parts = [
        Part(each["name"], head(width, CLASSES, n), columns_of(streams, [each["name"]], "both"), np.eye(CLASSES))
        for n, (each, width) in enumerate(zip(streams, widths, strict=True))
    ]
    fusion = Fusion(tuple(each.name for each in parts), np.full((len(parts), CLASSES), 1 / len(parts)), None, "", 0)
    fused = fused_graph(parts, fusion, sum(each["columns"] for each in streams))
    seen = seen_of(streams, {SHA256: FACE})
    assert [each is None for each in seen] == [each["name"] in ("audio", "dynamic") for each in streams]
    onnx.save(fused, str(tmp_path / "head.onnx"))
    onnx.save(whole_graph(fused, streams, seen), str(tmp_path / "model.onnx"))
    whole = loaded(tmp_path / "model.onnx")
    rows = np.random.default_rng(1).random((FRAMES, sum(each["columns"] for each in streams))).astype(np.float32)
    more = member_rows([[np.arange(FRAMES)[n:] for n in range(len(parts))]])
    assert against_parts(whole, loaded(tmp_path / "head.onnx"), streams, seen, rows, more) < 1e-4
    # It has the inputs that the card names, and another head says something else.
    stated = {each["name"] for each in whole_inputs(streams, seen, len(parts)).values()}
    made = onnx.load(str(tmp_path / "model.onnx"))
    assert {each.name for each in made.graph.input} == stated
    assert (FEATURES in stated) == (AUDIO in streams)
    assert PROBABILITY in {each.name for each in made.graph.output}
    other = [
        Part(p.name, head(w, CLASSES, 90 + n), p.columns, p.carry)
        for n, (p, w) in enumerate(zip(parts, widths, strict=True))
    ]
    onnx.save(fused_graph(other, fusion, rows.shape[1]), str(tmp_path / "other.onnx"))
    assert against_parts(whole, loaded(tmp_path / "other.onnx"), streams, seen, rows, more) > 1e-3


def test_a_network_that_is_not_in_the_folder_is_none():
    assert seen_of([network_stream("face", 8)], {}) == [None]
