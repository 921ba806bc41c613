"""The process that chooses weights: it stops and keeps the best, and goes on where it was interrupted."""

import json

import numpy as np
import pytest

from app.domain.training_events import HELD_OUT, RESULT, SEARCH, STOPPED, ask_to_stop, events_of, take_back_stop
from app.errors import UserError
from app.fusion.frozen import freeze
from app.fusion.partition import dealt
from app.fusion.table import Kind
from app.fusion.ways import Fusion, Way
from app.learning.fusion import train
from app.learning.fusion.train import main, run_all
from app.learning.process.journal import Journal
from tests.fusion.tables import world


@pytest.fixture
def data(tmp_path):
    table = world(people=20, each=4)
    table.kind[:, :48] = int(Kind.OUT_OF_FOLD)
    return freeze(table, dealt(table, "folds"), {"labels": {}}, tmp_path / "data")


def run(data, way, out):
    out.mkdir(exist_ok=True)
    journal = Journal(out)
    try:
        run_all(data, way, out, journal)
    finally:
        journal.close()
    return json.loads((out / RESULT).read_text())


def test_what_is_written_holds_weights_result_and_members_left_out(data, tmp_path, capsys):
    words = ["--data", str(data.folder), "--way", json.dumps({"name": "stacking"}), "--out", str(tmp_path / "run")]
    assert main(words) == 0
    found = json.loads((tmp_path / "run" / RESULT).read_text())
    assert found["data_sha256"] == data.sha256
    fusion = Fusion.of(found["fusion"])
    with np.load(tmp_path / "run" / HELD_OUT) as file:
        rows = data.partition.result
        np.testing.assert_allclose(file["predicted"], fusion.predict(data.table.said[:, rows]), atol=1e-6)
        assert file["without"].shape == (3, len(rows), 4)
        assert list(file["items"]) == [data.table.items[row] for row in rows]
    assert [event["event"] for event in events_of(tmp_path / "run")][-1] == "done"
    capsys.readouterr()


def test_a_search_that_was_stopped_keeps_the_best_and_goes_on_to_the_same_end(data, tmp_path, monkeypatch):
    way = Way("class", draws=40)
    whole = run(data, way, tmp_path / "whole")
    part = tmp_path / "part"
    part.mkdir()
    monkeypatch.setattr(train, "EVERY_S", 0.0)
    ask_to_stop(part)
    stopped = run(data, way, part)
    assert stopped["ending"] == STOPPED
    with np.load(part / HELD_OUT) as file:
        assert len(file["without"]) == 0
    assert stopped["fusion"]["search"]["draws"] < whole["fusion"]["search"]["draws"]
    # As if it had been killed in the middle: the state is there.
    state = {"identity": [data.sha256, json.loads(json.dumps(whole["way"]))], "number": 0}
    (part / SEARCH).write_text(json.dumps({**state, "state": stopped["fusion"]["search"]}))
    take_back_stop(part)
    again = run(data, way, part)
    assert again["fusion"]["weights"] == whole["fusion"]["weights"]
    assert again["fusion"]["search"] == whole["fusion"]["search"]
    assert not (part / SEARCH).exists()


def test_nested_folds_choose_once_for_each_fold_and_once_for_the_model(tmp_path):
    table = world(people=12, each=3)
    data = freeze(table, dealt(table, "nested", folds=3), {}, tmp_path / "data")
    found = run(data, Way("model", draws=20), tmp_path / "run")
    assert len(found["deals"]) == 3
    assert len({json.dumps(each["weights"]) for each in [found["fusion"], *found["deals"]]}) > 1
    with np.load(tmp_path / "run" / HELD_OUT) as file:
        assert np.isfinite(file["predicted"]).all()
        assert len(file["predicted"]) == len(table)


def test_changed_data_and_a_wrong_way_are_refused(data, tmp_path, capsys):
    words = ["--data", str(data.folder), "--out", str(tmp_path / "run")]
    assert main([*words, "--way", "{]"]) == 1
    assert "cannot be read" in capsys.readouterr().err
    with pytest.raises(UserError, match="do not fit"):
        run(data, Way("fixed", (1.0,)), tmp_path / "fixed")
