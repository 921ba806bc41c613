"""What a fusion's folder holds besides its graph: the frame networks of its members, each once."""

import pytest

from app.errors import UserError
from app.files import sha256_of
from app.inference.cards import CARD_NAME, load_card, write_card
from app.learning.fusion.export import copy_networks


def member(place, name, networks):
    """A member whose folder holds some frame networks, as bytes."""
    folder = place / name
    folder.mkdir()
    (folder / "head.onnx").write_bytes(b"head")
    files = {"head": "head.onnx"}
    for number, content in enumerate(networks):
        inner = folder / ("frame" if not number else f"frame_{number + 1}")
        inner.mkdir()
        (inner / "model.onnx").write_bytes(content)
        (inner / CARD_NAME).write_text(f"name = '{content.decode()}'\n", "utf-8")
        files |= {inner.name: f"{inner.name}/model.onnx", f"{inner.name}_card": f"{inner.name}/{CARD_NAME}"}
    table = {key: {"path": path, "sha256": sha256_of(folder / path)} for key, path in files.items()}
    write_card(folder, {"name": name, "kind": "clip_category", "file": table})
    return load_card(folder)


def test_each_network_is_copied_once_with_its_card(tmp_path):
    cards = [
        member(tmp_path, "face", [b"one"]),
        member(tmp_path, "voice", []),
        member(tmp_path, "both", [b"one", b"two"]),
    ]
    out = tmp_path / "fused"
    files = copy_networks(cards, out)
    assert sorted(files) == ["frame", "frame_2", "frame_2_card", "frame_card"]
    assert [(out / files[key]).read_bytes() for key in ("frame", "frame_2")] == [b"one", b"two"]
    assert "two" in (out / files["frame_2_card"]).read_text("utf-8")


def test_a_network_that_was_changed_is_refused(tmp_path):
    card = member(tmp_path, "face", [b"one"])
    (card.folder / "frame" / "model.onnx").write_bytes(b"six")
    with pytest.raises(UserError, match="was changed"):
        copy_networks([card], tmp_path / "fused")
