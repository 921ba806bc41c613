"""A passage of many lines that the reader can select, which is measured once and not at every change of the theme."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QWidget


class Passage(QLabel):
    """A label for whole paragraphs: a methods section, or where results come from.

    Qt breaks the lines of a label anew whenever anything of its look changes, several times over, which one feels
    at each change of the theme with thousands of characters. This label breaks them only where its text, its font, its
    margins or its width are other ones.

    Args:
        kind: Its place in the type scale.
        parent: The widget that holds it.
    """

    def __init__(self, kind: str = "small", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sizes: dict[int | str, QSize] = {}
        self._of: tuple[object, ...] = ()
        self.measured = 0
        """How often its lines were broken so far."""
        self.setProperty("kind", kind)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )

    def heightForWidth(self, width: int, /) -> int:
        if width not in self._known():
            self.measured += 1
            self._sizes[width] = QSize(width, super().heightForWidth(width))
        return self._sizes[width].height()

    def sizeHint(self) -> QSize:
        if "likes" not in self._known():
            self.measured += 1
            self._sizes["likes"] = super().sizeHint()
        return self._sizes["likes"]

    def minimumSizeHint(self) -> QSize:
        if "least" not in self._known():
            self.measured += 1
            self._sizes["least"] = super().minimumSizeHint()
        return self._sizes["least"]

    def _known(self) -> dict[int | str, QSize]:
        """Return the sizes that are known of the text as it stands."""
        of = (self.text(), self.font().toString(), self.contentsMargins(), self.margin(), self.indent())
        if of != self._of:
            self._of = of
            self._sizes.clear()
        return self._sizes
