"""The guided first hour in the window: what happens is told to the walk, and its panel follows."""

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from app.domain.changes import Changes
from app.guide_table import GUIDES
from app.guides import DEMO, Walk, guide_named
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.parts.guide.panel import GuidePanel

if TYPE_CHECKING:
    from app.services.projects.files import Project

_SHOWN: Final = "guide/shown"


class Guiding(QObject):
    """Opens, resumes and follows guides. The panel is hidden while a rater is at work.

    Args:
        context: The context of the window.
        panel: The panel.
        parent: The window.
    """

    def __init__(self, context: AppContext, panel: GuidePanel, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self.panel = context, panel
        self.walk: Walk | None = None
        self._held: frozenset[str] = frozenset()
        commands = context.commands
        for guide in GUIDES:
            commands.bind(f"guide.{guide.id}", partial(self.begin, guide.id))
        commands.bind("guide.join", self._on_join)
        commands.on_run(lambda command_id: self._happened(f"ran {command_id}"))
        commands.on_change(self._on_conditions)
        context.changed.connect(self._on_changed)
        context.project_changed.connect(self._on_project)
        panel.wanted.connect(self._on_wanted)
        panel.skipped.connect(self._on_skipped)
        panel.again.connect(self._on_again)
        panel.closed.connect(self.close)

    def resume(self) -> None:
        """Show the guide that was open when the window was closed."""
        shown = self._context.store.value(_SHOWN, "")
        if isinstance(shown, str) and shown:
            self.begin(shown)

    def begin(self, guide_id: str) -> None:
        """Show a guide, at the step where it was left."""
        guide = guide_named(guide_id)
        if guide is None:
            return
        kept = str(self._context.store.value(f"guide/{guide_id}", "") or "")
        self.walk = Walk(guide, kept.split("|"))
        self._context.store.setValue(_SHOWN, guide_id)
        self._held = frozenset()
        self._on_conditions()
        self._refresh()

    def close(self) -> None:
        """Put the panel away; what is done is kept."""
        self.walk = None
        self._context.store.setValue(_SHOWN, "")
        self._refresh()

    def _happened(self, event: str) -> None:
        walk = self.walk
        if walk is not None and walk.happened(event, in_demo=self._context.commands.holds("demo")):
            self._keep()

    def _keep(self) -> None:
        if self.walk is not None:
            self._context.store.setValue(f"guide/{self.walk.guide.id}", "|".join(sorted(self.walk.done)))
        self._refresh()

    def _refresh(self) -> None:
        if self.walk is not None:
            self.panel.show_walk(self.walk)
        self._show()

    def _show(self) -> None:
        self.panel.setVisible(self.walk is not None and not self._context.commands.holds("annotating"))

    def _on_conditions(self) -> None:
        if self.walk is None:
            return
        commands = self._context.commands
        wanted = {step.done_by.removeprefix("holds ") for step in self.walk.guide.steps if "holds " in step.done_by}
        in_demo = commands.holds("demo")
        held = frozenset(name for name in wanted if in_demo and commands.holds(name))
        new, self._held = held - self._held, held
        for name in sorted(new, key=lambda name: f"holds {name}" != DEMO):
            self._happened(f"holds {name}")
        self._show()

    def _on_changed(self, changes: Changes) -> None:
        for kind in sorted(changes.kinds):
            self._happened(f"changed {kind}")

    def _on_project(self) -> None:
        commands = self._context.commands
        project = self._context.opened
        if project is None:
            commands.set_condition("demo", False)
            return
        self._context.query(
            _is_demo, on_done=partial(commands.set_condition, "demo"), replace="is demo", past_lock=True
        )

    def _on_wanted(self, command_id: str) -> None:
        commands = self._context.commands
        command = commands.named(command_id)
        place = next((word for word in command.when if word.startswith("screen.")), "")
        if place:
            self._context.screen_requested.emit(place.removeprefix("screen."))
        if not commands.run(command_id):
            why = commands.obstacle(command_id)
            self._context.notify(
                tr(
                    "“{title}” cannot be given now{more}.",
                    title=command.title.rstrip("…"),
                    more=f": {why}" if why else "",
                )
            )

    def _on_skipped(self) -> None:
        if self.walk is not None:
            self.walk.skip()
            self._keep()

    def _on_again(self) -> None:
        if self.walk is not None:
            self.walk.start_over()
            self._keep()
            self._held = frozenset()
            self._on_conditions()

    def _on_join(self) -> None:
        self._context.write(_join, on_done=self._on_joined)

    def _on_joined(self, code: str) -> None:
        self._context.notify(tr("{code} has clips to judge now.", code=code), tone="ok", command="screens.annotate")


def _is_demo(project: "Project") -> bool:
    from app.services.demo.guest import is_demo

    return is_demo(project)


def _join(project: "Project") -> str:
    from app.services.demo.guest import join

    return join(project)
