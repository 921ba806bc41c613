"""Clips of a project on a server: in a shared folder, or fetched from a web address into a cache."""

import functools
import http.server
import shutil
import threading

import pytest

import db.clips
from app.cli import main
from app.errors import UserError
from app.inference.cards import project_models
from app.jobs import Context
from app.services.models.in_use import card_in_use
from app.services.projects.files import add_clips, create_project, open_project
from app.services.retrain.promote import promote
from app.services.team.clips import fetch_clips, set_clips_place
from app.services.team.move import move
from tests.learning.affect.frames import write_frame_model
from tests.services.test_analyse import grey_clip


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def web(tmp_path):
    """A folder and the address at which it is served."""
    (tmp_path / "web" / "ä clips").mkdir(parents=True)
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(tmp_path / "web"))
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield tmp_path / "web", f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def url(postgres_server, web):
    """A project whose two clips lie below the served folder."""
    folder, _ = web
    clips = [grey_clip(folder / "ä clips" / f"clip {number}.mp4", frames=10 + number) for number in range(2)]
    with create_project(folder / "study.affectograph") as project:
        assert not add_clips(project, clips).refused
    url = postgres_server.fresh()
    move(folder / "study.affectograph", url, Context())
    return url


def test_a_shared_folder_may_have_another_name_here(url, web, tmp_path, monkeypatch):
    folder, _ = web
    with open_project(url) as project:
        assert [clip.missing for clip in db.clips.every(project)] == [False, False]
    folder.rename(tmp_path / "elsewhere")
    with open_project(url) as project:
        assert [clip.missing for clip in db.clips.every(project)] == [True, True]
    monkeypatch.setenv("AFFECTOGRAPH_CLIPS", str(tmp_path / "elsewhere"))
    with open_project(url) as project:
        assert [clip.missing for clip in db.clips.every(project)] == [False, False]
    (tmp_path / "elsewhere").rename(folder)


def test_clips_are_fetched_once_and_only_if_they_are_the_clips(url, web, capsys):
    folder, address = web
    assert main(["team", "clips", url, "--set", address]) == 0
    other = folder / "ä clips" / "clip 1.mp4"
    right = other.read_bytes()
    other.write_bytes(right[:-1] + b"?")
    assert main(["team", "clips", url, "--fetch"]) == 1
    said = capsys.readouterr()
    assert "1 clip fetched" in said.out
    assert "another file" in said.err
    with open_project(url) as project:
        assert [clip.missing for clip in db.clips.every(project)] == [False, True]
        assert not db.clips.every(project)[0].path.is_relative_to(folder)
        assert not list((project.folder / ".arriving").iterdir())
        other.write_bytes(right)
        assert fetch_clips(project, Context()) == (1, [])
        assert db.clips.every(project)[1].path.read_bytes() == right
        assert fetch_clips(project, Context()) == (0, [])


def test_a_place_that_cannot_be_one_is_refused(url):
    with open_project(url) as project:
        with pytest.raises(UserError, match="do not come from a web address"):
            fetch_clips(project, Context())
        for place in ("https://ada:geheim@example.org/", "ftp://example.org/", "here"):
            with pytest.raises(UserError) as told:
                set_clips_place(project, place)
            assert "geheim" not in str(told.value)


def test_a_promoted_model_reaches_the_other_computers_by_the_folder_of_the_clips(url, web, tmp_path, monkeypatch):
    made = write_frame_model(tmp_path / "made" / "lab_face", name="lab_face")
    assert made is not None
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(tmp_path / "ada"))
    with open_project(url) as project:
        promote(project, str(tmp_path / "made" / "lab_face"), actor="ada")
        assert card_in_use(None, project).name == "lab_face"
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(tmp_path / "eve"))
    with open_project(url) as project:
        card = card_in_use(None, project)
        assert card.name == "lab_face"
        assert card.folder.is_relative_to(project_models(project.home))
    shared = web[0] / "affectograph-models" / "lab_face"
    assert (shared / "card.toml").is_file()
    # Nobody takes a file that is another one than what was promoted.
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(tmp_path / "mia"))
    with (shared / "model.onnx").open("ab") as file:
        file.write(b"x")
    with open_project(url) as project, pytest.raises(UserError, match="lab_face"):
        card_in_use(None, project)
    shutil.rmtree(shared)
    with open_project(url) as project, pytest.raises(UserError, match="is not there") as missing:
        card_in_use(None, project)
    assert "Ask whoever promoted it" in missing.value.todo
