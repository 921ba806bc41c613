"""The explanations beside the curves of the timeline: numbers, names of the bands, and the legend."""

import math
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.words import figure
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import TEXT_CAPTION, TEXT_SMALL
from app.ui.parts.timeline.stats import Fit
from app.ui.parts.widgets.spoken import Role

MEASURES: Final = (("CCC", "ccc"), ("MSE", "mse"), ("r", "pearson"))
HELP: Final = tr(
    "CCC: concordance (Lin), MSE: mean squared error, r: Pearson correlation of the predicted "
    "with the annotated curve,\nover the visible part and over the whole clip."
)
LINE: Final = 12.0
"""Least height of a line of numbers, at 100 % text."""
LEGIBLE: Final = 10.0
"""Height, at 100 % text, below which a band has no room for its name alone."""
MOST_COLUMNS: Final = 3
"""Columns in which the names of thin bands stand at most."""
_EDGE: Final = 14.0
_GAP: Final = 6.0
"""Least distance between two numbers, at 100 % text."""


class FitTable(QWidget):
    """The name of the dimension, and CCC, MSE and r of the visible part and of the whole; only the CCC in a low row.

    Args:
        theme: The window's fonts and colours.
        name: Name of the dimension.
    """

    spoken = Role.StaticText

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._name = theme, name
        self._fits: tuple[Fit, Fit] | None = None
        self.setToolTip(HELP)
        theme.changed.connect(self.update)

    def show_fits(self, visible: Fit | None, whole: Fit | None) -> None:
        """Show two comparisons; None if there is nothing to compare."""
        self._fits = (visible, whole) if visible is not None and whole is not None else None
        said = (
            [f"{title} {figure(getattr(visible, field))}, {figure(getattr(whole, field))}" for title, field in MEASURES]
            if self._fits is not None
            else []
        )
        self.setToolTip("\n".join([*said, HELP]))
        self.setAccessibleName(
            f"{self._name}: "
            + (
                tr(
                    "CCC {ccc}, MSE {mse}, r {pearson}",
                    ccc=figure(whole.ccc),
                    mse=figure(whole.mse),
                    pearson=figure(whole.pearson),
                )
                if whole
                else tr("no comparison")
            )
        )
        self.update()

    @property
    def fits(self) -> tuple[Fit, Fit] | None:
        """The comparisons of the visible part and of the whole; None if there is nothing to compare."""
        return self._fits

    def lines(self) -> int:
        """Return the number of lines that fit below the name, at most 4: a heading and three measures."""
        scale = self._theme.scale
        return max(min(int((self.height() - 22 * scale) / (LINE * scale)), 4), 1)

    def _number_width(self, measures: tuple[tuple[str, str], ...]) -> float:
        """Return the width of the widest number or heading above it."""
        figures = QFontMetrics(self._theme.font(TEXT_SMALL, figures=True))
        heading = QFontMetrics(self._theme.font(TEXT_CAPTION))
        said = [figure(getattr(fit, field)) for fit in self._fits or () for _, field in measures]
        return max(*(figures.horizontalAdvance(text) for text in said), heading.horizontalAdvance(tr("visible"))) + 2

    def _title_width(self, measures: tuple[tuple[str, str], ...]) -> float:
        return max(QFontMetrics(self._theme.font(TEXT_SMALL)).horizontalAdvance(title) for title, _ in measures)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        scale = theme.scale
        painter.setFont(theme.font(weight=theme.font().Weight.DemiBold))
        painter.setPen(theme.colour(self._name))
        name = QRectF(0, 2 * scale, self.width(), 18 * scale)
        painter.drawText(name, int(Qt.AlignmentFlag.AlignLeft), tr(self._name.capitalize()))
        if self._fits is None:
            painter.end()
            return
        room = self.lines()
        headed = room > 1
        measures = MEASURES if room == 4 else MEASURES[:1]
        step = min((self.height() - 22 * scale) / (len(measures) + headed), 17 * scale)
        right = self.width() - _EDGE
        number = self._number_width(measures)
        second = right - number - _GAP * scale
        both = second - number >= self._title_width(measures) + _GAP * scale
        edge = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        y = 22 * scale
        if headed:
            painter.setFont(theme.font(TEXT_CAPTION))
            painter.setPen(theme.colour("text_faint"))
            if both:
                painter.drawText(QRectF(0, y, second, step), edge, tr("visible"))
            painter.drawText(QRectF(second, y, right - second, step), edge, tr("whole") if both else tr("visible"))
            y += step
        for at, (title, field) in enumerate(measures):
            painter.setFont(theme.font(TEXT_SMALL))
            painter.setPen(theme.colour("text_soft"))
            painter.drawText(QRectF(0, y, 50, step), int(Qt.AlignmentFlag.AlignVCenter), title)
            painter.setFont(theme.font(TEXT_SMALL, figures=True))
            # Where there is no room for both, the whole stands in the tool tip.
            for x, result in zip((second, right) if both else (right,), self._fits, strict=False):
                painter.setPen(theme.colour("text_soft" if at else "text"))
                painter.drawText(QRectF(x - number, y, number, step), edge, figure(getattr(result, field)))
            y += step
        painter.end()


