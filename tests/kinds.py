"""What kind of test each one is, found out by itself: `make check` leaves out `window`, `process`, `slow` and `costly`.

`window` is a test that has a Qt application among its fixtures. `process` is one that starts another process; as this
cannot be seen before it runs, it is declared (a mark, or the name `subprocess` in its module) and watched: a test that
`make check` would run and that starts a process fails. `slow` is declared by hand, `costly` is
measured (tests/cost.py).
"""

import sys
from collections.abc import Generator

import pytest

STARTS = frozenset({"subprocess.Popen", "os.posix_spawn", "os.fork", "os.forkpty", "os.spawn"})
"""Python's audit events of a new process."""

LEFT_OUT = ("window", "process", "slow")
"""The marks of tests that `make check` leaves out (packaging/check.sh), besides `costly` (tests/cost.py)."""

_started: list[str] = []


def pytest_configure() -> None:
    """Watch for new processes; an audit hook stays until the interpreter ends."""
    sys.addaudithook(_watch)


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event in STARTS:
        _started.append(f"{event} {arguments[:2]!r}"[:200])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by what they use."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if {"qapp", "qtbot"} & fixtures:
            item.add_marker("window")
        if "postgres" in fixtures or "postgres_server" in fixtures:
            item.add_marker("postgres")
        if "postgres_server" in fixtures:
            item.add_marker("process")
        if hasattr(getattr(item, "module", None), "subprocess"):
            item.add_marker("process")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    """Count from before the fixtures: what a fixture of the module starts counts for the test that made it."""
    _started.clear()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test that started a process without being marked so."""
    result = yield
    if _started and not any(map(item.get_closest_marker, LEFT_OUT)):
        pytest.fail(f"starts a process ({_started[0]}): mark it with `@pytest.mark.process`", pytrace=False)
    return result
