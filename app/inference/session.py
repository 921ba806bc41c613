"""Sessions: a model file checked against its card and running on a known provider."""

import logging
import threading
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.errors import UserError
from app.files import sha256_of
from app.inference import check, providers
from app.inference.cards import ModelCard, TensorSpec, verify_file
from app.inference.deadline import RUN_LIMIT_S, ended_after
from app.inference.load_words import load_words
from app.inference.providers import CPU, PROVIDERS, ProviderReport
from app.inference.runtime import ort

__all__ = ["ProviderReport", "Session", "close_all", "open_model"]

log = logging.getLogger(__name__)

_DTYPES: Final = {
    "tensor(float)": "float32",
    "tensor(float16)": "float16",
    "tensor(double)": "float64",
    "tensor(uint8)": "uint8",
    "tensor(int8)": "int8",
    "tensor(int32)": "int32",
    "tensor(int64)": "int64",
    "tensor(bool)": "bool",
}
MOST_ACCURACY_LOSS: Final = 0.5
"""Percentage points of accuracy that a faster variant may lose and still be chosen automatically."""
_FREE_SIZE: Final = 1
"""Size of a free dimension at warm-up where the card does not state one."""

Array = NDArray[Any]


class Session:
    """A loaded model that has run once. `open_model` makes it; any thread may call `run`.

    Attributes:
        card: Its card.
        file: Key of the loaded file, or name of the loaded variant; None for the main file.
        sha256: Hash of the file that is loaded.
        provider: The provider on which it really runs.
        inputs: Names of the input tensors.
        outputs: Names of the output tensors that its card names; others are never computed. If the card names none, all
            of them.
    """

    def __init__(
        self, card: ModelCard, file: str | None, digest: str, raw: ort.InferenceSession, provider: ProviderReport
    ) -> None:
        self.card = card
        self.file = file
        self.sha256 = digest
        self.provider = provider
        self.inputs = tuple(value.name for value in raw.get_inputs())
        wanted = {spec.name for spec in card.tensors(card.outputs, file)}
        self.outputs = tuple(value.name for value in raw.get_outputs() if not wanted or value.name in wanted)
        self._raw = raw
        self._dtypes = {value.name: _DTYPES.get(value.type, "") for value in raw.get_inputs()}

    def run(self, inputs: Mapping[str, Array]) -> dict[str, Array]:
        """Run the model.

        Args:
            inputs: One array for each name of `inputs`, in the shapes of the card. Floats are converted to the file's
                type, so that a half-precision variant takes the same arrays as the main file.

        Returns:
            One array for each name of `outputs`; half precision is returned as float32.

        Raises:
            UserError: The device failed (for lack of memory, or a lost driver), or the model did not answer in time.
            ValueError: Names or shapes do not fit the model, which is a mistake of the caller.
        """
        options = ort.RunOptions()
        feed = {name: np.ascontiguousarray(value, self._dtypes.get(name) or None) for name, value in inputs.items()}
        try:
            with ended_after(RUN_LIMIT_S, options) as late:
                answers = self._raw.run(list(self.outputs), feed, options)
        except Exception as error:
            if late.is_set():
                raise UserError(
                    f"The model {self.card.name} did not answer within {RUN_LIMIT_S:.0f} s and was stopped.",
                    "Choose another model; remove this one if it is not from a source you trust.",
                ) from error
            self._explain(error)
            raise
        return {
            name: value.astype(np.float32) if value.dtype == np.float16 else value
            for name, value in zip(self.outputs, answers, strict=True)
        }

    def _explain(self, error: Exception) -> None:
        text = str(error)
        if "INVALID_ARGUMENT" in text or "Required inputs" in text:
            raise ValueError(f"{self.card.name}: {text}") from error
        if self.provider.actual != CPU or "Failed to allocate memory" in text:
            raise UserError(
                f"The model {self.card.name} failed on {self.provider.short}: {text.splitlines()[0]}",
                "Choose the device cpu, or close other programs that use the memory.",
            ) from error


_cache: dict[tuple[str, str, str, str, int], Session] = {}
_cache_lock = threading.Lock()


def open_model(card: ModelCard, device: str = "auto", threads: int = 1, file: str | None = None) -> Session:
    """Return the session of a model. Equal arguments give the same session.

    The file's SHA-256 is checked against the card; a file that did not come with the program is first examined in a
    child process (`app.inference.check`). The provider that really runs is compared with the requested one, and names,
    shapes and types with the card. The model has run once when this returns.

    Args:
        card: The card of the model to load.
        device: "auto", "cpu", "cuda", "tensorrt" or "coreml". Only `auto` may fall back to the CPU, and says why in
            `Session.provider.reason`.
        threads: Threads within one run on the CPU: one for live use, all cores for whole clips. They never spin, so
            that a waiting session costs nothing.
        file: Key of one of the card's files, or the name of a variant; None for the main file or, with `auto`, for the
            fastest variant that loses at most half a point (`best_file`).

    Raises:
        UserError: The file is missing, changed, dangerous or does not fit its card, or the device cannot be used.
    """
    options = providers.choices(device)
    key = (str(card.folder), card.file(file).sha256, str(file), device, threads)
    with _cache_lock:
        if key not in _cache:
            _cache[key] = _open_first(card, file, device, options, threads)
        return _cache[key]


def open_once(card: ModelCard) -> Session:
    """Open a session on the CPU that is not kept, to try a model before it is installed.

    It is checked as by `open_model`.

    Raises:
        UserError: As for `open_model`.
    """
    return _open(card, None, "cpu", "cpu", 1, "")


def close_all() -> None:
    """Forget all sessions. Their memory is freed once nobody holds them."""
    with _cache_lock:
        _cache.clear()


