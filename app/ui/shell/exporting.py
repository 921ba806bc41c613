"""Copy and export of what is seen: context menus of tables and plots, and File → Export…."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QCursor
from PySide6.QtWidgets import QMenu, QWidget

from app.ui.core.context import AppContext
from app.ui.core.exports import Offer
from app.ui.core.whose import whose_of
from app.ui.look.icons import icon
from app.ui.look.language import tr
from app.ui.parts.exporting.found import offers_at, offers_of
from app.ui.parts.people.covered import ask_without

NOTHING = tr("There is nothing to export on this screen yet.")


class ExportActions(QObject):
    """Binds the commands of the export, and shows the context menu.

    Args:
        context: The window's context.
        window: The window over which dialogs open.
        screen: Returns the widget that is shown.
    """

    def __init__(self, context: AppContext, window: QWidget, screen: Callable[[], QWidget | None]) -> None:
        super().__init__(window)
        self._context = context
        self._window = window
        self._screen = screen
        context.exports.when_refused = partial(ask_without, context, window)
        context.exports.whose = lambda: whose_of(screen())
        context.commands.bind("archive.open", self.archive)
        context.commands.bind("export.open", self.ask)
        context.commands.bind("export.copy", self.copy)
        context.commands.bind("export.show_numbers", self.show_numbers)

    def offers(self) -> list[Offer]:
        """Return what can be exported of the screen, the widget with the keyboard first."""
        root = self._screen()
        if root is None or not self._context.exports.allowed:
            return []
        every = offers_of(root)
        focused = {offer.title for offer in offers_at(self._window.focusWidget(), root)}
        return sorted(every, key=lambda offer: offer.title not in focused)

    def ask(self) -> None:
        """Open the dialog with everything that the screen shows."""
        offers = self.offers()
        if not offers:
            self._context.notify(NOTHING)
            return
        from app.ui.parts.exporting.dialog import ExportDialog

        dialog = ExportDialog(self._context, offers, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def archive(self) -> None:
        """Open the dialog that makes archives of the project and checks them."""
        from app.ui.parts.archiving.dialog import ArchiveDialog

        dialog = ArchiveDialog(self._context, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def copy(self) -> None:
        """Copy the table or plot that has the keyboard, or else the first one of the screen."""
        offers = [offer for offer in self.offers() if not offer.command]
        if offers:
            self._context.exports.copy(offers[0])
        else:
            self._context.notify(NOTHING)

    def show_numbers(self) -> None:
        """Show the numbers of the plot or table that has the keyboard, and of all others of the screen, as tables."""
        offers = [offer for offer in self.offers() if offer.tables is not None]
        if not offers:
            self._context.notify(NOTHING)
            return
        from app.ui.parts.exporting.numbers import NumbersDialog

        dialog = NumbersDialog(self._context, offers, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def show_menu(self, event: QContextMenuEvent) -> None:
        """Show the menu of the table or plot at a place; nothing where there is none."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        widget = self._window.focusWidget() if by_key else self._under(event.globalPos())
        menu = self.menu_at(widget)
        if menu is not None:
            event.accept()
            menu.popup(event.globalPos() if not by_key else _place(widget))

    def _under(self, place: QPoint) -> QWidget | None:
        return self._window.childAt(self._window.mapFromGlobal(place))

    def menu_at(self, widget: QWidget | None) -> QMenu | None:
        """Return the menu of the table or plot around a widget; None where there is none."""
        root = self._screen()
        if root is None or not self._context.exports.allowed:
            return None
        found = offers_at(widget, root)
        return self._menu(found) if found else None

    def _menu(self, offers: Sequence[Offer]) -> QMenu:
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        exports = self._context.exports
        for offer in offers:
            of = f" “{offer.title}”" if len(offers) > 1 else ""
            if offer.command:
                _add(menu, "export", tr("Export{of}…", of=of), partial(self._context.commands.run, offer.command))
                continue
            if offer.figure is not None:
                _add(menu, "copy", tr("Copy{of} as a picture", of=of), partial(exports.copy, offer))
            if offer.tables is not None:
                words = tr("Copy numbers{of}", of=of) if offer.figure is not None else tr("Copy{of}", of=of)
                _add(menu, "copy", words, partial(self._copy_table, offer))
            _add(menu, "export", tr("Export{of}…", of=of), partial(self._ask_one, offer))
        return menu

    def _copy_table(self, offer: Offer) -> None:
        if offer.tables is not None and self._context.exports.allowed:
            self._context.exports.copy_table(next(iter(offer.tables())))

    def _ask_one(self, offer: Offer) -> None:
        from app.ui.parts.exporting.dialog import ExportDialog

        dialog = ExportDialog(self._context, [offer], self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


def _add(menu: QMenu, sign: str, words: str, run: Callable[[], object]) -> None:
    menu.addAction(icon(sign), words).triggered.connect(lambda _checked=False: run())


def _place(widget: QWidget | None) -> QPoint:
    return widget.mapToGlobal(widget.rect().center()) if widget is not None else QCursor.pos()
