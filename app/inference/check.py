"""Examines an untrusted ONNX file once, in a child process with limits, so that a crash does no harm.

`python -m app.inference.check FILE [SECONDS]` prints what it found as one line of JSON.
"""

import contextlib
import dataclasses
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.child import child_command
from app.errors import UserError
from app.files import sha256_of
from app.inference import onnx_scan
from app.inference.load_words import load_words
from app.jobs import Context
from app.paths import data_dir

RULES: Final = 4
"""Version of the checks; raise it when they change, so that old verdicts are not used again."""

CPU_LIMIT_S: Final = 60
"""Seconds of computing (on POSIX systems): a busy machine does not make a file suspicious."""
TIME_LIMIT_S: Final = 300
"""Seconds in all."""
MEMORY_LIMIT_BYTES: Final = 6 * 1024**3
MAX_OUTPUT_ELEMENTS: Final = 64 * 1024 * 1024


@dataclass(frozen=True)
class TensorFacts:
    """An input or output as the file defines it.

    Attributes:
        name: The tensor's name.
        dtype: Element type as ONNX Runtime writes it, e.g. "tensor(float)".
        shape: Fixed sizes as numbers, free ones as names or empty texts.
    """

    name: str
    dtype: str
    shape: tuple[int | str, ...]


@dataclass(frozen=True)
class OnnxFacts:
    """The facts about an examined file.

    Attributes:
        sha256: SHA-256 of the file.
        inputs: The inputs in the file's order.
        outputs: The outputs in the file's order.
        parameters: Number of elements of all stored weights.
        operators: Number of occurrences of each operator.
        external: Data files beside it, relative to its folder.
    """

    sha256: str
    inputs: tuple[TensorFacts, ...]
    outputs: tuple[TensorFacts, ...]
    parameters: int
    operators: dict[str, int]
    external: tuple[str, ...]


def examine(path: Path, ctx: Context | None = None) -> OnnxFacts:
    """Examine a file, or recall the verdict on the same bytes.

    A child process walks over the file, loads it with ONNX Runtime on the CPU and runs it on zeros and on noise, under
    limits of time and (on POSIX systems) memory. Good verdicts are kept in the user's data folder by SHA-256; a file
    with data beside it is examined every time, because its hash does not cover this data.

    Args:
        path: The ONNX file.
        ctx: Can cancel, which ends the child process.

    Raises:
        UserError: The file is missing or refused, or made the child process crash.
        Cancelled: The user cancelled.
    """
    if not path.is_file():
        raise UserError(f"The model file {path} is missing.", "Choose another one.")
    digest = sha256_of(path)
    kept = data_dir() / "examined" / f"{digest}.json"
    recalled = _recall(kept)
    if recalled is not None:
        return recalled
    facts = _examine_in_child(path, digest, ctx or Context())
    if not facts.external:
        kept.parent.mkdir(parents=True, exist_ok=True)
        partial = kept.with_suffix(f".{os.getpid()}.tmp")
        partial.write_text(json.dumps({"rules": RULES, **dataclasses.asdict(facts)}), encoding="utf-8")
        os.replace(partial, kept)
    return facts


def _recall(kept: Path) -> OnnxFacts | None:
    try:
        table = json.loads(kept.read_text(encoding="utf-8"))
        return _facts(table) if table.pop("rules") == RULES else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _facts(table: dict[str, Any]) -> OnnxFacts:
    def tensors(entries: list[dict[str, Any]]) -> tuple[TensorFacts, ...]:
        return tuple(TensorFacts(e["name"], e["dtype"], tuple(e["shape"])) for e in entries)

    return OnnxFacts(
        sha256=table["sha256"],
        inputs=tensors(table["inputs"]),
        outputs=tensors(table["outputs"]),
        parameters=int(table["parameters"]),
        operators=dict(table["operators"]),
        external=tuple(table["external"]),
    )


