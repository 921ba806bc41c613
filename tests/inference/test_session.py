import numpy as np
import onnxruntime as ort
import pytest

from app.errors import UserError
from app.inference import providers
from app.inference.cards import SHIPPED_MODELS, load_card
from app.inference.session import best_file, close_all, open_model

from .models import card, double

pytestmark = pytest.mark.process

CPU = "CPUExecutionProvider"
X = {"shape": ["batch", 3], "dtype": "float32"}


@pytest.fixture(autouse=True)
def _no_old_sessions():
    close_all()
    yield
    close_all()


def made(folder, **table):
    folder.mkdir(exist_ok=True)
    double(folder / "model.onnx")
    card(folder, {"input": {"x": X}, "output": {"y": X}} | table)
    return load_card(folder)


def test_runs_and_says_where(tmp_path):
    session = open_model(made(tmp_path / "m"), "cpu")
    assert session.provider.actual == CPU
    assert session.provider.requested == "cpu"
    assert session.provider.short == "CPU"
    assert session.provider.versions["onnxruntime"] == ort.__version__
    np.testing.assert_array_equal(session.run({"x": np.ones((2, 3))})["y"], np.full((2, 3), 2, np.float32))


def test_the_same_question_gives_the_same_session(tmp_path):
    model = made(tmp_path / "m")
    assert open_model(model, "cpu") is open_model(model, "cpu")
    assert open_model(model, "cpu", threads=2) is not open_model(model, "cpu")


def test_an_unknown_device_is_refused(tmp_path):
    with pytest.raises(UserError, match="auto, cpu, cuda"):
        open_model(made(tmp_path / "m"), "gpu")


@pytest.mark.parametrize("device", ["cuda", "tensorrt", "coreml"])
def test_a_wish_that_cannot_be_met_is_a_clear_message(tmp_path, device):
    reason = providers.why_not(device)
    if not reason:
        pytest.skip(f"{device} works on this machine")
    with pytest.raises(UserError) as refused:
        open_model(made(tmp_path / "m"), device)
    assert reason in refused.value.what
    assert "cpu" in refused.value.todo


def test_auto_falls_back_visibly(tmp_path):
    reason = providers.why_not("cuda")
    if not reason:
        pytest.skip("CUDA works on this machine")
    report = open_model(made(tmp_path / "m"), "auto").provider
    assert report.actual == CPU
    assert reason in report.reason


def test_a_provider_that_does_not_come_up_is_noticed(tmp_path, monkeypatch, capfd):
    """ONNX Runtime lists CUDA, takes the CPU instead and raises nothing: seen here without any GPU."""
    if "CUDAExecutionProvider" not in ort.get_available_providers():
        pytest.skip("this ONNX Runtime was built without CUDA")
    if not providers.why_not("cuda"):
        pytest.skip("CUDA works on this machine")
    monkeypatch.setattr(providers, "why_not", lambda device: "")
    with pytest.raises(UserError, match="CUDA"):
        open_model(made(tmp_path / "m"), "cuda")
    report = open_model(made(tmp_path / "n"), "auto").provider
    assert report.actual == CPU
    assert "CUDA is not used" in report.reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"input": {"image": X}}, "names the input image"),
        ({"output": {"z": X}}, "names the output z"),
        ({"input": {"x": X | {"shape": ["batch", 4]}}}, "its card says batch×4"),
        ({"input": {"x": X | {"shape": [3]}}}, "its card says 3"),
        ({"input": {"x": X | {"dtype": "uint8"}}}, "its card says uint8"),
        ({"input": {}}, "does not know the input x"),
    ],
)
def test_a_file_that_does_not_fit_its_card_is_refused(tmp_path, change, reason):
    with pytest.raises(UserError, match=reason):
        open_model(made(tmp_path / "m", **change), "cpu")


def test_a_tampered_file_is_refused(tmp_path):
    model = made(tmp_path / "m")
    path = tmp_path / "m" / "model.onnx"
    path.write_bytes(path.read_bytes().replace(b"Mul", b"Add"))
    with pytest.raises(UserError, match="SHA-256"):
        open_model(model, "cpu")


def test_a_tampered_shipped_file_is_refused(tmp_path, monkeypatch):
    for path in (SHIPPED_MODELS / "mtcnn").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    data = bytearray((tmp_path / "rnet.onnx").read_bytes())
    data[5000] ^= 0xFF
    (tmp_path / "rnet.onnx").write_bytes(data)
    with pytest.raises(UserError, match="SHA-256"):
        open_model(load_card(tmp_path), "cpu", file="rnet")


def test_wrong_input_is_the_callers_mistake(tmp_path):
    session = open_model(made(tmp_path / "m"), "cpu")
    with pytest.raises(ValueError, match="m"):
        session.run({"x": np.ones((2, 5), np.float32)})


def variant(name, loss, speed, devices=("cpu",)):
    return {"name": name, "path": f"{name}.onnx", "devices": list(devices), "accuracy_loss": loss, "speed": speed}


def test_auto_takes_the_fastest_variant_that_is_accurate_enough(tmp_path):
    entries = [variant("int8", 0.3, 2.5), variant("tiny", 2.0, 9.0), variant("fp16", 0.0, 3.0, ["cuda"])]
    for entry in entries:
        (tmp_path / "m").mkdir(exist_ok=True)
        double(tmp_path / "m" / entry["path"])
    model = made(tmp_path / "m", variant=entries)
    assert best_file(model, "cpu") == "int8"
    assert best_file(model, "cuda") == "fp16"
    assert best_file(model, "coreml") is None
    assert open_model(model, "cpu").file is None
    assert open_model(model, "cpu", file="tiny").file == "tiny"
    if providers.why_not("cuda"):
        assert open_model(model, "auto").file == "int8"
