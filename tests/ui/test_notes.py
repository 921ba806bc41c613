"""Notes at the review desk: made by keys, found, changed, deleted and undone, and never shown while somebody judges."""

import csv
from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import db.audit
import db.notes
from app.interchange.notes_csv import NOTE_COLUMNS
from app.services.labels.notes import example_categories, new_category
from app.ui.parts.exporting.found import offers_of
from app.ui.screens.review.note_categories import CategoriesDialog
from tests.ui.conftest import RATE
from tests.ui.waiting import idle, settle


def stored(desk):
    idle(desk.context)
    return db.notes.of_clip(desk.context.project, desk.state.row.clip.id)


def at_frame(desk, number):
    desk.player.seek(number / RATE)
    settle(lambda: desk.player.frame_idx == number, what=f"frame {number}")


def press(desk, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(QApplication.focusWidget() or desk.window(), key, modifier)


@pytest.fixture
def coding(desk):
    """The desk while events are coded, with the example's categories and the key K, which otherwise pauses."""
    more = new_category("Nods", "K", "point", "pink", 4)
    desk.notes.notes.set_categories([*example_categories(), more])
    settle(lambda: len(desk.notes.notes.categories) == 5, what="the categories")
    idle(desk.context)
    desk.setFocus()
    press(desk, Qt.Key.Key_E)
    assert desk.notes.keys.on
    return desk


def test_n_makes_a_note_at_the_frame_on_screen_and_takes_its_words(desk, window):
    at_frame(desk, 20)
    assert not desk.timeline.notes.isVisible()
    press(desk, Qt.Key.Key_N)
    assert desk.notes.list.text.hasFocus()
    QTest.keyClicks(desk.notes.list.text, "looks down")
    press(desk, Qt.Key.Key_Return)
    (note,) = stored(desk)
    assert (note.start_s, note.end_s, note.kind, note.text) == (20 / RATE, None, "point", "looks down")
    assert desk.timeline.notes.isVisible()
    assert desk.hasFocus()
    assert "looks down" in desk.notes.list.model.data(desk.notes.list.model.index(0))
    actions = [line.detail["title"] for line in db.audit.recent(window.context.project, action="edit.")]
    assert actions == ["Change note looks down", "Add note Note"]


def test_esc_leaves_the_words_as_they_were(desk):
    press(desk, Qt.Key.Key_N)
    QTest.keyClicks(desk.notes.list.text, "slip")
    press(desk, Qt.Key.Key_Escape)
    assert [note.text for note in stored(desk)] == [""]


def test_a_clip_that_plays_waits_for_the_words_and_goes_on(desk):
    desk.player.play()
    press(desk, Qt.Key.Key_N)
    assert not desk.player.playing
    QTest.keyClicks(desk.notes.list.text, "x")
    press(desk, Qt.Key.Key_Return)
    assert desk.player.playing
    desk.player.pause()


def test_shift_n_begins_a_range_and_ends_it(desk):
    at_frame(desk, 10)
    press(desk, Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
    at_frame(desk, 30)
    press(desk, Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
    (note,) = stored(desk)
    assert (note.kind, note.start_s, note.end_s) == ("state", 10 / RATE, 30 / RATE)


def test_keys_mark_points_and_states_while_the_clip_stands_or_plays(coding):
    desk = coding
    at_frame(desk, 5)
    press(desk, Qt.Key.Key_1)
    press(desk, Qt.Key.Key_4)
    press(desk, Qt.Key.Key_4)
    at_frame(desk, 15)
    press(desk, Qt.Key.Key_1)
    press(desk, Qt.Key.Key_2)
    found = [(note.category, note.kind, note.start_s, note.end_s) for note in stored(desk)]
    assert sorted(found, key=str) == [
        ("Blink", "point", 5 / RATE, None), ("Blink", "point", 5 / RATE, None),
        ("Smile", "state", 5 / RATE, 15 / RATE), ("Speaks", "state", 15 / RATE, None),
    ]  # fmt: skip


def test_presses_faster_than_the_disk_are_all_kept(coding):
    desk = coding
    at_frame(desk, 8)
    for _ in range(7):  # nothing is written in between: the window's events do not run
        desk.notes.notes.press(desk.notes.notes.categories[0])
    found = stored(desk)
    assert [note.running for note in found].count(True) == 1
    assert len(found) == 4  # three begun and ended, one begun


def test_a_key_of_a_category_comes_before_its_other_meaning_and_only_while_coding(coding):
    desk = coding
    desk.player.play()
    press(desk, Qt.Key.Key_K)
    assert desk.player.playing
    press(desk, Qt.Key.Key_E)
    assert not desk.notes.keys.on
    press(desk, Qt.Key.Key_K)
    assert not desk.player.playing
    assert [note.category for note in stored(desk)] == ["Nods"]


def test_a_held_key_counts_once_and_one_that_is_typed_not_at_all(coding):
    desk = coding
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtGui import QKeyEvent

    for held in (False, True, True):
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_4, Qt.KeyboardModifier.NoModifier, "4", held)
        QCoreApplication.sendEvent(desk, event)
    assert len(stored(desk)) == 1
    desk.notes.list.search.setFocus()
    QTest.keyClicks(desk.notes.list.search, "4")
    assert desk.notes.list.search.text() == "4"
    assert len(stored(desk)) == 1


def test_without_categories_the_key_asks_for_some(desk):
    press(desk, Qt.Key.Key_E)
    dialog = desk.window().findChild(CategoriesDialog)
    assert dialog.isVisible()
    dialog.example.click()
    assert [one.name for one in dialog.wanted] == ["Smile", "Speaks", "Looks away", "Blink"]
    dialog.store.click()
    settle(lambda: len(desk.notes.notes.categories) == 4, what="the categories")
    idle(desk.context)
    desk.context.undo.undo()
    settle(lambda: not desk.notes.notes.categories, what="the undo")
    idle(desk.context)


def test_the_dialog_says_which_keys_lose_their_meaning_and_refuses_two_alike(desk):
    desk.notes.ask_categories()
    dialog = desk.window().findChild(CategoriesDialog)
    dialog.example.click()
    dialog._lines[0].key.setCurrentIndex(dialog._lines[0].key.findData("J"))  # noqa: SLF001 — its fields have no names
    assert "J (Play backwards)" in dialog.told.text()
    dialog._lines[1].key.setCurrentIndex(dialog._lines[1].key.findData("J"))  # noqa: SLF001
    assert "Two categories have the key" in dialog.told.text()
    dialog.store.click()
    assert dialog.isVisible()
    dialog.reject()
    assert not desk.notes.notes.categories


def test_notes_are_found_gone_to_changed_deleted_and_brought_back(coding):
    desk, notes = coding, coding.notes.list
    for frame, key in ((5, Qt.Key.Key_4), (25, Qt.Key.Key_1), (50, Qt.Key.Key_K)):
        at_frame(desk, frame)
        press(desk, key)
    idle(desk.context)
    notes.search.setText("nod")
    assert [note.category for note in notes.model.notes] == ["Nods"]
    assert notes.count.text() == "1 of 3"
    notes.search.clear()
    notes.view.setCurrentIndex(notes.model.index(0))
    settle(lambda: desk.player.frame_idx == 5, what="the place of the note")
    press(desk, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    settle(lambda: desk.player.frame_idx == 25, what="the next note")
    assert desk.notes.notes.note.category == "Smile"
    press(desk, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    settle(lambda: desk.player.frame_idx == 5, what="the note before")
    at_frame(desk, 12)
    notes.end.click()
    notes.colour.setCurrentIndex(notes.colour.findData("violet"))
    notes.colour.activated.emit(notes.colour.currentIndex())
    first = stored(desk)[0]
    assert (first.kind, first.end_s, first.colour) == ("state", 12 / RATE, "violet")
    notes.delete.click()
    assert len(stored(desk)) == 2
    desk.context.undo.undo()
    settle(lambda: len(desk.notes.notes.notes) == 3, what="the note again")
    assert first in stored(desk)


def test_words_that_are_typed_belong_to_their_note_when_another_is_chosen(desk):
    for frame in (5, 40):
        at_frame(desk, frame)
        desk.notes.notes.add()
    idle(desk.context)
    first, second = desk.notes.notes.notes
    desk.notes.notes.choose(first.uid)
    desk.notes.list.edit_text()
    QTest.keyClicks(desk.notes.list.text, "first")
    desk.notes.notes.choose(second.uid)
    assert [note.text for note in stored(desk)] == ["first", ""]
    assert desk.notes.list.text.text() == ""


def test_a_press_on_a_note_in_the_timeline_goes_there(desk):
    for frame in (5, 60):
        at_frame(desk, frame)
        desk.notes.notes.add()
    idle(desk.context)
    desk.window().grab()
    row = desk.timeline.notes
    first = min(row.placed, key=lambda one: one.place.left())
    QTest.mouseClick(row.viewport(), Qt.MouseButton.LeftButton, pos=first.place.center().toPoint())
    settle(lambda: desk.player.frame_idx == 5, what="the place of the note")
    assert desk.notes.notes.chosen == first.note.uid
    assert row.note_at(QPointF(first.place.center())) == first.note
    assert row.note_at(QPointF(1, 1)) is None


def test_a_range_that_runs_reaches_to_the_playhead(coding):
    desk = coding
    at_frame(desk, 10)
    press(desk, Qt.Key.Key_1)
    widths = []
    for frame in (20, 40):
        at_frame(desk, frame)
        desk.timeline.set_position(frame / RATE, follow=False)
        desk.window().grab()
        widths.append(desk.timeline.notes.placed[0].place.width())
    assert widths[1] == pytest.approx(3 * widths[0], rel=0.1)


def test_notes_are_hidden_and_keys_mark_nothing_while_a_trace_is_recorded(coding):
    desk = coding
    at_frame(desk, 10)
    press(desk, Qt.Key.Key_4)
    idle(desk.context)
    desk.toggle_recording()
    settle(lambda: desk.recording.phase == "running", what="the recording")
    assert not desk.notes.keys.on
    assert desk.timeline.notes.notes == ()
    assert not desk.notes.list.isVisible()
    assert not desk.context.commands.enabled("notes.add")
    desk.recording.discard()
    desk.recording.discard()
    settle(lambda: not desk.recording.active, what="the end of the recording")
    assert len(desk.timeline.notes.notes) == 1
    idle(desk.context)


def test_another_clip_has_its_own_notes(desk):
    desk.notes.notes.add()
    idle(desk.context)
    desk.clips.move(1)
    settle(lambda: desk.player.is_open and desk.state.row.clip.name == "clip1.mp4", what="the other clip")
    idle(desk.context)
    assert desk.notes.notes.notes == ()
    assert not desk.timeline.notes.isVisible()
    desk.clips.move(-1)
    settle(lambda: len(desk.notes.notes.notes) == 1, what="its note again")
    idle(desk.context)


def test_all_notes_are_exported_from_the_window(desk, tmp_path, monkeypatch):
    from app.results import Chosen

    at_frame(desk, 10)
    desk.notes.notes.add()
    (note,) = desk.notes.notes.notes
    desk.notes.notes.change(note, replace(note, text="here"))
    idle(desk.context)
    monkeypatch.setattr(desk.context.ask_file, "new", lambda *_args, **_more: Chosen(tmp_path / "n.csv"))
    desk.context.commands.run("notes.export")
    idle(desk.context)
    with (tmp_path / "n.csv").open(encoding="utf-8", newline="") as file:
        assert [(row["clip"], row["text"]) for row in csv.DictReader(file)] == [("clip0.mp4", "here")]
    assert "n.csv" in desk.window().passing.text()


def test_the_notes_of_the_list_are_offered_where_everything_is_exported(coding):
    desk = coding
    at_frame(desk, 5)
    press(desk, Qt.Key.Key_4)
    press(desk, Qt.Key.Key_1)
    idle(desk.context)
    desk.notes.list.search.setText("smile")
    offer = next(one for one in offers_of(desk) if one.title == "Notes on this clip")
    (table,) = offer.tables()
    assert [heading.name for heading in table.headings] == list(NOTE_COLUMNS)
    assert [(row[0], row[3], row[4], row[5]) for row in table.rows] == [("clip0.mp4", 5 / RATE, None, "Smile")]
    desk.notes.list.search.setText("nothing")
    assert "Notes on this clip" not in {one.title for one in offers_of(desk)}
