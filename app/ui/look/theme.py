"""Turns tokens into Qt's palette, style sheet, fonts and icon colours. Views listen to `changed` to repaint."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from app.settings import Settings
from app.ui.look import icons, tokens
from app.ui.look.stylesheet import style_sheet
from app.ui.look.tokens import DARK, LIGHT, Tokens

FAMILY: Final = "Inter"
FONTS: Final = Path(__file__).resolve().parent / "assets" / "fonts"


class Theme(QObject):
    """The theme in use.

    Args:
        app: The application to dress.
        settings: The settings with theme and text size.

    Attributes:
        restyled: Emitted when `sheet` is another one; windows give it to their parts (`app.ui.shell.dressing`).
        dressed: Emitted with a part of a window that has the sheet now; see `redraw_with`.
        changed: Emitted when visible parts have it, so that what paints itself does it anew.
        tokens: The colours in use.
        sheet: The style sheet in use.
    """

    restyled = Signal()
    dressed = Signal(QWidget)
    changed = Signal()

    def __init__(self, app: QApplication, settings: Settings) -> None:
        super().__init__()
        self._app = app
        self._settings = settings
        self._forced: str | None = None
        self.tokens: Tokens = LIGHT
        self.sheet = ""
        for file in sorted(FONTS.glob("*.otf")):
            QFontDatabase.addApplicationFont(str(file))
        icons.forget_font()
        app.setStyle("Fusion")
        self._forget = settings.on_change(self._on_setting)
        app.styleHints().colorSchemeChanged.connect(self._on_scheme)
        self.apply()

    @property
    def scale(self) -> float:
        """Factor by which text is larger than in the design."""
        return self._settings.number("appearance.text_scale") / 100

    def room(self, pixels: int, whole: int = 0) -> int:
        """Return the width of a column at the user's text size.

        Args:
            pixels: Width in the design.
            whole: Width of the page of which the column takes less than half; 0 for no such limit.
        """
        wide = round(pixels * max(self.scale, 1.0))
        return min(wide, max(pixels, round(0.45 * whole))) if whole else wide

    def force(self, name: str) -> None:
        """Show "light" or "dark" without changing the user's choice (for pictures)."""
        self._forced = name
        self.apply()

    def toggle(self) -> None:
        """Change between light and dark, and remember it."""
        self._forced = None
        self._settings.set("appearance.theme", "light" if self.tokens.name == "dark" else "dark")

    def font(
        self, pixels: int = tokens.TEXT_BODY, weight: QFont.Weight = QFont.Weight.Normal, *, figures: bool = False
    ) -> QFont:
        """Return a font of the type scale.

        Args:
            pixels: Size before the user's text scale.
            weight: Normal, Medium or DemiBold: the three cuts that are shipped.
            figures: Digits of equal width, for numbers that change.
        """
        font = QFont(FAMILY)
        font.setPixelSize(round(pixels * self.scale))
        font.setWeight(weight)
        if figures:
            font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def redraw_with(self, widget: QWidget, redraw: Callable[[], object]) -> None:
        """Call a function when the look of a widget's part of the window has changed; hidden parts get theirs later.

        It is for what takes long to draw. What only paints itself listens to `changed`.

        Args:
            widget: The widget that is drawn.
            redraw: The function.
        """
        _Redraw(self, widget, redraw)

    def colour(self, name: str, alpha: float = 1.0) -> QColor:
        """Return a token as a colour.

        Args:
            name: A field of `Tokens`.
            alpha: 0–1.
        """
        colour = QColor(getattr(self.tokens, name))
        colour.setAlphaF(alpha)
        return colour

    def apply(self) -> None:
        """Apply the theme to the application again."""
        wish = self._forced or self._settings.text("appearance.theme")
        schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
        hints = QGuiApplication.styleHints()
        hints.setColorScheme(schemes.get(wish, Qt.ColorScheme.Unknown))
        dark = wish == "dark" or (wish == "system" and hints.colorScheme() == Qt.ColorScheme.Dark)
        self.tokens = DARK if dark else LIGHT
        icons.set_icon_colours(self.tokens.text_soft, self.tokens.accent, self.tokens.border_strong)
        self._app.setFont(self.font())
        self._app.setPalette(_palette(self.tokens))
        self.sheet = style_sheet(self.tokens, self.scale)
        self.restyled.emit()
        self.changed.emit()

    def close(self) -> None:
        """Stop listening."""
        self._forget()
        self._app.styleHints().colorSchemeChanged.disconnect(self._on_scheme)

    def _on_scheme(self) -> None:
        if self._forced is None and self._settings.text("appearance.theme") == "system":
            hints = QGuiApplication.styleHints()
            if (hints.colorScheme() == Qt.ColorScheme.Dark) != (self.tokens.name == "dark"):
                self.apply()

    def _on_setting(self, key: str) -> None:
        if key in ("appearance.theme", "appearance.text_scale"):
            self.apply()


class _Redraw(QObject):
    """Lives as long as its widget, and draws it when its part of the window is dressed, but not before it is seen."""

    def __init__(self, theme: Theme, widget: QWidget, redraw: Callable[[], object]) -> None:
        super().__init__(widget)
        self._widget, self._redraw = widget, redraw
        theme.dressed.connect(self._on_dressed)

    def _on_dressed(self, part: QWidget) -> None:
        if part is not self._widget and not part.isAncestorOf(self._widget):
            return
        if self._widget.isVisible():
            self._redraw()
        else:
            self._widget.installEventFilter(self)  # once, however often the look changes meanwhile

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self._widget.removeEventFilter(self)
            self._redraw()
        return super().eventFilter(watched, event)


def _palette(t: Tokens) -> QPalette:
    palette = QPalette()
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    for name, colour in (
        (role.Window, t.window),
        (role.WindowText, t.text),
        (role.Base, t.surface),
        (role.AlternateBase, t.sunken),
        (role.Text, t.text),
        (role.Button, t.surface),
        (role.ButtonText, t.text),
        (role.BrightText, t.on_accent),
        (role.Highlight, t.accent),
        (role.HighlightedText, t.on_accent),
        (role.ToolTipBase, t.raised),
        (role.ToolTipText, t.text),
        (role.PlaceholderText, t.text_faint),
        (role.Link, t.accent),
        (role.LinkVisited, t.accent),
        (role.Mid, t.border),
        (role.Midlight, t.border),
        (role.Dark, t.border_strong),
        (role.Light, t.raised),
        (role.Shadow, t.border_strong),
        (role.Accent, t.accent),
    ):
        palette.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(group.Disabled, name, QColor(t.text_faint))
    return palette
