"""SIGTERM and SIGHUP end every long command as Ctrl+C does: its children too, and nothing temporary is left."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

import db.models
from app.jobs import Context
from app.services.demo.retrain import ensure_retrain_demo
from app.services.retrain.process import can_train
from app.synthetic.actor import ActorSpec
from db.project import Project
from tests.waiting import PATIENCE_S, until

SMALL = ActorSpec(subjects=5, clips_per_subject=1, seconds=3.0, rate=8, seed=3)
ENDING = [signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM), signal.SIGINT]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="signals of POSIX systems"),
    pytest.mark.skipif(not can_train(), reason="torch is not installed"),
]


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    """A small project of five synthetic people, made once."""
    place = tmp_path_factory.mktemp("long")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AFFECTOGRAPH_HOME", str(place / "home"))
        return ensure_retrain_demo(Context(), place / "demo" / "small.affectograph", SMALL)


class Command:
    """A real command in a process of its own, with a folder of its own for temporary files."""

    def __init__(self, place, home, *words):
        self.temporary = place / "tmp"
        self.temporary.mkdir()
        environment = {
            **os.environ, "AFFECTOGRAPH_HOME": str(home), "OMP_NUM_THREADS": "1", "TMPDIR": str(self.temporary),
        }  # fmt: skip
        environment.pop("DISPLAY", None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app", *map(str, words)], env=environment, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, cwd=Path(__file__).resolve().parents[2],
        )  # fmt: skip

    def children(self):
        return psutil.Process(self.process.pid).children(recursive=True)

    def until(self, done, seconds=240):
        until(lambda: done() or self.process.poll() is not None, "the command", seconds)
        assert self.process.poll() is None, self.process.communicate()[1].decode()

    def ended_by(self, number):
        """Send the signal; the command says that it was cancelled, and nothing of it goes on."""
        children = self.children()
        self.process.send_signal(number)
        said, errors = self.process.communicate(timeout=PATIENCE_S)
        assert b"Traceback" not in errors, errors.decode()
        assert self.process.returncode == 130, errors.decode()
        assert b"affectograph: cancelled" in errors
        _, alive = psutil.wait_procs(children, timeout=PATIENCE_S)
        assert alive == []
        assert list(self.temporary.iterdir()) == []
        return said.decode()


@pytest.mark.parametrize("number", ENDING)
def test_train(rendered, tmp_path, number):
    command = Command(
        tmp_path, rendered.parent.parent / "home", "train", "--project", rendered, "--out", tmp_path / "run",
        "--epochs", "10000", "--folds", "1",
        "--set", "units=8", "--set", "hidden=8", "--set", "length=20", "--set", "patience=10000",
    )  # fmt: skip

    def training():
        with Project.open(rendered, read_only=True) as project:
            runs = db.models.trainings(project)
        return any(run.status == "running" for run in runs) and bool(command.children())

    command.until(training)
    time.sleep(1.0)
    command.ended_by(number)
    with Project.open(rendered) as project:
        assert {run.status for run in db.models.trainings(project)} == {"cancelled"}


@pytest.mark.parametrize("number", ENDING[:2])
def test_claims(tmp_path, number):
    work = tmp_path / "work"
    command = Command(
        tmp_path, tmp_path / "home", "claims", "--system", "E", "--seeds", "1", "--epochs", "1", "--subjects", "6",
        "--jobs", "2", "--work", work,
    )  # fmt: skip
    command.until(lambda: bool(command.children()) and work.exists() and any(work.iterdir()))
    time.sleep(1.0)
    command.ended_by(number)


@pytest.mark.parametrize("words", [("demo", "--headless"), ("demo", "--headless", "--retrain")])
def test_demo(tmp_path, words):
    home, out = tmp_path / "home", tmp_path / "report"
    command = Command(tmp_path, home, *words, "--out", out)
    command.until(lambda: (home / "data").exists() and any((home / "data").iterdir()))
    time.sleep(0.5)
    command.ended_by(signal.SIGTERM)
    assert not out.exists() or not [path for path in out.rglob("*") if path.name.startswith(".")]


def test_compare(rendered, tmp_path):
    out = tmp_path / "numbers.json"
    command = Command(
        tmp_path, rendered.parent.parent / "home", "compare", "in-use", "affectograph_face", "--project", rendered,
        "--json", out, "--labels", "gold",
    )  # fmt: skip
    log = rendered.with_name(rendered.name + "-wal")
    command.until(log.exists)  # it has opened the project
    command.ended_by(signal.SIGHUP)
    assert not out.exists()


ENDLESS = """
import sys, time
import app.cli, app.cli.doctor

def run(_args):
    print("running", flush=True)
    time.sleep(1000)

app.cli.doctor.register = lambda commands: commands.add_parser("doctor").set_defaults(run=run)
sys.exit(app.cli.main(["doctor"]))
"""


@pytest.mark.parametrize("number", ENDING)
def test_a_command_without_a_bar_ends_by_a_signal_as_by_an_interrupt(number):
    """Listing, agreement, simulation: whatever draws no progress."""
    words = [sys.executable, "-c", ENDLESS]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=root) as process:
        assert process.stdout.readline() == b"running\n"
        process.send_signal(number)
        _, errors = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, errors) == (130, b"affectograph: cancelled\n")
