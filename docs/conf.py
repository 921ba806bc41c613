"""The documentation site: `make docs` builds it from these pages into build/docs."""

import importlib.metadata
import re
from pathlib import Path

from sphinx.application import Sphinx

project = "Affectograph"
author = "the Affectograph maintainers"
release = importlib.metadata.version("affectograph")
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["house.py", "pages.py"]
html_theme = "furo"
html_title = f"Affectograph {release}"
html_static_path: list[str] = []
myst_heading_anchors = 4
# Docstrings write names and code between single backticks.
default_role = "code"
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True, "undoc-members": False, "show-inheritance": False}
napoleon_use_ivar = True
# A field may have the name of a field of another class.
suppress_warnings = ["ref.python"]


PACKAGES = {
    "agreement": "Every statistic is a pure function over arrays that returns an `Estimate`: the value, its interval, "
    "the full name of its estimator, and where its formula is published. [Agreement statistics](../statistics.md) says "
    "why, and [An analysis in Python](../analysis-in-python.md) shows them in use.",
    "interchange": "Readers and writers of files that other tools share with this program. A reader raises `UserError` "
    "with the line and the column of what it cannot take.",
    "inference": "Models behind cards. This is the only package that knows ONNX Runtime.",
}


def _write_api_pages(_app: Sphinx) -> None:
    """Write a page for each package above that lists all its modules, so that no list of modules can go stale."""
    docs = Path(__file__).resolve().parent
    (docs / "api").mkdir(exist_ok=True)
    for package, words in PACKAGES.items():
        modules = sorted(path.stem for path in (docs.parent / "app" / package).glob("[!_]*.py"))
        parts = [f"# `app.{package}`", words]
        parts += [f"## `{name}`\n\n```{{eval-rst}}\n.. automodule:: app.{package}.{name}\n```" for name in modules]
        (docs / "api" / f"{package}.md").write_text("\n\n".join(parts) + "\n", "utf-8")


def _as_code(_app: Sphinx, _what: str, _name: str, _obj: object, _options: object, lines: list[str]) -> None:
    """Keep signs of Markdown and of formulas in docstrings from being read as the site's own mark-up."""
    for number, line in enumerate(lines):
        if "`" not in line:
            lines[number] = re.sub(r"(?<![\\\w])([*|_])(?=\w)", r"\\\1", line)


def setup(app: Sphinx) -> None:
    """Register what is done to docstrings before they are read, and when the API pages are written."""
    app.connect("builder-inited", _write_api_pages)
    app.connect("autodoc-process-docstring", _as_code)
