"""A study as a readable TOML file that can be looked at, translated, kept under version control and shared."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final

import tomli_w

from app import toml_text
from app.domain.study import Study, study_from_dict, study_to_dict
from app.errors import UserError
from app.results import Goal, result

FORMAT: Final = "affectograph-study"
FORMAT_VERSION: Final = 1

_HEAD: Final = """\
# A study of Affectograph. Texts that raters read are tables of language codes: { en = "Happy", de = "Fröhlich" }.
# Add a language to every emotion and category, and raters may choose it. Names (name = …) stand in the data: a change
# of a name is another emotion, a change of a label is not. See the user guide on annotation.
"""


def study_text(study: Study) -> str:
    """Return the text of a study's file."""
    content: dict[str, Any] = {"format": FORMAT, "format_version": FORMAT_VERSION, **_without_empty(study)}
    return _HEAD + "\n" + tomli_w.dumps(content, multiline_strings=False)


_OPTIONAL: Final = frozenset(
    {"title", "labels", "hint", "anchors", "axis_labels", "expected", "category", "feedback", "prompt", "item", "band",
     "condition", "instructions"}
)  # fmt: skip


def _without_empty(study: Study) -> dict[str, Any]:
    """Leave out empty tables and texts that may be absent: they say nothing and make the file long."""

    def clean(value: Any) -> Any:
        if isinstance(value, dict):
            kept = {key: part for key, part in value.items() if not (key in _OPTIONAL and part in ({}, ""))}
            return {key: clean(part) for key, part in kept.items()}
        if isinstance(value, list):
            return [clean(part) for part in value]
        return value

    cleaned: dict[str, Any] = clean(study_to_dict(study))
    return cleaned


def write_study(goal: Goal, study: Study) -> None:
    """Write a study's file, either whole or not at all.

    Raises:
        UserError: The file cannot be written.
    """
    with result(goal) as temporary:
        temporary.write_text(study_text(study), encoding="utf-8")


def parse_study(text: str, name: str = "the study file") -> Study:
    """Read a study from the text of its file, checked.

    Raises:
        UserError: The text is not a study file, was made by a newer version, or contradicts itself.
    """
    try:
        content = toml_text.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{name} is not readable TOML: {error}.", "Correct the line that the message names.") from error
    if content.pop("format", None) != FORMAT:
        raise UserError(f"{name} is not a study file.", f'Its first lines must say format = "{FORMAT}".')
    version = content.pop("format_version", None)
    if version != FORMAT_VERSION:
        raise UserError(f"{name} has format version {version}.", "Update this program, or export the study again.")
    return study_from_dict(content)


def read_study(path: Path) -> Study:
    """Read a study's file, checked.

    Raises:
        UserError: The file cannot be read, or `parse_study` refuses it.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.", "Check the path and its permissions.") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is not UTF-8 text.", "Save it as UTF-8.") from error
    return parse_study(text, path.name)
