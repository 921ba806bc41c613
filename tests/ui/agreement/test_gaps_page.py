"""Guided review: the queue of gaps, playing both conditions, reasons by key, undo, the list, and the way out."""

import csv

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

import db.audit
import db.clips
import db.gaps
from app.domain.gaps import CATEGORY, USUAL
from app.jobs import Context
from app.services.agreement.choose import LabelFilter, chosen, load_labels
from app.services.agreement.gap_reasons import export_reasons, read_reasons, reason_counts, reason_edit, words_edit
from app.services.agreement.gaps import find_gaps
from app.services.agreement.page import full_report
from app.services.agreement.results import compute
from app.services.projects.edits import apply_edit
from db.project import Project
from tests.ui.agreement.test_dashboard import predict
from tests.ui.agreement.test_screen import open_project_in, ready
from tests.ui.waiting import settle


@pytest.fixture
def predicted_path(study_path):
    """The demo with predictions that swing whatever people say."""
    with Project.open(study_path) as project:
        predict(project)
    return study_path


def queue_of(project):
    return find_gaps(Context(), project, chosen(load_labels(project, ""), LabelFilter()))


@pytest.fixture
def page(window, predicted_path):
    open_project_in(window, predicted_path)
    screen = window.show_screen("agreement")
    ready(screen)
    assert window.context.commands.run("agreement.review_gaps")
    settle(lambda: screen.gaps.queue is not None and screen.gaps.reasons is not None)
    ready(screen)
    window.activateWindow()
    return screen.gaps


def test_gaps_are_apart_by_at_least_one_spread_the_largest_first(predicted_path):
    with Project.open(predicted_path) as project:
        queue = queue_of(project)
        length_s = db.clips.every(project)[0].duration_s
    assert queue.models == ("test",)
    sizes = [gap.size for gap in queue.gaps]
    assert sizes == sorted(sizes, reverse=True)
    assert min(sizes) >= 1
    assert {gap.what for gap in queue.gaps} >= {"valence", "arousal"}
    assert {gap.condition for gap in queue.gaps} == {"face_only", "full_context"}
    for gap in queue.gaps:
        assert 0 <= gap.start_s <= gap.end_s <= length_s
        assert gap.n_raters >= 2 or gap.what not in (CATEGORY, "valence", "arousal")
        if gap.what != CATEGORY:
            assert gap.size == pytest.approx(abs(gap.model - gap.people) / gap.spread)


def test_without_predictions_it_is_said_what_to_do(study_path):
    with Project.open(study_path) as project:
        queue = queue_of(project)
    assert queue.gaps == ()
    assert "Analyse the clips" in queue.notes[-1]


def test_a_reason_is_given_counted_reported_and_exported_and_can_be_undone(predicted_path, tmp_path):
    with Project.open(predicted_path) as project:
        first, second, third = queue_of(project).gaps[:3]
        for gap, word in ((first, USUAL[0]), (second, USUAL[0]), (third, "=Own word")):
            edit = reason_edit(project, gap, word, "seen twice", "REV")
            apply_edit(project, edit)
        assert reason_edit(project, third, "=Own word", "seen twice") is None
        assert [one.reason for one in read_reasons(project).of(first)] == [USUAL[0]]
        changed = reason_edit(project, first, USUAL[1], "", "REV")
        apply_edit(project, changed)
        assert [one.reason for one in read_reasons(project).of(first)] == [USUAL[1]]
        apply_edit(project, changed.inverse())
        counts = reason_counts(project)
        assert sum(one.n for one in counts) == 3
        assert counts[0].reason == USUAL[0]
        assert db.audit.recent(project, action="edit.")[0].actor == "REV"
        results = compute(Context(), load_labels(project), LabelFilter(), settings_of(), with_traces=False)
        report = full_report(results, source="demo", reasons=counts)
        path, n = export_reasons(project, tmp_path / "reasons.csv")
    section = next(one for one in report.sections if one.title == "Where people and the model part")
    assert "3 moments" in section.text[0]
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert n == len(rows) == 3
    assert {row["reason"] for row in rows} == {USUAL[0], "'=Own word"}
    assert {float(row["size"]) for row in rows} == {first.size, second.size, third.size}


def settings_of():
    from app.agreement.settings import AgreementSettings

    return AgreementSettings(replicates=50)


def test_a_word_that_is_renamed_takes_its_reasons_along(predicted_path):
    from dataclasses import replace

    with Project.open(predicted_path) as project:
        gap = queue_of(project).gaps[0]
        words = read_reasons(project).words
        apply_edit(project, words_edit(project, words))
        apply_edit(project, reason_edit(project, gap, words[0].name))
        edit = words_edit(project, [replace(words[0], name="Follows the scene"), *words[2:]])
        apply_edit(project, edit)
        assert [one.reason for one in db.gaps.reasons(project)] == ["Follows the scene"]
        assert [one.name for one in db.gaps.words(project)] == ["Follows the scene", *(one.name for one in words[2:])]
        apply_edit(project, edit.inverse())
        assert db.gaps.words(project) == words
        assert [one.reason for one in db.gaps.reasons(project)] == [words[0].name]


def test_a_key_gives_the_reason_and_goes_on_and_undo_takes_it_back(page, window):
    first = page.gap
    settle(lambda: len(page.views.stages) == 2 and page.views.stages["full_context"].has_picture)
    page.view.setFocus()
    page.remark.setText("the scene tells")
    QTest.keyClick(page.view, Qt.Key.Key_2)
    settle(lambda: page.reasons.of(first) and page.gap != first)
    assert [(one.reason, one.text) for one in page.reasons.of(first)] == [(USUAL[1], "the scene tells")]
    assert f"{USUAL[1]} 1" in page.known.text()
    assert page.remark.text() == ""
    page.view.choose(first)
    assert page.buttons[1].isChecked()
    assert page.remark.text() == "the scene tells"
    page.unreviewed.setChecked(True)
    assert window.context.commands.run("edit.undo")
    settle(lambda: not page.reasons.of(first))
    assert not page.buttons[1].isChecked()
    settle(lambda: page.views.play.isEnabled(), what="the clip")
    QTest.keyClick(page.view, Qt.Key.Key_Space)
    settle(lambda: page.views.player.playing, what="the moment plays")


def test_the_list_of_reasons_is_edited_in_its_dialog(page, window):
    from app.ui.screens.agreement.reason_list import ReasonsDialog

    window.context.commands.run("agreement.edit_reasons")
    dialog = next(one for one in window.findChildren(ReasonsDialog))
    dialog.add_word()
    dialog.list.item(dialog.list.count() - 1).setText(USUAL[0].upper())
    dialog.accept()
    assert "word of its own" in dialog.told.text()
    dialog.list.item(dialog.list.count() - 1).setText("Hand before the mouth")
    for _ in range(len(USUAL)):
        dialog.up.click()
    dialog.accept()
    settle(lambda: page.buttons[0].property("reason") == "Hand before the mouth")
    assert len(page.buttons) == len(USUAL) + 1


def test_nothing_of_it_stays_while_somebody_rates(page, window):
    window.context.commands.set_condition("annotating", True)
    assert page.queue is None
    assert page.view.proxy.rowCount() == 0
    assert not page.views.player.is_open
    window.context.commands.set_condition("annotating", False)
