"""A lock that allows one installation of a model at a time, across processes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.errors import UserError
from app.locks import lock


@contextmanager
def only_one(path: Path, name: str) -> Iterator[None]:
    """Hold a lock file while the block runs. The system releases it when the process ends for any reason.

    Args:
        path: The lock file, which is made if it is missing. It is kept, because removing it would let two processes in.
        name: The model, for the error.

    Raises:
        UserError: Another process holds the lock, or the file cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise UserError(f"{path.parent} cannot be written ({error.strerror}).", "Check its rights.") from error
    try:
        try:
            lock(handle)
        except OSError:
            raise UserError(
                f"{name} is being installed by another window or command.", "Wait until it has ended, then try again."
            ) from None
        yield
    finally:
        os.close(handle)
