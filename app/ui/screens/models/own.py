"""The guided import of a user's ONNX file, in which guesses are corrected and confirmed."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.errors import UserError
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_M, SPACE_S
from app.ui.parts.widgets.basic import button, column, label, line, row
from app.ui.parts.widgets.fields import roomy

if TYPE_CHECKING:
    from app.services.models.zoo.guide import GuideAnswers, OutputUse, Proposal

ALIGNMENTS = (
    ("box", tr("as the detector's box")),
    ("eyes", tr("turned until the eyes are level")),
    ("stretch", tr("box, squeezed")),
)


class OutputRow:
    """Editors for one output tensor.

    Args:
        use: The meaning that was guessed.
    """

    def __init__(self, use: "OutputUse") -> None:
        from app.services.models.zoo.guide import CLASS_ORDERS, ROLES

        self._use = use
        self.role = QComboBox()
        for key, words in ROLES.items():
            self.role.addItem(words, key)
        self.role.setCurrentIndex(self.role.findData(use.role))
        self.role.setAccessibleName(tr("Meaning of {tensor}", tensor=use.tensor))
        self.classes = QComboBox()
        self.classes.setEditable(True)
        self.classes.setAccessibleName(tr("Order of the classes of {tensor}", tensor=use.tensor))
        for name, order in CLASS_ORDERS.items():
            self.classes.addItem(", ".join(order))
            self.classes.setItemData(self.classes.count() - 1, name, Qt.ItemDataRole.ToolTipRole)
        self.classes.setCurrentText(", ".join(use.classes))
        self.softmax = QCheckBox(tr("logits: apply softmax"))
        self.softmax.setChecked(use.softmax)
        self.role.currentIndexChanged.connect(self._on_role)
        self._on_role()

    def value(self) -> "OutputUse":
        """Return the corrected meaning."""
        role = self.role.currentData()
        named = tuple(word.strip().lower() for word in self.classes.currentText().split(",") if word.strip())
        has_classes = role in ("expression", "fer", "expression_affect")
        return replace(self._use, role=role, classes=named if has_classes else (), softmax=self.softmax.isChecked())

    def _on_role(self) -> None:
        has_classes = self.role.currentData() in ("expression", "fer", "expression_affect")
        self.classes.setEnabled(has_classes)
        self.softmax.setEnabled(has_classes)


class ImportDialog(QDialog):
    """A dialog with the fields of the card, filled with guesses, and the open questions.

    Args:
        proposal: The result of `app.services.models.zoo.guide.propose`.
        file_name: File name of the ONNX file.
    """

    def __init__(self, proposal: "Proposal", file_name: str, parent: QWidget | None = None) -> None:
        from app.services.models.zoo.fit import shape_text

        super().__init__(parent)
        self._proposal = proposal
        self.setWindowTitle(tr("Add a model"))
        self.resize(860, 720)
        self._grid = QGridLayout()
        self._grid.setVerticalSpacing(SPACE_M)
        self._grid.setHorizontalSpacing(SPACE_L)
        self._grid.setColumnStretch(1, 1)
        self._add_words(proposal.answers)
        self._add_input(proposal)
        self._add_outputs(proposal.answers)
        (tensor,) = proposal.facts.inputs
        takes = tr(
            "{file_name} takes {name} {shape_text}",
            file_name=file_name,
            name=tensor.name,
            shape_text=shape_text(tensor.shape),
        )
        area = QScrollArea()
        area.setWidgetResizable(True)
        inside = QWidget()
        inside.setLayout(column(self._grid, None, margins=SPACE_S))
        area.setWidget(inside)
        questions = "\n".join(f"•  {question}" for question in proposal.questions)
        box = column(
            label(tr("Add a model of your own"), "heading"),
            label(
                tr(
                    "{takes} and has {parameters} parameters.", takes=takes, parameters=f"{proposal.facts.parameters:,}"
                ),
                "soft",
                wrap=True,
            ),
            label(tr("The file does not say everything. Please check what was guessed:"), "section"),
            label(questions, "small", wrap=True),
            line(),
            area,
            spacing=SPACE_M,
            margins=SPACE_L,
        )
        box.setStretchFactor(area, 1)
        self._add_end(box)
        self.setLayout(box)

    def _add_words(self, answers: "GuideAnswers") -> None:
        self.name = self._text(
            tr("Name"), answers.name, tr("Letters, digits and underscores; used in commands and files")
        )
        self.title = self._text(tr("Title"), answers.title)
        self.licence = self._text(tr("Licence"), "", tr("The licence under which it may be used"), tr("not stated"))
        self.summary = self._text(tr("Summary"), answers.summary)

    def _add_input(self, proposal: "Proposal") -> None:
        from app.services.models.zoo.guide import NORMALISATIONS

        answers = proposal.answers
        self.side = roomy(QSpinBox())
        self.side.setRange(8, 1024)
        self.side.setValue(answers.size)
        self.side.setSuffix(" pixels")
        self.side.setEnabled(not proposal.size_is_fixed)
        self._add(tr("Size of its crops"), self.side, tr("Fixed by the file") if proposal.size_is_fixed else "")
        self.normalisation = QComboBox()
        self.normalisation.addItems(list(NORMALISATIONS)[: 3 if answers.colour == "grey" else None])
        self.normalisation.setCurrentText(answers.normalisation)
        self._add(tr("Values of its pixels"), self.normalisation, "")
        self.alignment = QComboBox()
        for key, words in ALIGNMENTS:
            self.alignment.addItem(words, key)
        self._add(tr("How the face is cut"), self.alignment, "")
        self.margin = roomy(QDoubleSpinBox())
        self.margin.setRange(-0.5, 2.0)
        self.margin.setSingleStep(0.05)
        self.margin.setValue(answers.crop_margin)
        self._add(tr("Margin around the box"), self.margin, tr("0.1 is a tenth of its longer side"))

    def _add_outputs(self, answers: "GuideAnswers") -> None:
        self.outputs = [OutputRow(use) for use in answers.outputs]
        for use, editors in zip(answers.outputs, self.outputs, strict=True):
            holder = QWidget()
            holder.setLayout(column(editors.role, editors.classes, editors.softmax, spacing=SPACE_S))
            self._add(
                tr("Output “{tensor}”", tensor=use.tensor),
                holder,
                tr("{width} numbers a face", width=use.width) if use.width else "",
            )
        self.weaknesses = QPlainTextEdit()
        self.weaknesses.setPlaceholderText(tr("Its known weaknesses, one on each line"))
        self.weaknesses.setFixedHeight(72)
        self._add(tr("Known weaknesses"), self.weaknesses, "")

    def _add_end(self, box: QVBoxLayout) -> None:
        self.problem = label("", "small", wrap=True, tone="danger")
        self.problem.hide()
        self.confirmed = QCheckBox(tr("I have checked these against the model's documentation"))
        self.confirmed.toggled.connect(self._on_confirmed)
        self.add = button(tr("Add the model"), "primary")
        self.add.setEnabled(False)
        self.add.clicked.connect(self._on_add)
        cancel = button(tr("Cancel"))
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        box.addWidget(self.problem)
        box.addLayout(row(self.confirmed, None, cancel, self.add, spacing=SPACE_M))

    def answers(self) -> "GuideAnswers":
        """Return the corrected answers."""
        return replace(
            self._proposal.answers,
            name=self.name.text().strip(),
            title=self.title.text(),
            licence=self.licence.text(),
            summary=self.summary.text(),
            size=self.side.value(),
            normalisation=self.normalisation.currentText(),
            alignment=str(self.alignment.currentData()),
            crop_margin=self.margin.value(),
            weaknesses=tuple(self.weaknesses.toPlainText().splitlines()),
            outputs=tuple(editors.value() for editors in self.outputs),
        )

    def _text(self, title: str, value: str, help_text: str = "", empty: str = "") -> QLineEdit:
        edit = QLineEdit(value)
        edit.setPlaceholderText(empty)
        self._add(title, edit, help_text)
        return edit

    def _add(self, title: str, editor: QWidget, help_text: str) -> None:
        words = column(label(title), *([label(help_text, "caption", wrap=True)] if help_text else []), spacing=2)
        at = self._grid.rowCount()
        holder = QWidget()
        holder.setFixedWidth(230)
        holder.setLayout(words)
        editor.setAccessibleName(editor.accessibleName() or title)
        self._grid.addWidget(holder, at, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(editor, at, 1)

    def _on_confirmed(self, yes: bool) -> None:
        self.add.setEnabled(yes)

    def _on_add(self) -> None:
        from app.services.models.zoo.install import check_name

        try:
            check_name(self.answers().name)
            self._proposal.card(self.answers())
        except UserError as error:
            self.problem.setText(str(error))
            self.problem.show()
            return
        self.accept()
