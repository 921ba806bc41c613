"""Execution providers: finds the one for a requested device, and whether this machine can really run it."""

import contextlib
import ctypes
import functools
import io
import logging
import os
import platform
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from app.errors import UserError
from app.inference.runtime import ort
from app.paths import data_dir

log = logging.getLogger(__name__)

DEVICES: Final = ("auto", "cpu", "cuda", "tensorrt", "coreml")
"""The devices that a user may ask for."""

CPU: Final = "CPUExecutionProvider"
PROVIDERS: Final[dict[str, str]] = {
    "cpu": CPU,
    "cuda": "CUDAExecutionProvider",
    "tensorrt": "TensorrtExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
}

# Link-time needs of the CUDA provider, by the CUDA version the wheel was built for; a missing cuDNN lets some kernels
# answer "not implemented" at run time, so it counts as needed.
_CUDA_LIBRARIES: Final = (
    "libcudart.so.{0}",
    "libcublasLt.so.{0}",
    "libcublas.so.{0}",
    "libcurand.so.10",
    "libcudnn.so.9",
)
_CUDA_LIBRARIES_WINDOWS: Final = (
    "cudart64_{0}.dll",
    "cublasLt64_{0}.dll",
    "cublas64_{0}.dll",
    "curand64_10.dll",
    "cudnn64_9.dll",
)
_TENSORRT_LIBRARIES: Final = ("libnvinfer.so.10", "libnvonnxparser.so.10")
_TENSORRT_LIBRARIES_WINDOWS: Final = ("nvinfer_10.dll", "nvonnxparser_10.dll")
_OLDEST_DRIVER: Final = {13: 580, 12: 525}


@dataclass(frozen=True)
class ProviderReport:
    """The provider on which a session really runs.

    Attributes:
        requested: The requested device, one of `DEVICES`.
        actual: The name that ONNX Runtime gives, e.g. "CPUExecutionProvider".
        reason: The reason why `actual` is not the first choice; empty where it is.
        versions: Versions of the runtime, of CUDA and of the driver, where they are known.
    """

    requested: str
    actual: str
    reason: str = ""
    versions: dict[str, str] = field(default_factory=dict)

    @property
    def short(self) -> str:
        """A short name for status bars: "CPU", "CUDA", "Tensorrt", "CoreML"."""
        return self.actual.removesuffix("ExecutionProvider")


@dataclass(frozen=True)
class Driver:
    """The NVIDIA driver as its own library describes it.

    Attributes:
        devices: Number of GPUs that it offers.
        cuda: The newest CUDA version that it supports, as (major, minor).
        problem: The reason why it cannot be used; empty where it can.
    """

    devices: int
    cuda: tuple[int, int]
    problem: str


