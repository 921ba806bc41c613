"""Writes a document as PDF: text that can be searched, tables whose rows stay whole, figures as drawn."""

import io
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage

from app.domain.document import Document, Drawn, Grid, NewPage, Words
from app.domain.path_text import shown
from app.errors import UserError
from app.results import Goal, result
from app.ui.look.language import tr
from app.ui.parts.paper.columns import Fitted, fit, least_widths, natural_widths, wrapped
from app.ui.parts.paper.pages import FAINT, LINE, MM, PT, SOFT, WARNING, Pages, Type

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TYPES: Final[dict[str, Type]] = {
    "title": Type(19, bold=True, below=2),
    "source": Type(9, colour=SOFT, below=10),
    "heading": Type(14, bold=True, above=12, below=5),
    "subheading": Type(10.5, bold=True, above=8, below=3),
    "body": Type(9.5, below=5),
    "point": Type(9.5, below=3),
    "warning": Type(9, colour=WARNING, below=3),
    "small": Type(8, colour=SOFT, below=4),
}
CELL: Final = Type(8)
HEAD: Final = Type(8, bold=True)
TITLE: Final = Type(9.5, bold=True)
CAPTION: Final = Type(8, colour=SOFT)
PADDING: Final = 1.4 * MM
INDENT: Final = 4.0 * MM
ENOUGH: Final = 45.0 * MM
"""Width at which a word of a cell is broken."""
LINES: Final = 1.28
"""Height of a line over the size of its type."""
PICTURE_DPI: Final = 300
MAKER: Final = "Affectograph"


def write_pdf(document: Document, goal: Goal, *, inputs: Collection[Path] = ()) -> None:
    """Write a document as PDF on A4 paper.

    Args:
        document: The document.
        goal: The file to write.
        inputs: Files from which it was made, which are never replaced.

    Raises:
        UserError: The file cannot be written.
    """
    with result(goal, inputs=inputs) as temporary:
        pages = Pages(temporary, shown(document.title), MAKER)
        try:
            setter = _Setter(pages)
            for part in document.parts:
                setter.put(part)
        finally:
            whole = pages.close()
        if not whole:
            raise UserError(tr("The PDF could not be written completely."), tr("Check whether the disk is full."))


