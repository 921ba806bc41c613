"""The frozen data of a fusion."""

from pathlib import Path

import numpy as np
import pytest

from app.errors import UserError
from app.fusion.frozen import TABLE, freeze, load
from app.fusion.partition import dealt
from tests.fusion.tables import world


def test_frozen_data_come_back_as_they_were(tmp_path: Path) -> None:
    table = world(people=8)
    table.said[1, 3] = np.nan
    partition = dealt(table, "nested", folds=3)
    made = freeze(table, partition, {"labels": {"source": "category"}}, tmp_path)
    found = load(made.folder)
    np.testing.assert_allclose(found.table.said, table.said, atol=1e-6)
    assert found.table.subjects == table.subjects
    np.testing.assert_array_equal(found.partition.deals[1].search, partition.deals[1].search)
    assert found.facts["labels"] == {"source": "category"}
    assert freeze(table, partition, {}, tmp_path).sha256 == made.sha256


def test_changed_data_are_refused(tmp_path: Path) -> None:
    table = world(people=8)
    made = freeze(table, dealt(table, "nested", folds=2), {}, tmp_path)
    (made.folder / TABLE).write_bytes((made.folder / TABLE).read_bytes() + b" ")
    with pytest.raises(UserError, match="have changed"):
        load(made.folder)
    with pytest.raises(UserError, match="cannot be read"):
        load(tmp_path / "nothing")
