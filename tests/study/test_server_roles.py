"""Logins of a server: a rater's sees only its own rows, whatever SQL is typed; `make test-postgres` starts a server."""

import io
import subprocess
import sys
from contextlib import nullcontext

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text

import db.answers
import db.audit
import db.clips
import db.edits
import db.items
import db.pins
import db.raters
import db.roles
import db.studies
import db.traces
from app.cli import main
from app.errors import UserError
from app.services.projects.files import create_project, open_project
from app.services.study.corrections import open_corrections
from app.services.study.kits import guarded
from app.services.study.reviewers import add_owner
from app.services.study.session import AnnotateSession
from app.services.team.members import add_member, begin_team, members, remove_member
from db.rules import RULES
from db.scope import RaterView
from tests.study.helpers import SEEN, add_items, full_answer, media_info
from tests.study.test_scope import FOREIGN, filled
from tests.waiting import PATIENCE_S


@pytest.fixture(scope="module")
def world(postgres_server, tmp_path_factory):
    """What two raters answered, with predictions, names and notes; eve and bob are raters, rev is a reviewer."""
    with create_project(postgres_server.url) as project:
        _, record, *_ = filled(project, add_items(project, tmp_path_factory.mktemp("media")))
        begin_team(project)
        for login, role, code in (("eve", "rater", "R01"), ("bob", "rater", "R02"), ("rev", "reviewer", "V01")):
            add_member(project, login, role, code)
        yield postgres_server, project, record


def test_a_rater_sees_by_sql_what_the_rater_view_shows(world):
    server, project, _ = world
    rater = db.raters.by_code(project, "R01")
    with psycopg.connect(server.url_of("eve")) as eve, RaterView(project, rater.id) as view, view.read() as session:
        for table, (rule, _) in RULES.items():
            name = sql.Identifier(table)
            rows = eve.execute(sql.SQL("SELECT * FROM {}").format(name)).fetchall()
            expected = session.execute(text(f'SELECT * FROM "{table}"')).all()
            if table == "audit":  # her own tries of a PIN, of which there are none
                assert rows == []
            assert len(rows) == len(expected), table
            assert (rule != "closed") or rows == [], table
            assert not [word for word in FOREIGN if word in repr(rows)], table
        assert eve.execute("SELECT count(*) FROM answer").fetchone()[0] > 0


@pytest.mark.parametrize(
    "statement",
    [
        "SET row_security = off; SELECT * FROM answer",
        "SET ROLE affectograph_postgres_owner",
        "SET SESSION AUTHORIZATION bob",
        "ALTER TABLE answer DISABLE ROW LEVEL SECURITY",
        "DROP POLICY raters_see ON answer",
        "CREATE POLICY more ON answer FOR SELECT USING (true)",
        "SELECT * FROM affectograph_team.member",
        "UPDATE affectograph_team.member SET role = 'owner'",
        "CREATE OR REPLACE FUNCTION affectograph_team.me() RETURNS integer LANGUAGE sql AS 'SELECT 2'",
        "GRANT affectograph_postgres_owner TO eve",
        "CREATE TABLE mine (a integer)",
        "UPDATE answer SET comment = 'other'",
        "DELETE FROM answer",
        "TRUNCATE answer",
        "UPDATE rater SET role = 'owner'",
        "UPDATE study SET name = 'other'",
        "INSERT INTO run DEFAULT VALUES",
        "INSERT INTO rater_name (rater_id, name, contact) VALUES (1, 'a', '')",
        "COPY answer TO '/tmp/answers'",
        "SELECT * FROM pg_authid",
    ],
)
def test_every_way_around_is_refused(statement, world):
    server, _, _ = world
    with psycopg.connect(server.url_of("eve")) as eve, pytest.raises(psycopg.Error):
        eve.execute(statement)


def test_nobody_answers_in_another_ones_name(world):
    server, project, _ = world
    r1, r2 = (db.raters.by_code(project, code).id for code in ("R01", "R02"))
    with psycopg.connect(server.url_of("eve")) as eve:
        columns = [name for (name,) in eve.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'answer' AND column_name <> 'id'"
        )]  # fmt: skip
        copied = sql.SQL("INSERT INTO answer ({}) SELECT {} FROM answer LIMIT 1")

        def copy(rater):
            values = {"uid": sql.Literal(f"{rater:032d}"), "rater_id": sql.Literal(rater)}
            names = [sql.Identifier(name) for name in columns]
            eve.execute(
                copied.format(
                    sql.SQL(", ").join(names),
                    sql.SQL(", ").join(values.get(name, sql.Identifier(name)) for name in columns),
                )
            )

        copy(r1)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            copy(r2)


