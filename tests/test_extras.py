"""How to add what is missing, for the Python package and for a bundle."""

import sys

import pytest

from app.extras import how_to_add


def test_the_python_package_is_extended_by_pip():
    assert how_to_add("audio") == "Add it with: pip install 'affectograph[audio]'"


@pytest.mark.parametrize(("extra", "words"), [("train", "affectograph-train"), ("audio", "pip install")])
def test_a_bundle_cannot_be(monkeypatch, extra, words):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert words in how_to_add(extra)
    assert not how_to_add("train").startswith("Add it with: pip")
