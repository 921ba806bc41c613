"""The navigation rail at the left: with one entry for each screen."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QToolButton, QWidget

from app.commands import Commands
from app.ui.core.actions import key_text
from app.ui.core.screen import Screen
from app.ui.look.icons import icon
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_S, SPACE_XS
from app.ui.parts.widgets.basic import column
from app.ui.parts.widgets.spoken import Role

ICON: Final = QSize(24, 24)
LEAST: Final = 78
DENSE_ICON: Final = QSize(18, 18)
"""Size of the icons where the entries have no room at their usual size."""


class Rail(QFrame):
    """Buttons with icon and word, of which the one of the open screen is marked.

    Where they have no room below each other, as in a low window or with large text, they move together.

    Args:
        screens: The entries.
        commands: The table of commands, with those that open the screens.
        below: The widgets at the foot.
    """

    spoken = Role.PageTabList
    chosen = Signal(str)

    def __init__(
        self,
        screens: Sequence[Screen],
        commands: Commands,
        below: Sequence[QWidget] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "rail")
        self.setAccessibleName(tr("Screens"))
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        self._dense = False
        self._screens, self._commands = tuple(screens), commands
        for screen in screens:
            made = _entry(screen.title, screen.icon)
            made.setCheckable(True)
            made.setObjectName(f"rail.{screen.id}")
            made.clicked.connect(lambda _checked=False, name=screen.id: self.chosen.emit(name))
            self._group.addButton(made)
            self._buttons[screen.id] = made
        self._box = column(*self._buttons.values(), None, *below, spacing=SPACE_XS)
        self._box.setContentsMargins(SPACE_S, SPACE_XS, SPACE_XS, SPACE_S)
        self.setLayout(self._box)
        commands.on_change(self._write_tips)
        self._write_tips()

    @property
    def dense(self) -> bool:
        """Whether the entries have moved together."""
        return self._dense

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the entries move together, or apart again."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Fit the entries again after their letters have changed."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_box"):
            self._fit()

    def _fit(self) -> None:
        for made in self._buttons.values():
            made.setMinimumWidth(max(LEAST, made.sizeHint().width()))
        if self._dense and self._height() > self.height():
            return  # not even now is there too much room
        self._set_dense(False)
        if self._height() > self.height():
            self._set_dense(True)

    def _height(self) -> int:
        self._box.invalidate()
        return self._box.sizeHint().height()

    def _set_dense(self, dense: bool) -> None:
        if dense == self._dense:
            return
        self._dense = dense
        self._box.setSpacing(0 if dense else SPACE_XS)
        for made in self._buttons.values():
            made.setProperty("dense", dense)
            made.setIconSize(DENSE_ICON if dense else ICON)
            made.style().unpolish(made)
            made.style().polish(made)
            made.updateGeometry()

    def _write_tips(self) -> None:
        for screen in self._screens:
            keys = self._commands.named(f"screens.{screen.id}").keys
            key = f"  ({key_text(keys[0])})" if keys else ""
            self._buttons[screen.id].setToolTip(f"{screen.help or screen.title}{key}")

    def mark(self, screen_id: str) -> None:
        """Show which screen is open. Tab stops at this entry only; the arrow keys lead to the others."""
        self._buttons[screen_id].setChecked(True)
        for name, made in self._buttons.items():
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus if name == screen_id else Qt.FocusPolicy.NoFocus)


class _Entry(QToolButton):
    """A button that opens a screen."""

    spoken = Role.PageTab


def _entry(title: str, icon_name: str) -> QToolButton:
    made = _Entry()
    made.setProperty("kind", "rail")
    made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
    made.setIcon(icon(icon_name))
    made.setIconSize(ICON)
    made.setText(title)
    made.setMinimumWidth(LEAST)
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setAccessibleName(title)
    return made
