"""Looks for what a screen reader could not tell: controls without a name, charts without a description or a role."""

from collections.abc import Iterator

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QLabel, QScrollArea, QScrollBar, QWidget

from app.ui.parts.widgets.brand import Mark
from app.ui.parts.widgets.empty import EmptyState, Sign

Role, Text = QAccessible.Role, QAccessible.Text

PICTURES = (Role.Chart, Role.Graphic, Role.Canvas, Role.Slider, Role.ScrollBar)
"""Roles that mean nothing without a description of what is shown."""
_ORNAMENTS = (Mark, Sign, EmptyState)
"""Painted parts that say nothing which words beside them do not say."""


def unheard(window: QWidget) -> list[str]:
    """Return a sentence for each visible part of a window that a screen reader could not tell.

    Args:
        window: The window, which is shown.
    """
    found: list[str] = []
    for part, told in _told(window):
        name = type(part).__name__
        words, role = told.text(Text.Name), told.role()
        if isinstance(part, QScrollBar):
            continue  # it belongs to what it scrolls
        if told.state().focusable and not words:
            found.append(f"{name} can be focused and has no name.")
        if told.state().focusable and role == Role.Client and not isinstance(part, QScrollArea):
            found.append(f"{name} ({words}) can be focused and has no role.")
        if role in PICTURES and not (words and told.text(Text.Description)):
            found.append(f"{name} ({words}) shows something and lacks a name or description.")
        if role == Role.Client and _painted(part):
            found.append(f"{name} ({words}) is painted and has no role.")
        if isinstance(part, QLabel) and not words and part.pixmap().isNull():
            found.append(f"A label without words is shown in {type(part.parentWidget()).__name__}.")
    return list(dict.fromkeys(found))


def _told(window: QWidget) -> Iterator[tuple[QWidget, QAccessibleInterface]]:
    """Go through the parts that assistive technology is shown, as it does: from the window downwards."""
    open_ = [QAccessible.queryAccessibleInterface(window)]
    while open_:
        here = open_.pop()
        for at in range(here.childCount()):
            child = here.child(at)
            if child is None or not child.isValid() or child.state().invisible:
                continue
            part = child.object()
            if isinstance(part, QWidget):
                yield part, child
                open_.append(child)


def _painted(part: QWidget) -> bool:
    """Return whether a part of this program paints itself, other than as an ornament."""
    if isinstance(part, _ORNAMENTS):
        return False
    return any("paintEvent" in vars(kind) and kind.__module__.startswith("app.") for kind in type(part).__mro__)
