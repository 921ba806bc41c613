"""Examines this machine and reports what works and what is broken, with advice, for `affectograph doctor`."""

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import psutil

from app import paths
from app.child import child_code
from app.display import check_display, has_display
from app.errors import UserError
from app.extras import how_to_add
from app.inference import providers
from app.inference.cards import DEFAULT_MODEL, scan_models, verify_file
from app.inference.probe import probe_devices
from app.services.machine.installed import installed_version

Status = Literal["ok", "info", "warning", "broken"]

LEAST_PYTHON: Final = (3, 11)
LEAST_FREE_GB: Final = 2.0
_CHILD_LIMIT_S: Final = 180

# Extras of ours: distribution → (extra, what it is for).
_EXTRAS: Final = {
    "torch": ("train", "training and export of models"),
    "opensmile": ("audio", "sound features"),
    "dlib-bin": ("landmarks", "68 landmarks"),
    "psycopg": ("postgres", "projects on a PostgreSQL server"),
}

_QT_PROBE: Final = """
import json, sys
from PySide6.QtWidgets import QApplication
app = QApplication(["doctor"])
screen = app.primaryScreen()
print(json.dumps({"platform": app.platformName(), "scale": screen.devicePixelRatio() if screen else 0,
                  "size": [screen.size().width(), screen.size().height()] if screen else [0, 0]}))
"""
_AUDIO_PROBE: Final = """
import json
from PySide6.QtCore import QCoreApplication
from PySide6.QtMultimedia import QMediaDevices
app = QCoreApplication([])
print(json.dumps({"outputs": [d.description() for d in QMediaDevices.audioOutputs()]}))
"""


@dataclass(frozen=True)
class Finding:
    """One finding of the doctor.

    Attributes:
        topic: Short, stable name for scripts.
        status: "ok", "info" if something is merely absent, "warning" if something will limit the work, or "broken" if
            something stops it.
        found: The finding in one sentence.
        advice: What to do; empty if nothing needs to be done.
    """

    topic: str
    status: Status
    found: str
    advice: str = ""


def examine_machine(project_path: Path | None = None, only: Sequence[str] | None = None) -> Iterator[Finding]:
    """Examine everything and yield one finding after the other, with quick ones first.

    Args:
        project_path: A project whose own models are examined, too.
        only: Names in `CHECKS` to keep to; None for all.

    Yields:
        The findings; a check that fails by itself is a finding as well.
    """
    for name in CHECKS if only is None else only:
        try:
            yield from CHECKS[name](project_path)
        except Exception as error:  # noqa: BLE001 — the doctor must not fall ill
            yield Finding(name, "warning", f"This could not be examined: {error!r}.", "Report it with this output.")


def _python(_project: Path | None) -> Iterator[Finding]:
    text = f"Python {platform.python_version()} on {platform.platform(terse=True)}"
    if sys.version_info < LEAST_PYTHON:
        yield Finding("python", "broken", text + ".", "Affectograph needs Python 3.11 or newer.")
    else:
        yield Finding("python", "ok", text + ".")


def _packages(_project: Path | None) -> Iterator[Finding]:
    """Versions and pairs that are known to break."""
    runtimes = [name for name in ("onnxruntime", "onnxruntime-gpu", "onnxruntime-directml") if installed_version(name)]
    if len(runtimes) > 1:
        advice = f"pip uninstall {' '.join(runtimes)}, then install Affectograph again."
        yield Finding("onnxruntime", "broken", f"{' and '.join(runtimes)} overwrite each other.", advice)
    else:
        text = ", ".join(f"{key} {value}" for key, value in providers.versions().items())
        yield Finding("onnxruntime", "ok", f"{text} ({runtimes[0] if runtimes else 'built from source'}).")
    if installed_version("opencv-python") and installed_version("opencv-python-headless"):
        advice = "pip uninstall opencv-python-headless opencv-python, then install Affectograph again."
        yield Finding("opencv", "broken", "opencv-python and opencv-python-headless overwrite each other.", advice)
    av = installed_version("av")
    yield Finding(
        "video",
        "ok",
        f"PyAV {av}, OpenCV {installed_version('opencv-python') or installed_version('opencv-python-headless')}.",
    )


