"""The dialog behind File → Export…: what, in which form, and figures in which size and type."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QComboBox, QDialog, QDoubleSpinBox, QFormLayout, QListWidget, QWidget

from app.domain.paper import WIDTHS, Paper
from app.ui.core.context import AppContext
from app.ui.core.exports import Offer
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_M, SPACE_S
from app.ui.parts.widgets.basic import button, column, label, line, row
from app.ui.parts.widgets.fields import roomy

AS_DRAWN: Final = tr("As drawn")
OTHER: Final = tr("Another width")
ROW: Final = 34
"""Height of an entry in pixels, at 100 % text."""


class ExportDialog(QDialog):
    """Lists what the screen shows, and exports one of it.

    Args:
        context: The context with the exports.
        offers: What can be exported, at least one.
        parent: The window.
    """

    def __init__(self, context: AppContext, offers: Sequence[Offer], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Export"))
        self.resize(640, 420)
        self._context = context
        self._window = parent
        self._offers = tuple(offers)
        self.what = QListWidget()
        self.what.setProperty("kind", "menu")
        self.what.setAccessibleName(tr("What to export"))
        for number, offer in enumerate(self._offers):
            self.what.addItem(offer.title)
            self.what.item(number).setSizeHint(QSize(0, round(ROW * context.theme.scale)))
        self.form = QComboBox()
        self.form.setAccessibleName(tr("Form"))
        self.form.setMinimumContentsLength(22)
        self.about = label("", "small", wrap=True)
        self._paper = QWidget()
        self._make_paper()
        self.copy = button(tr("Copy"), icon_name="copy")
        self.save = button(tr("Export…"), "primary")
        self.save.setDefault(True)
        close = button(tr("Close"))
        for each in (self.copy, close):
            each.setAutoDefault(False)
        right = QWidget()
        right.setLayout(column(label(tr("Form"), "section"), self.form, self._paper, self.about, None, spacing=SPACE_M))
        body = row(self.what, right, spacing=SPACE_L)
        body.setStretch(0, 1)
        body.setStretch(1, 1)
        foot = row(self.copy, None, close, self.save, spacing=SPACE_S)
        self.setLayout(column(body, line(), foot, spacing=SPACE_M, margins=SPACE_L))
        self.what.currentRowChanged.connect(self._on_what)
        self.form.currentIndexChanged.connect(self._on_form)
        self.copy.clicked.connect(self._on_copy)
        self.save.clicked.connect(self._on_save)
        close.clicked.connect(self.reject)
        self.what.setCurrentRow(0)

    @property
    def offer(self) -> Offer:
        """The chosen thing."""
        return self._offers[max(self.what.currentRow(), 0)]

    @property
    def suffix(self) -> str:
        """The ending of the chosen form; empty for an offer that asks by itself."""
        return str(self.form.currentData() or "")

    @property
    def paper(self) -> Paper:
        """The chosen size and type of a figure."""
        font = "" if self.font_.currentIndex() <= 0 else self.font_.currentText()
        return Paper(self.width_mm.value(), self.height_mm.value(), font, self.points.value())

    def _make_paper(self) -> None:
        from app.services.exports.figures import known_fonts

        kept = self._context.exports.paper
        self.column = QComboBox()
        for name, wide in WIDTHS.items():
            self.column.addItem(f"{name} ({wide:g} mm)", wide)
        self.column.addItem(OTHER, None)
        self.width_mm = _spin(tr("Width in millimetres"), 20, 400, " mm", kept.width_mm)
        self.height_mm = _spin(tr("Height in millimetres"), 0, 600, " mm", kept.height_mm)
        self.height_mm.setSpecialValueText(tr("as drawn"))
        self.points = _spin(tr("Size of the type in points"), 0, 24, " pt", kept.points)
        self.points.setSpecialValueText(tr("as drawn"))
        self.font_ = QComboBox()
        self.font_.addItems([AS_DRAWN, *known_fonts()])
        self.font_.setCurrentIndex(max(self.font_.findText(kept.font), 0) if kept.font else 0)
        form = QFormLayout(self._paper)
        form.setContentsMargins(0, 0, 0, 0)
        for words, field in (
            (tr("Column"), self.column),
            (tr("Width"), self.width_mm),
            (tr("Height"), self.height_mm),
            (tr("Font"), self.font_),
            (tr("Type"), self.points),
        ):
            field.setAccessibleName(field.accessibleName() or words)
            form.addRow(words, field)
        self._on_width(kept.width_mm)
        self.column.activated.connect(self._on_column)
        self.width_mm.valueChanged.connect(self._on_width)

    def _on_column(self, _at: int) -> None:
        wide = self.column.currentData()
        if wide is not None:
            self.width_mm.setValue(float(wide))

    def _on_width(self, wide: float) -> None:
        at = self.column.findData(wide)
        self.column.setCurrentIndex(at if at >= 0 else self.column.count() - 1)

    def _on_what(self, _row: int) -> None:
        from app.interchange.table_files import ONE_TABLE, TABLE_KINDS
        from app.services.exports.figures import FIGURE_KINDS

        offer, before = self.offer, self.suffix
        self.form.clear()
        if offer.figure is not None:
            for end, words in FIGURE_KINDS.items():
                self.form.addItem(words, end)
        if offer.tables is not None:
            for end, words in TABLE_KINDS.items():
                if offer.several and end in ONE_TABLE:
                    continue
                self.form.addItem(tr("{words}, the numbers", words=words) if offer.figure is not None else words, end)
        self.form.setEnabled(self.form.count() > 0)
        fits = offer.figure is None or before in FIGURE_KINDS
        self.form.setCurrentIndex((max(self.form.findData(before), 0) if fits else 0) if self.form.count() else -1)
        self.copy.setEnabled(not offer.command and not offer.several)
        self.about.setText(offer.help)
        self._on_form()

    def _on_form(self) -> None:
        from app.services.exports.figures import FIGURE_KINDS

        self._paper.setVisible(self.suffix in FIGURE_KINDS)

    def _on_copy(self) -> None:
        from app.services.exports.figures import FIGURE_KINDS

        exports, offer = self._context.exports, self.offer
        if self.suffix not in FIGURE_KINDS and offer.tables is not None:
            exports.copy_table(next(iter(offer.tables())))
            return
        exports.keep_paper(self.paper)
        exports.copy(offer)

    def _on_save(self) -> None:
        from app.services.exports.figures import FIGURE_KINDS

        exports, offer, suffix = self._context.exports, self.offer, self.suffix
        self.accept()
        if offer.command:
            self._context.commands.run(offer.command)
        elif suffix in FIGURE_KINDS:
            exports.keep_paper(self.paper)
            exports.ask_figure(self._window, offer, suffix, self.paper)
        else:
            exports.ask_tables(self._window, offer, suffix)


def _spin(name: str, low: float, high: float, unit: str, value: float) -> QDoubleSpinBox:
    made = QDoubleSpinBox()
    made.setAccessibleName(name)
    made.setRange(low, high)
    made.setDecimals(1)
    made.setSuffix(unit)
    made.setValue(value)
    made.setAlignment(Qt.AlignmentFlag.AlignRight)
    return roomy(made)
