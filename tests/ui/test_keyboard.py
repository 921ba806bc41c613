"""The Tab key goes through what can be done, in the order in which it stands, and says where it is."""

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from tests.ui.waiting import idle, settle


def walked(window, steps=80):
    """Widgets in the order in which Tab comes to them, until it comes round."""
    found = []
    for _ in range(steps):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        here = QApplication.focusWidget()
        if here is None or (found and here is found[0]):
            break
        found.append(here)
    return found


def test_the_transport_is_walked_from_left_to_right(desk, window):
    window.activateWindow()
    parts = [part for part in walked(window) if desk.centre.transport.isAncestorOf(part)]
    places = [part.mapTo(window, QPoint(0, 0)).x() for part in parts]
    assert len(parts) >= 9
    assert places == sorted(places)


def test_no_stop_of_the_review_screen_is_nameless(desk, window):
    window.activateWindow()
    nameless = [
        type(part).__name__
        for part in walked(window)
        if not part.accessibleName() and not (part.text() if hasattr(part, "text") else "")
    ]
    assert nameless == []


def test_the_training_form_is_walked_from_above_to_below(desk, window):
    window.resize(1600, 1000)
    screen = window.show_screen("train")
    idle(window.context)
    window.activateWindow()
    screen.form.recipe.setFocus()
    parts = [screen.form.recipe, *(part for part in walked(window) if screen.form.isAncestorOf(part))]
    places = [part.mapTo(window, QPoint(0, 0)).y() for part in dict.fromkeys(parts)]
    assert len(places) >= 9
    assert places == sorted(places)


@pytest.mark.parametrize("way", ["app.quit", "project.close"])
def test_leaving_asks_before_a_recording_is_lost(desk, window, media_time, way):
    media_time.stand()
    assert window.unsaved() == []
    window.context.commands.run("recording.toggle")
    settle(lambda: desk.recording.active)
    assert window.unsaved() == ["A trace is being recorded."]
    asked = []

    def answer():
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            QTimer.singleShot(20, answer)
            return
        asked.append(box.text())
        QTest.keyClick(box, Qt.Key.Key_Escape)  # Escape stays

    QTimer.singleShot(20, answer)
    window.run(way)
    assert asked == ["A trace is being recorded."]
    assert window.isVisible()
    assert window.context.project is not None
    assert desk.recording.active
    window.run("recording.discard")  # pauses and asks
    window.run("recording.discard")  # is the answer
    settle(lambda: not desk.recording.active)
    assert window.unsaved() == []
