"""The tab with the raters of a study: their progress, and the fields that add one."""

from collections.abc import Collection, Sequence

from PySide6.QtWidgets import QLineEdit, QWidget

from app.services.study.owner import RaterState, imported_words
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.widgets.basic import button, column, label, lay_scrolled, row
from app.ui.parts.widgets.tables import RowsTable


class RatersTab(QWidget):
    """The raters, above them the fields of a new one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.raters = RowsTable(
            (tr("Rater"), "", tr("Judged"), tr("of"), tr("Attention checks"), "PIN"), tr("Raters"), drop=(5, 4)
        )
        self.code, self.pin = QLineEdit(), QLineEdit()
        self.add = button(tr("Add rater"), icon_name="plus")
        self.simulate = button(
            tr("Fill with simulated raters…"),
            icon_name="sparkle",
            tip=tr("For trials; their answers are always marked as simulated"),
        )
        self.code.setPlaceholderText(tr("Code, such as R01"))
        self.code.setAccessibleName(tr("Code of a new rater"))
        self.code.setToolTip(self.code.placeholderText())
        self.pin.setPlaceholderText(tr("PIN, if wanted"))
        self.pin.setAccessibleName(tr("PIN of a new rater, if wanted"))
        self.pin.setToolTip(self.pin.placeholderText())
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setMaximumWidth(200)
        entry = row(self.code, self.pin, self.add, spacing=SPACE_S)
        entry.setStretch(0, 3)
        entry.setStretch(1, 2)
        words = label(
            tr(
                "Raters sign in on the Annotate screen with their code instead of their name. "
                "They see no predictions and "
                "nobody else's labels."
            ),
            "small",
            wrap=True,
        )
        self.imported = label("", "small", wrap=True)
        self.imported.hide()
        below = row(None, self.simulate)
        lay_scrolled(self, column(entry, words, self.raters, self.imported, below, spacing=SPACE_M, margins=SPACE_S))

    def show_raters(self, raters: Sequence[RaterState], pins: Collection[str]) -> None:
        """Show who takes part, and how far they are.

        Args:
            raters: The raters of the study.
            pins: Codes of raters who are asked for a PIN.
        """
        rows = []
        for one in raters:
            done, total = (one.progress.done, one.progress.total) if one.progress is not None else (0, 0)
            passed, asked = one.attention
            kind = "simulated" if one.member.simulated else "left" if one.member.left_at is not None else ""
            kind += " unblinded" if one.member.unblinded_at is not None else ""
            checks = tr("{passed} of {asked} passed", passed=passed, asked=asked) if asked else ""
            pin = "set" if one.member.rater in pins else ""
            rows.append((one.member.rater, kind.strip(), str(done), str(total) if total else "–", checks, pin))
        self.raters.show_rows(rows)
        told = imported_words(raters)
        self.imported.setText(told)
        self.imported.setVisible(bool(told))
