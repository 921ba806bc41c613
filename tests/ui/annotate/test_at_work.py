"""While a rater is signed in nothing but the rater's own tasks can be reached."""

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from app.commands import AT_WORK
from app.ui.shell.dialogs.palette import CommandPalette
from tests.ui.waiting import settle

KEY = Qt.Key
ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


def test_no_key_palette_recent_project_or_drop_leads_elsewhere(desk, make, tmp_path):
    path = make(clips=2)
    desk.open(path)
    desk.sign_in()
    desk.skip_texts()
    desk.until_shown("playing", "ended")
    window = desk.window
    project = window.context.opened

    def still_at_work():
        settle(seconds=0.05)
        same = window.context.opened is project and window.screen_id == "annotate"
        return same and window.stack.currentWidget() is desk.screen

    for number in range(1, 9):
        desk.key(getattr(KEY, f"Key_{number}"), ALT)
        assert still_at_work()
    for key in "WNO":
        desk.key(key, CONTROL)
        assert still_at_work()
    able = {command.id for command in window.context.commands.all() if window.context.commands.enabled(command.id)}
    assert able <= AT_WORK
    palette = CommandPalette(window.context, window)
    assert {palette.list.item(row).text() for row in range(palette.list.count())}.isdisjoint(
        {"New project…", "Open project…", "Close project", "Add clips…", "Open the demo"}
    )
    palette.deleteLater()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    none = Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none))
    window.projects.open(path)
    window.projects.close()
    window.context.open_clip(1)
    assert still_at_work()
    assert window.context.commands.holds("annotating")
    assert window.context.project is None
