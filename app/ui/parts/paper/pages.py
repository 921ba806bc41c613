"""Pages of a PDF file: paper, type, and a pen that goes down the page."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QFontMetricsF,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPen,
)

from app.ui.look.theme import FAMILY, FONTS

DPI: Final = 1200
"""Steps of the page per inch, in which everything is placed."""
MM: Final = DPI / 25.4
PT: Final = DPI / 72
MARGIN_MM: Final = 17.0
FOOT_MM: Final = 8.0
INK: Final = "#14181f"
SOFT: Final = "#4d5765"
FAINT: Final = "#717c8b"
LINE: Final = "#c2c9d2"
WARNING: Final = "#8a6100"


@dataclass(frozen=True)
class Type:
    """A size of type.

    Attributes:
        points: Its size.
        bold: Whether it is bold.
        colour: The ink.
        above: Space above, in points.
        below: Space below, in points.
    """

    points: float
    bold: bool = False
    colour: str = INK
    above: float = 0.0
    below: float = 4.0


def load_fonts() -> None:
    """Make the program's own type known to Qt, where no window has done it."""
    if FAMILY not in QFontDatabase.families():
        for file in sorted(FONTS.glob("*.otf")):
            QFontDatabase.addApplicationFont(str(file))


class Pages:
    """The pages of a PDF file, the first of which is open.

    Args:
        path: The file to write.
        title: The title of the document, which stands at the foot of each page.
        maker: The name of the program.
    """

    def __init__(self, path: Path, title: str, maker: str) -> None:
        load_fonts()
        self._title = title
        self.writer = QPdfWriter(str(path))
        self.writer.setResolution(DPI)
        self.writer.setTitle(title)
        self.writer.setCreator(maker)
        self.landscape = False
        self._lay(landscape=False)
        self.painter = QPainter(self.writer)
        self.number = 1
        self.y = 0.0
        self._foot()

    @property
    def width(self) -> float:
        """The width inside the margins."""
        return float(self.writer.width())

    @property
    def height(self) -> float:
        """The height inside the margins and above the foot."""
        return self.writer.height() - FOOT_MM * MM

    @property
    def left(self) -> float:
        """The height that is left on the page."""
        return self.height - self.y

    def font(self, of: Type) -> QFont:
        """Return a size of type.

        No features of the font are used. Figures of one width, or signs that are raised beside figures, would be other
        glyphs, which PDF readers cannot find or copy: a minus would be lost.
        """
        made = QFont(FAMILY)
        made.setFeature(QFont.Tag("calt"), 0)
        made.setPointSizeF(of.points)
        made.setWeight(QFont.Weight.DemiBold if of.bold else QFont.Weight.Normal)
        return made

    def metrics(self, of: Type) -> QFontMetricsF:
        """Return what a size of type measures on the page."""
        return QFontMetricsF(self.font(of), self.writer)

    def turn(self, *, landscape: bool = False) -> None:
        """Begin another page."""
        self._lay(landscape=landscape)
        self.writer.newPage()
        self.number += 1
        self.y = 0.0
        self._foot()

    def need(self, height: float) -> None:
        """Begin another page like this one if less than a height is left."""
        if self.left < height and self.y > 0:
            self.turn(landscape=self.landscape)

    def write(self, of: Type, where: QRectF, text: str, flags: Qt.AlignmentFlag) -> None:
        """Write one line into a place."""
        self.painter.setFont(self.font(of))
        self.painter.setPen(QColor(of.colour))
        self.painter.drawText(where, int(flags | Qt.AlignmentFlag.AlignVCenter) | _ONE_LINE, text)

    def rule(self, y: float, left: float, right: float, colour: str = LINE, points: float = 0.5) -> None:
        """Draw a horizontal line."""
        self.painter.setPen(QPen(QColor(colour), points * PT))
        self.painter.drawLine(QPointF(left, y), QPointF(right, y))

    def close(self) -> bool:
        """End the document; whether everything could be written."""
        return self.painter.end()

    def _lay(self, *, landscape: bool) -> None:
        self.landscape = landscape
        side = QPageLayout.Orientation.Landscape if landscape else QPageLayout.Orientation.Portrait
        margins = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM - 4)
        self.writer.setPageLayout(
            QPageLayout(QPageSize(QPageSize.PageSizeId.A4), side, margins, QPageLayout.Unit.Millimeter)
        )

    def _foot(self) -> None:
        foot = Type(7.5, colour=FAINT)
        area = QRectF(0, self.writer.height() - 5 * MM, self.width, 5 * MM)
        number = f"{self.number}"
        room = self.width - self.metrics(foot).horizontalAdvance(number) - 4 * MM
        title = self.metrics(foot).elidedText(self._title, Qt.TextElideMode.ElideRight, room)
        self.write(foot, area, title, Qt.AlignmentFlag.AlignLeft)
        self.write(foot, area, number, Qt.AlignmentFlag.AlignRight)


_ONE_LINE: Final = int(Qt.TextFlag.TextSingleLine) | int(Qt.TextFlag.TextDontClip)
