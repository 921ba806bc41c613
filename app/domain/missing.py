"""The error for a clip whose file is not where it was."""

from app.errors import UserError


def missing_clip(name: str) -> UserError:
    """Return the error, with the way to find the file again.

    Args:
        name: Name of the clip.
    """
    return UserError(
        f"{name} is missing.",
        "Find it again by File → Find missing clip….",
        "`affectograph project relink` finds moved clips.",
    )
