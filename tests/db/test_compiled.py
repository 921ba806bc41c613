"""Statements are compiled once for all project files, though each file has engines of its own."""

import pytest
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.compiler import SQLCompiler

import db.items
import db.raters
from db.engine import ProjectDialect
from db.project import Project


@pytest.fixture
def compiled(monkeypatch):
    """How many statements were compiled, in a list of one number."""
    counted, begin = [0], SQLCompiler.__init__

    def count(*args, **options):
        counted[0] += 1
        begin(*args, **options)

    monkeypatch.setattr(SQLCompiler, "__init__", count)
    return counted


def use(path):
    with Project.create(path) as project:
        db.raters.add(project, "R01")
        assert [rater.code for rater in db.raters.every(project)] == ["R01"]
        assert db.items.every(project) == []


def test_another_project_compiles_nothing_again(tmp_path, compiled):
    use(tmp_path / "one.affectograph")
    compiled[0] = 0
    use(tmp_path / "two.affectograph")
    assert compiled[0] == 0


def test_another_dialect_shares_nothing():
    assert ProjectDialect() == ProjectDialect()
    assert hash(ProjectDialect()) == hash(ProjectDialect())
    assert ProjectDialect() != sqlite.dialect()
