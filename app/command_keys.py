"""Keys that the user gives to commands in place of the table's, and which commands cannot have the same key. No Qt."""

from collections.abc import Iterable

from app.commands import Command


def exclude_each_other(one: Command, other: Command) -> bool:
    """Return whether two commands can never be given at the same moment, so that they may share a key."""
    mine, theirs = set(one.when), set(other.when)
    if any(f"not {word}" in theirs for word in mine) or any(f"not {word}" in mine for word in theirs):
        return True
    screens = [{word for word in words if word.startswith("screen.")} for words in (mine, theirs)]
    return all(screens) and not screens[0] & screens[1]


def taken_by(table: Iterable[Command], command: Command, key: str) -> list[Command]:
    """Return the other commands that have a key and may be meant at the same moment as a command.

    Args:
        table: All commands, with the keys that they have now.
        command: The command that shall get the key.
        key: The key sequence in Qt's portable notation.
    """
    return [
        other
        for other in table
        if other.id != command.id and key in other.keys and not exclude_each_other(other, command)
    ]
