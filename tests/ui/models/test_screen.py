"""The models screen in the real window: cards, terms, installation from a real server, own models."""

import dataclasses
import json

import numpy as np
import pytest
from PySide6.QtWidgets import QDialog, QMessageBox, QTextBrowser

from app.inference.cards import DEFAULT_MODEL, find_model, list_models
from app.services.models.zoo import manifest
from app.ui.look.tokens import DARK, LIGHT
from app.ui.parts.widgets.status import TaskLine
from app.ui.screens.models import page
from app.ui.screens.models.own import ImportDialog
from tests.inference.test_deadline import loops_on_light
from tests.ui.waiting import idle, settle
from tests.zoo.conftest import entry_for
from tests.zoo.networks import picture_network
from tests.zoo.server import Served, Server


@pytest.fixture
def models(window):
    screen = window.show_screen("models")
    settle(lambda: screen.list.count() > 3)
    return screen


@pytest.fixture
def network(tmp_path):
    path = tmp_path / "My Net.onnx"
    picture_network(path, 48, 8, channels=1)
    return path


@pytest.fixture
def offered(network, monkeypatch, window):
    """A list of models with one entry on a real server; its licence is non-commercial."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    data = network.read_bytes() + bytes(0)
    with Server(Served(data)) as server:
        entry = entry_for(data, server.url(), pinned=False, name="an_offer")
        entry = dataclasses.replace(entry, non_commercial=True, licence="Non-commercial research only")
        monkeypatch.setattr(manifest, "load_manifest", lambda *_: (entry,))
        screen = window.show_screen("models")
        settle(lambda: any(e.name == "an_offer" for e, _ in screen.shelf.waiting))
        yield screen, server


def names(screen):
    return [screen.list.item(at).text() for at in range(screen.list.count())]


def test_the_model_in_use_is_marked_and_shown(models):
    assert any("in use" in text for text in names(models))
    assert models.card().name == DEFAULT_MODEL
    text = models.page.toPlainText()
    for words in ("Known weaknesses", "Measured", "per class recall", "confusion", "How it was made", "SHA-256"):
        assert words in text
    assert not models.use.isEnabled()
    assert not models.remove.isVisible()


def test_terms_are_read_before_anything_can_be_fetched(offered):
    screen, server = offered
    screen.choose("an_offer")
    text = screen.page.toPlainText()
    assert "Non-commercial" in text
    assert "Non-commercial research only" in text
    assert "not pinned" in text
    for part in (screen.fetch, screen.from_file, screen.from_folder):
        assert not part.isEnabled()
    assert server.served.requests == []
    screen.agree.setChecked(True)
    assert screen.fetch.isEnabled()
    screen.choose(DEFAULT_MODEL)
    screen.choose("an_offer")
    assert not screen.agree.isChecked()


def test_fetch_with_the_hash_told_then_verify_and_remove(offered, window):
    screen, server = offered
    told = []
    window.context.notice_raised.connect(told.append)
    screen.choose("an_offer")
    screen.agree.setChecked(True)
    screen.fetch.click()
    settle(lambda: screen.card() is not None and screen.card().name == "an_offer")
    assert find_model("an_offer").path().read_bytes() == server.served.data
    assert find_model("an_offer").file().sha256 in told[0].what
    screen.check.click()
    settle(lambda: len(told) > 1)
    assert "as its card says" in told[1].what
    screen.remove.click()
    assert isinstance(screen.dialog, QMessageBox)
    screen.dialog.button(QMessageBox.StandardButton.Yes).click()
    settle(lambda: screen.entry() is not None or all(card.shipped for card in list_models()))
    settle(lambda: screen.dialog is None and window.context.jobs.busy == 0)
    assert all(card.shipped for card in list_models())


def test_cancel_and_go_on(offered, window):
    screen, server = offered
    server.served.data = server.served.data + b""
    server.served.stall_after = 0
    screen.choose("an_offer")
    screen.agree.setChecked(True)
    screen.fetch.click()
    settle(lambda: len(server.served.requests) > 0)
    assert screen.strip.isVisible()
    assert not screen.fetch.isEnabled()
    screen.strip.cancel.click()
    settle(lambda: not screen.strip.isVisible() and window.context.jobs.busy == 0)
    assert all(card.shipped for card in list_models())
    server.served.stall_after = None
    assert screen.agree.isChecked(), "the list was read again, and nobody chose another model"
    screen.fetch.click()
    settle(lambda: screen.card() is not None and screen.card().name == "an_offer")


def test_a_web_page_instead_of_a_model_is_a_sentence(offered, window):
    screen, server = offered
    server.served.data = b"<!DOCTYPE html><html>log in</html>"
    told = []
    window.context.notice_raised.connect(told.append)
    screen.install(screen.shelf.waiting[0][0])
    settle(lambda: told)
    assert "web page" in told[0].what
    idle(window.context)
    assert all(card.shipped for card in list_models())


def test_an_own_model_through_the_guide_then_used_and_evaluated(models, window, network, tmp_path):
    models.add_own(network)
    settle(lambda: isinstance(models.dialog, ImportDialog))
    dialog = models.dialog
    assert not dialog.add.isEnabled()
    assert dialog.name.text() == "My_Net"
    assert dialog.side.value() == 48
    assert not dialog.side.isEnabled()
    dialog.confirmed.setChecked(True)
    dialog.name.setText("no name!")
    dialog.add.click()
    assert "cannot be a model's name" in dialog.problem.text()
    dialog.name.setText("mine")
    dialog.outputs[0].classes.setCurrentText("anger, joy")
    dialog.add.click()
    assert "2 are named" in dialog.problem.text()
    dialog.outputs[0].classes.setCurrentIndex(1)
    dialog.licence.setText("MIT")
    dialog.normalisation.setCurrentText("0…1")
    dialog.weaknesses.setPlainText("Made up.\n\nNever trained.")
    dialog.add.click()
    settle(lambda: any(card.name == "mine" for card in models.shelf.cards))
    card = find_model("mine")
    assert card.licence == "MIT"
    assert card.weaknesses == ("Made up.", "Never trained.")
    assert card.outputs["expression"].more["classes"][:2] == ["anger", "contempt"]
    assert card.inputs["face"].more["range"] == [0.0, 1.0]
    models.choose("mine")
    models.use.click()
    settle(lambda: models.in_use(models.card()) and not models.use.isEnabled())
    assert window.context.settings.text("analysis.model") == "mine"
    assert not models.remove.isEnabled()
    votes = np.zeros((4, 10), np.uint8)
    votes[:, 0] = 10
    np.savez(tmp_path / "d.npz", images=np.zeros((4, 48, 48), np.uint8), ferplus_votes=votes)
    models.evaluate(tmp_path / "d.npz")
    settle(lambda: models.dialog is not None and models.dialog.findChild(QTextBrowser) is not None)
    assert isinstance(models.dialog, QDialog)
    assert "FERPlus accuracy" in models.dialog.findChild(QTextBrowser).toPlainText()
    models.dialog.close()
    settle(lambda: models.dialog is None)


def test_a_file_that_is_no_model_is_a_sentence(models, window, tmp_path):
    (tmp_path / "x.onnx").write_bytes(b"hello")
    told = []
    window.context.notice_raised.connect(told.append)
    models.add_own(tmp_path / "x.onnx")
    settle(lambda: told)
    assert "refused" in told[0].what
    assert models.dialog is None


@pytest.mark.process
def test_examining_a_model_that_loops_is_told_and_can_be_stopped(models, window, tmp_path):
    told = []
    window.context.notice_raised.connect(told.append)
    models.add_own(loops_on_light(tmp_path / "loop.onnx"))
    task = window.findChild(TaskLine)
    settle(task.isVisible)
    settle(lambda: task.text.text() == "Examining loop.onnx · at most 5 minutes")
    task.stop.click()
    settle(lambda: not window.context.work.tasks)
    assert told == []
    assert models.dialog is None


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_pages_escape_what_a_card_says(tokens):
    card = find_model()
    evil = dataclasses.replace(card, title="<script>x</script>", weaknesses=("<b>bold</b>",))
    html = page.card_page(evil, tokens)
    assert "<script>" not in html
    assert "&lt;b&gt;bold" in html
    entry = dataclasses.replace(manifest.load_manifest()[1], licence="<i>free</i>")
    assert "&lt;i&gt;free" in page.entry_page(entry, tokens)


def test_the_members_of_a_fusion_are_shown_with_weights_and_licences():
    card = find_model()
    member = {"name": "voice", "streams": ["audio"], "weights": [0.25], "licence": "for research", "sha256": "ab12"}
    fused = dataclasses.replace(card, raw=dict(card.raw) | {"members": [member], "classes": ["calm"]})
    html = page.card_page(fused, LIGHT)
    for words in ("Members", "voice", "audio", "calm 0.25", "for research", "ab12"):
        assert words in html
    assert "Members" not in page.card_page(card, LIGHT)


def test_a_non_commercial_model_stays_marked_once_it_is_installed():
    card = find_model()
    marked = dataclasses.replace(card, raw=dict(card.raw) | {"origin": {"non_commercial": True}})
    assert "Non-commercial" in page.card_page(marked, LIGHT)
    assert "Non-commercial" not in page.card_page(card, LIGHT)


def test_a_result_without_an_output_says_so():
    result = json.loads(
        '{"model": "m", "data": "d.npz", "n": 3, "images_per_s": 10.0, "fer_accuracy": null, "ferplus_accuracy": 0.5,'
        '"ferplus_n": 2, "ece": 0.1, "cross_entropy": 1.0, "provider": "CPU", "file": "model",'
        '"per_class_recall": {"expression": {"a": 0.5, "b": null, "c": 1.0, "d": 0.2}, "fer": null},'
        '"confusion": {"expression": {"classes": ["a", "b"], "rows_are_labels": [[1, 1], [0, 2]]}, "fer": null}}'
    )
    html = page.result_page(result, LIGHT)
    assert "not given" in html
    assert "none there" in html
