"""Fetching from a real server that misbehaves: whole and right, or a sentence and nothing left."""

import hashlib
import json
import os
import resource
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.errors import Cancelled, UserError
from app.jobs import Context
from app.services.models.zoo.download import Download, download
from tests.waiting import until

from .conftest import Enough
from .server import STALL_AFTER, Served, Server

ROOT = Path(__file__).resolve().parents[2]


def wanted(server, data=None, *, pinned=True, name="model.onnx", limit=10**8):
    data = server.served.data if data is None else data
    return Download(server.url(name), len(data) if pinned else None, limit, pinned)


def fetch(server, tmp_path, ctx=None, **more):
    target = tmp_path / "got" / "model.onnx"
    digest = download(wanted(server, **more), target, ctx or Context())
    assert target.read_bytes() == server.served.data
    assert digest == hashlib.sha256(server.served.data).hexdigest()
    assert os.listdir(target.parent) == ["model.onnx"]


def left(tmp_path):
    folder = tmp_path / "got"
    return sorted(os.listdir(folder)) if folder.exists() else []


def test_a_whole_file_with_progress(model_bytes, tmp_path):
    seen = []
    with Server(Served(model_bytes)) as server:
        fetch(server, tmp_path, Context(seen.append))
    assert seen[-1].done == seen[-1].total == len(model_bytes)
    assert "model.onnx" in seen[-1].text


@pytest.mark.parametrize("pinned", [True, False])
def test_a_broken_connection_is_taken_up_where_it_broke(server, tmp_path, pinned):
    server.served.cut_after = [30_000, 20_000]
    fetch(server, tmp_path, pinned=pinned)
    assert server.served.asked_ranges == [None, "bytes=30000-", "bytes=50000-"]


def test_a_server_without_ranges_begins_anew(server, tmp_path):
    server.served.ranges = False
    server.served.cut_after = [30_000]
    fetch(server, tmp_path)
    assert len(server.served.requests) == 2


@pytest.mark.parametrize("shift", [-100, 100])
def test_a_server_that_goes_on_at_another_place_is_not_believed(server, tmp_path, shift):
    server.served.shift = shift
    server.served.cut_after = [30_000]
    fetch(server, tmp_path)
    assert server.served.asked_ranges == [None, "bytes=30000-", None]


@pytest.mark.parametrize("weak", [False, True])
def test_a_file_that_changed_is_never_joined_with_the_old_ones_start(server, tmp_path, tiny, weak):
    served = server.served
    served.etag = 'W/"1"' if weak else '"1"'
    served.cut_after = [30_000, 0, 0, 0, 0]
    served.if_range = not weak
    with pytest.raises(UserError, match="Check address" if weak else "continues from there"):
        download(wanted(server, pinned=False), tmp_path / "got" / "model.onnx", Context())
    served.data = bytes(reversed(tiny))
    served.etag = 'W/"2"' if weak else '"2"'
    served.cut_after = []
    fetch(server, tmp_path, pinned=False)


def test_what_was_kept_is_taken_up_by_a_later_call(server, tmp_path):
    server.served.cut_after = [30_000, 0, 0, 0, 0]
    with pytest.raises(UserError, match="continues from there"):
        fetch(server, tmp_path)
    assert left(tmp_path) == ["model.onnx.part", "model.onnx.part.json"]
    before = len(server.served.requests)
    fetch(server, tmp_path)
    assert server.served.asked_ranges[before:] == ["bytes=30000-"]


def test_a_part_from_another_address_is_not_used_unless_the_hash_is_known(server, tmp_path):
    server.served.cut_after = [30_000, 0, 0, 0, 0]
    with pytest.raises(UserError):
        fetch(server, tmp_path, pinned=False)
    before = len(server.served.requests)
    fetch(server, tmp_path, pinned=False, name="mirror.onnx")
    assert server.served.asked_ranges[before:] == [None]


def test_a_whole_part_needs_no_second_download(server, tmp_path):
    (tmp_path / "got").mkdir()
    (tmp_path / "got" / "model.onnx.part").write_bytes(server.served.data)
    fetch(server, tmp_path)
    assert server.served.requests == []


def test_a_part_that_is_whole_though_nobody_knew_its_size(server, tmp_path):
    served = server.served
    (tmp_path / "got").mkdir()
    (tmp_path / "got" / "model.onnx.part").write_bytes(served.data)
    mark = f'"{hashlib.sha256(served.data).hexdigest()[:12]}"'
    (tmp_path / "got" / "model.onnx.part.json").write_text(json.dumps({"url": server.url(), "mark": mark}))
    fetch(server, tmp_path, pinned=False)
    assert served.asked_ranges == [f"bytes={len(served.data)}-"]


def test_busy_servers_are_asked_again(server, tmp_path):
    server.served.statuses = [503, 429, 500]
    fetch(server, tmp_path)
    assert len(server.served.requests) == 4


