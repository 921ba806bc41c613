"""The line at the foot that explains the keys, so that nobody needs a manual."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.ui.look.tokens import SPACE_L, SPACE_XS
from app.ui.parts.widgets.basic import label, row


class Hints(QWidget):
    """Pairs of key and meaning. The last ones are left out if there is no room for all."""

    def __init__(self, pairs: Sequence[tuple[str, str]] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box: QHBoxLayout = row(spacing=SPACE_L)
        self.setLayout(self._box)
        self._pairs: tuple[tuple[str, str], ...] = ()
        self._shown: list[QWidget] = []
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.show_pairs(pairs)

    def show_pairs(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Show these pairs only."""
        if tuple(pairs) == self._pairs:
            return
        self._pairs = tuple(pairs)
        while (item := self._box.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()  # deleted only when the event loop comes to it
                widget.deleteLater()
        self._shown = []
        for keys, meaning in pairs:
            pair = QWidget()
            sign, words = label(keys, "key"), label(meaning, "small")
            sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
            pair.setLayout(row(sign, words, spacing=SPACE_XS))
            self._box.addWidget(pair)
            self._shown.append(pair)
        self._box.addStretch(1)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._fit()

    def _fit(self) -> None:
        used = 0
        for pair in self._shown:
            used += pair.sizeHint().width() + (SPACE_L if used else 0)
            pair.setVisible(used <= self.width())

    def text(self) -> str:
        """Return all of it as one line."""
        return " · ".join(f"{keys} {meaning}" for keys, meaning in self._pairs)