def best_file(card: ModelCard, option: str) -> str | None:
    """Return the fastest variant for a device that loses at most half a point of accuracy; None for the main file.

    Args:
        card: The model's card.
        option: "cpu", "cuda", "tensorrt" or "coreml".
    """
    good = [
        variant
        for variant in card.variants
        if (not variant.devices or option in variant.devices)
        and variant.accuracy_loss is not None
        and variant.accuracy_loss <= MOST_ACCURACY_LOSS
        and variant.speed is not None
        and variant.speed > 1
    ]
    return max(good, key=lambda variant: variant.speed or 0).name if good else None


def _open_first(card: ModelCard, file: str | None, wish: str, options: tuple[str, ...], threads: int) -> Session:
    reason = ""
    for option in options:
        reason_now = providers.why_not(option)
        if not reason_now:
            chosen = best_file(card, option) if file is None and wish == "auto" else file
            try:
                return _open(card, chosen, wish, option, threads, reason)
            except _ProviderFailed as failed:
                reason_now = str(failed)
        if option == options[-1]:
            raise UserError(
                f"The device {wish} cannot be used: {reason_now}.",
                "Choose the device auto or cpu, or install what is missing.",
                "Choose the device auto or cpu, or install what is missing (affectograph doctor shows more).",
            )
        reason = f"{PROVIDERS[option].removesuffix('ExecutionProvider')} is not used: {reason_now}"
        log.info("%s: %s", card.name, reason)
    raise AssertionError("a wish has at least one option")


class _ProviderFailed(Exception):
    """The provider did not start, or failed in its first run."""


def _open(card: ModelCard, file: str | None, wish: str, option: str, threads: int, reason: str) -> Session:
    path = verify_file(card, file)
    digest = card.file(file).sha256 or sha256_of(path)
    if not card.shipped:
        check.examine(path)
    settings = ort.SessionOptions()
    settings.intra_op_num_threads = max(1, threads)
    settings.inter_op_num_threads = 1
    settings.add_session_config_entry("session.intra_op.allow_spinning", "0")
    settings.add_session_config_entry("session.inter_op.allow_spinning", "0")
    # Failures come back as exceptions and through the comparison below; on standard error they only frighten.
    settings.log_severity_level = 4
    try:
        raw = ort.InferenceSession(str(path), settings, providers=providers.provider_list(option, digest))
    except Exception as error:
        if option != "cpu":
            raise _ProviderFailed(str(error).splitlines()[0]) from error
        raise UserError(
            f"The model file {path} cannot be loaded: {load_words(error)[0]}.", f"Install {card.name} again."
        ) from error
    actual = raw.get_providers()[0]
    if actual != PROVIDERS[option]:
        raise _ProviderFailed(f"ONNX Runtime could not start {PROVIDERS[option]} and took {actual}")
    _compare(card, file, raw)
    session = Session(card, file, digest, raw, ProviderReport(wish, actual, reason, providers.versions()))
    try:
        _warm_up(session, raw)
    except (UserError, ort.capi.onnxruntime_pybind11_state.NotImplemented) as error:
        if option == "cpu":
            raise
        raise _ProviderFailed(f"its first run failed ({str(error).splitlines()[0]})") from error
    return session


def _compare(card: ModelCard, file: str | None, raw: ort.InferenceSession) -> None:
    """Compare names, shapes and types of the file with the card's."""
    is_variant = file is not None and file not in card.files
    for what, specs, values in (
        ("input", card.tensors(card.inputs, file), raw.get_inputs()),
        ("output", card.tensors(card.outputs, file), raw.get_outputs()),
    ):
        found = {value.name: value for value in values}
        for spec in specs:
            if spec.name not in found:
                names = ", ".join(found)
                raise _misfit(card, f"its card names the {what} {spec.name}, but the file has {names}")
            _compare_tensor(card, spec, found[spec.name], is_variant)
        if what == "input":
            unknown = set(found) - {spec.name for spec in specs}
            if unknown:
                raise _misfit(card, f"its card does not know the input {', '.join(sorted(unknown))}")


def _compare_tensor(card: ModelCard, spec: TensorSpec, value: Any, is_variant: bool) -> None:
    dtype = _DTYPES.get(value.type, value.type)
    floats = {"float16", "float32"}
    if spec.dtype and spec.dtype != dtype and not (is_variant and {spec.dtype, dtype} <= floats):
        raise _misfit(card, f"{spec.name} is {dtype}, its card says {spec.dtype}")
    if spec.shape is None:
        return
    same_rank = len(spec.shape) == len(value.shape)
    clash = same_rank and any(
        isinstance(said, int) and isinstance(has, int) and said != has
        for said, has in zip(spec.shape, value.shape, strict=True)
    )
    if not same_rank or clash:
        said = "×".join(str(size) for size in spec.shape)
        has = "×".join(str(size) for size in value.shape)
        raise _misfit(card, f"{spec.name} has the shape {has}, but its card says {said}")


def _misfit(card: ModelCard, reason: str) -> UserError:
    return UserError(f"The model {card.name} does not fit its card: {reason}.", "Install the model again.")


def _warm_up(session: Session, raw: ort.InferenceSession) -> None:
    wanted = {spec.name: spec for spec in session.card.tensors(session.card.inputs, session.file)}
    feed = {}
    for value in raw.get_inputs():
        spec = wanted.get(value.name)
        shape = spec.more.get("warm_up") if spec else None
        if shape is None:
            card_shape = spec.shape if spec and spec.shape else value.shape
            shape = [size if isinstance(size, int) and size > 0 else _FREE_SIZE for size in card_shape]
        feed[value.name] = np.zeros(shape, _DTYPES.get(value.type, "float32"))
    session.run(feed)
