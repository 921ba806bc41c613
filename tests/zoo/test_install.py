"""Installing: the model is there whole and checked, or not at all."""

import dataclasses
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.errors import Cancelled, UserError
from app.inference.cards import CARD_NAME, find_model, list_models, project_models, scan_models
from app.jobs import Context
from app.paths import data_dir
from app.services.models.zoo.install import install, part_size, remove, verify
from app.services.models.zoo.manifest import find_entry, load_manifest
from app.services.models.zoo.partial import Partial
from tests.waiting import until

from .conftest import Enough, entry_for
from .networks import picture_network
from .server import STALL_AFTER, Served, Server

ROOT = Path(__file__).resolve().parents[2]


def models_left(project=None):
    folder = project_models(project) if project else data_dir() / "models"
    return sorted(os.listdir(folder)) if folder.exists() else []


def downloads_left():
    folder = data_dir() / "downloads"
    return sorted(name for name in os.listdir(folder) if not name.endswith(".lock")) if folder.exists() else []


def test_from_the_network(model_bytes):
    with Server(Served(model_bytes)) as server:
        done = install(entry_for(model_bytes, server.url()), Context())
    assert done.pinned
    assert done.card.path().read_bytes() == model_bytes
    assert verify(done.card) == []
    assert models_left() == ["a_detector"]
    assert downloads_left() == []
    assert find_model("a_detector").raw["origin"]["url"] == server.url()


def test_yunet_of_the_list_from_a_folder_offline(shared):
    entry = find_entry("yunet_n_640_640")
    done = install(entry, Context(), source=shared / "models")
    assert done.sha256 == entry.sha256
    assert verify(done.card) == []


@pytest.mark.parametrize("layout", ["file", "folder", "folder of folders"])
def test_from_a_file_or_folder(tmp_path, tiny, layout):
    mirror = tmp_path / "mirror"
    place = {"file": mirror, "folder": mirror, "folder of folders": mirror / "a_detector"}[layout]
    place.mkdir(parents=True)
    (place / "a_detector.onnx").write_bytes(tiny)
    source = place / "a_detector.onnx" if layout == "file" else mirror
    done = install(entry_for(tiny, "http://127.0.0.1:1/unreachable"), Context(), source=source)
    assert done.card.path().read_bytes() == tiny


def test_a_folder_without_the_file(tmp_path, tiny):
    with pytest.raises(UserError, match="holds no a_detector"):
        install(entry_for(tiny, ""), Context(), source=tmp_path)
    with pytest.raises(UserError, match="no file"):
        install(entry_for(tiny, ""), Context(), source=tmp_path / "none")
    assert models_left() == []


@pytest.mark.parametrize("way", ["network", "file"])
def test_a_wrong_hash(server, tmp_path, tiny, way):
    entry = entry_for(tiny, server.url())
    changed = bytearray(tiny)
    changed[-1] ^= 1
    server.served.data = bytes(changed)
    (tmp_path / "copy.onnx").write_bytes(changed)
    with pytest.raises(UserError, match="not the a_detector that was vetted"):
        install(entry, Context(), source=tmp_path / "copy.onnx" if way == "file" else None)
    assert models_left() == []
    assert downloads_left() == []


def test_a_truncated_file(tmp_path, tiny):
    (tmp_path / "cut.onnx").write_bytes(tiny[:-500])
    with pytest.raises(UserError, match=r"only [\d,]+ of"):
        install(entry_for(tiny, ""), Context(), source=tmp_path / "cut.onnx")
    assert models_left() == []


@pytest.mark.parametrize("data", [b"hello", b"", b"\x08\x08" + bytes(5000)])
def test_what_is_no_model_is_refused_even_where_no_hash_is_known(server, data):
    server.served.data = data
    with pytest.raises(UserError, match="refused"):
        install(entry_for(data, server.url(), pinned=False), Context())
    assert models_left() == []
    assert downloads_left() == []