def _examine_in_child(path: Path, digest: str, ctx: Context) -> OnnxFacts:
    refused = f"The model file {path.name} is refused"
    advice = "Use a file from a source you trust."
    command = child_command("app.inference.check", str(path.resolve()), str(CPU_LIMIT_S))
    root = str(Path(__file__).resolve().parents[2])
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join([root, os.environ.get("PYTHONPATH", "")]))
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment) as child:
        try:
            with ctx.interrupting(child.kill):
                said, _ = child.communicate(timeout=TIME_LIMIT_S)
        except subprocess.TimeoutExpired:
            raise UserError(f"{refused}: it was not examined within {TIME_LIMIT_S} seconds.", advice) from None
        finally:
            child.kill()
    ctx.check()
    if child.returncode == -getattr(signal, "SIGXCPU", 0) != 0:
        raise UserError(f"{refused}: it was not examined within {CPU_LIMIT_S} seconds of computing.", advice)
    try:
        answer = json.loads(said.decode("utf-8").splitlines()[-1])
    except (ValueError, IndexError):
        why = f"signal {-child.returncode}" if child.returncode < 0 else f"status {child.returncode}"
        raise UserError(f"{refused}: the process that examined it crashed ({why}).", advice) from None
    if "what" in answer:
        raise UserError(answer["what"], answer["todo"])
    if answer["sha256"] != digest:
        raise UserError(f"{refused}: it changed while it was examined.", "Try again.")
    return _facts(answer)


def _limit(cpu_s: int) -> None:
    with contextlib.suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        # With both limits equal the system would kill without saying why.
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 5))
        if sys.platform == "linux":
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))


def _examine_here(path: Path) -> dict[str, Any]:
    contents = onnx_scan.scan(path)
    inputs, outputs = _load_and_run(path)
    facts = OnnxFacts(
        sha256=sha256_of(path),
        inputs=inputs,
        outputs=outputs,
        parameters=contents.parameters,
        operators=dict(contents.operators),
        external=tuple(sorted(set(contents.external))),
    )
    return dataclasses.asdict(facts)


def _load_and_run(path: Path) -> tuple[tuple[TensorFacts, ...], tuple[TensorFacts, ...]]:
    import numpy as np

    from app.inference.runtime import ort

    settings = ort.SessionOptions()
    settings.intra_op_num_threads = 1
    settings.log_severity_level = 4
    try:
        session = ort.InferenceSession(str(path), settings, providers=["CPUExecutionProvider"])
    except Exception as error:
        why, todo = load_words(error)
        raise UserError(f"The model file {path.name} is refused: {why}.", todo) from error
    inputs, outputs = (
        tuple(TensorFacts(v.name, v.type, tuple(size if size else "" for size in v.shape)) for v in values)
        for values in (session.get_inputs(), session.get_outputs())
    )
    types = {"tensor(float)": "f4", "tensor(float16)": "f2", "tensor(double)": "f8", "tensor(uint8)": "u1",
             "tensor(int32)": "i4", "tensor(int64)": "i8", "tensor(bool)": "?"}  # fmt: skip
    feed = {}
    for value in inputs:
        if value.dtype not in types:
            return inputs, outputs
        # Free sizes may have a smallest value that only its maker knows: 64 suits pictures, 1 suits batches.
        shape = [size if isinstance(size, int) else (1 if place == 0 else 64) for place, size in enumerate(value.shape)]
        if np.prod(shape, dtype=np.float64) > MAX_OUTPUT_ELEMENTS:
            raise UserError(
                f"The model file {path.name} is refused: its input {value.name} is larger than allowed.",
                "Use another file.",
            )
        feed[value.name] = np.zeros(shape, types[value.dtype])
    try:
        for picture in _pictures(feed):
            session.run(None, picture)
    except Exception as error:
        # A wrong guess of a free size fails in the run too, and is not a fault of the file.
        if isinstance(error, MemoryError) or "alloc" in str(error).lower():
            raise UserError(
                f"The model file {path.name} is refused: running it takes more memory than allowed.",
                "Use another file.",
            ) from error
    return inputs, outputs


def _pictures(zeros: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield inputs for trying a model: zeros, constant pictures, and noise from a fixed seed.

    A file may behave on black pictures and hang or fall over on others.
    """
    import numpy as np

    yield zeros
    rng = np.random.default_rng(0)
    for high in (1.0, 255.0):
        yield {name: np.full_like(value, min(high, 100 if value.dtype.kind == "i" else high)) for name, value in
               zeros.items()}  # fmt: skip
        yield {name: (rng.random(value.shape) * high).astype(value.dtype) for name, value in zeros.items()}


def main() -> int:
    """Run the child process: examine the file and print the result."""
    _limit(int(sys.argv[2]) if len(sys.argv) > 2 else CPU_LIMIT_S)
    try:
        answer = _examine_here(Path(sys.argv[1]))
    except UserError as error:
        answer = {"what": error.what, "todo": error.todo}
    sys.stdout.write(json.dumps(answer) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