def test_a_rater_works_with_a_login_of_her_own(world, tmp_path):
    server, project, record = world
    before = len(db.answers.every(project, record.id, current_only=False))
    with open_project(server.url_of("eve")) as hers:
        assert hers.team_role == "rater"
        assert guarded(hers)
        with pytest.raises(UserError, match="login of a rater"):
            add_owner(hers, "me")
        with pytest.raises(UserError, match="unknown in this project"):
            AnnotateSession(hers, "R02")
        with pytest.raises(UserError, match="does not let your login"):
            db.edits.apply(hers, db.edits.rename_clip(hers, db.clips.every(hers)[0].id, "other"))
        calibration = media_info(tmp_path / "dot.mp4")
        assert db.clips.add(hers, calibration, "e" * 64, listed=False).removed
        with pytest.raises(UserError, match="does not let your login"):
            db.clips.add(hers, media_info(tmp_path / "own.mp4"), "f" * 64)
        number = db.raters.by_code(hers, "R01").id
        for _ in range(db.pins.FREE_TRIES):
            db.pins.note_try(hers, number, "0", right=False)
        assert db.pins.wait_s(hers, number) > 0
        for code in ("R01", "R02"):
            allowed = nullcontext() if code == "R01" else pytest.raises(UserError, match="does not let your login")
            with allowed:
                db.audit.add(hers, "sitting.check", {"screen": True}, actor=code)
        with AnnotateSession(hers, "R01") as session:
            first = session.history()[0]
            session.revise(first, full_answer(session.study, score=1))
            task = session.current()
            recorder = session.start_trace(task, "mouse")
            for number in range(200):
                recorder.add(number * 0.02, 0.5, -0.5, float(number))
            kept = session.accept_trace(task, recorder, SEEN)
            assert session.progress().done > 0
            session.begin(session.current())
            session.pause()
    assert len(db.answers.every(project, record.id, current_only=False)) == before + 1
    assert db.traces.get(project, kept.id).n_samples == 200


def test_a_reviewer_corrects_and_appoints_nobody(world):
    server, project, record = world
    with open_project(server.url_of("rev")) as theirs:
        assert theirs.team_role == "reviewer"
        stored = db.answers.every(theirs, record.id)
        assert len(stored) == len(db.answers.every(project, record.id))
        corrections = open_corrections(theirs, "V01")
        corrections.close()
        wanted = full_answer(record.study, score=2)
        db.edits.apply(theirs, db.edits.correct_answer(theirs, stored[0].id, wanted, reason="heard it"))
        with pytest.raises(UserError, match="does not let your login"):
            db.raters.set_name(theirs, stored[0].key.rater_id, "Ann")
        with pytest.raises(UserError, match="does not let your login"):
            add_member(theirs, "mallory", "owner")
    assert db.answers.get(project, stored[0].id).current is False


def test_places_change_and_end(world):
    server, project, _ = world
    add_member(project, "ann", "owner", "O01")
    with open_project(server.url_of("ann")) as theirs:  # no superuser: an owner by the group alone
        assert theirs.team_role == "owner"
        remove_member(theirs, "bob")
        assert [(one.login, one.role, one.rater) for one in members(theirs)] == [
            ("ann", "owner", "O01"), ("tester", "owner", ""), ("eve", "rater", "R01"), ("rev", "reviewer", "V01"),
        ]  # fmt: skip
        with pytest.raises(UserError, match="no place"):
            remove_member(theirs, "bob")
    with pytest.raises(UserError, match="server"):
        open_project(server.url_of("bob"))
    with pytest.raises(UserError, match="sees everything"):
        add_member(project, "tester", "rater", "R09")
    assert {one.login: one.role for one in members(project)}["tester"] == "owner"


def test_roles_by_command(postgres_server, tmp_path, capsys, monkeypatch):
    url = postgres_server.fresh("ada")  # no superuser: the owner of the database, who may make logins
    assert main(["project", "new", url]) == 0
    assert main(["team", "list", url]) == 1
    assert "no roles yet" in capsys.readouterr().err
    assert main(["team", "init", url]) == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("geheim\n"))
    assert main(["team", "add", url, "pia", "--code", "R01", "--password"]) == 0
    assert main(["team", "list", url]) == 0
    said = capsys.readouterr().out
    assert "pia was made and is now rater" in said
    assert "geheim" not in said
    with psycopg.connect(postgres_server.url) as connection:
        (kept,) = connection.execute("SELECT rolpassword FROM pg_authid WHERE rolname = 'pia'").fetchone()
    assert kept.startswith("SCRAM-SHA-256$")
    assert main(["team", "remove", url, "pia"]) == 0
    assert main(["team", "init", str(tmp_path / "file.affectograph")]) == 1


@pytest.mark.process
def test_several_programs_that_make_the_tables_at_once_take_turns(postgres_server):
    url = postgres_server.fresh()
    program = "import sys; from app.services.projects.files import open_project; from db import upgrades; "
    program += "upgrades.upgrade_server(sys.argv[1]); open_project(sys.argv[1]).close()"
    work = [subprocess.Popen([sys.executable, "-c", program, url]) for _ in range(3)]
    assert [one.wait(timeout=PATIENCE_S * 4) for one in work] == [0, 0, 0]