def test_a_first_installation_records_the_hash_and_later_ones_are_held_to_it(server, tmp_path, tiny):
    entry = entry_for(tiny, server.url(), pinned=False)
    done = install(entry, Context())
    assert not done.pinned
    remove("a_detector")
    picture_network(tmp_path / "other.onnx", 8, 8192, seed=1)
    server.served.data = (tmp_path / "other.onnx").read_bytes()
    with pytest.raises(UserError, match="installed here first"):
        install(entry, Context())
    assert models_left() == []
    changed = install(entry, Context(), accept_new_hash=True)
    assert changed.sha256 != done.sha256
    install(entry, Context())


def test_a_second_installation_replaces_the_first(server, tiny):
    entry = entry_for(tiny, server.url())
    first = install(entry, Context())
    first.card.path().write_bytes(b"damaged")
    assert "size" in verify(first.card)[0]
    assert verify(install(entry, Context()).card) == []
    assert models_left() == ["a_detector"]


def test_a_failed_second_installation_keeps_the_first(server, tiny):
    entry = entry_for(tiny, server.url())
    install(entry, Context())
    server.served.statuses = [404]
    with pytest.raises(UserError, match="404"):
        install(entry, Context())
    assert verify(find_model("a_detector")) == []


def test_a_card_that_does_not_fit_its_file(server, tiny):
    entry = entry_for(tiny, server.url(), input={"face": {"shape": ["N", 3, 9, 9], "dtype": "float32"}})
    with pytest.raises(UserError, match="does not fit the file"):
        install(entry, Context())
    assert models_left() == []


def test_cancel_leaves_nothing_in_the_models_folder_and_goes_on_later(server, tiny):
    entry = entry_for(tiny, server.url())
    with pytest.raises(Cancelled):
        install(entry, Enough(20_001))
    assert models_left() == []
    assert part_size("a_detector") > 20_000
    install(entry, Context())
    assert server.served.asked_ranges[-1] is not None
    assert part_size("a_detector") == 0


@pytest.mark.skipif(sys.platform == "win32", reason="RLIMIT_FSIZE is of POSIX systems")
@pytest.mark.parametrize("way", ["network", "file"])
def test_a_full_disk(server, tmp_path, tiny, way):
    import resource

    (tmp_path / "file.onnx").write_bytes(tiny)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        with pytest.raises(UserError, match="disk is full"):
            install(entry_for(tiny, server.url()), Context(), source=tmp_path / "file.onnx" if way == "file" else None)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert models_left() == []
    assert downloads_left() == []


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or os.geteuid() != 0 or shutil.which("mount") is None, reason="needs root"
)
def test_a_disk_that_is_really_full(server, tmp_path, tiny, monkeypatch):
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this system lets nobody mount")
    try:
        monkeypatch.setenv("AFFECTOGRAPH_HOME", str(small))
        with pytest.raises(UserError, match="disk is full"):
            install(entry_for(tiny, server.url()), Context())
        assert models_left() == []
        assert downloads_left() == []
    finally:
        subprocess.run(["umount", small], check=True)


def test_two_at_once_do_not_tread_on_each_other(server, tiny):
    server.served.stall_after = STALL_AFTER
    entry = entry_for(tiny, server.url())
    outcomes = []

    def go():
        try:
            outcomes.append(install(entry, Context()).sha256)
        except UserError as error:
            outcomes.append(error)

    threads = [threading.Thread(target=go) for _ in range(3)]
    for thread in threads:
        thread.start()
    until(lambda: len(outcomes) == 2, "the refusal of the others")
    server.served.stall_after = None
    server.served.stop.set()  # the connection breaks, and the first goes on where it was
    for thread in threads:
        thread.join()
    done = [outcome for outcome in outcomes if isinstance(outcome, str)]
    refused = [str(outcome) for outcome in outcomes if not isinstance(outcome, str)]
    assert len(done) == 1
    assert all("being installed by another" in sentence for sentence in refused)
    assert verify(find_model("a_detector")) == []
    assert models_left() == ["a_detector"]


def test_a_killed_installation_leaves_no_model_and_is_tidied_up(server, tmp_path, tiny):
    server.served.stall_after = STALL_AFTER
    entry = entry_for(tiny, server.url())
    code = (
        "from app.jobs import Context; from app.services.models.zoo.install import install\n"
        "from app.services.models.zoo.manifest import ZooEntry\n"
        f"install(ZooEntry(**{dataclasses.asdict(entry)!r}), Context())\n"
    )
    child = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    until(lambda: part_size("a_detector"), "the download's beginning")
    child.kill()
    child.wait()
    assert [card.name for card in list_models() if not card.shipped] == []
    assert scan_models()[1] == []
    assert part_size("a_detector") > 0
    server.served.stall_after = None
    install(entry, Context())
    assert models_left() == ["a_detector"]
    assert server.served.asked_ranges[-1] is not None


