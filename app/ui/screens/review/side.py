"""The right of the Review screen: the plane, the frame's numbers and the histograms, as cards or behind tabs."""

from typing import Final

import numpy as np
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QTabBar, QWidget

from app.domain.measured_faces import MeasuredFace
from app.domain.media import Frame
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_S
from app.ui.parts.categories.said import CategorySaid
from app.ui.parts.categories.verdict import VerdictWidget
from app.ui.parts.plane.histogram import HistogramWidget
from app.ui.parts.plane.measures import MeasuresWidget
from app.ui.parts.plane.now import NowWidget
from app.ui.parts.plane.plane import PlaneWidget, Trail
from app.ui.parts.widgets.basic import Card, button, column, label
from app.ui.screens.review.state import ReviewState

PLANE_HIGH: Final = 275
"""Least height of the plane in pixels, whatever the text size."""
ALL_HIGH: Final = 455
"""Additional height, at 100 % text, with which the three cards stand below each other."""
TWO_HIGH: Final = 245
"""Additional height with which the plane stands above one of the other two; with less, all three share the place."""
NARROW: Final = 320
"""Width, at 100 % text, below which the legend of the plane explains its signs only in the tool tip."""


class SidePanel(QWidget):
    """The plane, and below it the frame's numbers and the histograms.

    Args:
        context: The context with theme and settings.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._covered = False
        self.plane = PlaneWidget(context.theme)
        self.now = NowWidget(context.theme)
        self.histogram = HistogramWidget(context.theme)
        plane = Card(tr("Valence–arousal plane"))
        plane.body.setSpacing(0)
        plane.body.addWidget(self.plane, 1)
        self._legend = label(tr("● predicted   ○ annotated"), "caption")
        plane.head.addWidget(self._legend)
        plane.title.setToolTip(tr("Filled: predicted. Hollow: annotated."))
        frame = Card(tr("This frame"))
        frame.body.addWidget(self.now, 1)
        spread = Card(tr("Distribution"))
        spread.body.addWidget(self.histogram, 1)
        self.cards = (plane, frame, spread)
        self.verdict = VerdictWidget(context.theme)
        self.category = Card(tr("Category"))
        self.members = button(tr("Members"), tip=tr("Show what each member of the fusion says"))
        self.members.setCheckable(True)
        self.members.toggled.connect(self._on_members)
        self.members.hide()
        self.category.head.addWidget(self.members)
        self.category.body.addWidget(self.verdict, 1)
        self.category.setVisible(False)
        self._with_category = False
        self.notes: QWidget | None = None
        self.notes_card = Card(tr("Notes"))
        self.notes_card.setVisible(False)
        self._with_notes = False
        self.measures = MeasuresWidget(context.theme)
        self.measured = Card(tr("Measures"))
        self.measured.body.addWidget(self.measures, 1)
        self.measured.setVisible(False)
        self._with_measures = False
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(tr("Beside the clip"))
        self.tabs.currentChanged.connect(self._arrange)
        self._tabbed: tuple[Card, ...] = ()
        box = column(plane, self.tabs, frame, spread, self.category, self.notes_card, self.measured, spacing=SPACE_S)
        for at, share in enumerate((5, 0, 3, 3, 3, 3, 3)):
            box.setStretch(at, share)
        self.setLayout(box)
        self.setMinimumWidth(290)
        context.theme.changed.connect(self._fit)
        self._fit()

    def clear(self) -> None:
        """Draw nothing, because there is no clip."""
        self.plane.show_trails(None, None, self._context.settings.number("plane.trail_s"))

    def show_category(self, said: CategorySaid | None, *, reading: bool = False) -> None:
        """Show the category of the item. Without a model of categories, its card is hidden.

        Args:
            said: The category; None if there is none.
            reading: Whether another clip is being read. Until its category is known, an empty card keeps its place, so
                that the cards do not move from clip to clip.
        """
        self.verdict.show_said(said)
        if said is None and reading:
            return
        self.members.setVisible(said is not None and bool(said.members) and not self._covered)
        there = said is not None
        if there != self._with_category:
            self._with_category = there
            self._fit()
            if there and self.category in self._tabbed:
                self.tabs.setCurrentIndex(self._tabbed.index(self.category))

    def put_notes(self, notes: QWidget) -> None:
        """Put the list of notes into its card, which `show_notes` shows."""
        self.notes = notes
        self.notes_card.body.addWidget(notes, 1)

    def show_notes(self, on: bool) -> None:
        """Show the list of notes, or leave its place to the other cards."""
        if on != self._with_notes:
            self._with_notes = on
            self._fit()
        if on and self.notes_card in self._tabbed:
            self.tabs.setCurrentIndex(self._tabbed.index(self.notes_card))

    @property
    def with_notes(self) -> bool:
        """Whether the list of notes has a place here."""
        return self._with_notes

    def show_measures(self, face: MeasuredFace | None, *, there: bool) -> None:
        """Show the measures of the chosen face.

        Args:
            face: Its measures in the frame on screen; None where it is not measured.
            there: Whether the clip has measures. Without any, the card is hidden.
        """
        self.measures.show_face(face)
        if there != self._with_measures:
            self._with_measures = there
            self._fit()

    def _on_members(self, on: bool) -> None:
        self.members.setText(tr("Hide members") if on else tr("Members"))
        self.verdict.show_members(on)

    def set_covered(self, covered: bool) -> None:
        """Hide everything that could influence a rater. The plane stays in its place, because the rater uses it."""
        self._covered = covered
        for part in (self.now, self.histogram, self.verdict, self.measures, self.tabs):
            keeping = part.sizePolicy()
            keeping.setRetainSizeWhenHidden(covered and (part is not self.tabs or bool(self._tabbed)))
            part.setSizePolicy(keeping)
        self.now.setVisible(not covered)
        self.histogram.setVisible(not covered)
        self.verdict.setVisible(not covered)
        if self.notes is not None:
            self.notes.setVisible(not covered)
        self.measures.setVisible(not covered)
        self.members.setVisible(not covered and self.verdict.said is not None and bool(self.verdict.said.members))
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the cards behind tabs if they have no room below each other."""
        super().resizeEvent(event)
        self._fit()

    @property
    def _more(self) -> tuple[Card, ...]:
        """Return the cards that are shown only at times, as far as they are shown now."""
        cards = (
            *((self.category, self._with_category), (self.notes_card, self._with_notes)),
            (self.measured, self._with_measures),
        )
        return tuple(card for card, there in cards if there)

    def _fit(self) -> None:
        scale = self._context.theme.scale
        plane, frame, spread = self.cards
        height = (self.height() - PLANE_HIGH) / scale
        more = self._more
        below = (frame, spread, *more)
        roomy = height >= ALL_HIGH and not more
        tabbed = () if roomy else below if height >= TWO_HIGH else (plane, *below)
        self._legend.setVisible(self.width() / scale >= NARROW)
        if tabbed != self._tabbed:
            before = self._tabbed[self.tabs.currentIndex()] if self._tabbed else None
            self._tabbed = tabbed
            self.tabs.blockSignals(True)
            while self.tabs.count():
                self.tabs.removeTab(0)
            for card in tabbed:
                self.tabs.addTab(tr("Plane") if card is plane else card.title.text())
            if before is self.notes_card and before in tabbed:
                self.tabs.setCurrentIndex(tabbed.index(before))
            self.tabs.blockSignals(False)
        self._arrange()

    def _arrange(self, *_: object) -> None:
        chosen = self._tabbed[max(self.tabs.currentIndex(), 0)] if self._tabbed else None
        plane = self.cards[0]
        more = self._more
        for card in (*self.cards, self.category, self.notes_card, self.measured):
            behind = card in self._tabbed and card is not chosen
            there = card in self.cards or card in more
            card.setVisible(there and (card is plane if self._covered and plane in self._tabbed else not behind))
            card.title.setVisible(card is plane or card not in self._tabbed)  # else the tab says it
        self.tabs.setVisible(bool(self._tabbed) and not self._covered)
        # Above the cards that it chooses between.
        box = self.layout()
        at = 0 if plane in self._tabbed else 1
        if box is not None and box.indexOf(self.tabs) != at:
            box.removeWidget(self.tabs)
            box.insertWidget(at, self.tabs)  # type: ignore[attr-defined]

    def show_trails(self, state: ReviewState, frame: Frame, *, recording: bool, blind: bool) -> None:
        """Draw the trajectories that end at a frame."""
        span_s = self._context.settings.number("plane.trail_s")
        first = int(np.searchsorted(state.times_s, frame.time_s - span_s))
        window = slice(first, frame.frame_idx + 1)
        ages = frame.time_s - state.times_s[window]
        predicted = annotated = None
        if not blind:
            values = state.values_for_trail(window)
            if len(values) == len(ages):
                predicted = Trail(ages, values)
            annotation = state.annotation
            if annotation is not None and not recording and len(annotation.values) == len(state.times_s):
                annotated = Trail(ages, annotation.values[window])
        self.plane.show_trails(predicted, annotated, span_s)
