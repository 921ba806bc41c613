"""The type of every argument that names a project: a file, or the address of a database on a PostgreSQL server."""

import argparse
from pathlib import Path

from app.addresses import Place, home_of, is_address, is_server, place_of, without_credentials
from app.errors import UserError


def project_place(text: str) -> Place:
    """Return what an argument names, for `type=`: a path, or an address of a server as text.

    Raises:
        argparse.ArgumentTypeError: It is the address of something else.
    """
    if is_address(text) and not is_server(text):
        raise argparse.ArgumentTypeError(
            f"{without_credentials(text)!r} is no project: name a file, or postgresql://USER@HOST/DATABASE"
        )
    return place_of(text)


def existing_project(text: str) -> Place:
    """Return a project into whose models a command looks with or without opening it, for `type=`.

    Raises:
        UserError: The file does not exist. A mistyped name must not pass for a project that has no models.
    """
    place = project_place(text)
    if isinstance(place, Path) and not place.is_file():
        raise UserError(f"There is no project {place}.", "Check the path, or leave out the project.")
    return place


def project_home(args: argparse.Namespace) -> Path | None:
    """Return the path beside which the models of the project named with a command lie; None where none is named."""
    return None if args.project is None else home_of(args.project)
