"""The page that asks for what helps most: a proposal, dealing it, taking it back, and nothing while somebody rates."""

import pytest

from app.services.study.asking import asked_rows
from app.services.study.setup import let_join, study_names
from db.project import Project
from tests.ui.agreement.test_screen import open_project_in, ready
from tests.ui.waiting import settle


@pytest.fixture
def screen(window, study_path):
    with Project.open(study_path) as project:
        let_join(project, study_names(project)[0], "NEW")
    open_project_in(window, study_path)
    made = window.show_screen("agreement")
    ready(made)
    return made


def found(page, other=None):
    settle(lambda: page.found is not None and page.found is not other)
    return page.found


def test_what_is_proposed_is_dealt_and_taken_back(screen, window):
    screen.page("asking")
    page = screen.asking
    first = found(page)
    assert page.view.proxy.rowCount() == len(first.judgements)
    assert "90 % interval" in page.known.text()
    page.count.setValue(3)
    few = found(page, first)
    assert len(few.judgements) == 3
    page.deal.click()
    settle(lambda: len(asked_rows(window.context.project, page.study)) == 3)
    later = found(page, few)
    assert "Before earlier batches: ±" in page.known.text()
    assert not {(o.rater, o.item, o.condition) for o in later.judgements} & {
        (o.rater, o.item, o.condition) for o in few.judgements
    }
    page.back.click()
    settle(lambda: asked_rows(window.context.project, page.study) == [])
    again = found(page, later)
    page.aim.setCurrentIndex(1)
    assert "effect of context" in (found(page, again) and page.known.text())
    page.narrow.setValue(4.0)
    settle(lambda: "It is enough" in page.known.text())
    # Nothing of it stays while somebody rates.
    window.context.commands.set_condition("annotating", True)
    assert page.found is None
    assert page.view.proxy.rowCount() == 0
    window.context.commands.set_condition("annotating", False)
    ready(screen)
