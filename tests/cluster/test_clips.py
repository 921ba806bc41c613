"""Clips on a cluster: the same files as on one computer, also if a worker dies; what differs is refused in words."""

import signal
import subprocess
import sys

import pytest

from app.cluster import versions
from app.domain.analysis import RunKey
from app.errors import UserError
from app.jobs import Context
from app.services.predict import remote
from app.services.predict.analyse import Analyser
from app.services.projects.files import create_project
from app.synthetic.actor import act
from app.synthetic.spec import ActorSpec
from app.synthetic.stage import write_clip
from tests.cluster.local import local_workers

pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    """Eight short clips, and a file that is none."""
    folder = tmp_path_factory.mktemp("clips")
    for clip in act(ActorSpec(subjects=4, clips_per_subject=2, seconds=2.5, rate=10, seed=5)):
        write_clip(clip, folder / f"{clip.name}.mp4", Context())
    (folder / "broken.mp4").write_bytes(b"no clip")
    return folder


def analyze(*words: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "app", "analyze", *map(str, words), "--device", "cpu"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def done(process: "subprocess.Popen[str]") -> tuple[str, str]:
    out, err = process.communicate()
    assert process.returncode == 1, err  # one clip is refused
    return out, err


@pytest.mark.slow
def test_a_worker_dies_and_the_files_are_the_same_to_the_byte(clips, tmp_path):
    with local_workers() as workers:
        far = analyze(clips, "--out", tmp_path / "far", "--measures", "--scheduler", workers.address)
        first = far.stdout.readline()
        assert "frames" in first
        killed = workers.kill_one_at_work()
        rest, err = done(far)
    assert killed in workers.pids
    assert "broken.mp4" in err
    assert "8 analysed, 1 refused" in rest
    done(analyze(clips, "--out", tmp_path / "near", "--measures"))
    names = sorted(path.name for path in (tmp_path / "near").glob("*.csv"))
    assert len(names) == 8
    for name in names:
        assert (tmp_path / "far" / name).read_bytes() == (tmp_path / "near" / name).read_bytes(), name


@pytest.mark.slow
def test_results_are_stored_by_the_one_who_asked_and_used_again(clips, tmp_path):
    project = tmp_path / "study.affectograph"
    create_project(project).close()
    with local_workers() as workers:
        done(analyze(clips, "--out", tmp_path / "a", "--project", project, "--scheduler", workers.address))
    out, _ = done(analyze(clips, "--out", tmp_path / "b", "--project", project))
    assert "8 analysed" in out
    for path in (tmp_path / "a").glob("*.csv"):
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


@pytest.mark.slow
def test_an_interrupt_ends_the_command_and_a_lost_scheduler_is_named(clips, tmp_path):
    with local_workers() as workers:
        far = analyze(clips, "--out", tmp_path / "cut", "--scheduler", workers.address)
        far.stdout.readline()
        far.send_signal(signal.SIGTERM)  # as Ctrl+C, which a shell may let its children ignore
        out, err = far.communicate()
        assert "8 analysed" not in out
        assert "Traceback" not in err
        assert far.returncode != 0
        lost = analyze(clips, "--out", tmp_path / "lost", "--scheduler", workers.address)
        lost.stdout.readline()
    out, err = lost.communicate()
    assert lost.returncode == 1
    assert "does not answer any more" in err
    assert err.count("\n") == 1


def test_without_a_scheduler_there_is_a_sentence(clips, tmp_path):
    process = analyze(clips, "--out", tmp_path, "--scheduler", "tcp://127.0.0.1:9")
    _, err = process.communicate()
    assert process.returncode == 1
    assert "No scheduler answers at tcp://127.0.0.1:9" in err
    assert "Traceback" not in err


def test_a_worker_refuses_another_file_and_another_model(clips):
    path = sorted(clips.glob("*.mp4"))[1]
    with pytest.raises(remote.NotAlike, match="finds another file"):
        remote.Clip(path, 7).require()
    with pytest.raises(remote.NotAlike, match="does not find"):
        remote.Clip(path.with_name("gone.mp4"), 7).require()
    with Analyser(device="cpu") as analyser:
        model, key = remote.FarModel.of(analyser.pipeline.card), analyser.key("0" * 64)
    clip = remote.Clip(path, path.stat().st_size)
    other = RunKey(key.media_sha256, key.model, "f" * 64, key.parameters)
    with pytest.raises(UserError, match="has another model"):
        remote.predict(clip, model, other, "cpu", "mtcnn", None)


def test_versions_name_what_results_depend_on():
    found = versions()
    assert {"affectograph", "numpy", "av", "distributed"} <= set(found)
