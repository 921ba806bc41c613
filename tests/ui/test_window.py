"""The window: screens, menus, palette, dialogs, errors, closing."""

import itertools
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from app.command_table import COMMANDS
from app.domain.changes import Changes
from app.errors import UserError
from app.ui.look import icons
from app.ui.shell.dialogs.crash import CrashDialog
from app.ui.shell.dialogs.palette import CommandPalette
from app.ui.shell.dialogs.settings import SettingsDialog
from app.ui.shell.main import run_window

from .waiting import idle, settle

ROOT = Path(__file__).resolve().parents[2]


def output_of(code):
    words = [sys.executable, "-c", code]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True).stdout.strip()


def test_a_fresh_process_that_imports_the_window_loads_nothing_heavy():
    code = (
        "import sys, app.ui.shell.main\n"
        "heavy = {'torch', 'sklearn', 'scipy', 'matplotlib', 'cv2', 'onnxruntime', 'av', 'sqlalchemy', 'pandas'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_review_desk_loads_neither_torch_nor_scikit_learn():
    code = (
        "import sys, app.ui.shell.main, app.ui.screens.review.view, app.ui.screens.models.view\n"
        "print(sorted({'torch', 'sklearn', 'scipy', 'matplotlib', 'onnxruntime'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.strip() == "[]"


def test_every_icon_exists(qapp):
    icons.forget_font()
    for name in [*icons.NAMES, *[command.icon for command in COMMANDS if command.icon]]:
        assert icons.glyph(name), name


def test_without_a_project_the_window_says_how_to_begin(window):
    home = window.show_screen("review")
    assert home.currentWidget() is home.welcome
    assert not window.context.commands.enabled("player.toggle_play")
    assert window.context.commands.enabled("project.open_demo")
    assert not home.grab().isNull()


def test_opening_a_project_shows_its_clips_predictions_and_traces(desk, window):
    assert [row.clip.name for row in desk.clips.model.rows()] == ["clip0.mp4", "clip1.mp4"]
    assert [row.traces for row in desk.clips.model.rows()] == [2, 0]
    assert desk.state.analysis is not None
    assert desk.state.annotations[0].mean
    assert window.windowTitle().startswith("test")
    settle(lambda: desk.timeline.tables["valence"].fits is not None)
    visible, whole = desk.timeline.tables["valence"].fits
    assert whole.n == visible.n > 60
    assert whole.ccc > 0.9


def test_zooming_changes_the_visible_part_only(desk):
    settle(lambda: desk.timeline.tables["arousal"].fits is not None)
    whole = desk.timeline.tables["arousal"].fits[1]
    desk.timeline.zoom(0.3, 1.0)
    settle(lambda: desk.timeline.tables["arousal"].fits[0].n < 30)
    assert desk.timeline.tables["arousal"].fits[1] == whole
    desk.timeline.zoom_all()
    left, right = desk.timeline.visible()
    assert (left, right) == pytest.approx(desk.player.range_s)


def test_a_click_on_the_timeline_seeks(desk):
    row = desk.timeline.rows["valence"]
    settle(seconds=0.1)
    at = row.mapFromScene(row.box.mapViewToScene(QPointF(2.0, 0.0)))
    QTest.mouseClick(row.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(at))
    settle(lambda: abs(desk.player.position_s - 2.0) < 0.1)


def test_the_next_face_has_other_curves(desk):
    first = desk.state.prediction.values.copy()
    desk.context.commands.run("analysis.next_face")
    assert desk.state.track_id == 2
    assert not np.allclose(first, desk.state.prediction.values)


def test_overlay_switches(desk):
    assert desk.centre.video.faces
    desk.context.commands.run("view.toggle_overlay")
    assert desk.centre.video.overlay_parts is None
    assert not desk.context.commands.checked("view.toggle_overlay")
    desk.context.settings.set("player.bars", False)
    desk.context.commands.run("view.toggle_overlay")
    assert desk.centre.video.overlay_parts is not None
    assert not desk.centre.video.overlay_parts.bars


def test_the_palette_finds_and_runs(window):
    window.run("app.open_palette")
    palette = next(w for w in QApplication.topLevelWidgets() if isinstance(w, CommandPalette))
    QTest.keyClicks(palette.field, "dark")
    assert palette.list.item(0).text() == "Light or dark"
    before = window.context.theme.tokens.name
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    settle(lambda: window.context.theme.tokens.name != before)


def test_the_settings_dialog_changes_settings_at_once(window):
    dialog = SettingsDialog(window.context, window)
    dialog.editors["player.volume"].setValue(15)
    assert window.context.settings.number("player.volume") == 15
    dialog.editors["player.box"].setChecked(False)
    assert not window.context.settings.flag("player.box")
    next(each for each in dialog.findChildren(QPushButton) if each.text() == "Use the defaults").click()
    assert window.context.settings.number("player.volume") == 80
    assert window.context.settings.flag("player.box")
    dialog.deleteLater()


@pytest.mark.parametrize("command_id", ["app.open_settings", "help.show_shortcuts", "help.about", "help.show_settings"])
def test_dialogs_open(window, command_id):
    window.run(command_id)
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    assert not dialog.grab().isNull()
    dialog.close()


def test_a_user_error_is_a_banner_and_a_bug_a_dialog_with_its_trace(window):
    window.context.fail(UserError("The disk is full.", "Free some space."))
    settle(lambda: window.banner.text() == "The disk is full. Free some space.")
    try:
        raise ZeroDivisionError("for the test")
    except ZeroDivisionError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    settle(lambda: window.findChild(CrashDialog) is not None)
    dialog = window.findChild(CrashDialog)
    assert "for the test" in dialog.text.toPlainText()
    assert "test_window.py" in dialog.text.toPlainText()
    window.context.faults.log_file.read_text().index("for the test")
    dialog.close()


def test_an_error_in_a_job_nobody_handles_is_shown(window):
    def broken(_ctx):
        raise UserError("That did not work.", "Try again.")

    window.context.work.start("Trying", "io", broken)
    settle(lambda: "That did not work." in window.banner.text())
    assert window.context.work.tasks == []


def test_long_work_is_shown_with_a_way_to_stop_it(window):
    def long(ctx):
        for step in itertools.count():  # until it is stopped
            ctx.progress(min(step, 9_999), 10_000, "counting")
            time.sleep(0.002)

    window.context.work.start("Counting", "io", long)
    task = window.status.task
    assert not task.isVisible()
    settle(task.isVisible)
    settle(lambda: "left" in task.left.text())
    assert "Counting" in task.text.text()
    task.stop.click()
    settle(lambda: not window.context.work.tasks)
    assert not task.isVisible()


def test_dropped_files_become_clips(desk, window, tmp_path):
    from .conftest import write_clip

    file = write_clip(tmp_path / "dropped.mp4", frames=10, seed=9)
    broken = tmp_path / "broken.mp4"
    broken.write_text("no video")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)), QUrl.fromLocalFile(str(broken))])
    held = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    for end in (QDragLeaveEvent(), None):
        QApplication.sendEvent(window, QDragEnterEvent(QPoint(5, 5), *held))
        assert window.drop_sign.isVisible()
        assert window.drop_sign.geometry() == window.rect()
        if end is not None:
            QApplication.sendEvent(window, end)
            assert not window.drop_sign.isVisible()
    window.dropEvent(
        QDropEvent(
            QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
    )
    assert not window.drop_sign.isVisible()
    settle(lambda: len(desk.clips.model.rows()) == 3)
    settle(lambda: "broken.mp4" in window.banner.text())
    window.projects.take_files([str(file)])
    settle(lambda: "dropped.mp4 is in the project already" in window.passing.text())
    assert len(desk.clips.model.rows()) == 3


def test_a_missing_clip_says_so_and_is_found_again(desk, window, tmp_path, clip_files):
    from app.services.projects.files import add_clips

    from .conftest import write_clip

    file = write_clip(tmp_path / "moved.mp4", frames=12, seed=20)
    add_clips(window.context.project, [file])
    elsewhere = tmp_path / "elsewhere.mp4"
    file.rename(elsewhere)
    window.context.broadcast(Changes.of("clip"))
    settle(lambda: len(desk.clips.model.rows()) == 3)
    desk.clips.select(desk.clips.model.rows()[2].clip.id)
    settle(lambda: desk.centre.missing.isVisible())
    assert window.context.commands.holds("missing clip")
    from app.services.projects.relink import relink_clip

    row = desk.clips.current()
    window.context.work.start(
        "Checking",
        "db",
        relink_clip,
        window.context.project,
        row.clip,
        elsewhere,
    )
    settle(lambda: desk.player.is_open and desk.player.info.path == elsewhere)


def test_closing_a_project_goes_back_to_the_welcome_page(desk, window):
    window.run("project.close")
    home = window.show_screen("review")
    assert home.currentWidget() is home.welcome
    idle(window.context)
    assert not desk.player.is_open


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_screen_paints_in_both_themes(desk, window, theme):
    window.context.theme.force(theme)
    for screen_id in window.screens:
        window.show_screen(screen_id)
        settle(seconds=0.1)
        picture = window.grab().toImage()
        ground = picture.pixelColor(4, picture.height() // 2)
        assert ground == QColor(window.context.theme.tokens.window)


def test_a_wrong_time_to_close_is_refused_before_the_window_opens(monkeypatch):
    monkeypatch.setenv("AFFECTOGRAPH_EXIT_AFTER", "soon")
    with pytest.raises(UserError, match="'soon', which is not a number of seconds"):
        run_window()


def test_a_project_that_is_closed_while_screens_load_ends_them_silently(window, project_path):
    bugs = []
    window.context.faults.on_bug = lambda trace: bugs.append(trace.strip().splitlines()[-1])
    for number in range(8):
        window.projects.open(project_path)
        settle(lambda: window.context.project is not None)
        for name in ("agreement", "study", "train", "annotate", "answers"):
            window.show_screen(name)
            settle(seconds=0.003 * number + 0.001)
        window.projects.close()
        idle(window.context)
    settle(seconds=0.2)
    assert bugs == []
