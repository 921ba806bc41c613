"""The pages on shortcuts, settings and the program itself, made from the tables."""

import platform
import sys

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QLineEdit, QScrollArea, QTextBrowser, QVBoxLayout, QWidget

from app import __version__
from app.commands import shortcut_sections
from app.services.machine.installed import installed_version
from app.setting_table import help_markdown
from app.ui.core.actions import key_text
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from app.ui.parts.widgets.basic import button, column, label, row
from app.ui.parts.widgets.brand import Mark


class ShortcutsDialog(QDialog):
    """The list of all keys, with a search field.

    Args:
        context: What all screens share; its commands are shown.
        parent: The window.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keyboard shortcuts"))
        self.resize(820, 640)
        self._context = context
        self._field = QLineEdit()
        self._field.setPlaceholderText(tr("Find an action or a key"))
        self._field.setClearButtonEnabled(True)
        self._field.textChanged.connect(self._fill)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        done = button(tr("Close"), "primary")
        done.clicked.connect(self.accept)
        hint = label(tr("Every action, even without a key, is in the command palette (Ctrl+K)."), "soft")
        self.setLayout(
            column(
                label(tr("Keyboard shortcuts"), "heading"),
                hint,
                self._field,
                self._area,
                row(None, done),
                spacing=SPACE_M,
                margins=SPACE_L,
            )
        )
        self._fill("")

    def _fill(self, query: str) -> None:
        inside = QWidget()
        halves = (QVBoxLayout(), QVBoxLayout())
        words = query.casefold().split()
        rows = [
            command
            for command in self._context.commands.all()
            if all(word in f"{command.title} {' '.join(command.keys)} {tr(command.menu)}".casefold() for word in words)
        ]
        lengths = [0, 0]
        for title, found in shortcut_sections(rows).items():
            side = 0 if lengths[0] <= lengths[1] else 1
            lengths[side] += len(found) + 2
            grid = QGridLayout()
            grid.setHorizontalSpacing(SPACE_L)
            grid.setVerticalSpacing(SPACE_S)
            grid.addWidget(label(title, "section"), 0, 0, 1, 2)
            for number, command in enumerate(found, 1):
                name = label(command.title.rstrip("…"))
                name.setToolTip(command.help)
                grid.addWidget(name, number, 0)
                keys = row(None, *(label(key_text(key), "key") for key in command.keys), spacing=SPACE_S)
                grid.addLayout(keys, number, 1, Qt.AlignmentFlag.AlignRight)
            grid.setColumnStretch(0, 1)
            halves[side].addLayout(grid)
            halves[side].addSpacing(SPACE_L)
        for half in halves:
            half.addStretch(1)
        box = row(spacing=SPACE_XL)
        box.addLayout(halves[0], 1)
        box.addLayout(halves[1], 1)
        box.setContentsMargins(0, 0, SPACE_M, 0)
        inside.setLayout(box)
        self._area.setWidget(inside)


class SettingsHelp(QDialog):
    """The page on settings, from the same table as the dialog and the user guide.

    Args:
        context: What all screens share; the theme is taken from it.
        parent: The window.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("What the settings do"))
        self.resize(820, 640)
        page = QTextBrowser()
        page.setProperty("kind", "page")
        page.document().setDefaultFont(context.theme.font())
        page.setMarkdown(help_markdown())
        done = button(tr("Close"), "primary")
        done.clicked.connect(self.accept)
        self.setLayout(column(page, row(None, done), spacing=SPACE_M, margins=SPACE_L))


class AboutDialog(QDialog):
    """The page on the program: its name, version and libraries.

    Args:
        context: What all screens share; the theme is taken from it.
        parent: The window.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("About Affectograph"))
        self.setFixedWidth(480)
        rows = "\n".join(
            f"{name} {next(filter(None, map(installed_version, packages)), tr('not installed'))}"
            for name, *packages in (
                (tr("Qt for Python"), "PySide6-Essentials"),
                ("ONNX Runtime", "onnxruntime-gpu", "onnxruntime"),
                ("PyAV", "av"),
                ("NumPy", "numpy"),
                (tr("SQLAlchemy"), tr("SQLAlchemy")),
            )
        )
        system = tr(
            "Python {split} on {system} {machine}",
            split=sys.version.split()[0],
            system=platform.system(),
            machine=platform.machine(),
        )
        done = button(tr("Close"), "primary")
        done.clicked.connect(self.accept)
        facts = label(f"{rows}\n{system}", "small")
        facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setLayout(
            column(
                row(
                    Mark(context.theme, 56),
                    SPACE_S,
                    column(
                        label("Affectograph", "display"),
                        label(tr("Version {version}", version=__version__), "soft"),
                        spacing=2,
                    ),
                    None,
                ),
                label(
                    tr(
                        "Live affect prediction, human annotation in two viewing conditions, agreement statistics and "
                        "retraining, on one desk."
                    ),
                    "body",
                    wrap=True,
                ),
                facts,
                label(
                    tr(
                        "Apache License 2.0. Qt is used under the LGPL 3; Inter under the SIL "
                        "Open Font License; icons by "
                        "Phosphor (MIT)."
                    ),
                    "small",
                    wrap=True,
                ),
                row(None, done),
                spacing=SPACE_L,
                margins=SPACE_XL,
            )
        )
