"""Where things lie in an archive: at once a Psych-DS dataset and a behavioural BIDS dataset.

Psych-DS (https://psych-ds.github.io, 2024): `dataset_description.json` in JSON-LD; data in `data/` as CSV, in files
whose names are pairs of key and value and end in `_data.csv`; all columns named in `variableMeasured`. BIDS 1.10: the
same file with `Name` and `BIDSVersion`, `participants.tsv`, and a folder for each participant with `beh/`. What only
one of them knows is listed in `.bidsignore`.
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from app.errors import UserError
from app.interchange.data_dictionary import explanation

DESCRIPTION: Final = "dataset_description.json"
RECIPE: Final = "code/recipe.json"
MANIFEST: Final = "manifest-sha256.txt"
TABLES: Final = "derivatives/agreement/data"
KINDS: Final = ("intensities", "categories", "answers", "traces", "presentations", "raters")
BIDS: Final = "1.10.0"
PSYCH_DS: Final = re.compile(r"([a-z]+-[A-Za-z0-9]+)(_[a-z]+-[A-Za-z0-9]+)*_data\.csv")
_TASK: Final = "rating"
_UNITS: Final = frozenset({"s", "px"})
"""Units that BIDS knows; it reads a column with another one as numbers."""


def data_name(kind: str) -> str:
    """Return the name of a table of data.

    Example:
        >>> data_name("traces"), bool(PSYCH_DS.fullmatch(data_name("traces")))
        ('table-traces_data.csv', True)
    """
    return f"table-{kind}_data.csv"


def data_files(archive: Path) -> dict[str, Path]:
    """Return the files from which tables are computed, as far as they hold rows."""
    found = {kind: archive / "data" / data_name(kind) for kind in ("intensities", "categories")}
    return {kind: path for kind, path in found.items() if path.is_file() and _rows(path)}


def raters_file(archive: Path) -> Path:
    """Return the list of raters."""
    return archive / "data" / data_name("raters")


def _rows(path: Path) -> bool:
    with path.open(encoding="utf-8") as file:
        return sum(1 for _, _ in zip(file, range(2), strict=False)) == 2


def participant(code: str, taken: Mapping[str, str]) -> str:
    """Return the BIDS name of a rater: letters and digits only, no two alike.

    Args:
        code: The rater's code.
        taken: Code → name, of those before.

    Example:
        >>> participant("R-01", {}), participant("R01", {"R-01": "sub-R01"})
        ('sub-R01', 'sub-R01x2')
    """
    plain = re.sub(r"[^A-Za-z0-9]", "", code) or "X"
    name, number = f"sub-{plain}", 1
    while name in taken.values():
        number += 1
        name = f"sub-{plain}x{number}"
    return name


def description(facts: Mapping[str, Any], columns: Iterable[str]) -> dict[str, Any]:
    """Return the content of `dataset_description.json` for both standards.

    Args:
        facts: `name`, `description`, `authors`, `licence` and `program`.
        columns: Names of all columns of data.
    """
    measured = []
    for column in dict.fromkeys(columns):
        unit, meaning = explanation(column)
        more = {"unitText": unit} if unit else {}
        measured.append({"@type": "PropertyValue", "name": column, "description": meaning or column, **more})
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": facts["name"],
        "description": facts["description"],
        "author": [{"@type": "Person", "name": one} for one in facts["authors"]],
        "license": facts["licence"],
        "variableMeasured": measured,
        "Name": facts["name"],
        "BIDSVersion": BIDS,
        "DatasetType": "raw",
        "License": facts["licence"],
        "Authors": list(facts["authors"]) or ["not stated"],
        "GeneratedBy": [{"Name": "Affectograph", "Version": facts["program"]}],
    }


def write_bids(folder: Path) -> None:
    """Write participants and a table of ratings for each from the data of an archive."""
    people: dict[str, str] = {}
    with raters_file(folder).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        people[row["rater"]] = participant(row["rater"], people)
    lines = [["participant_id", "rater", *(name for name in (rows[0] if rows else {}) if name != "rater")]]
    lines += [[people[row["rater"]], *(value or "n/a" for value in row.values())] for row in rows]
    _tsv(folder / "participants.tsv", lines)
    told = {name: {"Description": explanation(name)[1] or name} for name in lines[0][1:]}
    _json(folder / "participants.json", told)
    _ratings(folder, people)


def _ratings(folder: Path, people: Mapping[str, str]) -> None:
    path = data_files(folder).get("intensities")
    if path is None:
        return
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns = [name for name in reader.fieldnames or () if name != "rater"]
        mine: dict[str, list[list[str]]] = defaultdict(list)
        for row in reader:
            mine[row["rater"]].append([row[name] or "n/a" for name in columns])
    for code, rows in mine.items():
        name = people[code]
        _tsv(folder / name / "beh" / f"{name}_task-{_TASK}_beh.tsv", [columns, *rows])
    sidecar: dict[str, Any] = {"TaskName": _TASK, "TaskDescription": "Judging what people in clips show."}
    for column in columns:
        unit, meaning = explanation(column)
        sidecar[column] = {"Description": meaning or column, **({"Units": unit} if unit in _UNITS else {})}
    _json(folder / f"task-{_TASK}_beh.json", sidecar)


def _tsv(path: Path, lines: Iterable[Sequence[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    plain = ("\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in line) for line in lines)
    path.write_text("\n".join(plain) + "\n", "utf-8")


def _json(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")


def check_psych_ds(folder: Path) -> list[str]:
    """Return what of an archive breaks a rule of Psych-DS that is stated in this module; empty for nothing.

    Raises:
        UserError: There is no description.
    """
    try:
        told = json.loads((folder / DESCRIPTION).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"{folder} has no readable {DESCRIPTION}.", "Make the archive again.") from error
    wrong = [f"{DESCRIPTION} lacks {key}" for key in ("@context", "@type", "name", "description") if not told.get(key)]
    known = {one.get("name") for one in told.get("variableMeasured", ())}
    files = sorted((folder / "data").glob("*.csv"))
    if not files:
        wrong.append("data holds no table")
    for path in files:
        if PSYCH_DS.fullmatch(path.name) is None:
            wrong.append(f"{path.name} is not named key-value_data.csv")
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            head = next(rows, [])
            wrong += [f"{path.name}: column {name} is not described" for name in head if name not in known]
            if any(len(row) != len(head) for row in rows):
                wrong.append(f"{path.name}: rows of different lengths")
    return wrong