class _Setter:
    """Sets one part after the other."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages

    def put(self, part: Words | Drawn | Grid | NewPage) -> None:
        if isinstance(part, Words):
            self.words(part)
        elif isinstance(part, Drawn):
            self.drawn(part)
        elif isinstance(part, Grid):
            self.grid(part)
        elif self.pages.y > 0 or self.pages.landscape:
            self.pages.turn()

    def words(self, part: Words) -> None:
        """Set words, line by line; a heading stays with some room below it."""
        pages, of = self.pages, TYPES[part.kind]
        if pages.landscape:
            pages.turn()
        if part.kind in ("heading", "subheading"):
            pages.need((of.above + of.points * LINES + 60) * PT)
        if pages.y > 0:
            pages.y += of.above * PT
        self.lines(part.text, of, INDENT if part.kind == "point" else 0.0, "•" if part.kind == "point" else "")
        pages.y += of.below * PT

    def lines(self, text: str, of: Type, indent: float = 0.0, mark: str = "") -> None:
        """Write lines from the left margin, over as many pages as it takes."""
        pages = self.pages
        high, left = of.points * LINES * PT, Qt.AlignmentFlag.AlignLeft
        for number, line in enumerate(wrapped(shown(text), pages.width - indent, pages.metrics(of).horizontalAdvance)):
            pages.need(high)
            if mark and not number:
                pages.write(of, QRectF(0, pages.y, indent, high), mark, left)
            pages.write(of, QRectF(indent, pages.y, pages.width - indent, high), line, left)
            pages.y += high

    def drawn(self, part: Drawn) -> None:
        """Set a figure as wide as the page, unless it would be too high, with its caption below it."""
        pages = self.pages
        if pages.landscape:
            pages.turn()
        image = _image(part.figure)
        wide = min(pages.width, image.width() / PICTURE_DPI * 72 * PT * 1.05)
        high = wide * image.height() / image.width()
        most = pages.height * part.share
        if high > most:
            wide, high = wide * most / high, most
        caption = wrapped(shown(part.caption), pages.width, pages.metrics(CAPTION).horizontalAdvance)
        below = CAPTION.points * LINES * PT * len(caption) if part.caption else 0.0
        pages.need(high + below + 4 * PT)
        pages.painter.drawImage(QRectF(0, pages.y, wide, high), image)
        pages.y += high + 3 * PT
        if part.caption:
            self.lines(part.caption, CAPTION)
        pages.y += 8 * PT

    def grid(self, part: Grid) -> None:
        """Set a table: upright if it fits, else on a page on its side, else split between columns."""
        pages = self.pages
        if not part.rows:
            return
        part = _shown(part)
        cell, head = pages.metrics(CELL).horizontalAdvance, pages.metrics(HEAD).horizontalAdvance
        natural = natural_widths(part, cell, head, PADDING)
        least = least_widths(part, cell, head, PADDING, ENOUGH)
        upright = pages.width if not pages.landscape else pages.writer.height()
        if pages.landscape or (sum(least) > upright and not pages.landscape):
            pages.turn(landscape=sum(least) > upright)
        parts = fit(natural, least, pages.width, part.keys)
        for number, fitted in enumerate(parts):
            title = (
                part.title
                if len(parts) == 1
                else tr("{title} ({number} of {parts})", title=part.title, number=number + 1, parts=len(parts))
            )
            self._table(part, fitted, title)

    def _table(self, grid: Grid, fitted: Fitted, title: str) -> None:
        pages = self.pages
        head = self._row(fitted, [grid.header[at] for at in fitted.columns], HEAD)
        rows = [self._row(fitted, [row[at] for at in fitted.columns], CELL) for row in grid.rows]
        top = TITLE.points * LINES * PT + 2 * PT if title else 0.0
        first = top + _high(head, HEAD) + sum(_high(row, CELL) for row in rows[:2])
        pages.need(min(first, pages.height))
        self._head(grid, fitted, head, title)
        for row in rows:
            for piece in self._pieces(row, top + _high(head, HEAD)):
                if pages.left < _high(piece, CELL):
                    pages.turn(landscape=pages.landscape)
                    self._head(grid, fitted, head, tr("{title} (continued)", title=title) if title else "")
                self._draw(grid, fitted, piece, CELL)
                pages.rule(pages.y, 0, fitted.width, LINE, 0.25)
        pages.y += 10 * PT

    def _pieces(self, row: list[list[str]], used: float) -> list[list[list[str]]]:
        """Return a row unchanged, or in pieces if it is higher than a page."""
        most = max(int((self.pages.height - used) / (CELL.points * LINES * PT)) - 1, 1)
        longest = max(map(len, row))
        return [[lines[at : at + most] or [""] for lines in row] for at in range(0, longest, most)]

    def _head(self, grid: Grid, fitted: Fitted, head: list[list[str]], title: str) -> None:
        pages = self.pages
        if title:
            high = TITLE.points * LINES * PT
            text = pages.metrics(TITLE).elidedText(title, Qt.TextElideMode.ElideRight, pages.width)
            pages.write(TITLE, QRectF(0, pages.y, pages.width, high), text, Qt.AlignmentFlag.AlignLeft)
            pages.y += high + 2 * PT
        self._draw(grid, fitted, head, HEAD)
        pages.rule(pages.y, 0, fitted.width, FAINT, 0.8)

    def _row(self, fitted: Fitted, cells: list[str], of: Type) -> list[list[str]]:
        """Return the lines of each cell."""
        measure = self.pages.metrics(of).horizontalAdvance
        return [
            wrapped(text, width - 2 * PADDING + 1, measure) for text, width in zip(cells, fitted.widths, strict=True)
        ]

    def _draw(self, grid: Grid, fitted: Fitted, row: list[list[str]], of: Type) -> None:
        pages, x = self.pages, 0.0
        line = of.points * LINES * PT
        high = _high(row, of)
        for at, lines, width in zip(fitted.columns, row, fitted.widths, strict=True):
            right = grid.numbers[at]
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            y = pages.y + PADDING / 2 + (line * (max(map(len, row)) - len(lines)) if of is HEAD else 0.0)
            for text in lines:
                pages.write(of, QRectF(x + PADDING, y, width - 2 * PADDING, line), text, side)
                y += line
            x += width
        pages.y += high


def _high(row: list[list[str]], of: Type) -> float:
    return of.points * LINES * PT * max(map(len, row)) + PADDING


def _shown(grid: Grid) -> Grid:
    rows = tuple(tuple(" ".join(shown(cell).split()) for cell in row) for row in grid.rows)
    return Grid(shown(grid.title), tuple(map(shown, grid.header)), rows, grid.numbers, grid.keys)


def _image(figure: "Figure") -> QImage:
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=PICTURE_DPI)
    return QImage.fromData(out.getvalue())