def test_an_old_model_comes_back_when_the_exchange_was_killed(server, tiny):
    entry = entry_for(tiny, server.url())
    folder = install(entry, Context()).card.folder
    aside = folder.parent / ".install-a_detector-killed"
    aside.mkdir()
    folder.rename(aside / "old")
    server.served.statuses = [404]
    with pytest.raises(UserError, match="404"):
        install(entry, Context())
    assert verify(find_model("a_detector")) == []
    assert models_left() == ["a_detector"]


def test_into_a_project(tmp_path, server, tiny):
    project = tmp_path / "p.affectograph"
    entry = entry_for(tiny, server.url())
    with pytest.raises(UserError, match="no project"):
        install(entry, Context(), project_file=project)
    project.write_bytes(b"")
    done = install(entry, Context(), project_file=project)
    assert done.card.folder == project_models(project) / "a_detector"
    assert models_left() == []
    remove("a_detector", project)
    assert models_left(project) == []


def test_remove(server, tiny, tmp_path):
    install(entry_for(tiny, server.url()), Context())
    remove("a_detector")
    assert models_left() == []
    with pytest.raises(UserError, match="no model called"):
        remove("a_detector")
    with pytest.raises(UserError, match="came with the program"):
        remove("affectograph_face")
    stray = tmp_path / "stray"
    stray.mkdir()
    (stray / CARD_NAME).write_text('name = "stray"\nkind = "x"\n[file]\npath = "m.onnx"\n')
    with pytest.raises(UserError, match="not an installed model"):
        remove(str(stray))
    assert stray.exists()


def test_a_tampered_file_and_a_tampered_card_are_found(shared):
    done = install(find_entry("yunet_n_640_640"), Context(), source=shared / "models")
    path = done.card.path()
    data = bytearray(path.read_bytes())
    data[1000] ^= 1
    path.write_bytes(data)
    assert any("changed" in problem for problem in verify(done.card))
    import hashlib

    text = (done.card.folder / CARD_NAME).read_text()
    text = text.replace(done.sha256, hashlib.sha256(data).hexdigest())
    (done.card.folder / CARD_NAME).write_text(text)
    assert verify(find_model(done.card.name)) == [
        "Its card names another file than the one that was vetted. Install yunet_n_640_640 again."
    ]


def test_the_list_itself():
    entries = load_manifest()
    assert [entry.name for entry in entries] == ["yunet_n_640_640", "enet_b0_8_va_mtl", "enet_b2_8"]
    for entry in entries:
        assert entry.name.isidentifier()
        assert entry.url.startswith("https://")
        assert (entry.sha256 is None) == (entry.bytes is None)
        assert entry.non_commercial == ("non-commercial" in entry.licence)
    assert [entry.name for entry in entries if entry.sha256 is None] == ["enet_b0_8_va_mtl", "enet_b2_8"]


def test_a_password_in_an_address_is_used_and_kept_nowhere(server, tiny, tmp_path):
    address = server.url().replace("http://", "http://ada:lovelace@") + "?token=s3cret"
    server.served.cut_after = [10]
    server.served.etag = '"one"'
    done = install(entry_for(tiny, server.url()), Context(), url=address)
    assert server.served.requests[0][1]["Authorization"].startswith("Basic ")
    assert "token=s3cret" in server.served.requests[0][0]
    assert done.card.raw["origin"]["url"] == server.url() + "?token=…"
    server.served.statuses = [404]
    with pytest.raises(UserError) as told:
        install(entry_for(tiny, server.url()), Context(), url=address)
    assert not any(secret in str(told.value) for secret in ("lovelace", "s3cret"))
    Partial(data_dir() / "downloads" / "x").begin(address, {})
    kept = [path.read_bytes() for path in data_dir().rglob("*") if path.is_file()]
    assert not any(secret in text for text in kept for secret in (b"lovelace", b"s3cret"))
