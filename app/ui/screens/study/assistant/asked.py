"""The second page: the study's name, what raters are asked, in which words, and how clips are shown."""

from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QWidget

from app.domain.study import VIEWS, Study, Term, TraceSpec
from app.domain.study_defaults import default_condition, default_trace, emotion_terms
from app.domain.study_words import TRACES, VIEW_WORDS
from app.services.study.draft import Draft, Material, new_term
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_M, SPACE_S
from app.ui.parts.widgets.basic import button, column, label, row
from app.ui.parts.widgets.fields import ChoiceBox
from app.ui.parts.widgets.tick import Tick
from app.ui.screens.study.assistant.page import Page, scrolled

COLUMNS = 3


class AskedPage(Page):
    """Name, questions, words and conditions."""

    def __init__(self) -> None:
        super().__init__()
        self._filling = False
        self._terms: dict[str, Term] = {}
        self.name, self.title = QLineEdit(), QLineEdit()
        self.intensities, self.category = (
            QCheckBox(tr("The strength of each emotion")),
            QCheckBox(tr("Which one fits best")),
        )
        self.words: dict[str, QCheckBox] = {}
        self.word = QLineEdit()
        self.add = button(tr("Add word"), icon_name="plus")
        self.trace = ChoiceBox(tr("Dimensions that are traced"), 10)
        for key, words in TRACES:
            self.trace.addItem(words, key)
        self.views = {view: QCheckBox(VIEW_WORDS[view]) for view in VIEWS}
        self.audio = {view: QCheckBox(tr("with sound")) for view in VIEWS}
        self._grid = QGridLayout()
        self._build()
        self.setFocusProxy(self.name)
        self.add.clicked.connect(self._on_add)
        self.word.returnPressed.connect(self._on_add)
        self.word.textChanged.connect(lambda text: self.add.setEnabled(bool(text.strip())))
        for line in (self.name, self.title):
            line.textEdited.connect(self._tell)
        for box in (self.intensities, self.category, *self.views.values(), *self.audio.values()):
            box.toggled.connect(self._tell)
        self.trace.currentIndexChanged.connect(self._tell)

    def show_draft(self, draft: Draft, found: Material) -> None:
        study = draft.study
        self._filling = True
        if self.name.text().strip() != study.name:
            self.name.setText(study.name)
        title = study.title.get(study.language, "")
        if self.title.text().strip() != title:
            self.title.setText(title)
        self.intensities.setChecked(bool(study.emotions))
        self.category.setChecked(bool(study.categories))
        self._show_words(study)
        kind = "none" if study.trace is None else "joint" if study.trace.joint else "each"
        self.trace.setCurrentIndex(self.trace.findData(kind))
        for view in VIEWS:
            shown = next((c for c in study.conditions if c.view == view), None)
            self.views[view].setChecked(shown is not None)
            self.audio[view].setEnabled(shown is not None)
            if shown is not None:
                self.audio[view].setChecked(shown.audio)
        self._filling = False

    def into(self, draft: Draft) -> Draft:
        study = draft.study
        terms = tuple(self._terms[name] for name, box in self.words.items() if box.isChecked())
        made = replace(
            study,
            name=self.name.text().strip(),
            title={**study.title, study.language: self.title.text().strip()},
            emotions=terms if self.intensities.isChecked() else (),
            categories=terms if self.category.isChecked() else (),
            trace=self._trace(study.trace),
            conditions=tuple(
                default_condition(view, self.audio[view].isChecked()) for view in VIEWS if self.views[view].isChecked()
            ),
        )
        return replace(draft, study=made)

    def _trace(self, before: TraceSpec | None) -> TraceSpec | None:
        kind = self.trace.currentData()
        return None if kind == "none" else replace(before or default_trace(), joint=kind == "joint")

    def _show_words(self, study: Study) -> None:
        """Tick the words of a study; without any, what was ticked before stays for when it is asked again."""
        used = {term.name: term for term in (*study.emotions, *study.categories)}
        self._terms = {term.name: term for term in emotion_terms()} | self._terms | used
        for name, term in self._terms.items():
            if name not in self.words:
                box = self.words[name] = QCheckBox(term.label("en"))
                box.setChecked(True)
                box.toggled.connect(self._tell)
                at = len(self.words) - 1
                self._grid.addWidget(box, at // COLUMNS, at % COLUMNS)
            if used:
                self.words[name].setChecked(name in used)
            self.words[name].setEnabled(bool(used))

    def _build(self) -> None:
        for line, words in ((self.name, tr("Name of the study")), (self.title, tr("Title, which raters read"))):
            line.setAccessibleName(words)
        self.title.setPlaceholderText(tr("What raters read on the first page"))
        self.word.setPlaceholderText(tr("Another word"))
        self.word.setAccessibleName(tr("Another word"))
        self.add.setEnabled(False)
        self._grid.setSpacing(SPACE_S)
        shown = []
        for view in VIEWS:
            self.audio[view].setAccessibleName(tr("{view_words}: with sound", view_words=VIEW_WORDS[view]))
            way = row(Tick(self.views[view]), self.audio[view], spacing=SPACE_M)
            way.setStretch(0, 1)
            shown.append(way)
        more = row(self.word, self.add, None, spacing=SPACE_S)
        more.setStretch(0, 1)
        named = QGridLayout()
        named.setSpacing(SPACE_S)
        for at, (words, field) in enumerate(((tr("Name"), self.name), (tr("Title"), self.title))):
            named.addWidget(label(words, "soft"), at, 0)
            named.addWidget(field, at, 1)
        page = QWidget()
        page.setLayout(
            column(
                named, SPACE_L - SPACE_S,
                label(tr("What is asked"), "section"), Tick(self.intensities), Tick(self.category),
                label(tr("In these words"), "soft"), self._grid, more, self.trace, SPACE_L - SPACE_S,
                label(tr("How clips are shown"), "section"), *shown, None,
            )
        )  # fmt: skip
        self.setLayout(column(scrolled(page)))

    def _on_add(self) -> None:
        word = self.word.text().strip()
        if not word:
            return
        known = next((name for name, term in self._terms.items() if term.label("en").casefold() == word.casefold()), "")
        if known:
            self.words[known].setChecked(True)
        else:
            term = new_term(word, self._terms)
            self._terms[term.name] = term
            box = self.words[term.name] = QCheckBox(word)
            box.setChecked(True)
            box.toggled.connect(self._tell)
            at = len(self.words) - 1
            self._grid.addWidget(box, at // COLUMNS, at % COLUMNS)
        self.word.clear()
        self._tell()

    def _tell(self) -> None:
        if not self._filling:
            self.changed.emit()
