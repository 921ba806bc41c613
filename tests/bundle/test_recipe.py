"""What goes into a bundle, its notices and its Debian package: the rules of `packaging/`, without building one."""

import importlib.util
import re
import subprocess
import sys
import sysconfig
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"


def load(file):
    spec = importlib.util.spec_from_file_location(f"bundle_{Path(file).stem}", PACKAGING / file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


contents, owners = load("bundle/contents.py"), load("bundle/owners.py")
requirements, notices, deb = load("bundle/requirements.py"), load("notices.py"), load("deb.py")


def test_a_bundle_has_the_light_runtime_and_nothing_twice():
    plain = [line.partition(">")[0] for line in requirements.requirements("plain")]
    assert {"onnxruntime", "opencv-python-headless"} <= set(plain)
    assert not {"onnxruntime-gpu", "opencv-python", "torch"} & set(plain)
    lines = requirements.requirements("train")
    assert len(lines) == len(set(lines))
    assert sum(line.startswith("onnxruntime>") for line in lines) == 1
    assert {"torch", "onnx"} <= {line.partition(">")[0] for line in lines}
    with pytest.raises(SystemExit, match="plain, train"):
        requirements.requirements("small")


def test_nothing_opens_a_window_of_opencv():
    # Bundles hold the OpenCV without windows.
    windows = re.compile(r"cv2\.(imshow|namedWindow|waitKey|destroyAllWindows|createTrackbar)\b")
    files = [file for package in ("app", "db") for file in (ROOT / package).rglob("*.py")]
    assert [file for file in files if windows.search(file.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/Qt/plugins/imageformats/libqsvg.so",
        "PySide6/Qt/plugins/iconengines/libqsvgicon.so",
        "PySide6/Qt/lib/libQt6Multimedia.so.6",
        "PySide6/QtMultimedia.abi3.so",
        "qtawesome/fonts/phosphor-1.3.0.ttf",
        "sdl2dll/dll/libSDL2-2.0.so",
        "torch/lib/libtorch_cpu.so",
        "app/ui/look/assets/fonts/Inter-Regular.otf",
        "db/migrations/versions/0001_first.py",
        "models_onnx/mtcnn/pnet.onnx",
    ],
)
def test_what_the_program_uses_is_kept(name):
    assert contents.wanted(name)
    assert contents.wanted(name.replace("/", "\\"))


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/translations/qt_de.qm",
        "PySide6/Qt/plugins/multimedia/libffmpegmediaplugin.so",
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6/Qt/plugins/platforminputcontexts/libqtvirtualkeyboardplugin.so",
        "PySide6/Qt/lib/libQt6Quick.so.6",
        "PySide6/Qt/lib/libavcodec.so.61",
        "qtawesome/fonts/fontawesome6-solid-webfont.ttf",
        "sdl2dll/dll/libSDL2_mixer-2.0.so",
        "torch/include/ATen/ATen.h",
        "sklearn/tests/test_base.py",
    ],
)
def test_what_nothing_uses_is_left_out(name):
    assert not contents.wanted(name)


def test_libraries_of_the_system_stay_the_systems():
    assert contents.is_of_system("/usr/lib/x86_64-linux-gnu/libxcb-cursor.so.0")
    assert contents.is_of_system("/lib/x86_64-linux-gnu/libstdc++.so.6")
    assert not contents.is_of_system("/usr/lib/x86_64-linux-gnu/libsqlite3.so.0")
    assert not contents.is_of_system("/opt/python/lib/libpython3.11.so.1.0")


def test_files_are_traced_to_their_distributions():
    import alembic
    import numpy

    asked = [metadata.distribution(name) for name in ("numpy", "alembic", "Jinja2")]
    assert owners.owners([numpy.__file__, alembic.__file__, __file__, ""], asked) == {"numpy", "alembic"}
    places = [place for place, _, kind in owners.metadata_files(["numpy"]) if kind == "DATA"]
    assert any(place.endswith("METADATA") for place in places)
    assert not any(place.endswith("RECORD") for place in places)


def made_bundle(folder, *natives):
    inside = folder / "_internal"
    info = inside / "thing-1.2.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Name: thing\nVersion: 1.2\nLicense-Expression: MIT\n", "utf-8")
    (info / "LICENSE").write_text("The licence of the thing", "utf-8")
    (inside / "app").mkdir()
    (inside / "app" / "NOTICE.md").write_text("A notice of ours", "utf-8")
    (inside / "thing.libs").mkdir()
    (inside / "thing").mkdir()
    (inside / "thing" / "code.abi3.so").write_bytes(b"")
    for name in natives:
        (inside / "thing.libs" / name).write_bytes(b"")
    return folder


