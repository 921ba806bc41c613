"""The settings dialog, made row by row from the table of settings; every change is applied at once."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QLineEdit,
    QListWidget,
    QScrollArea,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.errors import UserError
from app.setting_table import SETTINGS, Setting, Value
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_M, SPACE_XL, SPACE_XS
from app.ui.parts.widgets.basic import button, column, label, line, row
from app.ui.parts.widgets.fields import roomy


class SettingsDialog(QDialog):
    """Pages at the left, settings at the right.

    Args:
        context: What all screens share; its settings are shown.
        parent: The window.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.setWindowTitle(tr("Settings"))
        self.resize(760, 540)
        self._pages = QListWidget()
        self._pages.setProperty("kind", "menu")
        self._pages.setFixedWidth(190)
        self._stack = QStackedWidget()
        self.editors: dict[str, QWidget] = {}
        for title in dict.fromkeys(setting.page for setting in SETTINGS):
            self._pages.addItem(tr(title))
            self._pages.item(self._pages.count() - 1).setSizeHint(QSize(0, 34))
            self._stack.addWidget(self._page(title))
        self._pages.currentRowChanged.connect(self._stack.setCurrentIndex)
        self._pages.setCurrentRow(0)
        done = button(tr("Done"), "primary")
        done.setDefault(True)
        done.clicked.connect(self.accept)
        defaults = button(tr("Use the defaults"))
        defaults.setAutoDefault(False)
        defaults.clicked.connect(self._on_defaults)
        body = row(self._pages, self._stack, spacing=SPACE_L)
        body.setStretch(1, 1)
        self.setLayout(column(body, line(), row(defaults, None, done), spacing=SPACE_M, margins=SPACE_L))

    def _page(self, title: str) -> QWidget:
        inside = QWidget()
        box = QVBoxLayout(inside)
        box.setContentsMargins(0, 0, SPACE_M, 0)
        box.setSpacing(SPACE_L)
        box.addWidget(label(tr(title), "heading"))
        for setting in SETTINGS:
            if setting.page == title:
                box.addLayout(self._row(setting))
        box.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inside)
        return area

    def _row(self, setting: Setting) -> QVBoxLayout:
        editor = self._editor(setting)
        editor.setObjectName(setting.key)
        editor.setAccessibleName(tr(setting.title))
        editor.setAccessibleDescription(tr(setting.help))
        self.editors[setting.key] = editor
        title = label(tr(setting.title), "body")
        title.setBuddy(editor)
        text = label(tr(setting.help), "small", wrap=True)
        words = column(title, text, spacing=SPACE_XS)
        across = row(spacing=SPACE_XL)
        across.addLayout(words, 1)
        across.addWidget(editor, 0, Qt.AlignmentFlag.AlignTop)
        return column(across)

    def _editor(self, setting: Setting) -> QWidget:
        value = self._context.settings[setting.key]
        if setting.kind == "bool":
            check = QCheckBox()
            check.setChecked(bool(value))
            check.toggled.connect(lambda on, key=setting.key: self._set(key, on))
            return check
        if setting.kind == "choice":
            combo = QComboBox()
            for key, name in setting.choices:
                combo.addItem(tr(name), key)
            combo.setCurrentIndex(max(combo.findData(value), 0))
            combo.setMinimumWidth(180)
            combo.currentIndexChanged.connect(
                lambda _index, box=combo, key=setting.key: self._set(key, box.currentData())
            )
            return combo
        if setting.kind in ("int", "float"):
            return self._number(setting, float(value))
        text = QLineEdit(str(value))
        text.setMinimumWidth(180)
        text.editingFinished.connect(lambda box=text, key=setting.key: self._set(key, box.text()))
        return text

    def _number(self, setting: Setting, value: float) -> QWidget:
        spin: QSpinBox | QDoubleSpinBox
        if setting.kind == "int":
            whole = roomy(QSpinBox())
            whole.setRange(int(setting.low), int(setting.high))
            whole.setSingleStep(int(setting.step))
            whole.setValue(int(value))
            whole.valueChanged.connect(lambda number, key=setting.key: self._set(key, number))
            spin = whole
        else:
            real = roomy(QDoubleSpinBox())
            real.setRange(setting.low, setting.high)
            real.setSingleStep(setting.step)
            real.setDecimals(1)
            real.setValue(value)
            real.valueChanged.connect(lambda number, key=setting.key: self._set(key, number))
            spin = real
        spin.setSuffix(tr(setting.unit))
        spin.setKeyboardTracking(False)
        spin.setMinimumWidth(110)
        return spin

    def _set(self, key: str, value: Value) -> None:
        try:
            self._context.settings.set(key, value)
        except UserError as error:
            self._context.fail(error)

    def _on_defaults(self) -> None:
        for setting in SETTINGS:
            editor = self.editors[setting.key]
            if isinstance(editor, QCheckBox):
                editor.setChecked(bool(setting.default))
            elif isinstance(editor, QComboBox):
                editor.setCurrentIndex(editor.findData(setting.default))
            elif isinstance(editor, QSpinBox | QDoubleSpinBox):
                editor.setValue(setting.default)  # type: ignore[arg-type]
            elif isinstance(editor, QLineEdit):
                editor.setText(str(setting.default))
                self._set(setting.key, setting.default)
