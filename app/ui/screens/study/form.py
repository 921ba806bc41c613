"""The form of a study: every choice in plain words, with a sound default. Finer choices are in its file."""

from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QLineEdit,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.domain.study import FACE_ONLY, VIEWS, AttentionCheck, Condition, PracticeClip, Study, TraceSpec
from app.domain.study_defaults import default_condition, default_trace, emotion_terms, with_checks
from app.domain.study_words import DESIGNS, NUMBERS, TRACES, VIEW_WORDS
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XS
from app.ui.parts.widgets.basic import label, row
from app.ui.parts.widgets.fields import ChoiceBox, roomy
from app.ui.parts.widgets.tick import Tick

_CODES: Final = (
    ("auto", tr("Codes are listed, unless an owner looks after the project")),
    ("listed", tr("Codes are listed: raters choose theirs")),
    ("hidden", tr("Codes are not listed: raters type theirs")),
)
_CHECKS: Final = (
    ("off", tr("No check of sound and screen")),
    ("offered", tr("Offer a check of sound and screen")),
    ("required", tr("Require a check of sound and screen")),
)
_SHAPES: Final = (
    ("mesh", tr("The face alone ends at its jaw and hairline")),
    ("outline", tr("The face alone is an oval")),
)


class StudyForm(QScrollArea):
    """The fields of one study.

    Args:
        context: What all screens share; the theme is taken from it.
    """

    changed = Signal()

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._base: Study | None = None
        self._filling = False
        self.title = QLineEdit()
        self.intensities, self.category = (
            QCheckBox(tr("The strength of each emotion")),
            QCheckBox(tr("Which one fits best")),
        )
        self.trace, self.design = ChoiceBox(tr("Dimensions that are traced"), 10), ChoiceBox(tr("Design"), 10)
        self.views = {view: QCheckBox(VIEW_WORDS[view]) for view in VIEWS}
        self.audio = {view: QCheckBox(tr("with sound")) for view in VIEWS}
        self.face_shape = ChoiceBox(tr("Shape of the face alone"), 10)
        self.setup_check = ChoiceBox(tr("Check of sound and screen"), 10)
        self.codes = ChoiceBox(tr("Codes at sign-in"), 10)
        self.pin_required = QCheckBox(tr("Raters without a PIN cannot sign in"))
        self.share = roomy(QSpinBox())
        self.numbers: dict[str, QSpinBox] = {}
        self.blocks = QCheckBox(tr("Finish one condition before the next begins"))
        self.face_later = QCheckBox(tr("Let raters judge the face alone after full context"))
        self.incomplete = QCheckBox(tr("Assign clips that cannot be shown in every condition"))
        self.calibration = QCheckBox(tr("Measure each rater's reaction lag first"))
        self._calibration = Tick(self.calibration)
        self.practice: tuple[PracticeClip, ...] = ()
        self.attention: tuple[AttentionCheck, ...] = ()
        self._build()
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        # Everything in it wraps or gives way.
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_study(self, study: Study) -> None:
        """Show the choices of a study's newest version."""
        self._base, self._filling = study, True
        self.title.setText(study.title.get(study.language) or study.title.get("en", ""))
        self.intensities.setChecked(bool(study.emotions))
        self.category.setChecked(bool(study.categories))
        kind = "none" if study.trace is None else "joint" if study.trace.joint else "each"
        self.trace.setCurrentIndex(self.trace.findData(kind))
        self.design.setCurrentIndex(self.design.findData(study.design))
        for view in VIEWS:
            found = next((c for c in study.conditions if c.view == view), None)
            self.views[view].setChecked(found is not None)
            self.audio[view].setChecked(default_condition(view).audio if found is None else found.audio)
        for name, box in self.numbers.items():
            box.setValue(getattr(study, name))
        self.face_shape.setCurrentIndex(self.face_shape.findData(study.face_shape))
        self.share.setValue(_percent(study))
        self.setup_check.setCurrentIndex(self.setup_check.findData(study.setup_check))
        self.codes.setCurrentIndex(self.codes.findData(study.codes))
        self.pin_required.setChecked(study.pin_required)
        self.blocks.setChecked(study.condition_blocks)
        self.face_later.setChecked(study.context_before_face)
        self.incomplete.setChecked(study.deal_incomplete)
        self.calibration.setChecked(study.trace is not None and study.trace.calibration)
        self.practice, self.attention = study.practice, study.attention
        self._filling = False
        self._tell()

    def set_parts(self, practice: tuple[PracticeClip, ...], attention: tuple[AttentionCheck, ...]) -> None:
        """Set the practice clips and attention checks from their own editor."""
        self.practice, self.attention = practice, attention
        self._tell()

    def study(self) -> Study | None:
        """Return the study that the form describes, which equals the shown one if nothing was changed."""
        base = self._base
        if base is None:
            return None
        title = self.title.text().strip()
        shown = base.title.get(base.language) or base.title.get("en", "")
        emotions = (base.emotions or emotion_terms()) if self.intensities.isChecked() else ()
        numbers: dict[str, Any] = {name: box.value() for name, box in self.numbers.items()}
        made = replace(
            base,
            title=base.title if title == shown else {**base.title, base.language: title},
            emotions=emotions,
            categories=(base.categories or emotion_terms()) if self.category.isChecked() else (),
            trace=self._trace(base.trace),
            conditions=self._conditions(base.conditions),
            design=self.design.currentData(),
            condition_blocks=self.blocks.isChecked(),
            context_before_face=self.face_later.isChecked(),
            deal_incomplete=self.incomplete.isChecked(),
            # A share that the form cannot show to the last digit stays as the file has it.
            visible_share=base.visible_share if self.share.value() == _percent(base) else self.share.value() / 100,
            face_shape=self.face_shape.currentData(),
            setup_check=self.setup_check.currentData(),
            codes=self.codes.currentData(),
            pin_required=self.pin_required.isChecked(),
            attention=self.attention,
            practice=self.practice,
            **numbers,
        )
        return with_checks(made)

    @property
    def dirty(self) -> bool:
        """Return whether the form differs from the study that was shown."""
        return self._base is not None and self.study() != self._base

    def says(self, study: Study) -> bool:
        """Return whether the form describes the same as a study, whatever its version."""
        mine = self.study()
        return mine is not None and replace(mine, version=study.version) == study

    def _trace(self, base: TraceSpec | None) -> TraceSpec | None:
        kind = self.trace.currentData()
        if kind == "none":
            return None
        return replace(base or default_trace(), joint=kind == "joint", calibration=self.calibration.isChecked())

    def _conditions(self, base: tuple[Condition, ...]) -> tuple[Condition, ...]:
        """Return the ticked views; conditions of other names with the same view stay as the file has them."""
        made: list[Condition] = []
        for view in VIEWS:
            if not self.views[view].isChecked():
                continue
            audio = self.audio[view].isChecked()
            known = [c for c in base if c.view == view]
            if known:
                made += [replace(known[0], audio=audio), *known[1:]]
            else:
                made.append(default_condition(view, audio))
        order = {c.name: i for i, c in enumerate(base)}
        return tuple(sorted(made, key=lambda c: order.get(c.name, len(order))))

    def _build(self) -> None:
        page = QWidget()
        box = QVBoxLayout(page)
        box.setContentsMargins(0, 0, SPACE_M, 0)
        box.setSpacing(SPACE_S)
        for combo, choices in (
            (self.trace, TRACES),
            (self.design, DESIGNS),
            (self.face_shape, _SHAPES),
            (self.setup_check, _CHECKS),
            (self.codes, _CODES),
        ):
            for key, words in choices:
                combo.addItem(words, key)
            combo.currentIndexChanged.connect(self._tell)
        self.title.setPlaceholderText(tr("What raters read on the first page"))
        self.title.setAccessibleName(tr("Title"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.title.textEdited.connect(self._tell)
        box.addWidget(label(tr("Title"), "section"))
        box.addWidget(self.title)
        self._section(box, tr("What is asked"), self.intensities, self.category, self.trace, self._calibration)
        self._build_views(box)
        self._section(box, tr("Before the first clip"), self.codes, self.pin_required, self.setup_check)
        self._section(box, tr("Who sees what"), self.design, self.blocks, self.face_later, self.incomplete)
        form = QFormLayout()
        form.setSpacing(SPACE_S)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        for name, words, low, high, zero, tip in NUMBERS:
            number = roomy(QSpinBox())
            number.setRange(low, high)
            number.setSpecialValueText(zero)
            number.setToolTip(tip)
            number.setMinimumWidth(110)
            number.valueChanged.connect(self._tell)
            self.numbers[name] = number
            form.addRow(words, number)
        box.addSpacing(SPACE_XS)
        box.addLayout(form)
        self._section(box, tr("Practice and checks"))
        words = tr("Edit practice clips, attention checks and expected answers in the tab at the right.")
        box.addWidget(label(words, "small", wrap=True))
        box.addStretch(1)
        for tick in (
            self.intensities, self.category, self.blocks, self.face_later, self.incomplete, self.calibration,
            self.pin_required,
            *self.views.values(), *self.audio.values(),
        ):  # fmt: skip
            tick.toggled.connect(self._tell)
        self.setWidget(page)

    def _build_views(self, box: QVBoxLayout) -> None:
        self._section(box, tr("How clips are shown"))
        for view in VIEWS:
            self.audio[view].setAccessibleName(tr("{view_words}: with sound", view_words=VIEW_WORDS[view]))
            line = row(Tick(self.views[view]), self.audio[view], spacing=SPACE_M)
            line.setStretch(0, 1)
            box.addLayout(line)
        self.face_shape.setToolTip(
            tr(
                "The first follows turned heads and shows no background. Keep the oval if raters have judged with it: "
                "other pictures may be judged otherwise"
            )
        )
        box.addWidget(self.face_shape)
        self.share.setRange(1, 100)
        self.share.setSuffix(" %")
        self.share.setMinimumWidth(110)
        self.share.setAccessibleName(tr("Share of a clip in which the face must be visible"))
        self.share.setToolTip(
            tr("Clips in which the face is visible for a smaller share are not shown in conditions that need the face")
        )
        self.share.valueChanged.connect(self._tell)
        line = row(label(tr("Face visible in a clip for at least"), wrap=True), self.share, spacing=SPACE_S)
        line.setStretch(0, 1)
        box.addLayout(line)

    def _section(self, box: QVBoxLayout, title: str, *parts: QWidget) -> None:
        box.addSpacing(SPACE_L - SPACE_S)
        box.addWidget(label(title, "section"))
        for part in parts:
            box.addWidget(Tick(part) if isinstance(part, QCheckBox) else part)

    def _tell(self) -> None:
        for view in VIEWS:
            self.audio[view].setEnabled(self.views[view].isChecked())
        self.face_shape.setVisible(self.views[FACE_ONLY].isChecked())
        self._calibration.setVisible(self.trace.currentData() != "none")
        if not self._filling:
            self.changed.emit()


def _percent(study: Study) -> int:
    return max(round(100 * study.visible_share), 1)
