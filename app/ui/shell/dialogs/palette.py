"""The command palette: type a few letters of any action, press Enter."""

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.commands import Command, Commands
from app.ui.core.actions import key_text
from app.ui.core.context import AppContext
from app.ui.look.icons import icon
from app.ui.look.language import tr
from app.ui.look.tokens import RADIUS, SPACE_M, SPACE_S, TEXT_SMALL
from app.ui.parts.widgets.basic import column, label

_ROW = 36
_OBSTACLE = Qt.ItemDataRole.UserRole + 1


def rank(query: str, command: Command) -> int | None:
    """Rate how well a command fits the typed letters; smaller is better, and None means that it does not fit."""
    words = query.casefold().split()
    title = command.title.casefold()
    named, told = f"{title} {tr(command.menu)} {command.also}".casefold(), command.help.casefold()
    if not all(word in named or word in told for word in words):
        return None
    return sum(
        0 if title.startswith(w) else 1 if f" {w}" in title else 2 if w in title else 3 if w in named else 4
        for w in words
    )


class CommandPalette(QDialog):
    """A list of all commands, filtered as the user types.

    Commands that cannot be given now come last, in grey, with the reason. While a rater is at work they are left out.

    Args:
        context: What all screens share; its commands are shown.
        parent: The window.
    """

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setWindowTitle(tr("Command palette"))
        self.setProperty("kind", "palette")
        self._commands: Commands = context.commands
        self._chosen = ""
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("What do you want to do?"))
        self.field.setClearButtonEnabled(True)
        self.field.setFont(context.theme.font(15))
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._fill)
        self.field.returnPressed.connect(self._on_chosen)
        self.list = QListWidget()
        self.list.setUniformItemSizes(True)
        self.list.setItemDelegate(_Row(context, self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(self._on_chosen)
        self._none = label(tr("No action has this name."), "soft")
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setLayout(column(self.field, self.list, self._none, spacing=SPACE_S, margins=SPACE_M))
        self.resize(560, 420)
        self._fill("")
        corner = parent.mapToGlobal(parent.rect().topLeft())
        self.move(corner.x() + (parent.width() - self.width()) // 2, corner.y() + 72)
        self.field.setFocus()

    @property
    def chosen(self) -> str:
        """Id of the chosen command; empty if none was chosen."""
        return self._chosen

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}.get(
                Qt.Key(event.key())
            )
            if step is not None and self.list.count():
                at = min(max(self.list.currentRow() + step, 0), self.list.count() - 1)
                self.list.setCurrentRow(at)
                return True
        return super().eventFilter(watched, event)

    def _fill(self, query: str) -> None:
        self.list.clear()
        commands = self._commands
        found = [
            (not commands.enabled(command.id), how, number, command)
            for number, command in enumerate(commands.all())
            if command.id != "app.open_palette" and (how := rank(query, command)) is not None
        ]
        for disabled, _, _, command in sorted(found, key=lambda each: each[:3]):
            why = commands.obstacle(command.id)
            if disabled and (commands.holds("annotating") or not why):
                continue
            item = QListWidgetItem(command.title.rstrip("…"))
            item.setData(Qt.ItemDataRole.UserRole, command)
            item.setData(_OBSTACLE, why)
            if disabled:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{item.text()}, {why}")
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.setVisible(self.list.count() > 0)
        self._none.setVisible(self.list.count() == 0)

    def _on_chosen(self) -> None:
        item = self.list.currentItem()
        if item is not None and item.flags() & Qt.ItemFlag.ItemIsEnabled:
            self._chosen = item.data(Qt.ItemDataRole.UserRole).id
            self.accept()


class _Row(QStyledItemDelegate):
    """Icon, title, menu in grey, key at the right."""

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = context.theme

    def sizeHint(self, option: QStyleOptionViewItem, index: object) -> QSize:
        return QSize(200, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: object) -> None:
        command: Command = index.data(Qt.ItemDataRole.UserRole)  # type: ignore[attr-defined]
        rect: QRect = option.rect.adjusted(2, 1, -2, -1)
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("accent_soft"))
            painter.drawRoundedRect(rect, RADIUS, RADIUS)
        if command.icon:
            icon(command.icon).paint(painter, QRect(rect.left() + 8, rect.center().y() - 8, 18, 18))
        painter.setFont(self._theme.font())
        obstacle: str = index.data(_OBSTACLE)  # type: ignore[attr-defined]
        painter.setPen(self._theme.colour("text_faint" if obstacle else "text"))
        text = rect.adjusted(36, 0, -8, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(text, int(middle | Qt.AlignmentFlag.AlignLeft), command.title.rstrip("…"))
        width = painter.fontMetrics().horizontalAdvance(command.title.rstrip("…"))
        painter.setFont(self._theme.font(TEXT_SMALL))
        faint: QColor = self._theme.colour("text_faint")
        painter.setPen(faint)
        painter.drawText(text.adjusted(width + 10, 0, 0, 0), int(middle | Qt.AlignmentFlag.AlignLeft), tr(command.menu))
        if obstacle:
            painter.drawText(text, int(middle | Qt.AlignmentFlag.AlignRight), obstacle)
        elif command.keys:
            painter.drawText(text, int(middle | Qt.AlignmentFlag.AlignRight), key_text(command.keys[0]))
        painter.restore()
