"""Icons: glyphs of the Phosphor font that QtAwesome ships, drawn in the theme's colours at any scale.

QtAwesome itself is not imported: finding its binding through qtpy and loading its eleven fonts cost a tenth of a second
at every start, and its icons keep their first colour when the theme changes (docs/decisions/0070).
"""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap

NAMES: Final = {
    "about": "info",
    "add": "plus",
    "agreement": "chart-bar",
    "analyse": "lightning",
    "annotate": "pencil-line",
    "back": "caret-left",
    "brain": "brain",
    "camera": "video-camera",
    "check": "check",
    "clips": "film-strip",
    "clock": "clock",
    "close": "x",
    "cpu": "cpu",
    "cube": "cube",
    "danger": "warning-octagon",
    "down": "caret-down",
    "drop": "download-simple",
    "exchange": "arrows-left-right",
    "face": "user-focus",
    "file-plus": "file-plus",
    "folder-open": "folder-open",
    "full-screen": "corners-out",
    "fusion": "intersect",
    "gear": "gear-six",
    "image": "image-square",
    "info": "info",
    "keyboard": "keyboard",
    "link": "link",
    "live": "broadcast",
    "loop": "repeat",
    "missing": "link-break",
    "models": "cube",
    "more": "dots-three",
    "mute": "speaker-slash",
    "overlay": "frame-corners",
    "pause": "pause-fill",
    "person": "user",
    "plane": "crosshair",
    "play": "play-fill",
    "plus": "plus",
    "record": "record-fill",
    "refresh": "arrows-clockwise",
    "redo": "arrow-u-up-right",
    "review": "monitor-play",
    "search": "magnifying-glass",
    "sidebar": "list-bullets",
    "sound": "speaker-high",
    "sparkle": "sparkle",
    "step-back": "caret-left-fill",
    "step-forward": "caret-right-fill",
    "stop": "stop-fill",
    "studies": "users-three",
    "theme": "circle-half",
    "to-end": "skip-forward-fill",
    "to-start": "skip-back-fill",
    "train": "graduation-cap",
    "table": "table",
    "trash": "trash",
    "undo": "arrow-u-up-left",
    "video": "film-strip",
    "warning": "warning",
    "wave": "activity",
    "zoom-all": "arrows-out-line-horizontal",
    "zoom-in": "magnifying-glass-plus",
    "zoom-out": "magnifying-glass-minus",
}
"""Our name of an icon → Phosphor's name. Screens may also name a Phosphor glyph directly."""


class _Colours:
    """The colours icons are drawn in now; one place, set by the theme."""

    normal = QColor("#4d5765")
    selected = QColor("#ffffff")
    disabled = QColor("#9aa3ae")


def set_icon_colours(normal: str, selected: str, disabled: str) -> None:
    """Set the colours of all icons that have no colour of their own."""
    _Colours.normal, _Colours.selected, _Colours.disabled = QColor(normal), QColor(selected), QColor(disabled)


@cache
def _font() -> tuple[str, dict[str, str]]:
    """Family and code points (hexadecimal) of the icon font, loaded on first use."""
    spec = find_spec("qtawesome")
    folder = Path((spec.submodule_search_locations or [""])[0] if spec is not None else "") / "fonts"
    files = sorted(folder.glob("phosphor-[0-9]*.ttf"))
    maps = sorted(folder.glob("phosphor-charmap-*.json"))
    if not files or not maps:
        return "", {}
    families = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(files[-1])))
    return (families[0], json.loads(maps[-1].read_text(encoding="utf-8"))) if families else ("", {})


def has_icons() -> bool:
    """Return whether the font of the icons was found and loaded; without it buttons show words only."""
    return bool(_font()[0])


def forget_font() -> None:
    """Load the font again on next use, which is needed after its QApplication has ended."""
    _font.cache_clear()


def glyph(name: str) -> str:
    """Return the character of an icon; empty if the font has none of that name."""
    code = _font()[1].get(NAMES.get(name, name), "")
    return chr(int(code, 16)) if code else ""


def draw_icon(painter: QPainter, rect: QRectF, name: str, colour: QColor) -> None:
    """Draw one icon centred in a rectangle."""
    font = QFont(_font()[0])
    font.setPixelSize(max(round(min(rect.width(), rect.height())), 1))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), glyph(name))
    painter.restore()


class _GlyphEngine(QIconEngine):
    def __init__(self, name: str, colour: str | None) -> None:
        super().__init__()
        self._name = name
        self._colour = colour

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        if mode == QIcon.Mode.Disabled:
            colour = _Colours.disabled
        elif self._colour is not None:
            colour = QColor(self._colour)
        else:
            colour = _Colours.selected if mode == QIcon.Mode.Selected else _Colours.normal
        draw_icon(painter, QRectF(rect), self._name, colour)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(QPointF(0, 0).toPoint(), size), mode, state)
        painter.end()
        return picture

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        # Qt names the size in pixels of the design, and wants as many as the device has for them.
        picture = self.pixmap(size * scale, mode, state)
        picture.setDevicePixelRatio(scale)
        return picture

    def clone(self) -> QIconEngine:
        return _GlyphEngine(self._name, self._colour)


def icon(name: str, colour: str | None = None) -> QIcon:
    """Return an icon by name.

    Args:
        name: A name of the program's own table, or of a Phosphor glyph.
        colour: The colour; None follows the theme, even when that changes.
    """
    return QIcon(_GlyphEngine(name, colour))
