"""The installed packages and their versions."""

from importlib import metadata


def installed_version(distribution: str) -> str | None:
    """Return the version of an installed package; None if it is not installed."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None
