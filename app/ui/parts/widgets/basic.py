"""Labels, cards and layouts used all over, so that every screen has the same spacing and type."""

from html import escape
from itertools import pairwise
from typing import Literal

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.ui.look.icons import icon
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.widgets.spoken import Role

TextKind = Literal["body", "caption", "small", "soft", "section", "title", "heading", "display", "key", "chip"]


def label(text: str = "", kind: TextKind = "body", *, wrap: bool = False, tone: str = "") -> QLabel:
    """Make a label of the type scale."""
    made = QLabel(text)
    made.setProperty("kind", kind)
    if tone:
        made.setProperty("tone", tone)
    made.setWordWrap(wrap)
    made.setTextFormat(Qt.TextFormat.PlainText)
    return made


def say(where: QLabel, text: str) -> None:
    """Write into a label; without words it is hidden, so that screen readers do not come to an empty one."""
    where.setText(text)
    where.setVisible(bool(text))


def tip_text(text: str) -> str:
    """Return text for a tool tip as it stands: Qt takes what looks like HTML for HTML, also in names of clips."""
    return f"<qt>{'<br>'.join(escape(text).splitlines())}</qt>" if "<" in text else text


def set_tone(widget: QWidget, tone: str) -> None:
    """Change a widget's tone after it was made."""
    if widget.property("tone") != tone:
        widget.setProperty("tone", tone)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def row(*parts: QWidget | QLayout | int | None, spacing: int = SPACE_S, margins: int = 0) -> QHBoxLayout:
    """Lay parts out in a row: widgets, layouts, numbers for gaps, None for a stretch."""
    box = QHBoxLayout()
    _fill(box, parts, spacing, margins)
    return box


def column(*parts: QWidget | QLayout | int | None, spacing: int = SPACE_S, margins: int = 0) -> QVBoxLayout:
    """Lay parts out in a column: widgets, layouts, numbers for gaps, None for a stretch."""
    box = QVBoxLayout()
    _fill(box, parts, spacing, margins)
    return box


def _fill(
    box: QHBoxLayout | QVBoxLayout, parts: tuple[QWidget | QLayout | int | None, ...], spacing: int, margins: int
) -> None:
    box.setSpacing(spacing)
    box.setContentsMargins(margins, margins, margins, margins)
    for part in parts:
        if part is None:
            box.addStretch(1)
        elif isinstance(part, int):
            box.addSpacing(part)
        elif isinstance(part, QWidget):
            box.addWidget(part)
        else:
            box.addLayout(part)


def lay_scrolled(page: QWidget, layout: QLayout) -> None:
    """Give a page a layout that can be scrolled where the window is too small for it, so that nothing is cut."""
    inside, area = QWidget(), QScrollArea()
    inside.setLayout(layout)
    keep_tall(inside)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    page.setLayout(column(area))


class _Tall(QObject):
    """Watches a widget and lets it never be lower than what is in it needs at its width."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest) and isinstance(watched, QWidget):
            layout = watched.layout()
            if layout is not None and layout.hasHeightForWidth():
                watched.setMinimumHeight(layout.minimumHeightForWidth(watched.width()))
        return super().eventFilter(watched, event)


def keep_tall(inside: QWidget) -> None:
    """Keep a widget in an area that scrolls as high as its wrapped sentences need, which Qt would cut there instead."""
    inside.installEventFilter(_Tall(inside))


def in_tab_order(*parts: QWidget) -> None:
    """Let the Tab key visit widgets in this order."""
    for before, after in pairwise(parts):
        QWidget.setTabOrder(before, after)


def line() -> QFrame:
    """Return a hairline between parts."""
    made = QFrame()
    made.setProperty("kind", "line")
    made.setFixedHeight(1)
    return made


class Card(QFrame):
    """A panel of a screen.

    Args:
        title: Heading; empty for a card without one.
        margins: Space inside, in pixels.
    """

    def __init__(self, title: str = "", margins: int = SPACE_M, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(margins, margins, margins, margins)
        self.body.setSpacing(SPACE_S)
        self.head = QHBoxLayout()
        self.head.setSpacing(SPACE_S)
        self.title = label(title, "section")
        self.title.setParent(self)
        self.title.setVisible(bool(title))
        if title:
            self.head.addWidget(self.title)
            self.head.addStretch(1)
            self.body.addLayout(self.head)


def button(
    text: str, kind: Literal["", "primary", "danger", "link"] = "", icon_name: str = "", *, tip: str = ""
) -> QPushButton:
    """Return a push button."""
    made = QPushButton(text)
    if kind:
        made.setProperty("kind", kind)
    if icon_name:
        made.setIcon(icon(icon_name))
    if tip:
        made.setToolTip(tip)
    return made


class ElidedLabel(QWidget):
    """One line of text that is shortened by … if there is no room; the tool tip has the whole text.

    Args:
        mode: Place of the dots.
    """

    spoken = Role.StaticText

    def __init__(
        self, text: str = "", mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._text = text
        self._mode = mode
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str) -> None:
        """Show another text."""
        if text != self._text:
            self._text = text
            self.setToolTip(text)
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    def text(self) -> str:
        """Return the whole text."""
        return self._text

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self._text) + 4, metrics.height() + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, QFontMetrics(self.font()).height() + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        metrics = QFontMetrics(self.font())
        painter.setPen(self.palette().windowText().color())
        painter.drawText(
            self.rect(),
            int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft),
            metrics.elidedText(self._text, self._mode, self.width()),
        )