@pytest.mark.parametrize("status", [404, 403, 410])
def test_a_refusal_is_told_at_once(server, tmp_path, status):
    server.served.statuses = [status]
    with pytest.raises(UserError, match=str(status)):
        fetch(server, tmp_path)
    assert len(server.served.requests) == 1
    assert left(tmp_path) == []


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", None, "application/octet-stream"])
def test_a_web_page_is_no_model_whatever_it_calls_itself(server, tmp_path, kind):
    data = server.served.data
    server.served.data = b"\n <!DOCTYPE html><html><body>Please log in</body></html>"
    server.served.kind = kind
    server.served.redirect = "/landed"
    with pytest.raises(UserError, match="web page"):
        download(Download(server.url(), None, len(data), True), tmp_path / "got" / "model.onnx", Context())
    assert [path for path, _ in server.served.requests] == ["/model.onnx", "/landed"]
    assert left(tmp_path) == []


def test_a_pointer_of_a_large_file_store_is_no_model(server, tmp_path):
    server.served.data = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n"
    with pytest.raises(UserError, match="pointer"):
        fetch(server, tmp_path, pinned=False)
    assert left(tmp_path) == []


@pytest.mark.parametrize("length", [True, False])
@pytest.mark.parametrize("change", [-1000, 1000])
def test_another_length_than_expected(server, tmp_path, length, change):
    data = server.served.data
    server.served.data = data[:change] if change < 0 else data + bytes(change)
    server.served.length = length
    target = tmp_path / "got" / "model.onnx"
    with pytest.raises(UserError, match=r"offers|more than it should|only"):
        download(wanted(server, data), target, Context())
    assert not target.exists()


def test_more_than_the_limit_is_refused(server, tmp_path):
    for server.served.length in (True, False):
        with pytest.raises(UserError, match=r"larger|more than"):
            fetch(server, tmp_path, pinned=False, limit=1000)
    assert left(tmp_path) == []


def test_nobody_there(tmp_path):
    with Server(Served(b"x")) as server:
        gone = wanted(server)
    with pytest.raises(UserError, match="could not be reached") as caught:
        download(gone, tmp_path / "got" / "model.onnx", Context())
    assert "kept" not in caught.value.todo
    assert "--from" in caught.value.todo
    assert left(tmp_path) == []


def test_waiting_for_a_silent_server_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("app.services.models.zoo.download.PAUSES_S", (0.1, 0.1))
    with Server(Served(b"x")) as server:
        gone = wanted(server)
    seen = []
    with pytest.raises(UserError):
        download(gone, tmp_path / "got" / "model.onnx", Context(seen.append))
    assert any("trying again" in progress.text for progress in seen)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://host/x", "model.onnx", "http://[broken"])
def test_what_is_no_web_address(url, tmp_path):
    with pytest.raises((UserError, ValueError)) as caught:
        download(Download(url, None, 10, False), tmp_path / "model.onnx", Context())
    assert isinstance(caught.value, UserError)


def test_endless_redirects_end(server, tmp_path):
    server.served.redirect = "/again"
    with pytest.raises(UserError, match="redirects"):
        fetch(server, tmp_path)


def test_cancel_keeps_what_came_and_the_next_call_goes_on(server, tmp_path):
    with pytest.raises(Cancelled):
        fetch(server, tmp_path, Enough(20_000))
    assert "model.onnx.part" in left(tmp_path)
    fetch(server, tmp_path)
    assert server.served.asked_ranges[-1] is not None


def test_cancel_does_not_wait_for_a_silent_server(server, tmp_path, monkeypatch):
    server.served.stall_after = STALL_AFTER
    monkeypatch.setattr("app.services.models.zoo.download.TIMEOUT_S", (1000, 1000))  # the test would not live so long
    ctx, part = Context(), tmp_path / "got" / "model.onnx.part"

    def cancel():
        until(lambda: part.exists() and part.stat().st_size, "the download's beginning")
        ctx.cancel()

    waiting = threading.Thread(target=cancel)
    waiting.start()
    with pytest.raises(Cancelled):
        fetch(server, tmp_path, ctx)
    waiting.join()


@pytest.mark.skipif(sys.platform == "win32", reason="RLIMIT_FSIZE is of POSIX systems")
def test_a_full_disk_leaves_nothing(server, tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        with pytest.raises(UserError, match="disk is full"):
            download(wanted(server), tmp_path / "got" / "model.onnx", Context())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert left(tmp_path) == []


def test_a_file_larger_than_the_free_space_is_not_begun(server, tmp_path, monkeypatch):
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr("app.services.models.zoo.download.shutil.disk_usage", lambda _: usage)
    with pytest.raises(UserError, match="disk is full"):
        fetch(server, tmp_path)
    assert left(tmp_path) == []


def test_a_killed_download_is_taken_up(server, tmp_path):
    server.served.stall_after = STALL_AFTER
    target = tmp_path / "got" / "model.onnx"
    data = server.served.data
    code = (
        "import sys; from pathlib import Path; from app.jobs import Context\n"
        "from app.services.models.zoo.download import Download, download\n"
        f"download(Download({server.url()!r}, {len(data)}, 10**8, True), Path({str(target)!r}), Context())\n"
    )
    child = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    part = target.with_name("model.onnx.part")
    until(lambda: part.exists() and part.stat().st_size, "the download's beginning")
    child.kill()
    child.wait()
    assert not target.exists()
    assert 0 < part.stat().st_size < len(data)
    server.served.stall_after = None
    fetch(server, tmp_path)
    assert server.served.asked_ranges[-1] not in (None, "bytes=0-")
