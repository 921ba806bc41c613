"""The frozen data of a fusion, which are all that the search reads: the predictions, and who chooses the weights."""

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from app.errors import UserError
from app.files import replacing
from app.fusion.partition import Deal, InTheWay, Partition
from app.fusion.table import MemberTable

TABLE: Final = "table.npz"
FACTS: Final = "fusion.json"
"""Names of the two files in the folder."""


@dataclass(frozen=True, eq=False)
class Frozen:
    """What a fusion is made of.

    Attributes:
        table: The predictions of the members.
        partition: Who chooses the weights, and who is the result.
        facts: Where the data come from: labels, members with their hashes, notes.
        sha256: SHA-256 of the table's file.
        folder: Where it lies.
    """

    table: MemberTable
    partition: Partition
    facts: dict[str, Any]
    sha256: str
    folder: Path


def freeze(table: MemberTable, partition: Partition, facts: Mapping[str, Any], place: Path) -> Frozen:
    """Write the data into a folder named by their hash; equal data land in the same folder.

    Args:
        table: The predictions of the members.
        partition: Its deals.
        facts: JSON values about labels and members.
        place: Folder of all frozen fusions.

    Raises:
        UserError: The folder cannot be written.
    """
    arrays: dict[str, Any] = {
        "said": table.said.astype(np.float32),
        "kind": table.kind,
        "target": table.target,
        "votes": table.votes,
        "search": partition.search,
    }
    for number, deal in enumerate(partition.deals):
        arrays |= {f"search_{number}": deal.search, f"result_{number}": deal.result}
    text = ("members", "classes", "items", "subjects")
    names: dict[str, Any] = {name: np.array(getattr(table, name)) for name in text}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays, **names)
    sha256 = hashlib.sha256(buffer.getvalue()).hexdigest()
    folder = place / sha256[:16]
    told = {
        **facts,
        "partition": partition.name,
        "deals": len(partition.deals),
        "warning": partition.warning,
        "in_the_way": [[each.member, list(each.subjects), each.reason] for each in partition.in_the_way],
        "sha256": sha256,
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(folder / TABLE) as temporary:
            temporary.write_bytes(buffer.getvalue())
        with replacing(folder / FACTS) as temporary:
            temporary.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")
    except OSError as error:
        raise UserError(f"{folder} cannot be written ({error}).", "Free space or check its rights.") from error
    return load(folder)


def load(folder: Path) -> Frozen:
    """Read frozen data and check that they are those that were written.

    Raises:
        UserError: They are missing, changed or malformed.
    """
    try:
        content = (folder / TABLE).read_bytes()
        facts: dict[str, Any] = json.loads((folder / FACTS).read_text("utf-8"))
        sha256 = hashlib.sha256(content).hexdigest()
        if sha256 != facts["sha256"]:
            raise UserError(f"The data of the fusion in {folder} have changed.", "Fuse again from the project.")
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        text = {name: tuple(map(str, arrays[name])) for name in ("members", "classes", "items", "subjects")}
        said = arrays["said"].astype(np.float64)
        table = MemberTable(**text, said=said, kind=arrays["kind"], target=arrays["target"], votes=arrays["votes"])
        deals = [Deal(arrays[f"search_{n}"], arrays[f"result_{n}"]) for n in range(int(facts["deals"]))]
        in_the_way = tuple(InTheWay(name, tuple(people), why) for name, people, why in facts["in_the_way"])
        partition = Partition(facts["partition"], arrays["search"], tuple(deals), in_the_way, facts["warning"])
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise UserError(f"The data of the fusion in {folder} cannot be read ({error}).", "Fuse again.") from error
    return Frozen(table, partition, facts, sha256, folder)