def pyside_finding(version: str | None, python: tuple[int, int]) -> Finding:
    """Judge a PySide6 version: 6.12.0 on Python before 3.12 loses references and ends the process (docs/decisions)."""
    if version is None:
        return Finding("qt", "broken", "PySide6 is not installed.", "pip install PySide6-Essentials PySide6-Addons")
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if numbers >= (6, 12) and python < (3, 12):
        return Finding(
            "qt",
            "broken",
            f"PySide6 {version} ends the process on Python {python[0]}.{python[1]}.",
            "pip install 'PySide6-Essentials<6.12' 'PySide6-Addons<6.12', or use Python 3.12.",
        )
    return Finding("qt", "ok", f"PySide6 {version}.")


def _qt(_project: Path | None) -> Iterator[Finding]:
    finding = pyside_finding(
        installed_version("PySide6-Essentials") or installed_version("PySide6"), sys.version_info[:2]
    )
    yield finding
    if finding.status == "broken":
        return
    display = has_display()
    if not display:
        advice = "Use the command line, or run the window under a virtual display: xvfb-run -a affectograph."
        yield Finding("display", "info", "There is no display.", advice)
    else:
        try:
            check_display()
        except UserError as error:
            yield Finding("display", "broken", error.what, error.todo)
            return
    answer, trouble = run_probe(_QT_PROBE, {} if display else {"QT_QPA_PLATFORM": "offscreen"})
    if answer is None:
        advice = "Run packaging/system_libraries.sh, which installs the libraries that Qt needs."
        yield Finding("window", "broken", f"Qt cannot open a window: {trouble}.", advice)
        return
    size = answer["size"]
    place = f"{answer['platform']}, {size[0]}×{size[1]} at scale {answer['scale']:g}"
    yield Finding("window", "ok", f"Qt works ({place}).")


def _audio(_project: Path | None) -> Iterator[Finding]:
    answer, trouble = run_probe(_AUDIO_PROBE, {"QT_QPA_PLATFORM": "offscreen"})
    if answer is None:
        advice = "Clips play without sound. On Debian or Ubuntu: apt-get install libpulse0 libxrandr2."
        yield Finding("audio", "warning", f"Sound cannot be played: {trouble}.", advice)
        return
    if answer["outputs"]:
        yield Finding("audio", "ok", f"Sound output: {', '.join(answer['outputs'])}.")
    else:
        yield Finding("audio", "info", "There is no sound output.", "Clips play without sound.")


def _camera(_project: Path | None) -> Iterator[Finding]:
    from app.media.camera import list_cameras

    cameras = list_cameras()
    if not cameras:
        advice = "Nothing else needs one. A clip can take its place on the camera screen."
        yield Finding("camera", "info", "There is no camera.", advice)
        return
    closed = [camera.device for camera in cameras if camera.device.startswith("/dev/") and not _readable(camera.device)]
    if closed:
        advice = "Add your account to the group “video” (sudo usermod -aG video $USER) and log in again."
        yield Finding("camera", "warning", f"You may not open {', '.join(closed)}.", advice)
        return
    yield Finding("camera", "ok", f"Cameras: {', '.join(camera.label for camera in cameras)}.")


def _readable(device: str) -> bool:
    return os.access(device, os.R_OK | os.W_OK)


def run_probe(code: str, environment: dict[str, str]) -> tuple[dict[str, Any] | None, str]:
    """Run a few lines of Python in a separate process, where a crash does no harm.

    Args:
        code: The code, whose last line of output is its answer in JSON.
        environment: Variables that are set in addition to those of this process.

    Returns:
        The answer, or None with the last line of its output.
    """
    command = child_code(code)
    try:
        child = subprocess.run(
            command, capture_output=True, timeout=_CHILD_LIMIT_S, check=False, env={**os.environ, **environment}
        )
    except subprocess.TimeoutExpired:
        return None, f"no answer within {_CHILD_LIMIT_S} seconds"
    lines = child.stdout.decode("utf-8", "replace").strip().splitlines()
    if child.returncode == 0 and lines:
        answer: dict[str, Any] = json.loads(lines[-1])
        return answer, ""
    said = child.stderr.decode("utf-8", "replace").strip().splitlines()
    return None, said[-1].rstrip(".") if said else f"the trial ended with status {child.returncode}"


def _machine(_project: Path | None) -> Iterator[Finding]:
    memory = psutil.virtual_memory()
    gigabytes = memory.total / 2**30
    text = (
        f"{providers.default_threads()} processor cores, {gigabytes:.1f} GB memory, {memory.available / 2**30:.1f} free"
    )
    if memory.available < 1.5 * 2**30:
        yield Finding("machine", "warning", text + ".", "Close other programs before long analyses or training.")
    else:
        yield Finding("machine", "ok", text + ".")


