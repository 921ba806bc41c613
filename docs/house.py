"""Draw the rooms of the program as docs/images/house.svg: `python docs/house.py`.

The floors are the layers of the import contracts in pyproject.toml, the boxes are packages, the words in them are the
first sentence of each package's docstring, and the arrows are imports. An arrow is left out where a longer way says the
same.
"""

import ast
import html
import math
import re
import textwrap
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import grimp
import networkx as nx

ROOT: Final = Path(__file__).resolve().parent.parent
OUT: Final = ROOT / "docs" / "images" / "house.svg"
SPLIT: Final = ("app.services", "app.ui.screens", "app.ui.parts", "app.learning")
"""Packages whose rooms are drawn one by one."""

WIDTH: Final = 1240
MARGIN: Final = 150
GAP: Final = 10
LINE: Final = 13
COLOURS: Final = {
    "app.cli": "#f1e4d3",
    "app.ui": "#dfe9f7",
    "app.services": "#e2f1e2",
    "app.learning": "#f4e1ea",
    "db": "#efe9fb",
}


@dataclass(frozen=True)
class Box:
    """One package on the sheet, in pixels from the upper left corner."""

    name: str
    lines: tuple[str, ...]
    x: float
    y: float
    width: float
    height: float


def floors() -> list[list[str]]:
    """Return the packages of each floor, from the top down, as the contracts order them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    whole, window = layers[0], layers[1]
    found: list[list[str]] = []
    for layer in whole:
        names = [name.strip() for name in layer.split(":")]
        if names == ["app.ui"]:
            found += [_rooms(name) for name in window]
        elif names != ["app.__main__"]:
            found += [_rooms(name) for name in names if name in SPLIT]
            found.append([name for name in names if name not in SPLIT])
    return [floor for floor in found if floor]


def _rooms(package: str) -> list[str]:
    """Return a package, or its rooms where those are drawn one by one."""
    if package not in SPLIT:
        return [package]
    folder = ROOT / package.replace(".", "/")
    return [f"{package}.{one.name}" for one in sorted(folder.iterdir()) if (one / "__init__.py").exists()]


def imports(rooms: Iterable[str]) -> "nx.DiGraph[str]":
    """Return the imports between rooms without those that a longer way implies.

    Raises:
        networkx.NetworkXError: The rooms import each other in a circle.
    """
    graph = grimp.build_graph("app", "db", cache_dir=None)
    known = sorted(rooms, key=len, reverse=True)

    def room_of(module: str) -> str | None:
        return next((room for room in known if module == room or module.startswith(room + ".")), None)

    drawn: nx.DiGraph[str] = nx.DiGraph()
    drawn.add_nodes_from(known)
    for module in graph.modules:
        for other in graph.find_modules_directly_imported_by(module):
            start, end = room_of(module), room_of(other)
            if start is not None and end is not None and start != end:
                drawn.add_edge(start, end)
    return nx.transitive_reduction(drawn)


def first_sentence(room: str) -> str:
    """Return the first sentence of a package's or module's docstring."""
    path = ROOT / room.replace(".", "/")
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    words = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
    return re.split(r"(?<!et al)\. ", " ".join(words.split("\n\n", 1)[0].split()), maxsplit=1)[0].rstrip(".")


def boxes(rows: Sequence[Sequence[str]]) -> list[Box]:
    """Lay the floors out from the top down, in rows of equal boxes as wide as the sheet, at most nine in a row."""
    placed, y = [], 20.0
    for floor in rows:
        n_rows = math.ceil(len(floor) / 9)
        in_row = math.ceil(len(floor) / n_rows)
        for start in range(0, len(floor), in_row):
            part = floor[start : start + in_row]
            width = (WIDTH - MARGIN - GAP * (len(part) - 1)) / len(part)
            texts = [tuple(textwrap.wrap(first_sentence(room), max(int(width / 6) - 2, 12))) for room in part]
            height = 24 + LINE * max(map(len, texts))
            for number, (room, lines) in enumerate(zip(part, texts, strict=True)):
                placed.append(Box(room, lines, MARGIN + number * (width + GAP), y, width, height))
            y += height + 12
        y += 26
    return placed


def _colour(name: str) -> str:
    return next((colour for start, colour in COLOURS.items() if name.startswith(start)), "#eeeeee")


def _arrow(start: Box, end: Box) -> str:
    x1, y1 = start.x + start.width / 2, start.y + start.height
    x2, y2 = end.x + end.width / 2, end.y
    if y2 < y1:  # both stand on one floor: go round below
        y2 = end.y + end.height
        bend = max(y1, y2) + 22
        return f'<path class="a" d="M{x1:.0f},{y1:.0f} C{x1:.0f},{bend:.0f} {x2:.0f},{bend:.0f} {x2:.0f},{y2:.0f}"/>'
    middle = (y1 + y2) / 2
    return f'<path class="a" d="M{x1:.0f},{y1:.0f} C{x1:.0f},{middle:.0f} {x2:.0f},{middle:.0f} {x2:.0f},{y2:.0f}"/>'


def _drawn(box: Box) -> str:
    label = box.name.rsplit(".", 1)[-1] if box.name.startswith(SPLIT) else box.name
    rows = "".join(
        f'<text x="{box.x + 7:.0f}" y="{box.y + 31 + LINE * number:.0f}">{html.escape(line)}</text>'
        for number, line in enumerate(box.lines)
    )
    return (
        f'<rect x="{box.x:.0f}" y="{box.y:.0f}" width="{box.width:.0f}" height="{box.height:.0f}" rx="6" '
        f'fill="{_colour(box.name)}"/><text class="n" x="{box.x + 7:.0f}" y="{box.y + 16:.0f}">{label}</text>{rows}'
    )


def picture() -> str:
    """Return the drawing as SVG."""
    rows = floors()
    placed = {box.name: box for box in boxes(rows)}
    arrows = [_arrow(placed[start], placed[end]) for start, end in sorted(imports(placed).edges)]
    height = max(box.y + box.height for box in placed.values()) + 20
    titles = []
    for parent in SPLIT:
        first = next(box for box in placed.values() if box.name.startswith(parent + "."))
        titles.append(f'<text class="f" x="12" y="{first.y + 16:.0f}">{parent}</text>')
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH + 10} {height:.0f}" role="img" '
            'aria-label="The packages of Affectograph by floor, with their imports">',
            "<style>text{font:10.5px sans-serif;fill:#333}.n{font-weight:bold;font-size:12px;fill:#111}"
            ".f{font-weight:bold;fill:#777}.a{fill:none;stroke:#5b6b7a;stroke-width:1;opacity:.45;marker-end:url(#m)}"
            "rect{stroke:#9aa;stroke-width:.7}</style>",
            '<defs><marker id="m" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="6" markerHeight="6" orient="auto">'
            '<path d="M0,0 L6,3 L0,6 z" fill="#5b6b7a"/></marker></defs>',
            f'<rect width="{WIDTH + 10}" height="{height:.0f}" style="stroke:none" fill="#ffffff"/>',
            *arrows,
            *(_drawn(box) for box in placed.values()),
            *titles,
            "</svg>",
            "",
        ]
    )


if __name__ == "__main__":
    OUT.write_text(picture(), "utf-8")
