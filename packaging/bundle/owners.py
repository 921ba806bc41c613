"""Which installed distributions own the files of a bundle, and the metadata that goes with them."""

import csv
import os
import re
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Final

_LEGAL: Final = re.compile(r"(LICEN[CS]E|NOTICE|COPYING|ThirdParty)", re.IGNORECASE)
_OF_PIP: Final = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")


def owners(sources: Iterable[str], distributions: Iterable[metadata.Distribution] | None = None) -> set[str]:
    """Return the names of the distributions that installed these files.

    Args:
        sources: Paths of files; those that no distribution installed, such as Python's own, are left out.
        distributions: The distributions to ask; None for all that are installed.
    """
    wanted = {os.path.normpath(source) for source in sources if source}
    found = set()
    for distribution in metadata.distributions() if distributions is None else distributions:
        root = str(distribution.locate_file(""))
        # RECORD is read as it is: making a path object of each of its lines takes minutes for PyTorch.
        rows = csv.reader((distribution.read_text("RECORD") or "").splitlines())
        if any(os.path.normpath(os.path.join(root, row[0])) in wanted for row in rows if row):
            found.add(distribution.metadata["Name"])
    return found


def metadata_files(names: Iterable[str]) -> list[tuple[str, str, str]]:
    """Return the metadata of distributions as PyInstaller's entries (place in the bundle, source, "DATA").

    Only what a running program and the notices read is taken: METADATA, entry points, licence texts and lists of
    parts.

    Raises:
        PackageNotFoundError: A distribution is not installed.
    """
    entries = []
    for name in sorted(names):
        distribution = metadata.distribution(name)
        for file in distribution.files or ():
            parts = Path(file).parts
            of_metadata = parts[0].endswith(".dist-info") and parts[-1] not in _OF_PIP
            # Some wheels keep their licence and those of what they carry beside their code.
            if of_metadata or (len(parts) == 2 and _LEGAL.match(parts[-1])):
                entries.append((str(Path(file)), str(distribution.locate_file(file)), "DATA"))
    return entries
