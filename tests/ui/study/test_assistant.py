"""The assistant in the real window: from clips to a dealt study by presses alone, and by the keyboard alone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea

import db.assignments
import db.clips
import db.items
import db.raters
import db.studies
from app.services.projects.files import add_clips
from app.ui.parts.clips import analysis
from db.project import Project
from tests.ui.annotate.builder import add_track, write_clip
from tests.ui.waiting import idle, settle

CLIPS = 5


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("assistant")
    return [write_clip(folder / f"c{number}.mp4", number, 4) for number in range(CLIPS)]


@pytest.fixture
def lab(tmp_path, files):
    """A project with clips in which nobody has looked for faces."""
    path = tmp_path / "lab.affectograph"
    with Project.create(path) as project:
        add_clips(project, files)
    return path


@pytest.fixture
def faces_found(monkeypatch):
    """The analysis finds one face in each clip, at once: how faces are found is not what is tested here."""

    def find(_ctx, project, paths, *_choices):
        for clip in db.clips.every(project):
            if clip.path in paths:
                add_track(project, clip)
        return []

    monkeypatch.setattr(analysis, "analyse_clips", find)


@pytest.fixture
def screen(window):
    window.resize(960, 640)
    return window.show_screen("study")


def opened(screen, path):
    screen.window().projects.open(path)
    settle(lambda: screen.window().context.project is not None, what="the project")
    settle(lambda: screen.stack.currentWidget() is not screen.no_project, what="the studies")
    return screen.window().context.project


def begun(screen, path):
    """The project with the assistant open, by the button of the empty page."""
    project = opened(screen, path)
    next(made for made in screen.no_study.buttons if made.text() == "New study…").click()
    looked(screen)
    return project


def looked(screen):
    """Wait until the numbers are about the present choices."""
    assistant = screen.assistant
    settle(
        lambda: assistant.outlook is not None and assistant.outlook.draft == assistant.draft,
        what="the numbers",
    )
    idle(screen.window().context)
    settle(seconds=0.02)  # new buttons are shown by the next events


def words(screen):
    return screen.assistant.hurdles.words


def press(screen, text):
    """Press a button that is in sight."""
    found = [
        made
        for made in screen.assistant.findChildren(QAbstractButton)
        if made.text() == text and made.isVisible() and made.isEnabled()
    ]
    assert len(found) == 1, (
        text,
        [made.text() for made in screen.assistant.findChildren(QAbstractButton) if made.isVisible()],
    )
    QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)
    looked(screen)


def test_from_clips_to_a_dealt_study_by_presses_alone(screen, lab, faces_found):
    project = begun(screen, lab)
    assistant = screen.assistant
    assert assistant.clips.count.text() == "5 clips, 0 faces"
    press(screen, "Analyse faces now")
    settle(lambda: assistant.clips.count.text() == "5 clips, 5 faces", what="the faces")
    looked(screen)
    press(screen, "Set one subject a clip")
    settle(lambda: not words(screen), what="nothing in the way")
    assert [clip.subject for clip in db.clips.every(project)] == ["S01", "S02", "S03", "S04", "S05"]
    press(screen, "Next")
    assert assistant.asked.name.text() == "Study 1"
    press(screen, "Next")
    press_first(screen, "Add R01 to R03")  # beside the sentence and in the form
    assert not assistant.outlook.hurdles
    assert assistant.line.text().startswith("5 clips, 5 faces · 3 raters · 60 judgements · about ")
    press(screen, "Next")
    assert len(assistant.dealing.balance.rows.rows) == 3
    press(screen, "Next")
    assert assistant.summary.title.text() == "Study 1"
    assert db.studies.every(project) == []  # nothing is stored before the last press
    assistant.next.click()
    settle(lambda: screen.name == "Study 1" and screen.stack.currentWidget() is screen.main, what="the study")
    record = db.studies.get(project, "Study 1")
    assert len(db.assignments.slots(project, record.id)) == 60
    assert {rater.code for rater in db.raters.every(project)} == {"R01", "R02", "R03"}
    assert "Study 1 is dealt" in screen.window().passing.text()
    screen.window().passing.offer.click()
    assert screen.window().screen_id == "annotate"


def press_first(screen, text):
    """Press the first button of these words that is in sight."""
    next(
        made
        for made in screen.assistant.findChildren(QAbstractButton)
        if made.text() == text and made.isVisible() and made.isEnabled()
    ).click()
    looked(screen)


def test_clips_and_words_are_chosen_and_nothing_is_lost_by_leaving(screen, lab, faces_found):
    begun(screen, lab)
    assistant = screen.assistant
    press(screen, "Show full context only")
    assert assistant.outlook.faces == 0
    rows = assistant.clips.list
    place = rows.visualRect(rows.model().index(1, 0)).center()
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=place)
    looked(screen)
    assert assistant.clips.count.text() == "4 clips, 0 faces"
    press(screen, "None")
    assert words(screen) == ["No clip is chosen."]
    assert assistant.steps[0].text().endswith("•")
    press(screen, "Choose all")
    assert assistant.clips.count.text() == "5 clips, 0 faces"

    press(screen, "Next")
    asked = assistant.asked
    assert [view for view, box in asked.views.items() if box.isChecked()] == ["full_context"]
    asked.words["contempt"].setChecked(False)
    QTest.keyClicks(asked.word, "Mixed feelings")
    press(screen, "Add word")
    asked.category.setChecked(False)
    looked(screen)
    study = assistant.draft.study
    assert study.emotion_names == (
        "angry", "disgust", "happy", "sad", "surprise", "fear", "neutral", "confused", "mixed_feelings",
    )  # fmt: skip
    assert study.categories == ()
    asked.intensities.setChecked(False)
    asked.trace.setCurrentIndex(0)
    looked(screen)
    assert words(screen) == ["Nothing is asked."]
    press(screen, "Ask for the strength of each emotion")
    assert words(screen) == []

    draft = assistant.draft
    press_first(screen, "Cancel")
    settle(lambda: screen.stack.currentWidget() is not screen.assistant, what="the studies")
    assert "not dealt yet" in screen.unsaved()
    screen.begin_new()
    looked(screen)
    assert assistant.draft == draft
    assert assistant.stack.currentWidget() is asked
    press(screen, "Start again")
    assert assistant.draft.study.name == "Study 1"
    assert assistant.stack.currentIndex() == 0
    assert screen.unsaved() == ""


def test_too_few_clips_and_raters_are_mended_by_a_press(screen, lab, faces_found):
    begun(screen, lab)
    assistant = screen.assistant
    press(screen, "Analyse faces now")
    settle(lambda: assistant.clips.count.text() == "5 clips, 5 faces", what="the faces")
    looked(screen)
    assistant.show_page(2)
    QTest.keyClicks(assistant.raters.own, "Ana, Ben")
    QTest.keyClick(assistant.raters.own, Qt.Key.Key_Return)
    looked(screen)
    assert assistant.draft.raters == ("Ana", "Ben")
    assistant.show_page(3)
    numbers = assistant.dealing.numbers
    assert numbers["raters_per_cell"].value() == 2
    numbers["raters_per_cell"].setValue(4)
    numbers["min_distance"].setValue(9)
    looked(screen)
    assert "9 other clips between repeats" in words(screen)[0]
    distance = next(made for made in assistant.hurdles.buttons if made.text().endswith("and continue"))
    distance.click()
    looked(screen)
    assert numbers["min_distance"].value() < 9
    assistant.show_page(2)
    assert "4 raters for each clip and condition" in words(screen)[0]
    press(screen, "Use 2 and continue")
    assert words(screen) == []
    assert assistant.outlook.ready
    assistant.show_page(3)
    numbers["attention_every"].setValue(3)
    assistant.dealing.practice.setCurrentIndex(1)
    looked(screen)
    assistant.dealing.expected.setCurrentIndex(3)
    looked(screen)
    if words(screen):  # a clip less is left to judge
        next(made for made in assistant.hurdles.buttons if made.text().endswith("and continue")).click()
        looked(screen)
    study = assistant.draft.study
    assert [(clip.item, clip.category) for clip in study.practice] == [("c0.mp4", "happy")]
    assert len(study.attention) == 1
    assert "Left out because they serve as practice" in assistant.dealing.note.text()
    assert assistant.outlook.ready


def test_the_keyboard_alone_deals_a_study(screen, lab, faces_found):
    begun(screen, lab)
    window, assistant = screen.window(), screen.assistant
    window.activateWindow()
    settle(window.isActiveWindow, what="the window")

    def key(which, times=1):
        for _ in range(times):
            QTest.keyClick(QApplication.focusWidget() or window, which)
            QApplication.processEvents()

    def walk_to(text):
        for _ in range(80):
            focused = QApplication.focusWidget()
            if isinstance(focused, QAbstractButton) and focused.text() == text:
                return
            key(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab does not reach {text}")

    assistant.clips.list.setFocus()
    key(Qt.Key.Key_Down)
    key(Qt.Key.Key_Space)
    looked(screen)
    assert assistant.outlook.clips == CLIPS - 1
    walk_to("Show full context only")
    key(Qt.Key.Key_Return)
    looked(screen)
    assert QApplication.focusWidget() is assistant.next  # the button is gone with what it mended
    walk_to("1  Clips and faces")  # the steps are one stop, in which arrows lead on
    key(Qt.Key.Key_Right, times=2)
    assert assistant.stack.currentWidget() is assistant.raters
    walk_to("Add R01 to R03")
    key(Qt.Key.Key_Space)
    looked(screen)
    walk_to("3  Raters")
    key(Qt.Key.Key_Right, times=2)
    walk_to("Deal the clips")
    key(Qt.Key.Key_Return)
    settle(lambda: screen.name == "Study 1" and screen.stack.currentWidget() is screen.main, what="the study")
    screen.begin_new()
    looked(screen)
    assert assistant.draft.study.name == "Study 2"
    key(Qt.Key.Key_Escape)
    settle(lambda: screen.stack.currentWidget() is screen.main, what="the studies")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("scale", "size"), [(100, (960, 640)), (150, (1280, 800))])
def test_no_page_is_cut_or_scrolls_sideways(screen, lab, faces_found, theme, scale, size):
    window = screen.window()
    window.context.theme.force(theme)
    window.context.settings.set("appearance.text_scale", scale)
    window.resize(*size)
    begun(screen, lab)
    assistant = screen.assistant
    assistant.mend(
        next(mend for one in assistant.outlook.hurdles for mend in one.mends if mend.words == "Add R01 to R03")
    )
    looked(screen)
    for number, page in enumerate(assistant.pages):
        assistant.show_page(number)
        settle(seconds=0.05)
        assert (window.width(), window.height()) == size, page
        for area in page.findChildren(QScrollArea):
            assert area.widget().minimumSizeHint().width() <= area.viewport().width(), (page, area.widget())
        for text in assistant.findChildren(QLabel):
            if text.isVisible() and not text.wordWrap() and text.text():
                assert text.width() >= text.sizeHint().width() - 1, text.text()
        for made in assistant.findChildren(QAbstractButton):
            if made.isVisible() and made.text():
                assert made.width() >= made.minimumSizeHint().width(), made.text()


def test_the_palette_and_the_menu_open_it(screen, lab):
    project = opened(screen, lab)
    window = screen.window()
    window.show_screen("review")
    window.run("study.new")
    assert window.screen_id == "study"
    assert screen.stack.currentWidget() is screen.assistant
    looked(screen)
    window.projects.close()
    settle(lambda: window.context.project is None, what="the end")
    assert screen.stack.currentWidget() is screen.no_project
    assert screen.assistant.draft is None
    assert project is not window.context.opened
