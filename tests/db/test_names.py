"""A name that is taken gets a number, whatever its case and letters, and few names are looked at."""

from pathlib import PurePosixPath

import pytest

from db.names import alike, unused_name, unused_names
from db.project import writing
from db.schema import Subject


@pytest.fixture
def session(project):
    with writing(project) as session:
        yield session


def put(session, *codes):
    session.add_all(Subject(code=code) for code in codes)
    session.flush()


@pytest.mark.parametrize(
    ("taken", "wanted", "free"),
    [
        (["a.mp4"], "b.mp4", "b.mp4"),
        (["a.mp4"], "A.MP4", "A-2.MP4"),
        (["a.mp4", "A-2.mp4", "a-3.mp4"], "a.mp4", "a-4.mp4"),
        (["a-2.mp4"], "a.mp4", "a.mp4"),
        (["Über.mp4"], "über.mp4", "über-2.mp4"),
        (["STRASSE.mp4"], "straße.mp4", "straße-2.mp4"),
        (["100%_a.mp4"], "100%_A.mp4", "100%_A-2.mp4"),
        (["100x_a.mp4", "1.mp4"], "100%_a.mp4", "100%_a.mp4"),
        (["a\\b.mp4"], "A\\b.mp4", "A\\b-2.mp4"),
        (["clip"], "Clip", "Clip-2"),
        (["誰.mp4"], "誰.mp4", "誰-2.mp4"),
    ],
)
def test_the_first_free_name_is_taken(session, taken, wanted, free):
    put(session, *taken)
    assert unused_name(session, Subject.code, wanted) == free


@pytest.mark.parametrize("count", [1, 3])
def test_names_for_many_rows_differ_from_each_other_too(session, count):
    put(session, "a.mp4", "B.mp4")
    found = []
    take = unused_names(session, Subject.code, count)
    for wanted in ("a.mp4", "A.mp4", "b.mp4", "c.mp4", "a.mp4"):
        found.append(take(wanted))
        put(session, found[-1])
    assert found == ["a-2.mp4", "A-3.mp4", "b-2.mp4", "c.mp4", "a-4.mp4"]


def test_only_names_that_could_be_equal_are_looked_at(session):
    put(session, *(f"clip{number:04d}.mp4" for number in range(1000)))
    assert alike(session, Subject.code, PurePosixPath("CLIP0500.mp4")) == ["clip0500.mp4"]
