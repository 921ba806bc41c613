"""`affectograph desktop`: puts the program into the desktop's menu."""

import argparse

from app.cli import Subparsers


def register(commands: Subparsers) -> None:
    """Add the command."""
    desktop = commands.add_parser(
        "desktop", help="put the program into the desktop's menu, or remove it from there (Linux)"
    )
    what = desktop.add_mutually_exclusive_group(required=True)
    what.add_argument("--install", action="store_true", help="menu entry, icon and file type, for this user only")
    what.add_argument("--remove", action="store_true", help="remove them again")
    desktop.set_defaults(run=_desktop)


def _desktop(args: argparse.Namespace) -> int:
    from app.services.machine.desktop import install, remove

    if args.install:
        for path in install():
            print(path)
        return 0
    gone = remove()
    for path in gone:
        print(f"removed {path}")
    if not gone:
        print("nothing was installed")
    return 0
