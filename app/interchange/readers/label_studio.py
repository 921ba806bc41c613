"""Label Studio's JSON export: labels of time series and videos, choices, ratings and numbers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from app.errors import UserError
from app.interchange.readers.columns import MAX_S
from app.interchange.readers.record import ForeignFile, Format, Mark, Rating
from app.interchange.readers.text import Text, base_name

_SPANS: Final = {"timeserieslabels": "timeserieslabels", "labels": "labels", "audiolabels": "labels"}


def _recognise(text: Text) -> bool:
    begin = text.text[:200_000].lstrip("\ufeff \t\r\n")
    return begin[:1] in ("[", "{") and ('"annotations"' in begin or '"completions"' in begin) and '"data"' in text.text


def parsed(text: Text) -> Any:
    """Return the value that a JSON file holds.

    Raises:
        UserError: The file is not JSON; the message names line and column.
    """
    try:
        return json.loads(text.text.lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        raise UserError(
            f"{text.name}, line {error.lineno}, column {error.colno}: this is not JSON ({error.msg}).",
            "The file may be cut off; export it again.",
        ) from error
    except (RecursionError, ValueError) as error:
        raise UserError(f"{text.name} is JSON that is nested too deeply.", "Choose another file.") from error


class _Reader:
    """Reads one task after another."""

    def __init__(self, text: Text) -> None:
        self.text, self.found, self.left = text, ForeignFile(text.path), Counter[str]()

    def fail(self, task: object, what: str) -> UserError:
        """Return the error about one task."""
        return UserError(f"{self.text.name}, task {task}: {what}.", "Export it again from Label Studio.")

    def task(self, task: object, place: int) -> None:
        """Read the results of one task."""
        if not isinstance(task, dict):
            raise self.fail(place, "it is not an object")
        name = task.get("id", place)
        clip = _clip(task.get("data"))
        for annotation in self.lists(task, "annotations" if "annotations" in task else "completions", name):
            if annotation.get("was_cancelled"):
                self.left["a cancelled annotation"] += 1
                continue
            rater = _person(annotation.get("completed_by"))
            for result in self.lists(annotation, "result", name):
                self.result(name, result, rater, clip)
        if task.get("predictions"):
            self.left["a model's prediction"] += len(self.lists(task, "predictions", name))

    def lists(self, holder: Mapping[str, Any], key: str, task: object) -> list[dict[str, Any]]:
        """Return the objects of a list.

        Raises:
            UserError: It is something else.
        """
        value = holder.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.fail(task, f"its {key} are not a list of objects")
        return value

    def result(self, task: object, result: dict[str, Any], rater: str, clip: str) -> None:
        """Read one result."""
        kind, value = str(result.get("type", "")), result.get("value")
        layer = str(result.get("from_name", "") or kind)
        if not isinstance(value, dict):
            self.left[kind or "a result without a type"] += 1
        elif kind in _SPANS:
            start, end = self.number(task, value, "start"), self.number(task, value, "end")
            if end < start:
                raise self.fail(task, f"a range ends at {end:g}, before it begins at {start:g}")
            for label in _words(value.get(_SPANS[kind])):
                moment = value.get("instant") or start == end
                self.found.marks.append(Mark(layer, start, None if moment else end, label, rater, clip))
        elif kind == "timelinelabels":
            for one in self.lists(value, "ranges", task):
                first, last = self.number(task, one, "start") - 1, self.number(task, one, "end")
                if last < first:
                    raise self.fail(task, f"a range ends at frame {last:g}, before it begins at {first + 1:g}")
                for label in _words(value.get("timelinelabels")):
                    self.found.marks.append(Mark(layer, first, last, label, rater, clip, by_frame=True))
        elif kind == "choices":
            for label in _words(value.get("choices")):
                self.found.ratings.append(Rating(clip, rater, label, None))
        elif kind in ("rating", "number"):
            self.found.ratings.append(Rating(clip, rater, layer, self.number(task, value, kind)))
        else:
            self.left[kind or "a result without a type"] += 1

    def number(self, task: object, value: Mapping[str, Any], key: str) -> float:
        """Return a number of a result.

        Raises:
            UserError: It is missing or no finite number.
        """
        found = value.get(key)
        if isinstance(found, bool) or not isinstance(found, int | float) or not abs(found) <= MAX_S:
            raise self.fail(task, f"the {key} of a result is “{str(found)[:60]}”, not a number of seconds or points")
        return float(found)


def _words(value: object) -> Iterator[str]:
    for one in value if isinstance(value, list) else []:
        yield " / ".join(map(str, one)) if isinstance(one, list) else str(one)


def _person(value: object) -> str:
    """Return who made an annotation: the address of an e-mail without its host, or the number."""
    if isinstance(value, dict):
        said = str(value.get("email") or value.get("id") or "")
        return said.split("@")[0]
    return "" if value is None else str(value)


def _clip(data: object) -> str:
    """Return the name of the medium: of the first value of a task's data that looks like a path."""
    if not isinstance(data, dict):
        return ""
    texts = [value for value in data.values() if isinstance(value, str)]
    best = next((one for key in ("video", "audio", "clip", "file") if isinstance(one := data.get(key), str)), None)
    path = best or next((one for one in texts if "/" in one or "." in one), "")
    return base_name(path.split("?d=")[-1].split("?")[0])


def _read(text: Text) -> ForeignFile:
    value = parsed(text)
    reader = _Reader(text)
    for place, task in enumerate(value if isinstance(value, list) else [value], start=1):
        reader.task(task, place)
    if reader.left:
        said = ", ".join(f"{kind} ({count})" for kind, count in sorted(reader.left.items()))
        reader.found.lost.append(f"Results that are not read: {said}.")
    if reader.found.empty:
        raise UserError(
            f"{text.name} holds no results that can be read ({sum(reader.left.values())} were left out).",
            "Export finished annotations as JSON.",
        )
    return reader.found


FORMAT: Final = Format("label-studio", "Label Studio", _recognise, _read)
