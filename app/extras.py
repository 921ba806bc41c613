"""How to add what an installation lacks: an extra of the Python package, or another one of the bundles."""

import sys
from typing import Final

_PACKAGE: Final = "pip install 'affectograph[{extra}]'"


def how_to_add(extra: str) -> str:
    """Return the sentence that tells how to add an extra to this installation, without a full stop at its end.

    A bundle holds no Python to install into: training comes with another bundle, and everything else with the
    Python package only.

    Args:
        extra: A name in `[project.optional-dependencies]` of pyproject.toml.
    """
    if not getattr(sys, "frozen", False):
        return f"Add it with: {_PACKAGE.format(extra=extra)}"
    if extra == "train":
        return "Install the package affectograph-train in place of this one"
    return f"This package cannot be extended: use the Python package, {_PACKAGE.format(extra=extra)}"
