"""Freezes the labels of several conditions for several kinds of streams, over the items that all of them can read."""

from collections.abc import Mapping, Sequence

from app.batch import Failed
from app.errors import UserError
from app.jobs import Context
from app.services.retrain.category_data import freeze_labels
from app.services.retrain.category_labels import CategoryChoice, CategoryLabels
from app.services.retrain.data import FrozenData
from db.project import Project


def freeze_alike(
    project: Project,
    choice: CategoryChoice,
    labels: Mapping[str, CategoryLabels],
    streams: Mapping[str, Sequence[str]],
    ctx: Context,
    *,
    device: str = "auto",
) -> tuple[dict[tuple[str, str], FrozenData], list[Failed], list[str]]:
    """Freeze the labels of each condition for each kind of streams; an item that one cannot read is left out of all.

    Args:
        project: Open for writing.
        choice: Which labels.
        labels: Condition → its labels, over the same items.
        streams: What a kind of reading is called → its streams.
        ctx: Told of the progress and asked whether to stop.
        device: Where faces are found and features computed.

    Returns:
        (kind of reading, condition) → data, the items that failed, and what the user should know.

    Raises:
        UserError: There is no item that all can read.
    """
    failed: dict[str, Failed] = {}
    notes: list[str] = []
    while True:
        frozen = {
            (name, condition): freeze_labels(project, choice, each, ctx, device=device, streams=read)
            for name, read in streams.items()
            for condition, each in labels.items()
        }
        for one in frozen.values():
            failed |= {each["name"]: each for each in one.failed}
            notes += [note for note in one.notes if note not in notes]
        lists = [tuple(one.manifest["items"]) for one in frozen.values()]
        if len(set(lists)) == 1:
            return frozen, list(failed.values()), notes
        both = set(lists[0]).intersection(*lists)
        if not both:
            raise UserError("No item can be read by all streams.", " ".join(notes[:3]))
        labels = {
            condition: each.of_rows([row for row, item in enumerate(each.items) if item.name in both])
            for condition, each in labels.items()
        }
