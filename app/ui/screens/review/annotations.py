"""The traces that one face's prediction is compared with: by item, condition and rater."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from app.domain.project import ItemRecord, TraceRecord
from app.domain.words import plain
from app.services.labels.faces import FaceLabels, FaceTrace
from app.ui.look.language import tr
from app.ui.parts.timeline.curves import Annotation, mean_of


def annotations_of(labels: FaceLabels, face: int, times_s: NDArray[np.float64]) -> tuple[Annotation, ...]:
    """Lay the traces and gold standards of one face on the clip's frames.

    Args:
        labels: The labels of the clip.
        face: The face that is looked at; traces of other faces are never shown with it.
        times_s: float64 F, the clip's frame axis.

    Returns:
        For each item and condition first the mean of the traces that count, if there are several, then every trace by
        rater, then gold standards. Items are in the project's order, and conditions are sorted by name.
    """
    groups: dict[tuple[int, str], list[FaceTrace]] = {}
    golds: dict[tuple[int, str], list[Annotation]] = {}
    items: dict[int, ItemRecord] = {}
    for one in labels.traces:
        if one.face == face:
            items[one.item.id] = one.item
            groups.setdefault((one.item.id, one.trace.condition), []).append(one)
    for owner, gold in labels.golds:
        if owner.face == face and gold.times_s is not None:
            items[owner.item.id] = owner.item
            made = Annotation(
                tr("gold {id}", id=gold.id),
                gold.name,
                gold.resampled(times_s),
                tr("gold standard"),
                item_id=owner.item.id,
                condition=gold.condition,
            )
            golds.setdefault((owner.item.id, gold.condition), []).append(made)
    order = {item.item.id: at for at, item in enumerate(labels.items)}
    keys = sorted({*groups, *golds}, key=lambda key: (order.get(key[0], len(order)), key[1]))
    found: list[Annotation] = []
    for key in keys:
        made_of = _of_group(groups.get(key, []), key, times_s)
        head = plain(key[1]) + (f" · {items[key[0]].name}" if len(items) > 1 else "")
        found += [one.under(head) for one in (*made_of, *golds.get(key, []))]
    return tuple(found)


def _of_group(group: Iterable[FaceTrace], key: tuple[int, str], times_s: NDArray[np.float64]) -> list[Annotation]:
    """Return the traces of one item in one condition by rater, their mean first."""
    made, people = [], []
    for one in sorted(group, key=lambda each: (each.trace.rater, each.trace.pass_no, each.trace.revision)):
        annotation = Annotation(
            str(one.trace.id),
            _title(one.trace),
            one.samples.resampled(times_s),
            _note(one),
            item_id=key[0],
            condition=key[1],
        )
        made.append(annotation)
        if one.counts:
            people.append(annotation)
    mean = [mean_of(people, item_id=key[0], condition=key[1])] if len(people) > 1 else []
    return [*mean, *made]


def _title(trace: TraceRecord) -> str:
    words = trace.rater
    if trace.dimensions != "both":
        words += f" · {trace.dimensions}"
    if trace.pass_no > 1:
        words += tr(" · pass {pass_no}", pass_no=trace.pass_no)
    return words + (f" · {trace.revision}" if trace.revision > 1 else "")


def _note(one: FaceTrace) -> str:
    said = [] if one.counts else [tr("does not count")]
    if one.trace.simulated:
        said.append(tr("simulated"))
    elif not one.trace.blinded:
        said.append(tr("unblinded"))
    return ", ".join(said)
