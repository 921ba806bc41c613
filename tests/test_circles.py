"""No circle of imports: modules and the folders they lie in can be read from the bottom to the top.

import-linter's contracts speak of chosen rooms. Here every import counts, also one inside a function or under
`TYPE_CHECKING`: it hides a circle from Python, not from the reader.
"""

import ast
from collections.abc import Iterable, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[1]

Graph = Mapping[str, Iterable[str]]


def imported(tree: ast.AST, modules: Mapping[str, object]) -> set[str]:
    """The modules named by all imports of a file, wherever they stand in it."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports are not used here"
            names = {f"{node.module}.{name.name}" for name in node.names}
            found |= {name if name in modules else str(node.module) for name in names}
    return found & modules.keys()


@cache
def graph() -> dict[str, set[str]]:
    """Module → modules of `app` and `db` that it imports."""
    files = [path for top in ("app", "db") for path in (ROOT / top).rglob("*.py")]
    modules = {name_of(path): path for path in files}
    return {name: imported(ast.parse(path.read_bytes()), modules) - {name} for name, path in modules.items()}


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def folders(modules: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """Folder → folders that it imports from."""
    found: dict[str, set[str]] = {}
    for module, others in modules.items():
        own = folder_of(module)
        found.setdefault(own, set()).update({folder_of(other) for other in others} - {own})
    return found


def folder_of(module: str) -> str:
    path = ROOT / module.replace(".", "/")
    return module if path.is_dir() else module.rpartition(".")[0]


def circle(arrows: Graph) -> list[str]:
    """One circle among the arrows, empty where there is none."""
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_circle_of_modules():
    assert len(graph()) > 400
    assert circle(graph()) == []


def test_no_circle_of_rooms():
    """The rooms of services and of the window; `app` and `db` themselves hold single modules of many floors."""
    rooms = {name: others for name, others in folders(graph()).items() if name.count(".") >= 1}
    assert {"app.services.study", "app.ui.core", "app.ui.screens.review"} <= rooms.keys()
    assert circle({name: [other for other in others if other in rooms] for name, others in rooms.items()}) == []


def test_a_circle_is_found_wherever_the_import_stands():
    modules = {"app.a": None, "app.b": None, "app.c": None}
    hidden = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from app.b import B\n"
    late = "def f():\n    import app.c\n"
    arrows = {
        "app.a": imported(ast.parse(hidden), modules),
        "app.b": imported(ast.parse(late), modules),
        "app.c": imported(ast.parse("from app import a"), modules),
    }
    assert arrows == {"app.a": {"app.b"}, "app.b": {"app.c"}, "app.c": {"app.a"}}
    assert set(circle(arrows)) == modules.keys()
