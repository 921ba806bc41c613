"""The page about the shipped model says what its card says."""

import tomllib
from pathlib import Path

import pytest

from app.errors import UserError
from app.learning.frame.card import missed_classes
from app.learning.frame.page import PARTS, filled, main, measures
from app.paths import SHIPPED_MODELS

MODEL = SHIPPED_MODELS / "affectograph_face"
PAGE = Path(__file__).parents[3] / "docs" / "models.md"


@pytest.fixture
def card():
    return tomllib.loads((MODEL / "card.toml").read_text(encoding="utf-8"))


def test_the_page_is_what_the_card_makes_of_it(card):
    page = PAGE.read_text(encoding="utf-8")
    assert all(f"<!-- card: {name} -->" in page for name in PARTS)
    assert filled(page, card) == page


def test_a_changed_card_changes_the_page_and_nothing_beside_the_marks(card, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- card: measures -->\nold\n<!-- end -->\nafter\n", encoding="utf-8")
    main(["--model", str(MODEL), "--page", str(page)])
    first = page.read_text(encoding="utf-8")
    assert first.startswith("before\n<!-- card: measures -->\n| measure |")
    assert first.endswith("<!-- end -->\nafter\n")
    card["metrics"]["fer_accuracy"] = 0.125
    assert "12.50 %" in filled(first, card)


def test_the_verdict_follows_the_figures(card):
    card["metrics"] |= {"fer_accuracy": 0.69, "ferplus_accuracy": 0.88}
    assert "Below our goal** (FER 70.00 %)" in measures(card)
    card["metrics"]["fer_accuracy"] = 0.7
    assert "is met" in measures(card)


def test_a_page_without_marks_or_with_a_strange_one_is_refused(card):
    with pytest.raises(UserError, match="no marked part"):
        filled("text", card)
    with pytest.raises(UserError, match="unknown part"):
        filled("<!-- card: weather -->\nrain\n<!-- end -->", card)


def test_classes_with_low_recall_are_named_as_a_weakness():
    said = missed_classes({"per_class_recall_fer": {"fear": 0.39, "happy": 0.9}, "per_class_recall_ferplus": {}})
    assert len(said) == 1
    assert "fear (FER, 39 % found)" in said[0]
    assert "happy" not in said[0]
    assert missed_classes({"per_class_recall_fer": {"happy": 0.9}, "per_class_recall_ferplus": {}}) == []
