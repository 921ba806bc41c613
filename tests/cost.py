"""What each test costs: `make check` leaves out those that `tests/costly.txt` names.

The file holds the tests that take more than LIMIT_S of a core, each by its file and name, whatever its parameters. It
is made by `python -m pytest -n 2 -m "not window and not process and not slow" --write-costly`, which runs all tests of
that kind. A test that is new or was renamed is not in it, and so `make check` runs it.
"""

import os
from collections.abc import Generator
from pathlib import Path
from typing import Final

import pytest

LIMIT_S: Final = 0.05
"""Seconds of a core, with the processes that the test waited for."""
LIST: Final = Path(__file__).with_name("costly.txt")
_SPENT: Final = "spent_s"

_began: dict[str, float] = {}
_costs: dict[str, float] = {}


def spent_s() -> float:
    """Seconds of a core that this process and the children it waited for have taken."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def name_of(nodeid: str) -> str:
    """File and function of a test, without its parameters."""
    return nodeid.split("[", 1)[0]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that writes the list."""
    parser.addoption("--write-costly", action="store_true", help="write tests/costly.txt from what the tests cost")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of the list."""
    named = set(LIST.read_text("utf-8").splitlines())
    for item in items:
        if name_of(item.nodeid) in named:
            item.add_marker("costly")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Count from before the fixtures."""
    _began[item.nodeid] = spent_s()
    try:
        return (yield)
    finally:
        del _began[item.nodeid]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item) -> None:
    """Say with each report what the test has cost so far; a worker's reports reach the process that writes the list."""
    item.user_properties.append((_SPENT, spent_s() - _began[item.nodeid]))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep the highest cost of a function's examples."""
    name = name_of(report.nodeid)
    for key, value in report.user_properties:
        if key == _SPENT and isinstance(value, float):
            _costs[name] = max(_costs.get(name, 0.0), value)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the list, in the process that has all reports."""
    if session.config.getoption("--write-costly") and not hasattr(session.config, "workerinput"):
        found = sorted(name for name, cost_s in _costs.items() if cost_s > LIMIT_S)
        LIST.write_text("\n".join(found) + "\n", "utf-8")