@functools.cache
def nvidia_driver() -> Driver:
    """Ask the driver's library without starting a CUDA context."""
    windows = sys.platform == "win32"
    name = "nvcuda.dll" if windows else "libcuda.so.1"
    try:
        library = ctypes.WinDLL(name) if windows else ctypes.CDLL(name)  # type: ignore[attr-defined, unused-ignore]
    except OSError:
        return Driver(0, (0, 0), f"there is no NVIDIA driver on this machine ({name} is missing)")
    version, count = ctypes.c_int(), ctypes.c_int()
    status = library.cuInit(0)
    library.cuDriverGetVersion(ctypes.byref(version))
    cuda = (version.value // 1000, version.value % 1000 // 10)
    if status == 0:
        status = library.cuDeviceGetCount(ctypes.byref(count))
    if status != 0:
        return Driver(0, cuda, f"the NVIDIA driver finds no usable GPU (CUDA error {status})")
    if count.value == 0:
        return Driver(0, cuda, "the NVIDIA driver finds no GPU")
    return Driver(count.value, cuda, "")


@functools.cache
def built_for_cuda() -> tuple[int, int] | None:
    """Return the CUDA version of this ONNX Runtime's build as (major, minor); None for a build without CUDA."""
    try:
        from onnxruntime.capi import build_and_package_info as info
    except ImportError:
        return None
    parts = str(getattr(info, "cuda_version", "")).split(".")
    return (int(parts[0]), int(parts[1])) if len(parts) >= 2 and parts[0].isdigit() and parts[1].isdigit() else None


@functools.cache
def preload_cuda() -> str:
    """Load the CUDA libraries that pip installed, once for each process, and log what ONNX Runtime prints.

    Returns:
        What ONNX Runtime printed; it reports failures only on standard output, without an exception or a value.
    """
    if not hasattr(ort, "preload_dlls"):
        return ""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        ort.preload_dlls()
    text = printed.getvalue().strip()
    if text:
        log.info("preloading CUDA libraries: %s", text)
    return text


def _missing(names: tuple[str, ...], *values: int) -> list[str]:
    missing = []
    for name in names:
        try:
            ctypes.CDLL(name.format(*values))
        except OSError:
            missing.append(name.format(*values))
    return missing


def why_not(device: str) -> str:
    """Return the reason why a device cannot work here, found before a session is made; empty where there is none.

    Args:
        device: "cpu", "cuda", "tensorrt" or "coreml".
    """
    if device == "cpu":
        return ""
    if PROVIDERS[device] not in ort.get_available_providers():
        return f"the installed ONNX Runtime was built without {device}"
    if device == "coreml":
        return "" if platform.system() == "Darwin" else "CoreML exists on macOS only"
    return _why_not_nvidia(device)


@functools.cache
def _why_not_nvidia(device: str) -> str:
    driver = nvidia_driver()
    if driver.problem:
        return driver.problem
    built = built_for_cuda() or (13, 0)
    if driver.cuda[0] < built[0]:
        return (
            f"the NVIDIA driver supports CUDA {driver.cuda[0]}.{driver.cuda[1]}, but this ONNX Runtime needs CUDA "
            f"{built[0]} (driver {_OLDEST_DRIVER.get(built[0], 0)} or newer)"
        )
    preload_cuda()
    windows = sys.platform == "win32"
    missing = _missing(_CUDA_LIBRARIES_WINDOWS if windows else _CUDA_LIBRARIES, built[0])
    if missing:
        return f"CUDA libraries are missing: {', '.join(missing)} (pip install 'affectograph[cuda]')"
    if device == "tensorrt":
        missing = _missing(_TENSORRT_LIBRARIES_WINDOWS if windows else _TENSORRT_LIBRARIES)
        if missing:
            return f"TensorRT libraries are missing: {', '.join(missing)} (pip install 'tensorrt-cu{built[0]}<11')"
    return ""


def choices(device: str) -> tuple[str, ...]:
    """Return the devices to try, in order, for a requested device.

    `auto` means CUDA where it works, else the CPU. TensorRT (its first start builds for minutes) and CoreML (it wants
    fixed shapes) are used only when asked for.

    Raises:
        UserError: The device is unknown.
    """
    if device not in DEVICES:
        raise UserError(f"There is no device called {device}.", f"Choose one of: {', '.join(DEVICES)}.")
    return ("cuda", "cpu") if device == "auto" else (device,)


def provider_list(device: str, model_sha256: str) -> list[str | tuple[str, dict[str, Any]]]:
    """Return the `providers` for InferenceSession. The CPU always comes last, for nodes that others lack.

    Args:
        device: "cpu", "cuda", "tensorrt" or "coreml".
        model_sha256: SHA-256 of the model, which names the cache of built engines.
    """
    # Batches and picture sizes change: an exhaustive search for each new shape would stall the first frames.
    cuda = {"cudnn_conv_algo_search": "HEURISTIC", "arena_extend_strategy": "kSameAsRequested"}
    if device == "cpu":
        return [CPU]
    if device == "cuda":
        return [(PROVIDERS["cuda"], cuda), CPU]
    if device == "coreml":
        options = {"ModelFormat": "MLProgram", "ModelCacheDirectory": str(_engine_folder("coreml", model_sha256))}
        return [(PROVIDERS["coreml"], options), CPU]
    folder = str(_engine_folder("tensorrt", model_sha256))
    engines = {
        "trt_engine_cache_enable": "True",
        "trt_engine_cache_path": folder,
        "trt_timing_cache_enable": "True",
        "trt_timing_cache_path": folder,
    }
    return [(PROVIDERS["tensorrt"], engines), (PROVIDERS["cuda"], cuda), CPU]


def _engine_folder(kind: str, model_sha256: str) -> Path:
    # A built engine is good for one model, runtime and driver only: all of them are in the folder's name.
    driver = nvidia_driver().cuda if kind == "tensorrt" else (0, 0)
    name = f"{kind}-{model_sha256[:16]}-ort{ort.__version__}-cuda{driver[0]}.{driver[1]}"
    folder = data_dir() / "engines" / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def versions() -> dict[str, str]:
    """Return the versions that matter for speed and for reports of problems, by name."""
    found = {"onnxruntime": ort.__version__}
    built = built_for_cuda()
    if built:
        found["built for CUDA"] = f"{built[0]}.{built[1]}"
    driver = nvidia_driver()
    if driver.devices:
        found["driver supports CUDA"] = f"{driver.cuda[0]}.{driver.cuda[1]}"
    return found


def default_threads() -> int:
    """Return the number of threads for whole clips, which is the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return max(1, os.cpu_count() or 1)
