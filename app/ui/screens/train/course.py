"""Turns a run's events into curves: the model's own, each fold's, and the folds' mean."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.training_events import EPOCH, START

Event = Mapping[str, Any]
Course = NDArray[np.float64]


def courses(events: Sequence[Event], pick: Callable[[Event], float | None]) -> dict[int, Course]:
    """Return a value of each epoch by fold; 0 is the model itself.

    Args:
        events: Events of a run. Of an epoch that occurs twice, as after a kill, the last event counts.
        pick: Function that returns the value of an epoch's event.

    Returns:
        For each fold a float64 array with epoch e at index e − 1; NaN where unknown.
    """
    found: dict[int, dict[int, float]] = {}
    for event in events:
        if event.get("event") == EPOCH:
            value = pick(event)
            known = float("nan") if value is None else float(value)
            found.setdefault(int(event.get("fold", 0)), {})[int(event["epoch"])] = known
    made = {}
    for fold, numbers in sorted(found.items()):
        made[fold] = np.full(max(numbers), np.nan)
        for epoch, value in numbers.items():
            made[fold][epoch - 1] = value
    return made


def of_newest_model(events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the events of the model in training if an experiment trains several; otherwise all events."""
    epochs = [event for event in events if event.get("event") == EPOCH]
    if not epochs or "learned" not in epochs[-1]:
        return list(events)
    start = next((n for n in reversed(range(len(events))) if events[n].get("event") == START), 0)
    return [event for event in events[start:] if event.get("event") == EPOCH]


def mean_of_folds(found: Mapping[int, Course]) -> Course:
    """Return the mean over the folds at each epoch.

    A fold that stopped early counts with its last value from there on. The newest one, which may still run, counts as
    far as it has come. The result is empty with fewer than two folds.
    """
    folds = [fold for fold in sorted(found) if fold]
    if len(folds) < 2:
        return np.zeros(0)
    length = max(len(found[fold]) for fold in folds)
    table = np.full((len(folds), length), np.nan)
    for row, fold in zip(table, folds, strict=True):
        row[: len(found[fold])] = found[fold]
        if fold != folds[-1]:
            row[len(found[fold]) :] = found[fold][-1]
    known = np.isfinite(table).sum(axis=0)
    mean: Course = np.divide(np.nansum(table, axis=0), known, out=np.full(length, np.nan), where=known > 0)
    return mean


def best_epoch(events: Sequence[Event]) -> int:
    """Return the model's best epoch so far, from 1; 0 before there is one."""
    own = [event for event in events if event.get("event") == EPOCH and not event.get("fold", 0)]
    return int(own[-1].get("best_epoch", 0)) if own else 0
