"""The streams by name, as the command line, recipes and manifests write them."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

from app.domain.streams import TITLES
from app.errors import UserError
from app.inference.cards import ModelCard, find_model
from app.streams.audio import AudioFunctionals
from app.streams.dynamic import DynamicImages
from app.streams.flow import FlowHistograms, FlowPixels
from app.streams.is10 import LICENCE, Is10Functionals
from app.streams.measures import FaceMeasures
from app.streams.network import NetworkFeatures
from app.streams.pixels import DEFAULT_SIZES, PixelName, Pixels
from app.streams.scene import SceneStatistics
from app.streams.stream import Stream

CONTEXT_HZ: Final = 5.0
"""Frames per second of context (Sun et al. 2018, IV-B)."""
DEFAULT: Final = ("face",)
CONTEXTS: Final = ("context", "context_masked")
"""Streams of the surroundings; `context:NAME` reads the features of an installed network instead of statistics."""
NETWORKS: Final = ("face", "face_oval")
"""Streams that read a frame network; `face:NAME` reads another network than the one in use."""
_PLAIN: Final[Mapping[str, Callable[[str], Stream]]] = {
    "context": lambda name: SceneStatistics(name, masked=False, rate_hz=CONTEXT_HZ),
    "context_masked": lambda name: SceneStatistics(name, masked=True, rate_hz=CONTEXT_HZ),
    "flow": FlowHistograms,
    "dynamic": DynamicImages,
    "audio": AudioFunctionals,
    "is10": Is10Functionals,
}
SOUNDS: Final = ("audio", "is10")
"""Streams of sound; all others are made from pictures."""
LICENCES: Final[Mapping[str, str]] = {"is10": LICENCE}
"""Streams whose use is restricted, with the sentence that says how."""


def licences(names: Sequence[str]) -> tuple[str, ...]:
    """Return what restricts the use of some streams, to be told before they are read."""
    return tuple(LICENCES[name] for name in names if name in LICENCES)


def read_names(text: str) -> tuple[str, ...]:
    """Return the names in a list as typed, "face,context_masked".

    Raises:
        UserError: A name is unknown or occurs twice, or there is none.
    """
    names = tuple(part.strip() for part in text.split(",") if part.strip())
    for name in names:
        kind, found, network = name.partition(":")
        if kind.partition("@")[0] in DEFAULT_SIZES:
            PixelName.read(name)
        elif kind not in TITLES or (found and (kind not in (*NETWORKS, *CONTEXTS) or not network)):
            kinds = ", ".join((*TITLES, "face:MODEL"))
            raise UserError(f"There is no stream named {name}.", f"There are {kinds} and context:MODEL.")
    if not names or len(set(names)) < len(names):
        raise UserError(
            f"{text!r} names no stream, or names one twice.",
            "Write, for instance, face,context_masked.",
            "Write, for instance, --streams face,context_masked.",
        )
    return names


def open_streams(
    names: Sequence[str],
    project_file: Path | None = None,
    device: str = "auto",
    own: Mapping[str, ModelCard] | None = None,
) -> list[Stream]:
    """Return the streams of some names; networks are opened only when there is something to read.

    Args:
        names: See `read_names`.
        project_file: The project whose own models count, too; None looks only among shipped and installed ones.
        device: The device on which networks run.
        own: For names of streams the network to read instead of the one that is installed.

    Raises:
        UserError: A network does not exist, or gives no features.
    """
    return [_open(name, project_file, device, (own or {}).get(name)) for name in names]


def _open(name: str, project_file: Path | None, device: str, own: ModelCard | None) -> Stream:
    kind, _, network = name.partition(":")
    if kind in NETWORKS:
        card = own or find_model(network or None, project_file)
        return NetworkFeatures(name, card, "oval" if kind == "face_oval" else "square", device)
    if network and kind in CONTEXTS:
        of: Literal["context", "context_masked"] = "context_masked" if kind == "context_masked" else "context"
        return NetworkFeatures(name, own or find_model(network, project_file), of, device, CONTEXT_HZ)
    if kind == "measures":
        return FaceMeasures(name, device)
    if kind.partition("@")[0] in DEFAULT_SIZES:
        return FlowPixels(name) if kind.startswith("flow") else Pixels(name)
    return _PLAIN[kind](name)
