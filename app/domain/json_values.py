"""Values for JSON, which has neither NaN nor infinities."""

import math
from typing import Any


def number(value: float) -> float | None:
    """Return a float for JSON at full precision; None for NaN and infinities."""
    return float(value) if math.isfinite(value) else None


def plain(value: Any) -> Any:
    """Return a value for JSON, with None for NaN and infinities at any depth, and lists for tuples.

    Args:
        value: Numbers, texts, booleans, None, and dictionaries, lists or tuples of them.
    """
    if isinstance(value, float):
        return number(value)
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value
