"""`models info`: a card as lines that people read, whatever a card holds."""

import re

from app.cli import main
from app.cli.model_card import WIDTH, card_text
from app.inference.cards import find_model, list_models, write_card

LITERALS = re.compile(r"\{'|\['|\[\d|': |\bTrue\b|\bFalse\b|\bNone\b")
"""How Python writes its dicts, lists and constants."""


def made(folder, **table):
    (folder / "m").mkdir()
    (folder / "m" / "model.onnx").write_bytes(b"x")
    return write_card(
        folder / "m", {"name": "m", "kind": "face_frame", "file": {"path": "model.onnx", "bytes": 1}} | table
    )


def test_the_shipped_cards_are_lines_and_tables(capsys):
    for card in list_models():
        assert main(["models", "info", card.name]) == 0
        said = capsys.readouterr().out
        assert LITERALS.search(said) is None
        assert card.summary.split()[0] in said
        assert all(len(line) <= WIDTH for line in said.splitlines() if "/" not in line)
        for file in card.files.values():
            assert file.sha256 in said


def test_a_confusion_matrix_names_its_classes():
    said = card_text(find_model()).splitlines()
    at = next(number for number, line in enumerate(said) if line.strip().startswith("confusion FER2013"))
    assert said[at + 1].split() == ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]
    numbers = find_model().metrics["confusion_fer"]
    assert said[at + 2].split() == ["angry", *(str(count) for count in numbers[0])]


def test_tables_within_tables_have_their_own_lines(tmp_path):
    run = {"rate": 0.05, "mirror": True, "augment": {"rotation": 5.0, "sizes": [32, 40]}}
    card = made(
        tmp_path,
        training={"run": [run, run | {"rate": -1e-6}]},
        metrics={"torch_parity": 2.6e-06, "max_gap_s": 0.5, "images_per_s": 10, "recall": {"fear": 0.25}},
    )
    said = card_text(card)
    assert LITERALS.search(said) is None
    lines = said.splitlines()
    for line in (
        "  run 1",
        "    rate    0.05",
        "    mirror  yes",
        "    augment",
        "      rotation  5",
        "      sizes     32, 40",
        "  run 2",
        "    rate    −1e−06",
        "  torch parity  2.6e−06",
        "  max gap (s)   0.5",
        "  images per s  10",
        "    fear  0.25",
    ):
        assert line in lines


def test_a_non_commercial_model_stays_marked(tmp_path):
    assert "NON-COMMERCIAL" not in card_text(made(tmp_path))
    (tmp_path / "b").mkdir()
    assert "NON-COMMERCIAL" in card_text(made(tmp_path / "b", origin={"non_commercial": True}))
