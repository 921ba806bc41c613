import tomllib

import pytest
import tomli_w

from app.errors import UserError
from app.inference.cards import (
    SHIPPED_MODELS,
    find_model,
    list_models,
    load_card,
    model_folders,
    parse_card,
    project_models,
    scan_models,
    verify_file,
    write_card,
)
from app.paths import data_dir

from .models import card, double

MINIMAL = {"name": "one", "kind": "test", "file": {"path": "model.onnx"}}


def install(place, name, **more):
    folder = place / name
    folder.mkdir(parents=True)
    double(folder / "model.onnx")
    card(folder, dict(more))
    return folder


def test_the_shipped_detector_has_a_good_card():
    detector = load_card(SHIPPED_MODELS / "mtcnn")
    assert detector.kind == "face_detector"
    assert detector.licence == "MIT"
    assert detector.shipped
    assert set(detector.files) == {"pnet", "rnet", "onet"}
    for net in detector.files:
        verify_file(detector, net)
        assert [spec.name for spec in detector.tensors(detector.inputs, net)] == ["image"]
    assert [spec.name for spec in detector.tensors(detector.outputs, "onet")] == ["boxes", "landmarks", "scores"]


def test_every_shipped_card_can_be_read_and_its_files_are_whole():
    cards, broken = scan_models()
    assert broken == []
    for each in cards:
        for key in [*each.files, *(variant.name for variant in each.variants)]:
            verify_file(each, key)


def test_project_wins_over_user_wins_over_shipped(tmp_path):
    project = tmp_path / "study.affectograph"
    install(data_dir() / "models", "mine", title="user's")
    install(project_models(project), "mine", title="project's")
    install(data_dir() / "models", "mtcnn", title="user's detector")
    assert model_folders(project)[0] == tmp_path / "study.affectograph.models"
    assert find_model("mine", project).title == "project's"
    assert find_model("mine").title == "user's"
    assert find_model("mtcnn").title == "user's detector"
    assert [c.name for c in list_models(project)].count("mine") == 1


def test_a_model_may_be_named_by_its_folder(tmp_path):
    folder = install(tmp_path, "elsewhere")
    assert find_model(str(folder)).folder == folder


def test_an_unknown_model_is_refused_with_those_at_hand():
    with pytest.raises(UserError, match=r"no model called nope.*mtcnn"):
        find_model("nope")


def test_a_broken_card_is_left_out_and_reported():
    folder = install(data_dir() / "models", "broken")
    (folder / "card.toml").write_text("name = [", encoding="utf-8")
    cards, broken = scan_models()
    assert "broken" not in [c.name for c in cards]
    assert [path for path, _ in broken] == [folder]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"kind": None}, "kind is missing"),
        ({"file": {}}, "names no file"),
        ({"file": {"path": "../x.onnx"}}, "outside"),
        ({"file": {"path": "/etc/passwd"}}, "outside"),
        ({"file": {"path": "C:\\x.onnx"}}, "outside"),
        ({"input": {"x": {"shape": "3"}}, "file": {"path": "a"}, "output": 3}, "cannot be used"),
        ({"input": {"x": {"shape": [1.5]}}}, "shape of x"),
    ],
)
def test_bad_cards_are_refused_with_a_reason(tmp_path, change, reason):
    table = {key: value for key, value in (MINIMAL | change).items() if value is not None}
    with pytest.raises(UserError, match=reason):
        parse_card(tmp_path, table)


def test_a_written_card_is_read_as_it_was(tmp_path):
    table = MINIMAL | {
        "input": {"face": {"shape": ["N", 1, 48, 48], "dtype": "float32", "colour": "grey"}},
        "smoothing": {"beta": 0.5},
        "weaknesses": ["dark faces"],
        "variant": [{"name": "int8", "path": "m.int8.onnx", "devices": ["cpu"], "accuracy_loss": 0.1, "speed": 2.0}],
    }
    written = write_card(tmp_path / "new", table)
    again = load_card(tmp_path / "new")
    assert again == written
    assert tomllib.loads((tmp_path / "new" / "card.toml").read_text("utf-8")) == table
    assert again.inputs["face"].shape == ("N", 1, 48, 48)
    assert again.inputs["face"].more == {"colour": "grey"}
    assert again.file("int8").path == "m.int8.onnx"
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["card.toml"]


def test_a_bad_card_is_not_written(tmp_path):
    write_card(tmp_path, MINIMAL)
    with pytest.raises(UserError):
        write_card(tmp_path, {"name": "x"})
    assert tomli_w.dumps(MINIMAL) == (tmp_path / "card.toml").read_text("utf-8")


def test_a_changed_file_is_refused(tmp_path):
    folder = install(tmp_path, "changed")
    data = bytearray((folder / "model.onnx").read_bytes())
    data[-1] ^= 1
    (folder / "model.onnx").write_bytes(data)
    with pytest.raises(UserError, match="was changed"):
        verify_file(load_card(folder))
    (folder / "model.onnx").write_bytes(data + b"x")
    with pytest.raises(UserError, match="does not have the size"):
        verify_file(load_card(folder))
    (folder / "model.onnx").unlink()
    with pytest.raises(UserError, match="is missing"):
        verify_file(load_card(folder))


def test_a_link_out_of_the_folder_is_refused(tmp_path):
    folder = install(tmp_path, "linked")
    (folder / "model.onnx").rename(tmp_path / "real.onnx")
    (folder / "model.onnx").symlink_to(tmp_path / "real.onnx")
    with pytest.raises(UserError, match="link"):
        verify_file(load_card(folder))
