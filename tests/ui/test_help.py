"""Help inside: F1 opens the page of the screen that is shown, and a guide follows what is done."""

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest

import db.assignments
import db.studies
from app.paths import pages_dir
from app.services.demo.guest import OWN, is_demo, join
from app.ui.core.store import forgetful_store
from app.ui.screens import find_screens
from app.ui.shell.dialogs.page import HelpWindow, anchor_of, contents, title_of
from db.project import Project
from tests.test_docs_pages import anchors
from tests.ui.agreement.conftest import demo_folder, study_path  # noqa: F401
from tests.ui.waiting import idle, settle


@pytest.mark.parametrize("screen", find_screens(), ids=lambda screen: screen.id)
def test_every_screen_has_a_page(screen):
    name, _, anchor = screen.page.partition("#")
    page = pages_dir() / f"{name}.md"
    assert name in contents(pages_dir())
    assert not anchor or anchor in anchors(page)


def test_titles_and_anchors():
    assert title_of(pages_dir() / "judging.md") == "Judging clips"
    assert anchor_of("Roles and blinding: what it protects against") == "roles-and-blinding-what-it-protects-against"


def test_no_page_is_wider_than_its_window(window):
    help_window = HelpWindow(window.context, window)
    for name in contents(pages_dir()):
        help_window.open_page(name)
        settle(seconds=0.01)
        assert help_window.page.horizontalScrollBar().maximum() <= 1, name
    help_window.close()


def test_f1_opens_the_page_of_the_screen_and_its_links_work(window, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()) or True)
    window.activateWindow()
    settle(window.isActiveWindow)
    window.show_screen("models")
    QTest.keyClick(window, Qt.Key.Key_F1)
    help_window = window.findChild(HelpWindow)
    assert help_window.isVisible()
    page = help_window.page
    assert (page.name, help_window.list.currentItem().text()) == ("models-zoo", title_of(pages_dir() / "models-zoo.md"))
    window.show_screen("camera")
    window.run("help.show_page")
    settle(seconds=0.02)
    assert page.name == "user-guide"
    assert page.verticalScrollBar().value() > 0
    assert page.loadResource(2, QUrl("images/review.png")).width() > 100
    assert page.loadResource(2, QUrl("images/none.png")) is None
    page.anchorClicked.emit(QUrl("judging.md#traces"))
    assert page.name == "judging"
    assert not page.show_page("../README")
    page.anchorClicked.emit(QUrl("https://example.org/a"))
    assert opened == ["https://example.org/a"]
    help_window.close()
    window.context.commands.set_condition("annotating", True)
    window.run("help.show_page")
    assert not help_window.isVisible()
    window.context.commands.set_condition("annotating", False)


def test_a_guide_follows_what_is_done_hides_from_raters_and_resumes(window, project_path):
    commands, panel = window.context.commands, window.guide
    assert not panel.isVisible()
    window.run("guide.visitor")
    assert panel.isVisible()
    assert panel.count.text() == "0 of 9"
    window.projects.open(project_path)  # not the demo
    settle(lambda: window.context.project is not None)
    idle(window.context)
    window.show_screen("models")
    assert panel.count.text() == "0 of 9"
    commands.set_condition("demo", True)
    assert panel.count.text() == "2 of 9"  # the demo is open, and so is Models
    window.run("view.toggle_theme")
    window.run("view.toggle_theme")
    assert panel.count.text() == "3 of 9"
    commands.set_condition("annotating", True)
    assert not panel.isVisible()
    commands.set_condition("annotating", False)
    assert panel.isVisible()
    while panel.go.isHidden() or panel.text.text().startswith("Play"):
        panel.skip.click()
    panel.more.click()
    assert panel.isVisible()
    panel.closed.emit()
    assert not panel.isVisible()
    window.guiding.resume()
    assert not panel.isVisible()  # it was closed
    window.run("guide.visitor")
    assert panel.count.text().startswith(("4", "5"))
    while panel.over.isHidden():
        panel.skip.click()
    panel.over.click()
    assert panel.count.text() == "2 of 9"  # what holds now is done at once


def test_the_guest_of_the_demo_gets_clips_once(study_path, project_path):  # noqa: F811
    with Project.open(project_path) as project:
        assert not is_demo(project)
    with Project.open(study_path) as project:
        assert is_demo(project)
        assert join(project) == join(project) == "YOU"
        (study,) = [study for study in db.studies.every(project) if study.name == OWN]
        waiting = db.assignments.progress(project, study.id)
        assert [(one.done, one.total >= 20) for one in waiting.values()] == [(0, True)]


def test_a_window_that_remembers_nothing_begins_without_the_guide_of_another():
    forgetful_store().setValue("guide/shown", "visitor")
    assert forgetful_store().value("guide/shown") is None
