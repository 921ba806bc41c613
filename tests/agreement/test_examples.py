"""The examples in the docstrings of the statistics run and give what they say."""

import doctest
import importlib
import pkgutil

import numpy as np
import pytest

import app.agreement

MODULES = sorted(m.name for m in pkgutil.iter_modules(app.agreement.__path__))


@pytest.mark.parametrize("name", MODULES)
def test_examples_give_what_they_say(name):
    module = importlib.import_module(f"app.agreement.{name}")
    result = doctest.testmod(module, extraglobs={"np": np}, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.failed == 0
