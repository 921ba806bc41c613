"""The user's settings, kept in one file. The settings that exist are in `app/setting_table.py`. No Qt.

The file is sparse TOML: only what differs from the default is written, so that better defaults reach old users.
"""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import tomli_w

from app import toml_text
from app.files import dated_beside, replacing
from app.setting_table import TABLE, Value


def _kept_aside(path: Path) -> str:
    """Give an unreadable file another name, since the next change of a setting writes it again; a sentence on it."""
    aside = dated_beside(path, "-unreadable-", path.suffix)
    try:
        if not path.is_file():
            return ""
        path.rename(aside)
    except OSError:
        return ""
    return f" It is kept as {aside}."


KEYS: Final = "keys"
"""The area of the file with the keys that the user has given to commands; listeners hear of a change by this word."""


def stored(path: Path, key: str) -> Value:
    """Read one setting before the window exists; its default where the file is missing or unusable.

    Args:
        path: The TOML file, which is only read.
        key: Key of the setting.
    """
    area, name = key.split(".")
    setting = TABLE[key]
    try:
        return setting.checked(toml_text.loads(path.read_text(encoding="utf-8"))[area][name])
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return setting.default


class Settings:
    """The user's choices, kept in one small file.

    Args:
        path: The TOML file; None keeps everything in memory (tests, tours).
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._values: dict[str, Value] = {}
        self._keys: dict[str, tuple[str, ...]] = {}
        self._listeners: list[Callable[[str], None]] = []
        self.note = ""
        """One sentence for the user when the file held something unusable, else empty."""
        if path is not None and path.exists():
            self._read(path)

    def __getitem__(self, key: str) -> Value:
        return self._values.get(key, TABLE[key].default)

    def flag(self, key: str) -> bool:
        """Return a `bool` setting."""
        return bool(self[key])

    def number(self, key: str) -> float:
        """Return an `int` or `float` setting."""
        return float(self[key])

    def text(self, key: str) -> str:
        """Return a `text` or `choice` setting."""
        return str(self[key])

    def set(self, key: str, value: object) -> None:
        """Change one setting, write the file and tell the listeners.

        Raises:
            ValueError: The value is not allowed.
            UserError: The file cannot be written.
        """
        checked = TABLE[key].checked(value)
        if checked == self[key]:
            return
        if checked == TABLE[key].default:
            self._values.pop(key, None)
        else:
            self._values[key] = checked
        for listener in tuple(self._listeners):
            listener(key)
        self._write()

    @property
    def keys(self) -> Mapping[str, Sequence[str]]:
        """The keys that the user has given to commands, by their ids; an empty one has none."""
        return self._keys

    def set_keys(self, choices: Mapping[str, Sequence[str]]) -> None:
        """Replace the keys that the user has given to commands, write the file and tell the listeners `KEYS`.

        Raises:
            UserError: The file cannot be written.
        """
        chosen = {command: tuple(keys) for command, keys in choices.items()}
        if chosen == self._keys:
            return
        self._keys = chosen
        for listener in tuple(self._listeners):
            listener(KEYS)
        self._write()

    def on_change(self, listener: Callable[[str], None]) -> Callable[[], None]:
        """Call a function with the key of every change; the returned function ends this, and is harmless twice."""
        self._listeners.append(listener)

        def forget() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return forget

    def _read(self, path: Path) -> None:
        try:
            areas = toml_text.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            self.note = f"The settings file could not be read ({error}); the defaults are used.{_kept_aside(path)}"
            return
        for command, keys in areas.get(KEYS, {}).items() if isinstance(areas.get(KEYS), dict) else ():
            if isinstance(keys, list) and all(isinstance(key, str) for key in keys):
                self._keys[command] = tuple(keys)
            else:
                self.note = f"The settings file is partly unusable (keys of {command}); the default is used."
        for key, setting in TABLE.items():
            area, name = key.split(".")
            values: Any = areas.get(area, {})
            if isinstance(values, dict) and name in values:
                try:
                    self._values[key] = setting.checked(values[name])
                except (ValueError, TypeError, OverflowError) as error:
                    self.note = f"The settings file is partly unusable ({error}); the default is used."

    def _write(self) -> None:
        if self._path is None:
            return
        areas: dict[str, dict[str, Value | list[str]]] = {}
        for key, value in self._values.items():
            area, name = key.split(".")
            areas.setdefault(area, {})[name] = value
        if self._keys:
            areas[KEYS] = {command: list(keys) for command, keys in self._keys.items()}
        with replacing(self._path) as new:
            new.write_text(tomli_w.dumps(areas), encoding="utf-8")
