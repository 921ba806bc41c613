"""The actions of the command table in the Review screen."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from app.ui.look.language import tr
from app.ui.parts.player.loop import Loop

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.screens.review.view import ReviewScreen


def bind_commands(screen: "ReviewScreen") -> None:
    """Bind the actions of playback, analysis, recording and view."""
    commands = screen.context.commands
    for part in (_playback, _analysis, _view):
        for command_id, action in part(screen).items():
            commands.bind(command_id, action)
    for command_id in ("view.toggle_clips", "view.toggle_timeline", "view.toggle_plane", "view.toggle_overlay"):
        commands.set_checked(command_id, True)


def _playback(screen: "ReviewScreen") -> dict[str, Callable[[], object]]:
    player, settings, recording = screen.player, screen.context.settings, screen.recording

    def toggle_play() -> None:
        (recording.toggle_pause if recording.active else player.toggle)()

    def loop_point(a: bool) -> None:
        frame = player.frame
        if frame is not None:
            old = player.loop
            player.set_loop(Loop(True, frame.time_s if a else old.a_s, old.b_s if a else frame.time_s))

    def jump(direction: int) -> None:
        player.seek(player.position_s + direction * settings.number("player.jump_s"))

    def toggle_loop() -> None:
        old = player.loop
        player.set_loop(Loop(not old.on, old.a_s, old.b_s))

    return {
        "player.toggle_play": toggle_play,
        "player.shuttle_back": lambda: player.shuttle(-1),
        "player.shuttle_stop": player.pause,
        "player.shuttle_forward": lambda: player.shuttle(1),
        "player.step_back": lambda: player.step(-1),
        "player.step_forward": lambda: player.step(1),
        "player.jump_back": lambda: jump(-1),
        "player.jump_forward": lambda: jump(1),
        "player.go_start": lambda: player.seek(player.range_s[0]),
        "player.go_end": lambda: player.seek(player.range_s[1]),
        "player.slower": lambda: player.change_speed(-1),
        "player.faster": lambda: player.change_speed(1),
        "player.normal_speed": lambda: player.set_speed(1.0),
        "player.toggle_loop": toggle_loop,
        "player.set_loop_start": lambda: loop_point(True),
        "player.set_loop_end": lambda: loop_point(False),
        "player.clear_loop": lambda: player.set_loop(Loop(player.loop.on)),
        "player.toggle_mute": lambda: player.set_muted(not player.muted),
        "player.next_clip": lambda: screen.clips.move(1),
        "player.previous_clip": lambda: screen.clips.move(-1),
    }


def _analysis(screen: "ReviewScreen") -> dict[str, Callable[[], object]]:
    def toggle_live() -> None:
        on = not screen.live.on
        screen.context.settings.set("analysis.live", on)
        screen.set_live(on)  # also where it had stopped by itself and the setting says on already

    def analyse_this() -> None:
        row = screen.clips.current()
        screen.analysis.start([row.clip] if row is not None else [])

    def measure_this() -> None:
        row = screen.clips.current()
        screen.analysis.measure([row.clip] if row is not None else [])

    return {
        "analysis.analyse_clip": analyse_this,
        "analysis.analyse_all": lambda: screen.analysis.start([row.clip for row in screen.clips.model.rows()]),
        "analysis.measure_clip": measure_this,
        "analysis.measure_all": lambda: screen.analysis.measure([row.clip for row in screen.clips.model.rows()]),
        "analysis.toggle_live": toggle_live,
        "analysis.next_face": screen.state.next_track,
        "recording.toggle": screen.toggle_recording,
        "recording.discard": screen.recording.discard,
    }


def _view(screen: "ReviewScreen") -> dict[str, Callable[[], object]]:
    commands, player, timeline = screen.context.commands, screen.player, screen.timeline
    settings = screen.context.settings

    def toggle_part(command_id: str, part: "QWidget") -> None:
        part.setVisible(part.isHidden())
        commands.set_checked(command_id, not part.isHidden())

    def toggle_mesh() -> None:
        settings = screen.context.settings
        settings.set("player.mesh", not settings.flag("player.mesh"))
        if settings.flag("player.mesh"):
            screen.set_overlay(True)
            if screen.state.analysis is not None and screen.state.measures is None:
                screen.context.notify(
                    tr("The faces of this clip are not measured yet."),
                    tr("Analysis → Measure the faces of this clip (Ctrl+M)."),
                )

    parts: dict[str, QWidget] = {
        "view.toggle_clips": screen.clips,
        "view.toggle_timeline": timeline,
        "view.toggle_plane": screen.side,
    }
    return {
        **{command_id: partial(toggle_part, command_id, part) for command_id, part in parts.items()},
        "timeline.toggle_faces": lambda: settings.set("timeline.all_faces", not settings.flag("timeline.all_faces")),
        "view.toggle_overlay": lambda: screen.set_overlay(not screen.overlay),
        "view.toggle_mesh": toggle_mesh,
        "timeline.choose_measures": screen.measures.open_menu,
        "timeline.zoom_in": lambda: timeline.zoom(0.6, player.position_s),
        "timeline.zoom_out": lambda: timeline.zoom(1 / 0.6, player.position_s),
        "timeline.zoom_all": timeline.zoom_all,
    }
