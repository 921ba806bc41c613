"""The navigation rail at the left: with one entry for each screen."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QToolButton, QWidget

from app.ui.core.screen import Screen
from app.ui.look.icons import icon
from app.ui.look.tokens import SPACE_S, SPACE_XS
from app.ui.parts.widgets.basic import column


class Rail(QFrame):
    """Buttons with icon and word, of which the one of the open screen is marked.

    Args:
        screens: The entries.
        below: The widgets at the foot.
    """

    chosen = Signal(str)

    def __init__(self, screens: Sequence[Screen], below: Sequence[QWidget] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "rail")
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        for number, screen in enumerate(screens):
            made = _entry(screen.title, screen.icon)
            made.setCheckable(True)
            made.setObjectName(f"rail.{screen.id}")
            made.setToolTip(f"{screen.help or screen.title}  (Alt+{number + 1})")
            made.clicked.connect(lambda _checked=False, name=screen.id: self.chosen.emit(name))
            self._group.addButton(made)
            self._buttons[screen.id] = made
        box = column(*self._buttons.values(), None, *below, spacing=SPACE_XS)
        box.setContentsMargins(SPACE_S, SPACE_XS, SPACE_XS, SPACE_S)
        self.setLayout(box)

    def mark(self, screen_id: str) -> None:
        """Show which screen is open."""
        self._buttons[screen_id].setChecked(True)


def _entry(title: str, icon_name: str) -> QToolButton:
    made = QToolButton()
    made.setProperty("kind", "rail")
    made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
    made.setIcon(icon(icon_name))
    made.setIconSize(QSize(24, 24))
    made.setText(title)
    made.setMinimumWidth(78)
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setAccessibleName(title)
    return made
