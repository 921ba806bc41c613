"""The folder of a model of categories is whole: it works where nothing else of its training is installed."""

import shutil

import numpy as np
import onnx
import onnxruntime
import pytest

import db.items
from app.domain.item_data import load_items
from app.files import sha256_of
from app.inference.cards import SHIPPED_MODELS, load_card, write_card
from app.jobs import Context
from app.paths import data_dir
from app.services.predict.categories import CategoryReader
from app.services.retrain.category_runs import CategoryRequest, train_categories
from app.services.retrain.data import training_folder
from tests.services.test_retrain_categories import judged, project  # noqa: F401  (fixtures)

pytestmark = [pytest.mark.slow, pytest.mark.process, pytest.mark.timeout(1200)]


def other_network(name):
    """Install the shipped network under another name, with other weights: its embedding is turned around."""
    folder = data_dir() / "models" / name
    shutil.copytree(SHIPPED_MODELS / "affectograph_face", folder)
    model = onnx.load(folder / "model.onnx")
    made = next(node for node in model.graph.node if "embedding" in node.output)
    made.output[list(made.output).index("embedding")] = "embedding_before"
    for node in model.graph.node:
        for place, used in enumerate(node.input):
            if used == "embedding":
                node.input[place] = "embedding_before"
    model.graph.node.append(onnx.helper.make_node("Neg", ["embedding_before"], ["embedding"]))
    onnx.save(model, folder / "model.onnx")
    table = {key: value for key, value in load_card(folder).raw.items() if key != "variant"}
    file = {"path": "model.onnx", "sha256": sha256_of(folder / "model.onnx")}
    write_card(folder, {**table, "name": name, "file": {**file, "bytes": (folder / "model.onnx").stat().st_size}})
    return folder


def trained(project, streams, out, recipe="aggregation", **values):  # noqa: F811
    values = {"folds": 1, "grid": "1"} | values
    return train_categories(
        project, CategoryRequest(recipe, values, out=out, streams=streams), lambda _: None, Context()
    )


def held_out(project, made):  # noqa: F811
    """Names of the held-out items and what the training said of them."""
    data = load_items(training_folder(project) / "items" / made.record.snapshot_sha256[:16])
    with np.load(made.run / "held_out.npz") as file:
        said = file["predicted"]
    return [(data.items[row], said[row]) for row in np.flatnonzero(np.isfinite(said).all(axis=1))]


def test_a_folder_needs_no_network_that_is_installed(project, tmp_path):  # noqa: F811
    network = other_network("turned")
    made = trained(project, ("face_oval:turned", "context_masked"), tmp_path / "turned")
    shutil.rmtree(network)
    files = {path.relative_to(made.folder).as_posix() for path in made.folder.rglob("*.onnx")}
    assert files == {"head.onnx", "frame/model.onnx"}
    reader = CategoryReader(load_card(made.folder))
    items = {item.name: item for item in db.items.every(project)}
    for name, expected in held_out(project, made):
        said = reader.of_item(project, items[name], Context())
        np.testing.assert_allclose(said.probabilities, expected, atol=1e-4)


def test_networks_on_crops_become_one_graph(project, tmp_path):  # noqa: F811
    other_network("upside")
    made = trained(project, ("face", "face_oval:upside"), tmp_path / "two")
    files = {path.relative_to(made.folder).as_posix() for path in made.folder.rglob("*.onnx")}
    assert files == {"head.onnx", "model.onnx", "frame/model.onnx", "frame_2/model.onnx"}
    card = load_card(made.folder)
    assert [name for name in card.inputs if name.startswith("faces")] == ["faces", "faces_length", "faces_2"]

    def run(name, feeds):
        session = onnxruntime.InferenceSession(str(made.folder / name), providers=["CPUExecutionProvider"])
        return dict(zip([each.name for each in session.get_outputs()], session.run(None, feeds), strict=True))

    with np.load(made.run / "crops.npz") as file:
        length, one, two = file["length"], file["crops"], file["crops_2"]
    first = int(length[0])
    faces = [each[:first, None].astype(np.float32) for each in (one, two)]
    own = [run(f"{name}/model.onnx", {"face": faces[n]})["embedding"] for n, name in enumerate(("frame", "frame_2"))]
    count = np.array([first])
    whole = run("model.onnx", {"faces": faces[0][None], "faces_2": faces[1][None], "length": count})
    parts = run("head.onnx", {"features": np.concatenate(own, axis=1)[None], "length": count})
    np.testing.assert_allclose(whole["probability"], parts["probability"], atol=1e-4)
    assert np.abs(own[0] - own[1]).max() > 0.1


def test_a_member_that_reads_one_networks_probabilities_is_whole_beside_other_streams(project, tmp_path):  # noqa: F811
    made = trained(project, ("face", "context_masked"), tmp_path / "bins", "kaverage", bins=4, gamma="0.3")
    assert (made.folder / "model.onnx").is_file()
    assert (made.folder / "frame" / "card.toml").is_file()


def test_all_shipped_networks_are_aggregated_and_become_one_graph(project, tmp_path):  # noqa: F811
    made = trained(project, ("face", "face:kahou_cnn", "face:resnet10"), tmp_path / "three")
    files = {path.relative_to(made.folder).as_posix() for path in made.folder.rglob("*.onnx")}
    networks = {"frame/model.onnx", "frame_2/model.onnx", "frame_3/model.onnx"}
    assert files == {"head.onnx", "model.onnx", *networks}
    assert len(held_out(project, made)) > 0