def test_notices_name_all_that_lies_there(tmp_path, monkeypatch, capsys):
    bundle = made_bundle(tmp_path / "b", "libx264-d6533a8d.so.165", "libgmp-8c6c054f.so.10.5.0")
    monkeypatch.setattr(sys, "argv", ["notices.py", str(bundle)])
    assert notices.main() == 0
    text = (bundle / notices.NOTICES).read_text("utf-8")
    for words in ("thing 1.2", "The licence of the thing", "A notice of ours", "x264", "GMP", "The text of GPL-3.0"):
        assert words in text
    monkeypatch.setattr(sys, "argv", ["notices.py", str(bundle), "--check"])
    assert notices.main() == 0
    (bundle / "_internal" / "thing.libs" / "libmystery-1.so").write_bytes(b"")
    assert notices.main() == 1
    assert "libmystery-1.so" in capsys.readouterr().err


def test_a_library_that_is_linked_into_the_top_folder_belongs_where_it_lies(tmp_path):
    bundle = made_bundle(tmp_path / "b")
    (bundle / "_internal" / "PySide6").mkdir()
    (bundle / "_internal" / "PySide6" / "libpyside6.abi3.so.6.11").write_bytes(b"")
    (bundle / "_internal" / "libpyside6.abi3.so.6.11").symlink_to("PySide6/libpyside6.abi3.so.6.11")
    assert notices.native(bundle) == {}


def test_notices_of_another_bundle_do_not_fit(tmp_path, monkeypatch):
    bundle = made_bundle(tmp_path / "b")
    (bundle / notices.NOTICES).write_text("of yesterday", "utf-8")
    monkeypatch.setattr(sys, "argv", ["notices.py", str(bundle), "--check"])
    assert notices.main() == 1


def test_a_distribution_without_a_licence_is_told(tmp_path):
    bundle = made_bundle(tmp_path / "b")
    (bundle / "_internal" / "thing-1.2.dist-info" / "LICENSE").unlink()
    assert notices.unknown(bundle) == ["thing"]


def test_every_library_in_our_wheels_is_known():
    packages = Path(sysconfig.get_path("purelib"))
    wheels = ("av", "numpy", "opencv_python", "opencv_python_headless", "pillow", "scikit_learn", "scipy")
    folders = [*(packages / f"{wheel}.libs" for wheel in wheels), packages / "PySide6" / "Qt" / "lib"]
    names = {file.name for folder in folders for file in folder.glob("*.so*")}
    known = notices.libraries()
    assert names, "no wheel with libraries of its own was found"
    # The OpenCV of the tests is the one with windows, which brings Qt 5 along; bundles do not hold it.
    of_qt5 = ("libQt5", "libpcre2", "libxkbcommon", "libX11", "libSM", "libICE")
    told = {name for name in names if not name.startswith(of_qt5)}
    assert sorted(name for name in told if not any(row.covers(name) for row in known)) == []


def test_every_dependency_brings_its_licence_or_gets_the_standard_text():
    for line in requirements.requirements("plain"):
        name = line.partition(";")[0].partition(">")[0].strip()
        try:
            files = [file for file, _, _ in owners.metadata_files([name])]
        except metadata.PackageNotFoundError:
            continue  # exchanged for a lighter one in bundles
        legal = any(notices._LEGAL.search(file) for file in files)  # noqa: SLF001 — the same rule
        assert legal or name.replace("-", "_") in notices.WITHOUT_TEXT, name
    for text in notices.WITHOUT_TEXT.values():
        assert (notices.TEXTS / f"{text}.txt").is_file()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a Debian package")
def test_the_tree_of_the_package(tmp_path):
    bundle = tmp_path / "affectograph"
    (bundle / "_internal").mkdir(parents=True)
    (bundle / "affectograph").write_text("#!/bin/sh\n", "utf-8")
    (bundle / "affectograph").chmod(0o700)
    deb.lay_out(bundle, tmp_path / "tree", "affectograph")
    tree = tmp_path / "tree"
    assert (tree / "usr/bin/affectograph").readlink() == Path("/opt/affectograph/affectograph")
    assert (tree / "usr/share/applications/affectograph.desktop").is_file()
    assert (tree / "usr/share/mime/packages/affectograph-mime.xml").is_file()
    assert (tree / "opt/affectograph/affectograph").stat().st_mode & 0o777 == 0o755
    text = deb.control("affectograph-train", "0.1.0", "amd64", ["libc6 (>= 2.34)", "libgl1"], 5)
    assert "Depends: libc6 (>= 2.34), libgl1\n" in text
    assert "Conflicts: affectograph\n" in text


@pytest.mark.process
@pytest.mark.skipif(not Path("/usr/bin/readelf").exists(), reason="needs binutils")
def test_what_a_program_needs_is_read_from_its_files(tmp_path):
    (tmp_path / "no").write_text("no program", "utf-8")
    (tmp_path / "ls").write_bytes(Path("/bin/ls").read_bytes())
    files = deb.natives(tmp_path)
    assert [file.name for file in files] == ["ls"]
    names, glibc = deb.needed(files)
    assert "libc.so.6" in names
    assert tuple(map(int, glibc.split("."))) >= (2, 17)


def test_the_scripts_are_sound_shell():
    for script in sorted(PACKAGING.glob("*.sh")):
        subprocess.run(["sh", "-n", str(script)], check=True)
