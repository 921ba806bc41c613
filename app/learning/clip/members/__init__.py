"""The members for categories, found by themselves: every module of this folder states its own in `MEMBERS`."""

import importlib
import pkgutil
from functools import lru_cache

from app.learning.clip.base.member import Member


@lru_cache(maxsize=1)
def _members() -> dict[str, Member]:
    found: dict[str, Member] = {}
    for module in pkgutil.iter_modules(__path__):
        stated: tuple[Member, ...] = importlib.import_module(f"{__name__}.{module.name}").MEMBERS
        for member in stated:
            if member.name in found:
                raise ValueError(f"two networks of clips are called {member.name}")
            found[member.name] = member
    return found


def member_of(network: str) -> Member:
    """Return the member that a recipe's network names.

    Raises:
        ValueError: There is none of this name.
    """
    member = _members().get(network)
    if member is None:
        raise ValueError(f"there is no network of clips called {network}")
    return member
