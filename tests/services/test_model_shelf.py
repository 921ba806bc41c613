"""What the shelf of models holds, and what may be put on it."""

import dataclasses

import pytest

from app.errors import UserError
from app.inference.cards import DEFAULT_MODEL, find_model
from app.jobs import Context
from app.ledger import noting
from app.services.models import shelf
from app.services.models.zoo import manifest
from app.services.models.zoo.install import install
from tests.zoo.networks import picture_network


@pytest.fixture
def network(tmp_path):
    path = tmp_path / "My Net.onnx"
    picture_network(path, 48, 8, channels=1)
    return path


def test_the_shelf_holds_what_is_shipped_and_what_can_be_fetched():
    found = shelf.read_shelf(Context(), None)
    assert (found.in_use, found.problem, found.promoted) == (DEFAULT_MODEL, "", False)
    assert [entry.name for entry, _ in found.waiting] == ["yunet_n_640_640", "enet_b0_8_va_mtl", "enet_b2_8"]
    assert find_model().name in {card.name for card in found.cards}


def test_a_model_chosen_by_hand_that_is_gone_is_a_problem_not_an_end():
    found = shelf.read_shelf(Context(), None, "not_here")
    assert found.in_use == ""
    assert "not_here" in found.problem
    assert found.cards


@pytest.mark.process
def test_a_file_of_the_zoo_is_not_taken_for_an_own_model(network, tmp_path):
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    picture_network(mirror / "enet_b2_8.onnx", 260, 8)
    install(manifest.find_entry("enet_b2_8"), Context(), source=mirror)
    with pytest.raises(UserError, match="is the zoo's EmotiEffLib"):
        shelf.look_at(Context(), mirror / "enet_b2_8.onnx")
    assert shelf.look_at(Context(), network).answers.name == "My_Net"


@pytest.mark.process
def test_adding_and_removing_a_model_is_noted(network):
    ctx = Context()
    proposal = shelf.look_at(ctx, network)
    with noting() as ledger:
        added = shelf.add_model(ctx, proposal, dataclasses.replace(proposal.answers, name="mine"), network)
    assert ledger.changes.kinds == {"model"}
    assert shelf.verify_model(ctx, added.card) == []
    with noting() as ledger:
        shelf.remove_model(ctx, "mine", None)
    assert ledger.changes.kinds == {"model"}
    assert "mine" not in {card.name for card in shelf.read_shelf(ctx, None).cards}
