#!/bin/bash
# What an NVIDIA card brings: tests on CUDA, a model's crops a second in FP32 and FP16, whole clips, and live answers.
#
#     bash benchmarks/gpu.sh [PYTHON]
#
# One run of at most 8 minutes in a clone; each step has its own limit. PYTHON is the interpreter of an environment with
# `pip install -e '.[cuda,dev]'`, by default .venv/bin/python. It prints one table, which names the card, and then what
# it missed. Without a card or CUDA libraries the columns of CUDA stay empty, and the last lines say why.
# It has not run on a machine with a card so far.
set -u
cd "$(dirname "$0")/.." || exit 1
python=${1:-.venv/bin/python}
command -v "$python" > /dev/null || { echo "There is no $python. Give the path of a Python with this program in it."; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export AFFECTOGRAPH_HOME=$work/home PYTHONPATH=$PWD QT_QPA_PLATFORM=offscreen PYTHONWARNINGS=ignore
missed=()

echo "## Card"
if command -v nvidia-smi > /dev/null; then
    timeout 20 nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader
else
    echo "none: nvidia-smi is not installed"
    missed+=("a card: nvidia-smi is not installed")
fi
echo "$(nproc) cores, load $(cut -d ' ' -f 1 /proc/loadavg)"

echo "## What the program says"
timeout 60 "$python" -m app doctor 2>&1 | grep -i -E "gpu|cuda|tensorrt|device" || missed+=("doctor: no answer in 60 s")

echo "## Tests of devices"
timeout 100 "$python" -m pytest -q -p no:cacheprovider tests/inference/test_session.py tests/cli/test_doctor.py \
    tests/learning/affect/test_devices.py -k "cuda or device or gpu or provider" 2>&1 | tail -3
[ "${PIPESTATUS[0]}" -le 1 ] || { echo; missed+=("the tests: they did not end in 100 s, or cannot run here"); }

echo "## Speed"
timeout 280 "$python" - "$work" << 'PROGRAM' || missed+=("the table: it did not end in 280 s, or failed")
import statistics
import sys
import time
from pathlib import Path

import numpy as np

from app.errors import UserError
from app.inference import session
from app.jobs import Context
from app.media.reader import VideoReader
from app.services.predict.analyse import Analyser
from app.services.predict.pipeline import FacePipeline
from app.synthetic.demo_clip import place_demo

BATCHES, LIVE_FRAMES = 10, 60
clip = place_demo(Path(sys.argv[1]) / "demo.mp4").path
with VideoReader(clip) as reader:
    frames = [frame for frame, _ in zip(reader.frames(), range(LIVE_FRAMES), strict=False)]
rows, missed = {}, []


def middle(work, repeats=2):
    work()  # warm
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def batch(device, file):
    opened = session.open_model(card, device, 1, file)
    crops = 255 * np.random.default_rng(0).random((32, *shape), dtype=np.float32)
    return BATCHES * 32 / middle(lambda: [opened.run({opened.inputs[0]: crops}) for _ in range(BATCHES)])


def whole(device):
    with Analyser(device=device) as analyser:
        return len(analyser.analyse(clip, Context()).times_s) / middle(lambda: analyser.analyse(clip, Context()))


def live(device):
    pipeline, times = FacePipeline(device=device), []
    for frame in frames:
        began = time.perf_counter()
        pipeline.live(frame)
        times.append(1000 * (time.perf_counter() - began))
    return float(np.median(times[20:]))


def measure(what, device, work):
    try:
        rows.setdefault(what, {})[device] = work()
    except UserError as error:
        missed.append(f"{what} on {device}: {error}")
    except Exception as error:  # one failure must not cost the other rows
        missed.append(f"{what} on {device}: {type(error).__name__}: {error}")


probe = FacePipeline(device="cpu")
card = probe.card
shape = next(iter(card.inputs.values())).shape[1:]
half = next((variant.name for variant in card.variants if "16" in variant.name), None)
for device in ("cpu", "cuda"):
    measure("crops/s, batches of 32, FP32", device, lambda: batch(device, None))
    if half is not None:
        measure("crops/s, batches of 32, FP16", device, lambda: batch(device, half))
    measure("whole clip, frames/s", device, lambda: whole(device))
    measure("live, ms from frame to answer (median)", device, lambda: live(device))
if half is None:
    missed.append(f"FP16: {card.name} has no such variant")
print("| what | CPU | CUDA | ratio |\n| --- | --- | --- | --- |")
for what, found in rows.items():
    cpu, cuda = found.get("cpu"), found.get("cuda")
    ratio = f"{cuda / cpu:.2f}" if cpu and cuda else "–"
    print(f"| {what} | {'–' if cpu is None else f'{cpu:.1f}'} | {'–' if cuda is None else f'{cuda:.1f}'} | {ratio} |")
print("".join(f"missed: {each}\n" for each in missed), end="")
PROGRAM

for each in "${missed[@]+"${missed[@]}"}"; do echo "missed: $each"; done
