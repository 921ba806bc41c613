"""Terms are looked up once and remembered; what was rolled back is not."""

import pytest

from app.errors import UserError
from db import terms
from db.project import Project
from db.schema import new_uid


def test_a_term_that_was_rolled_back_is_not_remembered(project):
    with project.write() as session:
        happy = terms.numbers(session, ["happy"])["happy"]

    def fails():
        with project.write() as session:
            terms.numbers(session, ["lost", "happy"])
            raise UserError("The disk is full.", "")

    with pytest.raises(UserError, match="full"):
        fails()
    with project.write() as session:
        other = terms.numbers(session, ["other", "", "happy"])
    assert other["happy"] == happy
    with project.write() as session:
        found = terms.numbers(session, ["lost", "other"])
    assert found["other"] == other["other"]
    assert terms.texts(project) == {happy: "happy", other["other"]: "other", found["lost"]: "lost"}


def test_each_project_has_numbers_of_its_own(project, tmp_path):
    with project.write() as session:
        terms.numbers(session, ["a", "b"])
    with Project.create(tmp_path / "second.affectograph") as second:
        with second.write() as session:
            terms.numbers(session, ["b"])
        with second.write() as session:
            assert terms.numbers(session, ["b", "a"])["b"] == 1
        assert set(terms.texts(second).values()) == {"a", "b"}


def test_names_are_unique_and_later_ones_come_last():
    made = [new_uid() for _ in range(2000)]
    assert len(set(made)) == len(made)
    assert all(len(uid) == 32 and int(uid, 16) for uid in made)
    stamps = [uid[:12] for uid in made]
    assert stamps == sorted(stamps)
