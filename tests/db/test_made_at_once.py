"""Alembic keeps what it works on in module variables: two projects may be made at the same time all the same."""

import threading

from db import check
from db.project import Project


def test_projects_that_are_made_at_the_same_time_are_each_whole(tmp_path):
    failed, at_once = [], threading.Barrier(4)

    def make(number):
        at_once.wait()
        try:
            with Project.create(tmp_path / f"p{number}.affectograph") as project:
                assert check.problems(project) == []
        except BaseException as error:  # noqa: BLE001 — told by the test itself
            failed.append(repr(error))

    threads = [threading.Thread(target=make, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    for number in range(4):
        with Project.open(tmp_path / f"p{number}.affectograph") as project:
            assert check.problems(project) == []