def _disk(_project: Path | None) -> Iterator[Finding]:
    for topic, folder in (("data_folder", paths.data_dir()), ("temporary_folder", Path(tempfile.gettempdir()))):
        free = shutil.disk_usage(folder).free / 2**30
        try:
            with tempfile.NamedTemporaryFile(dir=folder):
                pass
        except OSError as error:
            yield Finding(
                topic, "broken", f"{folder} cannot be written ({error.strerror}).", "Give yourself the right."
            )
            continue
        text = f"{folder}: {free:.1f} GB free."
        if free < LEAST_FREE_GB:
            yield Finding(topic, "warning", text, "Free some space: projects and exports need it.")
        else:
            yield Finding(topic, "ok", text)


def _models(project_path: Path | None) -> Iterator[Finding]:
    cards, broken = scan_models(project_path)
    for folder, error in broken:
        yield Finding("model", "warning", error.what, f"Install the model again, or remove {folder}.")
    for card in cards:
        try:
            for key in [*card.files, *(variant.name for variant in card.variants)]:
                verify_file(card, key)
        except UserError as error:
            needed = card.name in {DEFAULT_MODEL, "mtcnn"}
            yield Finding("model", "broken" if needed else "warning", error.what, error.todo)
        else:
            where = "shipped" if card.shipped else str(card.folder)
            yield Finding("model", "ok", f"{card.name} {card.version} ({card.kind}, {card.licence}; {where}).")
    for name in (DEFAULT_MODEL, "mtcnn"):
        if not any(card.name == name for card in cards):
            yield Finding("model", "broken", f"The model {name} is missing.", "Install Affectograph again.")


def _gpu(_project: Path | None) -> Iterator[Finding]:
    driver = providers.nvidia_driver()
    if driver.problem:
        yield Finding("gpu", "info", f"No NVIDIA GPU in use: {driver.problem}.", "")
        return
    names = _nvidia_names()
    yield Finding("gpu", "ok", f"{names}; the driver serves CUDA {driver.cuda[0]}.{driver.cuda[1]}.")


def _nvidia_names() -> str:
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return f"{providers.nvidia_driver().devices} NVIDIA GPU(s)"
    query = [tool, "--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"]
    try:
        said = subprocess.run(query, capture_output=True, timeout=20, check=False).stdout.decode("utf-8", "replace")
    except (OSError, subprocess.TimeoutExpired):
        said = ""
    return "; ".join(said.strip().splitlines()) or "NVIDIA GPU"


def _devices(_project: Path | None) -> Iterator[Finding]:
    """Find the execution providers that really run a network; being listed proves nothing."""
    for result in probe_devices():
        topic = f"device_{result.device}"
        if result.works:
            yield Finding(topic, "ok", f"{result.device} works ({result.milliseconds:g} ms for one face network).")
        elif result.device == "cpu":
            yield Finding(topic, "broken", f"No model runs on the CPU: {result.reason}.", "Install Affectograph again.")
        else:
            has_gpu = not providers.nvidia_driver().problem
            status: Status = "warning" if result.device == "cuda" and has_gpu else "info"
            advice = f"{how_to_add('cuda')}." if status == "warning" else ""
            yield Finding(topic, status, f"{result.device} is not available: {result.reason}.", advice)


def _extras(_project: Path | None) -> Iterator[Finding]:
    for name, (extra, purpose) in _EXTRAS.items():
        version = installed_version(name)
        if version:
            yield Finding(f"extra_{extra}", "ok", f"{name} {version}: {purpose}.")
        else:
            advice = f"{how_to_add(extra)}."
            yield Finding(f"extra_{extra}", "info", f"Not installed: {purpose} ({name}).", advice)


CHECKS: Final[Mapping[str, Callable[[Path | None], Iterator[Finding]]]] = {
    "python": _python,
    "packages": _packages,
    "machine": _machine,
    "disk": _disk,
    "models": _models,
    "gpu": _gpu,
    "devices": _devices,
    "qt": _qt,
    "audio": _audio,
    "camera": _camera,
    "extras": _extras,
}
"""What is looked at, in this order; each check is handed the project's file, or None."""
