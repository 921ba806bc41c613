"""Tries every device with a real model: `python -m app.inference.probe` prints what works as one line of JSON.

It runs in a child process, because a broken driver may make its process crash.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np

from app.child import child_command
from app.errors import UserError
from app.inference import providers
from app.inference.cards import load_card
from app.inference.session import open_model
from app.paths import SHIPPED_MODELS

TIME_LIMIT_S: Final = 300
"""Seconds allowed for a device; TensorRT takes minutes to build its engine the first time."""
_RUNS: Final = 20


@dataclass(frozen=True)
class DeviceProbe:
    """The result of trying a device.

    Attributes:
        device: "cpu", "cuda", "tensorrt" or "coreml".
        works: Whether a network really ran on it.
        reason: The reason why it does not work; empty where it does.
        milliseconds: Median time of one run of MTCNN's output network on one face; None where it does not work.
    """

    device: str
    works: bool
    reason: str
    milliseconds: float | None


def probe_devices() -> list[DeviceProbe]:
    """Try every device in a child process.

    Returns:
        One entry for each device. If the child process crashed, all of them give that as the reason.
    """
    root = str(Path(__file__).resolve().parents[2])
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join([root, os.environ.get("PYTHONPATH", "")]))
    command = child_command("app.inference.probe")
    devices = [device for device in providers.DEVICES if device != "auto"]
    try:
        child = subprocess.run(command, capture_output=True, timeout=TIME_LIMIT_S, check=False, env=environment)
        return [DeviceProbe(**entry) for entry in json.loads(child.stdout.decode("utf-8").splitlines()[-1])]
    except subprocess.TimeoutExpired:
        reason = f"the trial did not end within {TIME_LIMIT_S} seconds"
    except (ValueError, IndexError, TypeError):
        reason = f"the trial ended with status {child.returncode}"
    return [DeviceProbe(device, False, reason, None) for device in devices]


def probe(device: str) -> DeviceProbe:
    """Try one device in this process."""
    face = np.zeros((1, 3, 48, 48), np.float32)
    try:
        session = open_model(load_card(SHIPPED_MODELS / "mtcnn"), device, file="onet")
        times = []
        for _ in range(_RUNS):
            began_s = time.perf_counter()
            session.run({"image": face})
            times.append((time.perf_counter() - began_s) * 1e3)
    except UserError as error:
        return DeviceProbe(device, False, providers.why_not(device) or error.what, None)
    return DeviceProbe(device, True, "", round(statistics.median(times), 3))


def main() -> int:
    """Run the child process: try all devices and print the result."""
    found = [asdict(probe(device)) for device in providers.DEVICES if device != "auto"]
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
