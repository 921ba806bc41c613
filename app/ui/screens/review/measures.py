"""The measures of the faces at the review desk: which curves the timeline shows, and the menu that chooses them."""

from collections.abc import Iterable, Sequence

from PySide6.QtGui import QAction, QCursor
from PySide6.QtWidgets import QMenu, QWidget

from app.domain.measured_faces import TITLES
from app.domain.measures import CURVES, EYES, POSE
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.parts.timeline.measures import MOST, MeasureCurve
from app.ui.parts.timeline.view import TimelineView
from app.ui.parts.widgets.basic import button
from app.ui.screens.review.state import ReviewState

SETTING = "timeline.measures"
_EYES = len(POSE)
_MOVEMENTS = _EYES + len(EYES)
GROUPS = ((tr("Head"), 0, _EYES), (tr("Eyes"), _EYES, _MOVEMENTS), (tr("Movements"), _MOVEMENTS, len(CURVES)))
"""Headings of the menu with the range of `CURVES` below each."""


class MeasureChoice:
    """Shows the chosen measures of the chosen face in the timeline, and lets the user choose.

    Args:
        context: The context with the settings.
        state: The data of the clip.
        timeline: The curves below the picture.
        parent: The screen, over which the menu opens.
    """

    def __init__(self, context: AppContext, state: ReviewState, timeline: TimelineView, parent: QWidget) -> None:
        self._context, self._state, self._timeline, self._parent = context, state, timeline, parent
        self.button = button(tr("Measures"), tip=tr("Choose which measures of the face are shown (Shift+M)"))
        self.button.clicked.connect(lambda: context.commands.run("timeline.choose_measures"))
        timeline.head.addWidget(self.button)
        self.menu = QMenu(parent)
        self.menu.setToolTipsVisible(True)
        self.actions: dict[str, QAction] = {}
        for title, first, last in GROUPS:
            self.menu.addSection(title)
            for name in CURVES[first:last]:
                action = self.menu.addAction(TITLES[name][0])
                action.setCheckable(True)
                action.triggered.connect(lambda on, name=name: self._on_choice(name, on=on))
                self.actions[name] = action
        self.menu.addSeparator()
        self.foreign: dict[str, QAction] = {}
        self._programs: list[QMenu] = []
        self.measure = self.menu.addAction(tr("Measure the faces of this clip"))
        self.measure.triggered.connect(lambda: context.commands.run("analysis.measure_clip"))
        self.button.hide()

    @property
    def chosen(self) -> tuple[str, ...]:
        """The chosen measures, in the order of the rows."""
        return chosen_measures(self._context.settings.text(SETTING), self._state.foreign)

    def open_menu(self) -> None:
        """Open the menu below its button, or where the mouse is."""
        self._show_checks()
        below = self.button.mapToGlobal(self.button.rect().bottomLeft())
        self.menu.popup(below if self.button.isVisible() else QCursor.pos())

    def show(self, *, blind: bool) -> None:
        """Draw the chosen measures of the chosen face; none while somebody traces without seeing predictions."""
        state = self._state
        measures = state.measures
        self.button.setVisible((state.analysis is not None or bool(state.foreign)) and not blind)
        curves: list[MeasureCurve] = []
        if measures is not None and not blind and len(state.times_s) and measures.told(state.track_id) is not None:
            curves = [
                MeasureCurve(name, state.times_s, measures.curve(state.track_id, name, len(state.times_s)))
                for name in self.chosen
                if name in TITLES
            ]
        if not blind:
            theirs = [(name, state.foreign[name]) for name in self.chosen if name in state.foreign]
            curves += [MeasureCurve(name, column.times_s, column.values) for name, column in theirs]
        self._timeline.set_measures(curves)

    def _show_checks(self) -> None:
        chosen = self.chosen
        there = self._state.measures is not None
        for name, action in self.actions.items():
            action.setChecked(name in chosen)
            full = name not in chosen and len(chosen) >= MOST
            action.setEnabled(there and not full)
            action.setToolTip(tr("At most {most} are shown at a time.", most=MOST) if full else "")
        self._show_programs(chosen)
        self.measure.setVisible(not there and self._state.analysis is not None)

    def _show_programs(self, chosen: Sequence[str]) -> None:
        """Fill a menu for each other program that measured something in this clip."""
        for menu in self._programs:
            self.menu.removeAction(menu.menuAction())
            menu.deleteLater()
        self._programs, self.foreign = [], {}
        of_program: dict[str, QMenu] = {}
        for name, column in self._state.foreign.items():
            if column.program not in of_program:
                of_program[column.program] = menu = QMenu(column.program, self.menu)
                self.menu.insertMenu(self.measure, menu)
                self._programs.append(menu)
            action = of_program[column.program].addAction(name.removeprefix(f"{column.program} "))
            action.setCheckable(True)
            action.setChecked(name in chosen)
            action.setEnabled(name in chosen or len(chosen) < MOST)
            action.triggered.connect(lambda on, name=name: self._on_choice(name, on=on))
            self.foreign[name] = action

    def _on_choice(self, name: str, *, on: bool) -> None:
        left = [one for one in self.chosen if one != name]
        self._context.settings.set(SETTING, ", ".join([*left, name] if on else left))
        self._show_checks()
        self.show(blind=False)


def chosen_measures(text: str, foreign: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the measures that a setting names, in their usual order; unknown names are left out.

    Args:
        text: Names with commas between.
        foreign: The titles of what other programs measured in the clip, which come last.
    """
    named = {part.strip() for part in text.split(",")}
    found: Sequence[str] = [name for name in (*CURVES, *foreign) if name in named]
    return tuple(found[:MOST])
