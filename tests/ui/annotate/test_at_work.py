"""While a rater is signed in nothing but the rater's own tasks can be reached."""

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication

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

    def still_at_work(seconds=0.05):
        settle(seconds=seconds)
        same = window.context.opened is project and window.screen_id == "annotate"
        return same and window.stack.currentWidget() is desk.screen

    for number in range(10):
        desk.key(getattr(KEY, f"Key_{number}"), ALT)
        assert still_at_work()
    for screen_id in window.screens:
        window.show_screen(screen_id)
        window.context.screen_requested.emit(screen_id)
        assert still_at_work()
    for key in "WNO":
        desk.key(key, CONTROL)
        assert still_at_work()
    able = {command.id for command in window.context.commands.all() if window.context.commands.enabled(command.id)}
    assert able <= AT_WORK
    titles = {command.id: command.title for command in window.context.commands.all()}
    for name in titles.keys() - AT_WORK:
        window.actions_table[name].trigger()
        assert still_at_work(0.004), name
    assert still_at_work()
    assert QApplication.activeModalWidget() is None
    palette = CommandPalette(window.context, window)
    for query in ("", "fusion", "clips and subjects", "go to", "open", "problems"):
        palette.field.setText(query)
        listed = {palette.list.item(row).text() for row in range(palette.list.count())}
        assert listed.isdisjoint(title for name, title in titles.items() if name not in AT_WORK), query
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
