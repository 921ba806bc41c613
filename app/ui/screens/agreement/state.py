"""The state of the agreement screen: labels, filters and results, all computed off the window's thread."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from app.agreement.resample import Unit
from app.agreement.settings import AgreementSettings
from app.domain.changes import Changes
from app.domain.consent import Refusal
from app.domain.ratings import ProjectRatings
from app.errors import UserError
from app.jobs import Context
from app.services.agreement.choose import LabelFilter, Labels, best_unit, chosen, leaving, load_labels
from app.services.agreement.decide import exclusion, inclusion, log_opening
from app.services.agreement.items import ItemTable, item_table
from app.services.agreement.results import Results, WhatIf, compute, what_if
from app.ui.core.context import AppContext
from app.ui.look.language import tr

if TYPE_CHECKING:
    from app.services.projects.files import Project

QUICK: Final = 200
"""Number of resamples of the first, provisional intervals."""
TOUCHED: Final = ("answer", "trace", "exclusion", "rater", "study", "item", "clip", "subject", "setting")


@dataclass(frozen=True, eq=False)
class DashboardState:
    """One state of the screen.

    Attributes:
        data: The labels that the filters leave.
        items: The disagreement of every item.
        results: All statistics.
        final: Whether the intervals have all resamples that the settings ask for.
    """

    data: ProjectRatings
    items: ItemTable | None
    results: Results
    final: bool


def _shown(
    ctx: Context,
    labels: Labels,
    choice: LabelFilter,
    settings: AgreementSettings,
    final: bool,
    earlier: DashboardState | None,
) -> DashboardState:
    results = compute(
        ctx, labels, choice, settings, with_traces=final, earlier=earlier.results if earlier is not None else None
    )
    if earlier is not None:
        return DashboardState(earlier.data, earlier.items, results, final)
    data = chosen(labels, choice)
    return DashboardState(data, item_table(data), results, final)


def _load(_ctx: Context, project: "Project", study: str, log: bool, covered: bool) -> Labels:
    labels = load_labels(project, study)
    if covered:
        labels = leaving(project, labels)
    if log:
        log_opening(project)
    return labels


def _what_if(ctx: Context, labels: Labels, before: Results, raters: tuple[str, ...]) -> list[WhatIf]:
    choice = replace(before.choice, without=raters)
    after = compute(ctx, labels, choice, replace(before.settings, replicates=0), with_traces=False)
    return what_if(before, after)


class AgreementState(QObject):
    """Loads and computes, always for the newest request, and emits a signal when something is ready.

    Args:
        context: The context with project, jobs and settings.
    """

    labels_changed = Signal()
    results_changed = Signal()
    busy_changed = Signal()
    what_if_ready = Signal(object)
    refused = Signal(object)

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.labels: Labels | None = None
        self.shown: DashboardState | None = None
        self.choice = LabelFilter()
        self.study = ""
        self.unit: Unit | None = None
        self._busy = 0
        self._logged: Project | None = None
        self._stale = True
        self._covered = False

    @property
    def busy(self) -> bool:
        """Whether something is being loaded or computed."""
        return self._busy > 0

    @property
    def allowed(self) -> bool:
        """Whether the person at the window may see everybody's labels."""
        return not self.context.commands.holds("annotating")

    @property
    def settings(self) -> AgreementSettings:
        """The present settings of intervals."""
        labels = self.labels
        unit: Unit = self.unit or (best_unit(chosen(labels, self.choice)) if labels is not None else "clip")
        user = self.context.settings
        return AgreementSettings(
            unit=unit, replicates=round(user.number("agreement.replicates")), seed=round(user.number("agreement.seed"))
        )

    def forget(self) -> None:
        """Forget everything, because of another project or the sign-in of a rater."""
        self.labels, self.shown, self._stale = None, None, True
        self.labels_changed.emit()
        self.results_changed.emit()

    def reset(self) -> None:
        """Prepare for another project, whose filters start empty."""
        self.choice, self.study, self.unit, self._covered = LabelFilter(), "", None, False
        self.forget()

    def reload(self, *, force: bool = False) -> None:
        """Read the labels again if something has changed."""
        project = self.context.project
        if project is None or not self.allowed or not (self._stale or force):
            return
        self._stale = False
        log, self._logged = self._logged is not project, project
        self._add(1)
        self.context.work.start(
            tr("Reading labels"),
            "io",
            _load,
            project,
            self.study,
            log,
            self._covered,
            on_done=self._on_labels,
            on_error=self._on_error,
            on_end=lambda: self._add(-1),
            replace="agreement.labels",
        )

    def set_study(self, study: str) -> None:
        """Choose one study, or all with an empty name."""
        if study != self.study:
            self.study, self.choice = study, LabelFilter()
            self.reload(force=True)

    def set_choice(self, choice: LabelFilter) -> None:
        """Set the filters."""
        if choice != self.choice:
            self.choice = choice
            self.compute()

    def leave_out(self, refused: Sequence[Refusal]) -> None:
        """Compute again without everybody whose consent does not cover an export, until another project is opened."""
        self._covered = True
        self.reload(force=True)
        named = ", ".join(sorted({one.person.code for one in refused}))
        self.context.notify(
            tr("Agreement is being computed without {named}.", named=named),
            tr("Export once more when it is done."),
        )

    def set_unit(self, unit: Unit | None) -> None:
        """Set the unit of resampling; None chooses the highest level that has more than one unit."""
        if unit != self.unit:
            self.unit = unit
            self.compute()

    def compute(self) -> None:
        """Compute with few resamples at once, then with all of them."""
        self._run(final=False)

    def try_without(self, raters: tuple[str, ...]) -> None:
        """Compute the results without some raters; then `what_if_ready` is emitted."""
        if self.labels is not None and self.shown is not None:
            self.context.work.start(
                tr("Without ") + ", ".join(raters), "io", _what_if, self.labels, self.shown.results, raters,
                on_done=self.what_if_ready.emit, replace="agreement.whatif",
            )  # fmt: skip

    def exclude(self, rater: str, reason: str) -> None:
        """Leave a rater out from now on. This can be undone."""
        self.context.query(exclusion, rater, reason, on_done=self.context.apply)

    def include(self, rater: str) -> None:
        """Count a rater again. This can be undone."""
        self.context.query(inclusion, rater, on_done=self.context.apply)

    def on_changed(self, changes: Changes, visible: bool) -> None:
        """Reload what changes affect, now or when the screen is shown."""
        if changes.touches(*TOUCHED):
            self._stale = True
            if visible:
                self.reload()
            return
        shown = self.shown
        if (
            changes.touches("settings")
            and visible
            and shown
            and shown.final
            and shown.results.settings != self.settings
        ):
            self.compute()

    def _run(self, *, final: bool) -> None:
        if self.labels is None or self.labels.empty:
            return
        settings = self.settings
        if not final:
            settings = replace(settings, replicates=min(QUICK, settings.replicates))
        self._add(1)
        self.context.work.start(
            tr("Agreement") if final else tr("Agreement, first look"),
            "io",
            _shown,
            self.labels,
            self.choice,
            settings,
            final,
            self.shown if final else None,
            on_done=self._on_shown,
            on_error=self._on_error,
            on_end=lambda: self._add(-1),
            replace="agreement.results",
        )

    def _on_labels(self, labels: Labels) -> None:
        if not self.allowed:
            return
        self.labels = labels
        self.labels_changed.emit()
        if labels.empty:
            self.shown = None
            self.results_changed.emit()
        else:
            self.compute()

    def _on_shown(self, shown: DashboardState) -> None:
        if not self.allowed or shown.results.choice != self.choice:
            return
        self.shown = shown
        self.results_changed.emit()
        if not shown.final:
            self._run(final=True)

    def _on_error(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self.refused.emit(error)
        else:
            self.context.fail(error)

    def _add(self, change: int) -> None:
        self._busy += change
        self.busy_changed.emit()
