"""Writes the notices of everything that lies in a bundle: `python packaging/notices.py dist/affectograph`.

THIRD-PARTY-NOTICES.txt lists each Python distribution and each native library of the folder with its version, licence,
copyright and source, and holds the licence texts that they bring, or the standard text where they bring none. `--check`
writes nothing and compares the file with the folder instead. Both end with status 1 if a file is nobody's.
"""

import argparse
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent / "bundle"
NOTICES: Final = "THIRD-PARTY-NOTICES.txt"
TEXTS: Final = HERE / "licences"
OURS: Final = frozenset({"app", "db", "models_onnx"})
_NATIVE: Final = re.compile(r"\.(so(\.[\w.]+)?|dylib|dll|pyd)$")
_LEGAL: Final = re.compile(r"(licen[cs]e|copying|notice|third.?party|ftl|authors)", re.IGNORECASE)
_NO_LICENCE_OF_FILES: Final = re.compile(r"\.(py|pyc|pyi|so|dll|pyd)$")
_OWN: Final = re.compile(r"lib(pyside6|shiboken6|onnxruntime|torch|c10|shm|q\w|aoti|backend|jit|.*plugin)")
_BETWEEN: Final = "\n" + "-" * 120 + "\n"

# Distributions of which no wheel holds the licence's text; the standard text is printed instead.
WITHOUT_TEXT: Final = {
    "flatbuffers": "Apache-2.0",
    "PySide6_Essentials": "LGPL-3.0",
    "PySide6_Addons": "LGPL-3.0",
    "shiboken6": "LGPL-3.0",
}


@dataclass(frozen=True)
class Library:
    """A row of libraries.toml."""

    pattern: str
    name: str
    licence: str
    source: str
    copyright: str = ""

    def covers(self, file: str) -> bool:
        """Return whether a file of this name is the library."""
        return re.match(self.pattern, file) is not None


@dataclass(frozen=True)
class Part:
    """A Python distribution in the bundle.

    Attributes:
        name: As its metadata says.
        version: The same.
        licence: The licence in its own words, in one line.
        source: The page of the project.
        texts: Files with licence texts and notices.
    """

    name: str
    version: str
    licence: str
    source: str
    texts: tuple[Path, ...]


def libraries() -> list[Library]:
    """Return the known native libraries."""
    return [Library(**row) for row in tomllib.loads((HERE / "libraries.toml").read_text("utf-8"))["library"]]


def inside(folder: Path) -> Path:
    """Return where the files of a bundle lie: beside the program, or in the folder `_internal`."""
    return folder / "_internal" if (folder / "_internal").is_dir() else folder


def parts(folder: Path) -> list[Part]:
    """Return the distributions of a bundle, by name."""
    found = [_part(each) for each in inside(folder).glob("*.dist-info") if (each / "METADATA").is_file()]
    return sorted((part for part in found if part.name != "affectograph"), key=lambda part: part.name.lower())


def _part(info: Path) -> Part:
    facts = HeaderParser().parsestr((info / "METADATA").read_text("utf-8", errors="replace"))
    texts = [file for file in info.rglob("*") if file.is_file() and _is_legal(file.relative_to(info))]
    # Some wheels keep their licence, and those of what they carry, beside their code.
    top = info / "top_level.txt"
    for folder in top.read_text("utf-8").split() if top.is_file() else []:
        texts += [file for file in (info.parent / folder).glob("*") if file.is_file() and _is_legal(Path(file.name))]
    pages = [value.partition(",")[2].strip() for value in facts.get_all("Project-URL", [])]
    source = facts["Home-page"] or next(iter(pages), f"https://pypi.org/project/{facts['Name']}/")
    return Part(facts["Name"], facts["Version"], _licence(facts), source, tuple(sorted(texts)))


def _is_legal(file: Path) -> bool:
    return _LEGAL.search(str(file)) is not None and _NO_LICENCE_OF_FILES.search(file.name) is None


def _licence(facts: Message) -> str:
    classified = [line.rpartition("::")[2].strip() for line in facts.get_all("Classifier", []) if "License ::" in line]
    # Some put the whole text into the field.
    words = (facts["License"] or "").strip().splitlines()
    return facts["License-Expression"] or "; ".join(classified) or (words[0].strip() if words else "see its text")


