"""`affectograph backup`: copies a project as one whole file, even while it is open."""

from pathlib import Path

from app.cli import Subparsers
from app.cli.project import back_up
from app.cli.project_place import project_place


def register(commands: Subparsers) -> None:
    """Add the command."""
    parser = commands.add_parser("backup", help="copy a project as one whole file, even while it is open")
    parser.add_argument("project", type=project_place, metavar="P")
    parser.add_argument(
        "copy",
        nargs="?",
        type=Path,
        metavar="FILE",
        help="the copy (default: a file beside P, with the date in its name)",
    )
    parser.set_defaults(run=back_up)
