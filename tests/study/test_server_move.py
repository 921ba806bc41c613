"""A project moves from a file to a server and back, and is proved equal; `make test-postgres` starts a server."""

import pytest
from sqlalchemy import text

import db.check
import db.clips
import db.moving
import db.raters
import db.settings
from app.cli import main
from app.errors import UserError
from app.jobs import Context
from app.services.projects.files import create_project, open_project
from app.services.study.session import AnnotateSession
from app.services.team.move import move
from db.places import CLIPS
from tests.study.helpers import add_items, full_answer
from tests.study.test_scope import filled


@pytest.fixture
def url(postgres_server):
    return postgres_server.fresh()


@pytest.fixture
def path(tmp_path):
    """A project file with something in most tables, and a clip below its folder."""
    (tmp_path / "one").mkdir()
    with create_project(tmp_path / "one" / "study.affectograph") as made:
        filled(made, add_items(made, tmp_path / "one" / "media"))
        db.settings.put(made, "note", {"β": [1.5, None, True]})
        return made.path


def test_a_file_goes_to_a_server_and_comes_back_equal(url, path, tmp_path):
    back = tmp_path / "one" / "back.affectograph"
    there = move(path, url, Context())
    again = move(url, back, Context())
    assert there.rows == again.rows > 100
    with open_project(path, read_only=True) as first, open_project(back) as last:
        with first.read() as old, last.read() as new:
            assert db.moving.digests(old) == db.moving.digests(new)
        assert db.clips.every(last) == db.clips.every(first)
        assert db.check.problems(last) == []
        assert db.settings.get(last, CLIPS) is None


def test_work_goes_on_on_the_server(url, path):
    move(path, url, Context())
    with open_project(url) as project:
        assert project.folder == path.parent
        new = db.raters.add(project, "R77")  # the server counts on from the rows that it was given
        assert new.id == max(one.id for one in db.raters.every(project))
        with AnnotateSession(project, "R01") as session:
            answered = session.history()[0]
            session.revise(answered, full_answer(session.study, score=2))


def test_a_difference_is_found_and_nothing_is_left(url, path, monkeypatch):
    batches = db.moving._batches  # noqa: SLF001 — a fault is planted in what the server is given

    def changed(session, table):
        for rows in batches(session, table):
            if table.name == "answer" and session.get_bind().dialect.name == "postgresql":
                rows = [{**row, "comment": "another"} for row in rows]
            yield rows

    monkeypatch.setattr(db.moving, "_batches", changed)
    with pytest.raises(UserError, match="in answer; nothing was copied"):
        move(path, url, Context())
    with open_project(url) as project, project.read() as session:
        assert session.execute(text("SELECT count(*) FROM clip")).scalar_one() == 0


def test_a_place_that_is_taken_is_refused(url, path, tmp_path, capsys):
    create_project(url).close()
    assert main(["project", "move", str(path), url]) == 1
    assert "a project in this database already" in capsys.readouterr().err
    assert main(["project", "move", url, str(path)]) == 1
    assert "study.affectograph" in capsys.readouterr().err
    assert main(["project", "move", str(path), str(tmp_path / "other.affectograph")]) == 1
    assert "of one kind" in capsys.readouterr().err
    assert main(["project", "move", url, str(tmp_path / "empty.affectograph")]) == 0
    assert "equal in both places" in capsys.readouterr().out
