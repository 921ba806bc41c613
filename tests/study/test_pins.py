"""PINs: dear to try, slower after wrong ones, logged; and files that only their owner reads."""

import os
import time

import pytest

import db.audit
import db.pins
import db.raters
from app.errors import UserError
from app.services.study.kits import make_kit
from app.services.study.roles import sign_in
from db.project import Project
from tests.study.helpers import make_study

COST = db.pins.COST
"""What a PIN costs users; tests/conftest.py makes it cheap for all tests that do not ask for `dear`."""


@pytest.fixture
def dear(monkeypatch):
    monkeypatch.setattr(db.pins, "COST", COST)


@pytest.fixture
def rater(project, items):
    make_study(project, items)
    rater = db.raters.by_code(project, "R01")
    db.raters.set_pin(project, rater.id, "2468")
    return rater


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = time.time()

    monkeypatch.setattr(db.pins, "now", lambda: Clock.now)
    return Clock


def wrong(project):
    with pytest.raises(UserError, match="PIN is wrong"):
        sign_in(project, "R01", "0000")


def test_wrong_pins_are_counted_slowed_and_logged_also_over_a_restart(project, rater, clock):
    for _ in range(db.pins.FREE_TRIES):
        wrong(project)
    with pytest.raises(UserError, match=r"wrong too often.*Wait 2 seconds"):
        sign_in(project, "R01", "2468")
    path = project.path
    project.close()
    with Project.open(path) as again:
        with pytest.raises(UserError, match="wrong too often"):
            sign_in(again, "R01", "2468")
        assert sign_in(again, "R02").code == "R02"  # nobody else waits
        clock.now = db.audit.recent(again, action=db.pins.WRONG, limit=1)[0].at
        waits = []
        for _ in range(9):
            clock.now += db.pins.wait_s(again, rater.id) + 1.0
            wrong(again)
            clock.now = db.audit.recent(again, action=db.pins.WRONG, limit=1)[0].at
            waits.append(round(db.pins.wait_s(again, rater.id)))
        assert waits == [4, 8, 16, 32, 64, 128, 256, 300, 300]
        clock.now += 301
        assert sign_in(again, "R01", "2468").code == "R01"
        assert db.pins.wait_s(again, rater.id) == 0.0
        actions = [one.action for one in db.audit.recent(again, action="pin.")]
        assert actions == [db.pins.RIGHT] + [db.pins.WRONG] * (db.pins.FREE_TRIES + 9)
        assert "0000" not in str(db.audit.recent(again))


def test_a_new_pin_ends_the_waiting_and_a_clock_set_back_does_not_prolong_it(project, rater, clock):
    for _ in range(db.pins.FREE_TRIES):
        wrong(project)
    clock.now -= 1_000_000
    assert 0 < db.pins.wait_s(project, rater.id) <= 2.0
    db.raters.set_pin(project, rater.id, "1357")
    assert sign_in(project, "R01", "1357").code == "R01"


def test_a_right_pin_writes_nothing(project, rater):
    before = len(db.audit.recent(project))
    sign_in(project, "R01", "2468")
    assert len(db.audit.recent(project)) == before
    path = project.path
    project.close()
    with Project.open(path, read_only=True) as looking:
        sign_in(looking, "R01", "2468")
        wrong(looking)


def test_a_pin_costs_and_one_of_earlier_versions_is_made_dear(dear, project, rater):
    cheap = db.pins.hashed("2468", cost=(1 << 14, 8, 1))
    assert db.pins.matches(cheap, "2468")
    assert not db.pins.matches(cheap, "2469")
    with project.write() as session:
        session.get_one(db.pins.Rater, rater.id).pin = cheap
    sign_in(project, "R01", "2468")
    with project.read() as session:
        kept = session.get_one(db.pins.Rater, rater.id).pin
    assert not db.pins.cheap(kept)
    # Memory times passes says what a try costs on any machine; 2**15 takes 0.1 s on the slowest that we know.
    _, n, r, p, _, _ = kept.split("$")
    assert int(n) * int(r) * int(p) >= 2**15 * 8
    assert sign_in(project, "R01", "2468").code == "R01"


def rights(path):
    return path.stat().st_mode & 0o777


def test_a_project_keeps_the_umask_until_its_first_pin(tmp_path):
    before = os.umask(0o002)
    try:
        with Project.create(tmp_path / "open.affectograph") as project:
            rater = db.raters.add(project, "R01")
            assert rights(project.path) == 0o664
            assert rights(tmp_path / "open.affectograph-wal") == 0o664
            db.raters.set_pin(project, rater.id, "2468")
            for name in ("open.affectograph", "open.affectograph-wal", "open.affectograph-shm"):
                assert rights(tmp_path / name) == 0o600
            # Who shares the file on purpose says so once; the next PIN does not take it back.
            project.path.chmod(0o660)
            db.raters.set_pin(project, db.raters.add(project, "R02").id, "1357")
            assert rights(project.path) == 0o660
    finally:
        os.umask(before)


@pytest.mark.parametrize("pin", ["", "2468"])
def test_a_kit_keeps_the_umask_and_its_project_is_private_with_a_pin(project, items, tmp_path, pin):
    make_study(project, items)
    if pin:
        db.raters.set_pin(project, db.raters.by_code(project, "R01").id, pin)
    before = os.umask(0o027)
    try:
        kit = make_kit(project, "R01", tmp_path / "kit")
    finally:
        os.umask(before)
    assert rights(kit.parent) == 0o750
    assert rights(kit.parent / "README.txt") == 0o640
    assert rights(kit) == (0o600 if pin else 0o640)
