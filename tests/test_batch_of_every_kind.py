"""Every command that works through many items goes on past one that fails, names it, and says so by its status."""

import json

import pytest

import db.gold
from app.batch import Failures
from app.cli import main
from app.errors import UserError
from app.services.agreement import page
from app.services.labels.gold import GoldRequest, make_gold
from app.services.labels.trace_gold import TraceGolds
from app.services.projects import health
from app.services.projects.files import add_clips, create_project, open_project
from app.ui.tours import walk
from tests.data.projects.outputs import unpack
from tests.media.clips import write_clip

pytestmark = pytest.mark.process


@pytest.fixture
def project_path(tmp_path, monkeypatch):
    path = unpack("0.1", "sound", tmp_path)
    open_project(path).close()
    monkeypatch.chdir(tmp_path)
    return path


@pytest.fixture
def one_item_fails(monkeypatch):
    """Making the gold standard of one traced item divides by zero; its name."""
    real, chosen = TraceGolds.of, []

    def falls_over(self, condition, item):
        chosen.append(item.name)
        if item.name == chosen[0]:
            raise ZeroDivisionError("nobody foresaw it")
        return real(self, condition, item)

    monkeypatch.setattr(TraceGolds, "of", falls_over)
    return chosen


def test_gold_standards_of_the_other_items_are_stored(project_path, one_item_fails, capsys):
    with open_project(project_path) as project:
        before = len(db.gold.every(project, kind="trace"))
        with pytest.raises(UserError, match="failed unexpectedly"):
            make_gold(project, GoldRequest("trace", "median"))
        assert len(db.gold.every(project, kind="trace")) == before
    assert main(["gold", str(project_path), "--kind", "trace", "--method", "median", "--json", "gold.json"]) == 1
    said = capsys.readouterr()
    lines = [line for line in said.err.splitlines() if line.startswith("affectograph: ")]
    assert lines
    assert all(one_item_fails[0] in line for line in lines)
    assert f"{len(lines)} failed" in said.out
    with open("gold.json", encoding="utf-8") as file:
        stored = json.load(file)
    assert stored
    with open_project(project_path) as project:
        assert len(db.gold.every(project, kind="trace")) == before + len(stored)


def test_a_report_draws_the_other_items_and_lists_the_one(project_path, one_item_fails, capsys):
    words = ["agreement", str(project_path), "--traces", "--bootstrap", "0", "--html", "a.html", "--json", "a.json"]
    assert main(words) == 1
    named = [line for line in capsys.readouterr().err.splitlines() if line.startswith("affectograph: ")]
    assert any(one_item_fails[0] in line for line in named)
    assert all(one_item_fails[0] in line or page.MODEL in line for line in named)
    with open("a.html", encoding="utf-8") as file:
        text = file.read()
    assert "Not drawn: " in text
    assert "raters (thin), gold standard (thick" in text


def test_a_table_that_cannot_be_written_leaves_the_others(project_path, tmp_path, capsys):
    (tmp_path / "tables").mkdir()
    words = ["agreement", str(project_path), "--bootstrap", "0", "--csv", "tables", "--json", "a.json"]
    assert main(words) == 0
    made = sorted(path.name for path in (tmp_path / "tables").glob("*.csv"))
    for path in (tmp_path / "tables").iterdir():
        path.unlink()
    (tmp_path / "tables" / made[0]).write_text("mine")
    capsys.readouterr()
    assert main(words) == 1
    assert made[0] in capsys.readouterr().err
    assert (tmp_path / "tables" / made[0]).read_text() == "mine"
    assert sorted(path.name for path in (tmp_path / "tables").glob("*.csv")) == made


def test_a_check_looks_at_the_other_clips(project_path, monkeypatch, capsys):
    real, seen = health.media_hash, []

    def falls_over(path, ctx=None):
        seen.append(path.name)
        if len(seen) == 1:
            raise ValueError("nobody foresaw it")
        return real(path, ctx)

    monkeypatch.setattr(health, "media_hash", falls_over)
    assert main(["project", "check", str(project_path)]) == 1
    said = "".join(capsys.readouterr())
    assert f"{seen[0]} failed unexpectedly: ValueError" in said
    assert len(seen) == 6


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_tour_draws_the_other_screens(qapp, tmp_path, monkeypatch):
    with create_project(tmp_path / "p.affectograph") as project:
        add_clips(project, [write_clip(tmp_path / "a.mp4", 30)])

    def falls_over(*_):
        raise ZeroDivisionError("nobody foresaw it")

    monkeypatch.setattr(walk, "agreement_shots", falls_over)
    (tmp_path / "tour").mkdir()
    (tmp_path / "tour" / "01_welcome.png").write_bytes(b"mine")
    failures = Failures()
    pictures = walk.tour(tmp_path / "p.affectograph", tmp_path / "tour", may_write=False, failures=failures)
    assert [name for name, _ in failures.named] == ["01_welcome.png", "agreement"]
    assert (tmp_path / "tour" / "01_welcome.png").read_bytes() == b"mine"
    names = {path.name.partition("_")[2] for path in pictures}
    assert {"review.png", "train.png", "models.png", "about.png"} <= names
    assert all(path.is_file() for path in pictures)


def test_the_page_keeps_to_its_limit_and_names_what_fails(monkeypatch):
    def falls_over(*_):
        raise UserError("it has no frames.", "Look.")

    monkeypatch.setattr(page, "make_fan", falls_over)
    monkeypatch.setattr(page, "traced_items", lambda _data: {f"item{n}": ("face_only",) for n in range(9)})
    failures = Failures()

    class Nothing:
        traces = ()

    assert page.disputed_fans(None, None, None, Nothing(), failures) == []
    assert [name for name, _ in failures.named] == [f"item{n}, face_only" for n in range(page.MOST_FANS)]
