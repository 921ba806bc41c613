"""What screen readers are told of painted parts, which Qt takes for containers without contents.

A widget's class states its role as `spoken`. If it has a method `told`, that is asked for the description when a
screen reader wants it, so that a chart which changes with every frame costs nothing where nobody listens.
"""

from typing import ClassVar, Final, Protocol, runtime_checkable

import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QAccessibleWidget, QTabWidget, QWidget

Role = QAccessible.Role
Text = QAccessible.Text

_KEPT: Final[list[QAccessibleInterface]] = []
"""Interfaces of widgets that exist. Qt deletes them with their widgets; Python must not do so before."""


@runtime_checkable
class Spoken(Protocol):
    """A widget that states its role."""

    spoken: ClassVar[QAccessible.Role]


@runtime_checkable
class Telling(Protocol):
    """A widget that describes what it shows now."""

    def told(self) -> str:
        """Return a description of what is shown, in words and numbers."""


class _Part(QAccessibleWidget):
    """A painted part with its role and its description."""

    def text(self, kind: QAccessible.Text) -> str:
        widget = self.object()
        if kind == Text.Description and isinstance(widget, Telling):
            return widget.told()
        return super().text(kind)


class _Tab(_Part):
    """A button that opens a page, of which one is open: the screens in the rail."""

    def state(self) -> QAccessible.State:
        made, widget = super().state(), self.object()
        made.selectable = True
        made.selected = isinstance(widget, QAbstractButton) and widget.isChecked()
        return made

    def actionNames(self) -> list[str]:
        return ["Press", *super().actionNames()]

    def doAction(self, name: str) -> None:
        widget = self.object()
        if name == "Press" and isinstance(widget, QAbstractButton):
            widget.click()
        else:
            super().doAction(name)


def _made(_name: str, widget: QObject) -> QAccessibleInterface | None:
    if not (isinstance(widget, QWidget) and isinstance(widget, Spoken)):
        return None
    kind = _Tab if widget.spoken == Role.PageTab else _Part
    made = kind(widget, widget.spoken)
    _KEPT[:] = [one for one in _KEPT if shiboken6.isValid(one)]
    _KEPT.append(made)
    return made


def speak() -> None:
    """Let Qt ask painted parts for their roles from now on. More calls change nothing."""
    QAccessible.installFactory(_made)


def pass_over_viewport(area: QAbstractScrollArea) -> None:
    """Take the viewport of an area out of what screen readers can focus; whether the area can be focused stays."""
    policy = area.focusPolicy()
    # The viewport hands its policy on to the area.
    area.viewport().setFocusPolicy(area.focusPolicy().NoFocus)
    area.setFocusPolicy(policy)


def pass_over_pages(tabs: QTabWidget) -> None:
    """Leave the tabs as the only part of tabbed pages that can be focused, without the frame around them."""
    policy = tabs.tabBar().focusPolicy()
    tabs.setFocusPolicy(policy.NoFocus)
    tabs.tabBar().setFocusPolicy(policy)
