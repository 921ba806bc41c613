"""No error is made once and raised again and again: it would keep the traceback of every time."""

import ast
import functools
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@functools.cache
def trees():
    """The syntax trees of the program, by file; read when the first test needs them, not when tests are collected."""
    files = [file for part in ("app", "db") for file in (ROOT / part).rglob("*.py")]
    return {file: ast.parse(file.read_text(encoding="utf-8")) for file in files}


def made_once(tree):
    """Names on the level of a module that hold an error."""
    for node in tree.body:
        value = getattr(node, "value", None)
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        name = getattr(getattr(value, "func", None), "id", "")
        if name.endswith(("Error", "ProjectLost", "ProjectClosed", "Cancelled", "Exception")):
            yield from (target.id for target in targets if isinstance(target, ast.Name))


def test_no_error_is_raised_twice():
    names = {name for tree in trees().values() for name in made_once(tree)}
    assert "_DAMAGED" in names  # the search finds those of db.engine, which are copied before they are raised
    for file, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name):
                assert node.exc.id not in names, f"{file}:{node.lineno} raises {node.exc.id}"
