"""The examples in the docstrings."""

import doctest
import importlib
import pkgutil

import numpy as np
import pytest

import app.fusion

NAMES = [f"app.fusion.{module.name}" for module in pkgutil.iter_modules(app.fusion.__path__)]


@pytest.mark.parametrize("name", NAMES)
def test_examples(name: str) -> None:
    module = importlib.import_module(name)
    result = doctest.testmod(module, extraglobs={"np": np}, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.failed == 0


def test_there_are_examples() -> None:
    finder = doctest.DocTestFinder(exclude_empty=True)
    found = [test for name in NAMES for test in finder.find(importlib.import_module(name)) if test.examples]
    assert len(found) >= 5
