"""Pictures of the clip under the time axis, at even distances in the part that the curves show."""

from collections import OrderedDict
from dataclasses import dataclass
from math import ceil, floor
from typing import Final

from PySide6.QtCore import QRectF, QSize, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.parts.widgets.spoken import Role

HEIGHT: Final = 30
"""Height of the strip in pixels at 100 % text."""
HELD: Final = 256
"""Pictures that are kept in memory at most; each takes some 10 kB."""
REST_MS: Final = 250
"""The part in view has to rest for so long before pictures are asked for."""
FINEST_S: Final = 1 / 64


@dataclass(frozen=True)
class Cell:
    """A stretch of time with one picture, from its middle.

    Cells lie on a grid, so that pictures stay when the view moves.

    Attributes:
        step_s: Length of the stretch in seconds, a power of two.
        number: Its number on the clip's clock, from the beginning of the clip.
    """

    step_s: float
    number: int

    def middle_s(self, begins_s: float) -> float:
        """Return the time of its picture.

        Args:
            begins_s: The beginning of the clip in seconds.
        """
        return begins_s + (self.number + 0.5) * self.step_s


def cells_of(begins_s: float, end_s: float, shown: tuple[float, float], most: int) -> list[Cell]:
    """Return the cells of the part in view, as fine as their pictures have room.

    Args:
        begins_s: The beginning of the clip in seconds.
        end_s: Its end.
        shown: Beginning and end of the part in view.
        most: How many pictures have room in it.
    """
    first_s, last_s = max(shown[0], begins_s), min(shown[1], end_s)
    if most < 1 or last_s <= first_s:
        return []
    step_s = FINEST_S
    while (last_s - first_s) / step_s > most + 1e-6:  # sums of times are a hair more or less when the view moves
        step_s *= 2
    numbers = range(floor((first_s - begins_s) / step_s), ceil((last_s - begins_s) / step_s))
    return [cell for number in numbers if (cell := Cell(step_s, number)).middle_s(begins_s) < end_s]


class FilmStrip(QWidget):
    """Shows pictures of a clip. It asks for those that it lacks and paints them as they come.

    Args:
        theme: The window's fonts and colours.

    Signals:
        wanted: The cells of which pictures are missing, in order of time; those asked for before are no longer needed.
    """

    spoken = Role.Graphic
    wanted = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._range = (0.0, 0.0)
        self._shown = (0.0, 0.0)
        self._aspect = 0.0
        self._held: OrderedDict[Cell, QImage] = OrderedDict()
        self._lost: set[Cell] = set()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.ask)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(self.sizeHint().height())
        self.setAccessibleName(tr("Pictures of the clip"))
        self.setToolTip(tr("Pictures of the part that the curves show, each from the middle of its place"))
        theme.changed.connect(self._on_theme)

    def sizeHint(self) -> QSize:
        return QSize(120, round(HEIGHT * self._theme.scale))

    def told(self) -> str:
        """Return how many pictures are shown, for screen readers."""
        return str(sum(cell in self._held for cell in self.cells()))

    def set_clip(self, start_s: float, end_s: float, aspect: float) -> None:
        """Show another clip.

        Args:
            start_s: Its beginning in seconds.
            end_s: Its end.
            aspect: Width of its pictures over their height; 0 shows none.
        """
        self._held.clear()
        self._lost.clear()
        self._range, self._aspect = (start_s, end_s), aspect
        self._begin()

    def set_visible(self, start_s: float, end_s: float) -> None:
        """Set the part that is in view."""
        if (start_s, end_s) != self._shown:
            self._shown = (start_s, end_s)
            self._begin()

    def put(self, cell: Cell, picture: QImage | None) -> None:
        """Take over a picture; None where none can be had."""
        if picture is None:
            self._lost.add(cell)
            return
        self._held[cell] = picture
        while len(self._held) > HELD:
            self._held.popitem(last=False)
        self.update()

    def picture_size(self) -> QSize:
        """Return the size of a picture in the screen's own pixels."""
        ratio = self.devicePixelRatioF()
        high = self.height() * ratio
        return QSize(max(round(high * self._aspect), 1), max(round(high), 1))

    def cells(self) -> list[Cell]:
        """Return the cells in view."""
        if self._aspect <= 0:
            return []
        wide = max(self.height() * self._aspect, 1.0)
        return cells_of(*self._range, self._shown, int(self.contentsRect().width() / wide))

    def ask(self) -> None:
        """Ask for what is missing."""
        missing = [cell for cell in self.cells() if cell not in self._held and cell not in self._lost]
        self.wanted.emit(missing if self.isVisible() else [])

    def _begin(self) -> None:
        self.update()
        self._rest.start()

    def _x(self, time_s: float) -> float:
        across, (start_s, end_s) = self.contentsRect(), self._shown
        return across.left() + (time_s - start_s) / max(end_s - start_s, 1e-9) * across.width()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setClipRect(self.contentsRect())
        painter.fillRect(self.contentsRect(), self._theme.colour("sunken"))
        wide = self.height() * self._aspect
        for cell in self.cells():
            picture = self._held.get(cell)
            if picture is not None:
                self._held.move_to_end(cell)
                middle = self._x(cell.middle_s(self._range[0]))
                painter.drawImage(QRectF(middle - wide / 2, 0.0, wide, float(self.height())), picture)
        painter.end()

    def resizeEvent(self, event: object) -> None:
        """Other pictures have room."""
        self._begin()

    def showEvent(self, event: object) -> None:
        """Ask for pictures that nobody asked for while the strip was hidden."""
        self._begin()

    def hideEvent(self, event: object) -> None:
        """Need none."""
        self._begin()

    def _on_theme(self) -> None:
        self.setFixedHeight(self.sizeHint().height())
        self._held = OrderedDict()
        self._begin()