class ClassNames(QWidget):
    """The names of the bands, each at the height of its band, and all in the tool tip.

    Names of thin bands take turns in columns.

    Args:
        theme: The window's fonts and colours.
        below: Pixels below the bands, for the time axis.
        title: Text that stands for all names if they have no room.
    """

    spoken = Role.StaticText

    def __init__(self, theme: Theme, below: int, title: str = tr("Expression"), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._below, self._title = theme, below, title
        self._names: tuple[str, ...] = ()
        self.setAccessibleName(title)
        theme.changed.connect(self.update)

    def show_names(self, names: tuple[str, ...]) -> None:
        """Show names."""
        self._names = names
        words = tr("From above: ") + ", ".join(names) if names else ""
        self.setToolTip(words)
        self.setAccessibleName(words or self._title)
        self.update()

    @property
    def columns(self) -> int:
        """The number of columns in which the names stand: more for thinner bands, 0 if there is no room at all."""
        if not self._names:
            return 0
        wanted = math.ceil(LEGIBLE * self._theme.scale / max(self._band(), 0.1))
        metrics = QFontMetrics(self._font(wanted))
        widest = max(metrics.horizontalAdvance(name) for name in self._names) + _GAP
        return wanted if wanted == 1 or (wanted <= MOST_COLUMNS and wanted * widest <= self.width() - _EDGE) else 0

    def _band(self) -> float:
        return (self.height() - self._below - 2) / max(len(self._names), 1)

    def _font(self, columns: int) -> QFont:
        font = self._theme.font(TEXT_CAPTION)
        font.setPixelSize(max(min(font.pixelSize(), round(columns * self._band())), 1))
        return font

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._names:
            return
        painter = QPainter(self)
        columns = self.columns
        if not columns or self._names == (self._title,):  # a row of one band needs no name beside its title
            painter.setPen(self._theme.colour("text_soft"))
            painter.setFont(self._theme.font(TEXT_SMALL))
            place = QRectF(0, 2, self.width() - _EDGE, max(self.height() - self._below, 1))
            painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), self._title)
        else:
            self._draw_names(painter, columns)
        painter.end()

    def _draw_names(self, painter: QPainter, columns: int) -> None:
        """Draw each name at the height of its band, in turn from the right; a line leads from it to the band."""
        font = self._font(columns)
        painter.setFont(font)
        metrics = QFontMetrics(font)
        step = max(metrics.horizontalAdvance(name) for name in self._names) + _GAP
        band, edge = self._band(), self.width() - _EDGE
        for at, name in enumerate(self._names):
            right, middle = edge - at % columns * step, 2 + (at + 0.5) * band
            if right < edge:
                painter.setPen(QPen(self._theme.colour("border"), 1))
                painter.drawLine(QPointF(right + _GAP / 2, middle), QPointF(edge, middle))
            painter.setPen(self._theme.colour("text_soft"))
            place = QRectF(0, middle - columns * band / 2, right, columns * band)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), name)


class Legend(QWidget):
    """The legend of the lines. Words without room are left out, and are in the tool tip.

    Args:
        theme: The window's fonts and colours.
    """

    spoken = Role.StaticText

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._short = self._faces = False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setToolTip(tr("Solid: predicted; thin and pale, of other faces. Dashed: annotated. Dotted: other raters."))
        self.setAccessibleName(tr("Legend"))
        theme.changed.connect(self._on_theme)

    def set_short(self, short: bool) -> None:
        """Choose whether to take little room."""
        if short != self._short:
            self._short = short
            self.updateGeometry()
            self.update()

    def set_faces(self, on: bool) -> None:
        """Choose whether curves of other faces are explained."""
        if on != self._faces:
            self._faces = on
            self.updateGeometry()
            self.update()

    def _on_theme(self) -> None:
        self.updateGeometry()
        self.update()

    def _parts(self) -> tuple[tuple[str, list[float] | None, float], ...]:
        known: tuple[tuple[str, list[float] | None, float], ...]
        others = tr("others") if self._short else tr("other raters")
        known = ((tr("predicted"), None, 2.0), (tr("annotated"), [4, 3], 1.6), (others, [1, 2], 1.2))
        return (*known, (tr("faces") if self._short else tr("other faces"), None, 0.8)) if self._faces else known

    @property
    def _stroke(self) -> int:
        return 14 if self._short else 24

    @property
    def _gap(self) -> int:
        return 10 if self._short else 16

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._theme.font(TEXT_SMALL))
        wide = sum(self._stroke + 6 + metrics.horizontalAdvance(text) + self._gap for text, _, _ in self._parts())
        return QSize(wide, metrics.height() + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font(TEXT_SMALL))
        soft = self._theme.colour("text_soft")
        stroke = self._stroke
        x = 0
        for text, dashes, width in self._parts():
            wide = painter.fontMetrics().horizontalAdvance(text)
            if x + stroke + 6 + wide > self.width():
                break
            pen = QPen(soft, width)
            if dashes is not None:
                pen.setDashPattern(dashes)
            painter.setPen(pen)
            painter.drawLine(x, self.height() // 2, x + stroke, self.height() // 2)
            painter.setPen(soft)
            place = QRectF(x + stroke + 6, 0, wide + 2, self.height())
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), text)
            x += stroke + 6 + wide + self._gap
        painter.end()
