"""The frame networks in the folder of a model of categories: their key in its card, and which stream needs one."""

from collections.abc import Mapping
from typing import Any, Final

FRAME: Final = "frame"
"""Key of the first network's file in a card and name of its folder; the next ones are `frame_2` and on."""


def network_of(stream: Mapping[str, Any]) -> str:
    """Return the name of the frame network that gives a stream, as manifests state it; empty without one."""
    return str(stream.get("geometry", {}).get("network", ""))
