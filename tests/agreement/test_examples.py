"""Every public function of the statistics has an example in its docstring, and the examples give what they say."""

import doctest
import importlib
import inspect
import pkgutil

import numpy as np
import pytest

import app.agreement

MODULES = sorted(m.name for m in pkgutil.walk_packages(app.agreement.__path__, "app.agreement."))


@pytest.mark.parametrize("name", MODULES)
def test_examples_give_what_they_say(name):
    module = importlib.import_module(name)
    result = doctest.testmod(module, extraglobs={"np": np}, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.failed == 0


def without_example(module):
    """Public functions that a module defines and whose docstring shows no call of them."""
    for name, function in inspect.getmembers(module, inspect.isfunction):
        if function.__module__ == module.__name__ and not name.startswith("_"):
            shown = [one.source for one in doctest.DocTestParser().get_examples(inspect.getdoc(function) or "")]
            if not any(f"{name}(" in source for source in shown):
                yield f"{module.__name__}.{name}"


@pytest.mark.parametrize("name", MODULES)
def test_every_public_function_has_an_example(name):
    assert list(without_example(importlib.import_module(name))) == []