def native(folder: Path) -> dict[str, Library | None]:
    """Return the native libraries that stand on their own in a bundle, with what they are; None for unknown ones.

    Extension modules belong to their distribution, and are left out: a library stands on its own if its name begins
    with `lib` or lies in a folder of libraries.
    """
    known = libraries()
    found: dict[str, Library | None] = {}
    whole = inside(folder).resolve()
    for file in whole.rglob("*"):
        # PyInstaller links a library into the top folder, where the loader looks; it belongs where it lies.
        is_native = _NATIVE.search(file.name) is not None and file.is_file()
        if not is_native or _of_distribution(file.resolve().relative_to(whole)):
            continue
        found[file.name] = next((library for library in known if library.covers(file.name)), None)
    return found


def _of_distribution(place: Path) -> bool:
    """Return whether a native file is code of the distribution in whose folder it lies, or a module of Python."""
    if "plugins" in place.parts and place.parts[0] == "PySide6":
        return True
    if place.name.startswith("lib") and place.parts[0] in ("PySide6", "shiboken6", "onnxruntime", "torch"):
        # Their own libraries are theirs; what they carry of others is named in libraries.toml.
        return _OWN.match(place.name) is not None
    return not place.name.startswith(("lib", "SDL"))


def unknown(folder: Path) -> list[str]:
    """Return native libraries in a bundle that libraries.toml does not name, and distributions without any text."""
    names = [name for name, library in native(folder).items() if library is None]
    silent = [part.name for part in parts(folder) if not part.texts and part.name not in WITHOUT_TEXT]
    return sorted(names + silent)


def notices(folder: Path) -> str:
    """Return the notices of a bundle as text."""
    carried = parts(folder)
    named = sorted({library for library in native(folder).values() if library is not None}, key=lambda row: row.name)
    return "\n".join([_head(), *_table(carried, named), *_texts(folder, carried, named)]) + "\n"


def _head() -> str:
    return (HERE / "notices-head.txt").read_text("utf-8")


def _table(carried: list[Part], named: list[Library]) -> Iterator[str]:
    yield "PYTHON DISTRIBUTIONS\n"
    for part in carried:
        yield f"{part.name} {part.version}\n    licence: {part.licence}\n    source:  {part.source}"
    yield "\n\nNATIVE LIBRARIES\n"
    for library in named:
        yield f"{library.name}\n    licence: {library.licence}\n    source:  {library.source}"
        if library.copyright:
            yield f"    {library.copyright}"


def _texts(folder: Path, carried: list[Part], named: list[Library]) -> Iterator[str]:
    yield "\n\nLICENCE TEXTS"
    for part in carried:
        for text in part.texts:
            yield f"{_BETWEEN}{part.name}: {text.name}\n\n{text.read_text('utf-8', errors='replace').strip()}"
    own = [file for package in OURS for file in (inside(folder) / package).rglob("*") if file.is_file()]
    for file in sorted(own):
        if _is_legal(Path(file.name)):
            yield f"{_BETWEEN}{file.relative_to(inside(folder))}\n\n{file.read_text('utf-8', errors='replace').strip()}"
    said = " ".join([*(library.licence for library in named), *WITHOUT_TEXT.values()])
    for text in sorted(TEXTS.glob("*.txt")):
        if text.stem in said:
            yield f"{_BETWEEN}The text of {text.stem}\n\n{text.read_text('utf-8').strip()}"


def main() -> int:
    """Write or check the notices.

    Returns:
        The exit status.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    nobodys = unknown(args.folder)
    for name in nobodys:
        print(f"Nobody's: {name}. Name it in packaging/bundle/libraries.toml, or leave it out.", file=sys.stderr)
    text = notices(args.folder)
    place = args.folder / NOTICES
    if args.check:
        same = place.is_file() and place.read_text("utf-8") == text
        if not same:
            print(f"{place} does not fit the folder: write it again.", file=sys.stderr)
        return 0 if same and not nobodys else 1
    place.write_text(text, "utf-8")
    return 1 if nobodys else 0


if __name__ == "__main__":
    sys.exit(main())
