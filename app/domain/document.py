"""A printed document as a sequence of parts, for whatever sets it on pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Words:
    """A heading, a paragraph or a point of a list.

    Attributes:
        text: The words.
        kind: How they are set.
    """

    text: str
    kind: Literal["title", "source", "heading", "subheading", "body", "point", "warning", "small"] = "body"


@dataclass(frozen=True, eq=False)
class Drawn:
    """A figure with its caption, which stay together.

    Attributes:
        figure: The drawing.
        caption: The words below it.
        share: The largest share of a page's height that it takes.
    """

    figure: Figure
    caption: str = ""
    share: float = 0.62


@dataclass(frozen=True)
class Grid:
    """A table. Its rows are not broken over pages, and its header is repeated.

    Attributes:
        title: The line above it; empty for none.
        header: The names of the columns.
        rows: The cells.
        numbers: Which columns hold numbers, which stand at the right of their column.
        keys: The number of first columns that name a row; they are repeated where a wide table is split.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[bool, ...]
    keys: int = 1


@dataclass(frozen=True)
class NewPage:
    """What follows begins on a new page."""


Part: TypeAlias = "Words | Drawn | Grid | NewPage"


@dataclass(frozen=True, eq=False)
class Document:
    """A document.

    Attributes:
        title: Its title, which also stands at the foot of each page.
        parts: Its parts in their order.
    """

    title: str
    parts: tuple[Part, ...]
