"""A list of models with one entry, served on the loopback interface: the real YuNet, or a tiny network made here."""

import hashlib

import pytest

from app.jobs import Context
from app.services.models.zoo import download
from app.services.models.zoo.manifest import ZooEntry

from .networks import picture_network
from .server import Served, Server


class Enough(Context):
    """Stops by itself once so many bytes have come, whatever of its progress is told."""

    def __init__(self, done):
        super().__init__()
        self._enough = done

    def progress(self, done, total, text=""):
        if done >= self._enough:
            self.cancel()
        super().progress(done, total, text)


@pytest.fixture(autouse=True)
def _direct_and_quick(monkeypatch):
    """No proxy for the loopback interface, and no long waits between tries."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(download, "PAUSES_S", (0.0, 0.0, 0.0, 0.0))


@pytest.fixture
def tiny(tmp_path):
    """The bytes of a small ONNX file."""
    path = tmp_path / "tiny.onnx"
    picture_network(path, 8, 8192)
    return path.read_bytes()


@pytest.fixture(params=["tiny", "yunet"])
def model_bytes(request):
    """A small file made here, and YuNet where the shared files are at hand."""
    if request.param == "tiny":
        return request.getfixturevalue("tiny")
    return (request.getfixturevalue("shared") / "models" / "yunet_n_640_640.onnx").read_bytes()


@pytest.fixture
def server(tiny):
    with Server(Served(tiny)) as running:
        yield running


def entry_for(data, url, *, pinned=True, name="a_detector", **card):
    """An entry for these bytes."""
    return ZooEntry(
        name=name,
        url=url,
        file=f"{name}.onnx",
        bytes=len(data) if pinned else None,
        sha256=hashlib.sha256(data).hexdigest() if pinned else None,
        licence="MIT",
        non_commercial=False,
        source="here",
        card={"title": "A detector", "version": "1", "kind": "face_detector", "summary": "Finds faces."} | card,
    )
