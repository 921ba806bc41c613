"""Makes a Debian package of a bundle: `python packaging/deb.py dist/affectograph`, which `make deb` calls.

The bundle goes to /opt/affectograph, with a menu entry, the file type and the icon. The package depends on the
libraries of the system that the bundle's files need and do not bring: they are read from the files, and their packages
are asked from dpkg on the machine that builds. That machine's Debian release is the oldest on which the package runs.
"""

import argparse
import platform
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
ASSETS: Final = ROOT / "app" / "assets"
PLACE: Final = Path("opt/affectograph")
SHARE: Final = {
    "affectograph.desktop": "applications",
    "affectograph.svg": "icons/hicolor/scalable/apps",
    "affectograph-mime.xml": "mime/packages",
}
MACHINES: Final = {"x86_64": "amd64", "aarch64": "arm64"}
# Qt looks for these while it runs, so that no file names them: sound, and a display's fonts and keys.
ALSO: Final = ("libpulse0", "fontconfig", "xkb-data", "shared-mime-info", "desktop-file-utils")
_NEEDED: Final = re.compile(r"\(NEEDED\).*\[([^\]]+)\]")
_GLIBC: Final = re.compile(r"GLIBC_(\d+(?:\.\d+)+)")


def natives(folder: Path) -> list[Path]:
    """Return the ELF files of a folder, each once, although links lead to some of them."""
    return sorted(file for file in folder.rglob("*") if file.is_file() and not file.is_symlink() and _is_elf(file))


def _is_elf(file: Path) -> bool:
    with file.open("rb") as handle:
        return handle.read(4) == b"\x7fELF"


def needed(files: Iterable[Path]) -> tuple[set[str], str]:
    """Return the names of the libraries that ELF files need, and the newest version of glibc that they ask for."""
    names: set[str] = set()
    newest = (2, 17)
    for chunk in _chunks(list(files), 200):
        said = subprocess.run(
            ["readelf", "--dynamic", "--version-info", "--wide", *map(str, chunk)],
            capture_output=True, text=True, check=False,
        ).stdout  # fmt: skip
        names.update(_NEEDED.findall(said))
        newest = max([newest, *(tuple(map(int, found.split("."))) for found in _GLIBC.findall(said))])
    return names, ".".join(map(str, newest))


def _chunks(files: list[Path], size: int) -> Iterator[list[Path]]:
    for start in range(0, len(files), size):
        yield files[start : start + size]


def packages(sonames: Iterable[str]) -> list[str]:
    """Return the Debian packages that hold these libraries on this machine.

    Raises:
        SystemExit: A library is not installed here, or belongs to no package.
    """
    listed = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=True).stdout
    # The first line of a name is the one that the loader takes.
    lines = [line.split(" => ") for line in reversed(listed.splitlines()) if " => " in line]
    known = {left.split()[0]: path for left, path in lines}
    found: set[str] = set()
    for name in sonames:
        path = known.get(name)
        if path is None:
            raise SystemExit(f"{name} is not installed here: run packaging/system_libraries.sh, then try again.")
        found.add(_package_of(Path(path)))
    return sorted(found)


def _package_of(path: Path) -> str:
    # dpkg knows a file by the path under which it was installed, which since the merge of /usr may be the other one.
    for place in dict.fromkeys([path, path.resolve(), Path("/usr") / path.relative_to("/"), _unmerged(path.resolve())]):
        command = ["dpkg-query", "--search", str(place)]
        said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        if said:
            return said.split(":")[0].strip()
    raise SystemExit(f"{path} belongs to no Debian package.")


def _unmerged(path: Path) -> Path:
    return Path("/") / path.relative_to("/usr") if path.is_relative_to("/usr") else path


def control(name: str, version: str, machine: str, depends: Iterable[str], size_kb: int) -> str:
    """Return the control file of a package.

    Args:
        name: "affectograph" or "affectograph-train", which replace each other.
        version: The program's.
        machine: Debian's name of the architecture.
        depends: Packages that it needs, with versions.
        size_kb: The installed size in kB.
    """
    other = "affectograph" if name != "affectograph" else "affectograph-train"
    what = " with training" if name.endswith("-train") else ""
    return (
        f"Package: {name}\n"
        f"Version: {version}\n"
        f"Architecture: {machine}\n"
        "Maintainer: Affectograph contributors <affectograph@users.noreply.github.com>\n"
        f"Installed-Size: {size_kb}\n"
        f"Depends: {', '.join(depends)}\n"
        f"Conflicts: {other}\n"
        f"Replaces: {other}\n"
        "Section: science\n"
        "Priority: optional\n"
        f"Description: affect prediction, annotation and agreement on one desk{what}\n"
        " Watch a face, see what a model reads in it, and what people do: live valence and\n"
        " arousal, human labels in two viewing conditions, and agreement statistics.\n"
    )


def lay_out(bundle: Path, tree: Path, name: str) -> None:
    """Put a bundle and its desktop files into the tree of a package, without its control file."""
    shutil.copytree(bundle, tree / PLACE, symlinks=True)
    for file, place in SHARE.items():
        (tree / "usr/share" / place).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ASSETS / file, tree / "usr/share" / place / file)
    (tree / "usr/bin").mkdir(parents=True)
    (tree / "usr/bin/affectograph").symlink_to(Path("/") / PLACE / "affectograph")
    papers = tree / "usr/share/doc" / name
    papers.mkdir(parents=True)
    (papers / "copyright").write_text(
        "Affectograph's own source: Apache License 2.0 (/usr/share/common-licenses/Apache-2.0).\n"
        "The package as a whole: GNU General Public License, version 3 (/usr/share/common-licenses/GPL-3),\n"
        f"because of x264 and x265 in it. All parts and their licences: /{PLACE}/THIRD-PARTY-NOTICES.txt\n",
        "utf-8",
    )
    for path in tree.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def main() -> int:
    """Make the package beside the bundle.

    Returns:
        The exit status.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bundle", type=Path, help="such as dist/affectograph; its name becomes the package's")
    bundle = parser.parse_args().bundle.resolve()
    name = bundle.name
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    machine = MACHINES[platform.machine()]
    tree = ROOT / "build" / f"{name}-deb"
    shutil.rmtree(tree, ignore_errors=True)
    lay_out(bundle, tree, name)
    files = natives(bundle)
    names, glibc = needed(files)
    own = {file.name for file in bundle.rglob("*")}
    depends = [f"libc6 (>= {glibc})" if each == "libc6" else each for each in packages(names - own)]
    size_kb = sum(path.stat().st_size for path in tree.rglob("*") if path.is_file() and not path.is_symlink()) // 1024
    (tree / "DEBIAN").mkdir()
    text = control(name, version, machine, sorted({*depends, *ALSO}), size_kb)
    (tree / "DEBIAN" / "control").write_text(text, "utf-8")
    out = bundle.parent / f"{name}_{version}_{machine}.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Zzstd", "--build", str(tree), str(out)], check=True)
    shutil.rmtree(tree)
    print(f"{out}: {out.stat().st_size / 1e6:.0f} MB, depends on {', '.join(depends)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
