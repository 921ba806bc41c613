import json
from importlib import metadata

import pytest

from app.cli import main
from app.inference import probe
from app.inference.cards import project_models
from app.paths import data_dir
from app.services.machine import doctor


def findings(check, project=None):
    return list(doctor.examine_machine(project, only=(check,)))


@pytest.mark.process
def test_json_tells_everything_and_the_exit_status_fits(capsys):
    status = main(["doctor", "--json"])
    table = json.loads(capsys.readouterr().out)
    topics = {f["topic"] for f in table["findings"]}
    assert {"python", "onnxruntime", "machine", "data_folder", "model", "gpu", "device_cpu", "qt", "audio"} <= topics
    assert table["broken"] == sum(f["status"] == "broken" for f in table["findings"])
    assert status == (1 if table["broken"] else 0)
    assert all(f["advice"] for f in table["findings"] if f["status"] in {"warning", "broken"})
    (cpu,) = [f for f in table["findings"] if f["topic"] == "device_cpu"]
    assert cpu["status"] == "ok"
    assert any("mtcnn" in f["found"] and f["status"] == "ok" for f in table["findings"])


@pytest.mark.parametrize(
    ("version", "python", "status"),
    [
        ("6.11.3", (3, 11), "ok"),
        ("6.12.0", (3, 11), "broken"),
        ("6.12.0", (3, 12), "ok"),
        ("6.13.1", (3, 11), "broken"),
        (None, (3, 12), "broken"),
    ],
)
def test_the_pyside_trap(version, python, status):
    finding = doctor.pyside_finding(version, python)
    assert finding.status == status
    assert bool(finding.advice) == (status == "broken")


def test_two_packages_of_one_name_are_noticed(monkeypatch):
    monkeypatch.setattr(metadata, "version", lambda name: "1.0")
    by_topic = {f.topic: f for f in findings("packages")}
    assert by_topic["onnxruntime"].status == "broken"
    assert "pip uninstall" in by_topic["onnxruntime"].advice
    assert by_topic["opencv"].status == "broken"


def test_a_damaged_model_is_found(tmp_path):
    shipped = doctor.scan_models()[0]
    source = next(card for card in shipped if card.name == "mtcnn").folder
    folder = data_dir() / "models" / "mtcnn"
    folder.mkdir(parents=True)
    for path in source.iterdir():
        if path.suffix in {".onnx", ".toml"}:
            (folder / path.name).write_bytes(path.read_bytes())
    (folder / "pnet.onnx").write_bytes(b"x" + (folder / "pnet.onnx").read_bytes()[1:])
    found = [f for f in findings("models") if "pnet" in f.found]
    assert [f.status for f in found] == ["broken"]
    assert "SHA-256" in found[0].found


def test_a_broken_card_of_a_project_is_found(tmp_path):
    project = tmp_path / "study.affectograph"
    folder = project_models(project) / "bad"
    folder.mkdir(parents=True)
    (folder / "card.toml").write_text("name = 3", encoding="utf-8")
    assert any(f.status == "warning" and "bad" in f.found for f in findings("models", project))


@pytest.mark.process
def test_a_probe_that_crashes_is_a_finding():
    answer, trouble = doctor.run_probe("import os; os.abort()", {})
    assert answer is None
    assert trouble
    answer, trouble = doctor.run_probe("raise ImportError('libpulse.so.0: cannot open')", {})
    assert answer is None
    assert "libpulse" in trouble


def test_a_check_that_fails_is_a_finding(monkeypatch):
    def ill(_project):
        raise ZeroDivisionError
        yield

    monkeypatch.setattr(doctor, "CHECKS", dict.fromkeys(doctor.CHECKS, ill))
    found = list(doctor.examine_machine())
    assert [each.topic for each in found] == list(doctor.CHECKS)
    assert all("ZeroDivisionError" in each.found and each.status == "warning" for each in found)


@pytest.mark.process
def test_devices_that_died_with_the_trial(monkeypatch):
    monkeypatch.setattr(probe.sys, "executable", "/usr/bin/false")
    found = probe.probe_devices()
    assert {each.device for each in found} == {"cpu", "cuda", "tensorrt", "coreml"}
    assert not any(each.works for each in found)
    assert "status 1" in found[0].reason


def test_no_display(monkeypatch):
    monkeypatch.setattr("platform.system", lambda: "Linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert not doctor.has_display()
    monkeypatch.setenv("DISPLAY", ":1")
    assert doctor.has_display()
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert not doctor.has_display()
