"""What was looked through once is known again by its pages; whatever changes one of them is looked through anew."""

import sqlite3
from contextlib import closing

import pytest

from app.domain.project import TraceStart
from app.errors import UserError
from app.paths import cache_dir
from db import check, digests, pages, raters, receipts, traces
from db.project import Project

from .build import samples


@pytest.fixture
def filled(project, item, rater):
    traces.add(project, TraceStart(item.id, rater.id, "full_context", True, "mouse"), samples(50))
    return project


@pytest.fixture
def looked(monkeypatch):
    """Counts how often rows are compared with their digests."""
    calls = []
    wrong = digests.wrong

    def counted(driver, tables=None, **more):
        calls.append(driver)
        return wrong(driver, tables, **more)

    monkeypatch.setattr(digests, "wrong", counted)
    return calls


def require(path):
    with Project.open(path, read_only=True) as project:
        check.require_sound(project)


def test_the_same_pages_are_looked_through_once(filled, looked):
    filled.close()
    for _ in range(3):
        require(filled.path)
    assert len(looked) == 1


def test_a_copy_elsewhere_is_known_by_its_pages(filled, looked, tmp_path):
    filled.close()
    require(filled.path)
    copy = tmp_path / "copy.affectograph"
    copy.write_bytes(filled.path.read_bytes())
    require(copy)
    assert len(looked) == 1


def test_what_the_program_itself_changes_is_looked_through_even_from_the_log(filled, looked):
    require(filled.path)
    raters.add(filled, "R09")  # lies in the log: the project is open
    require(filled.path)
    assert len(looked) == 2


@pytest.mark.parametrize("place", [0.1, 0.35, 0.6, 0.85, 0.999])
@pytest.mark.parametrize("bit", [0, 7])
def test_a_flipped_bit_of_a_file_with_a_receipt_is_looked_for(filled, looked, place, bit):
    filled.close()
    require(filled.path)
    data = bytearray(filled.path.read_bytes())
    data[int(place * len(data))] ^= 1 << bit
    filled.path.write_bytes(data)
    try:
        require(filled.path)
    except UserError:
        return  # found, or refused
    assert len(looked) == 2


def test_a_changed_number_is_refused_in_spite_of_a_receipt(filled):
    filled.close()
    require(filled.path)
    with closing(sqlite3.connect(filled.path)) as connection:
        connection.execute("UPDATE trace SET n_samples = 49")
        connection.commit()
    for _ in range(2):  # what is refused gets no receipt
        with pytest.raises(UserError, match="Row 1 of table trace"):
            require(filled.path)


def test_the_check_of_a_project_looks_at_every_row_whatever_receipt_there_is(filled, looked):
    check.require_sound(filled)
    assert check.problems(filled) == []
    assert len(looked) == 2


def test_a_file_too_large_to_be_hashed_is_looked_through_each_time(filled, looked, monkeypatch):
    monkeypatch.setattr(pages, "MAX_BYTES", 4096)
    filled.close()
    require(filled.path)
    require(filled.path)
    assert len(looked) == 2


def test_the_newest_receipts_are_kept(monkeypatch):
    monkeypatch.setattr(receipts, "KEPT", 3)
    for number in range(6):
        receipts.keep(f"{number:064x}")
    assert len(list((cache_dir() / "sound").iterdir())) == 3


def test_a_cache_that_cannot_be_written_only_costs_time(filled, looked):
    (cache_dir() / "sound").write_text("in the way")
    filled.close()
    require(filled.path)
    require(filled.path)
    assert len(looked) == 2
