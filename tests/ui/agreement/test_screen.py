"""The agreement screen in the real window: what it shows, refuses, computes and stores."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog

import db.audit
import db.gold
import db.items
import db.raters
import db.traces
from app.domain.project import TraceStart
from app.domain.traces import TraceSamples
from app.services.projects.files import create_project, open_project
from app.ui.screens.agreement.reliability import estimates_shown
from app.ui.screens.agreement.view import PAGES
from tests.ui.waiting import idle, settle


def open_project_in(window, path):
    window.projects.open(path)
    settle(lambda: window.context.project is not None)


def ready(screen):
    """Wait for the last intervals and for nothing under way."""
    context = screen.state.context
    settle(lambda: screen.state.shown is not None and screen.state.shown.final)
    idle(context)


@pytest.fixture
def screen(window, study_path):
    window.context.settings.set("agreement.replicates", 400)
    open_project_in(window, study_path)
    made = window.show_screen("agreement")
    ready(made)
    return made


def test_a_first_look_comes_before_all_resamples(window, study_path):
    open_project_in(window, study_path)
    window.context.settings.set("agreement.replicates", 400)
    made = window.show_screen("agreement")
    seen = []
    made.state.results_changed.connect(
        lambda: seen.append((made.state.shown.results.settings.replicates, made.status.text()))
    )
    ready(made)
    assert [count for count, _ in seen] == [200, 400]
    assert "First look, without traces" in seen[0][1]
    assert made.status.text() == "Intervals leave out each item · seed 0"
    assert made.stack.currentWidget() is made.desk
    assert "simulated raters" in made.warning_text.text()
    assert not made.warning.isHidden()
    with window.context.project.read() as session:
        assert len(db.audit.recent(session, action="agreement.open")) == 1


def test_every_page_draws_and_says_more_under_the_mouse(screen, window):
    for page in PAGES:
        screen.page(page.id)
        ready(screen)
        picture = screen.grab().toImage()
        colours = {picture.pixelColor(x, y).name() for x in range(0, 1000, 7) for y in range(200, 600, 7)}
        assert len(colours) > 4, page.id
    screen.page("overview")
    settle(seconds=0.05)
    chart = screen.overview.chart
    assert len(chart.spots) == 9
    tip = chart.spots[0].tip
    for word in ("Angry", "Krippendorff's alpha (ordinal)", "prevalence", "raw agreement", "disagreement"):
        assert word in tip
    where = chart.spots[0].area.center().toPoint()
    assert QApplication.sendEvent(chart, QHelpEvent(QEvent.Type.ToolTip, where, chart.mapToGlobal(where)))
    screen.page("effect")
    screen.grab()
    assert len(screen.effect.chart.spots) == 9
    assert "step-down max-T" in screen.effect.chart.spots[0].tip
    screen.page("raters")
    screen.grab()
    matrix = screen.raters.matrix
    size = matrix.size()
    places = (QPointF(x, y) for x in range(0, size.width(), 4) for y in range(0, size.height(), 4))
    found = {spot.tip for place in places if (spot := matrix.spot_at(place)) is not None}
    assert len({tip.partition("<br>")[0] for tip in found}) == 20


def test_a_click_on_an_emotion_shows_its_items_and_one_opens_the_clip(screen, window):
    chart = screen.overview.chart
    screen.grab()
    spot = next(s for s in chart.spots if s.key == "fear")
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=spot.area.center().toPoint())
    assert screen.pages.currentWidget() is screen.items
    assert screen.items.emotion.currentData() == "fear"
    table = screen.items.table
    shown = [table.proxy.index(row, 2).data(Qt.ItemDataRole.UserRole) for row in range(table.proxy.rowCount())]
    assert shown == sorted(shown, reverse=True)
    assert len(shown) == 20
    screen.items.search.setText("07")
    assert table.proxy.rowCount() == 1
    table.selectRow(0)
    assert screen.items.title.text() == "demo 07.0 s"
    asked = []
    window.context.clip_requested.connect(asked.append)
    screen.items.open.click()
    settle(lambda: asked)
    assert asked[0].time_s == 7.0
    assert db.items.get(window.context.project, asked[0].item_id).start_s == 7.0
    assert window.screen_id == "review"
    idle(window.context)


def test_filters_compute_again(screen):
    before = screen.state.shown.results
    action = next(a for a in screen.filters.menu.actions() if a.text() == "R3")
    action.setChecked(False)
    settle(lambda: screen.state.shown.results is not before)
    ready(screen)
    assert {p.rater for p in screen.state.shown.results.profiles} == {"R1", "R2", "R4", "R5"}
    assert screen.filters.raters.text() == "4 of 5"
    screen.filters.condition.setCurrentIndex(screen.filters.condition.findData("face_only"))
    settle(lambda: screen.state.shown.results.conditions == ("face_only",))
    ready(screen)
    assert "cannot be compared" in screen.effect.told.text()
    screen.filters.unit.setCurrentIndex(screen.filters.unit.findData("clip"))
    settle(lambda: screen.state.shown.results.settings.unit == "clip")
    ready(screen)


def test_what_if_is_told_and_stores_nothing(screen, window):
    screen.page("raters")
    screen.raters.table.choose("R3")
    settle(lambda: screen.raters.told.text().startswith("Without R3"))
    assert screen.raters.what_if.proxy.rowCount() == 18
    assert db.raters.exclusions(window.context.project) == ()
    assert screen.state.shown.results.excluded == {}


def test_leaving_out_asks_why_and_undo_takes_it_back(screen, window):
    screen.page("raters")
    screen.raters.table.choose("R2")
    screen.raters.leave_out.click()
    dialog = screen.raters.findChild(QInputDialog)
    dialog.setTextValue("asleep")
    dialog.accept()
    settle(lambda: screen.state.shown is not None and "R2" in screen.state.shown.results.excluded)
    ready(screen)
    assert [e.reason for e in db.raters.exclusions(window.context.project)] == ["asleep"]
    assert "R2 is left out: asleep." in screen.warning_text.text()
    screen.raters.table.choose("R2")
    assert not screen.raters.take_in.isHidden()
    window.run("edit.undo")
    settle(lambda: screen.state.shown.results.excluded == {})
    ready(screen)
    assert db.raters.exclusions(window.context.project) == ()
    window.context.undo.clear()


def test_the_methods_text_is_copied(screen, window):
    assert window.context.commands.run("agreement.copy_methods")
    settle(lambda: QApplication.clipboard().text() != "")
    text = QApplication.clipboard().text()
    assert "Krippendorff" in text
    assert "jackknife over items" in text
    screen.page("reliability")
    screen.reliability.show_emotion("happy")
    screen.reliability.table.selectRow(4)
    screen.reliability.copy_sentence.click()
    settle(lambda: QApplication.clipboard().text() != text)
    assert QApplication.clipboard().text().startswith("Krippendorff's alpha (ordinal) for happy")
    assert "chance" in screen.reliability.plain.text()


def test_the_reliability_page_has_pairs_of_traces_with_intervals_and_says_where_results_come_from(screen, window):
    screen.page("reliability")
    ready(screen)
    found = screen.state.shown.results
    shown = {what: one for what, condition, one in estimates_shown(found, "") if condition == "full_context"}
    pair, alone = shown["Valence: R1 and R2"], shown["Valence: R1 against the others"]
    assert found.traces[0].pairs
    for one in (pair, alone):
        assert one.interval is not None or one.reason
        assert one.estimator.endswith("all items pooled")
    told = screen.reliability.provenance.text()
    source = f"Input: {window.context.project.path.name}"
    for words in ("Program: Affectograph", source, "Labels: Intensities", "Labels: Traces", "SHA-256", "Design:",
                  "ICC(A,1)", "Smallest p that can occur", "Raters left out: nobody", "Unit of analysis"):  # fmt: skip
        assert words in told
    screen.reliability.copy_provenance.click()
    # That it leaves is noted in the audit log first.
    settle(lambda: QApplication.clipboard().text() == told.replace("\u200b", ""))
    copied = QApplication.clipboard().text()
    assert found.report.facts[0].sha256 in copied


def test_reliability_calls_conditions_and_emotions_as_the_window_does(screen, window):
    screen.page("reliability")
    part = screen.reliability
    part.show_emotion("fear")
    part.table.selectRow(0)
    assert "afraid in face only" in part.sentence.text()
    assert part.methods.text().count("Face only and full context were compared") == 1
    part.copy_provenance.click()
    for text in (part.sentence.text(), part.methods.text(), window.context.app.clipboard().text()):
        assert "face_only" not in text
        assert "full_context" not in text


def test_a_gold_standard_is_drawn_and_stored(screen, window):
    screen.page("traces")
    ready(screen)
    page = screen.fan
    assert page.fan.raters == ("R1", "R2", "R3")
    page.align.setCurrentIndex(page.align.findData("relative"))
    settle(lambda: page.fan is not None and bool(page.fan.not_removed))
    assert "only 19 s traced in common with another rater, 60 s are needed" in page.notes.text()
    curves = page.behind.getPlotItem().listDataItems()
    for axis, curve in enumerate(curves):
        np.testing.assert_array_equal(curve.getOriginalDataset()[1], page.fan.n_raters[:, axis])
    assert (len(curves), page.fan.n_raters.min(), page.fan.n_raters.max()) == (2, 1, 3)
    assert window.context.commands.run("agreement.store_gold")
    settle(lambda: page.fan is not None and len(page.fan.stored) == 2)
    names = [gold.name for gold in db.gold.every(window.context.project, kind="trace")]
    assert names[-1] == "mean, relative lags"


def test_who_is_set_aside_is_named_and_taken_back_by_a_press(window, study_path):
    times = np.arange(0, 500) / 25
    with open_project(study_path) as project:
        item = next(one for one in db.items.every(project) if one.name == "demo.mp4")
        for number, condition in enumerate(("face_only", "full_context", "context_only")):
            path = np.stack([np.sin(times + number), np.cos(0.7 * times + number)], axis=1)
            for code, sign in (("X1", 1), ("X2", 1), ("X3", -1)):
                rater = db.raters.by_code(project, code) or db.raters.add(project, code)
                start = TraceStart(item.id, rater.id, condition, True, "mouse")
                samples = TraceSamples(times, (sign * path).astype(np.float32), times, "mouse")
                db.traces.add(project, start, samples)
    window.context.settings.set("agreement.replicates", 200)
    open_project_in(window, study_path)
    made = window.show_screen("agreement")
    ready(made)
    made.page("traces")
    ready(made)
    page = made.fan
    page.condition.setCurrentIndex(page.condition.findData("face_only"))
    settle(lambda: page.fan is not None and page.fan.condition == "face_only")
    assert list(page.fan.aside) == ["X3"]
    assert page.notes.text().startswith("Rater X3 opposes the other raters in valence")
    assert page.take_back.text() == "Take X3 back"
    page.take_back.click()
    settle(lambda: page.fan is not None and not page.fan.aside)
    ready(made)
    assert page.take_back.text() == "Set X3 aside again"
    assert page.fan.n_raters.max() == 3


def test_what_is_on_the_page_is_saved(screen, tmp_path, monkeypatch):
    from app.results import Chosen
    from app.ui.core.ask_file import AskFile

    screen.page("effect")
    chosen = Chosen(tmp_path / "effect.pdf")
    monkeypatch.setattr(AskFile, "new", lambda *_: chosen)
    monkeypatch.setattr(AskFile, "folder", lambda *_: tmp_path / "tables")
    commands = screen.state.context.commands
    assert commands.run("agreement.save_figure")
    ready(screen)
    assert (tmp_path / "effect.pdf").read_bytes().startswith(b"%PDF")
    assert commands.run("agreement.save_tables")
    ready(screen)
    assert (tmp_path / "tables" / "effect_of_the_viewing_condition.tex").exists()
    chosen = Chosen(tmp_path / "page.html")
    assert commands.run("agreement.save_report")
    ready(screen)
    assert "<svg" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_keys_turn_the_pages(screen, window):
    assert window.context.commands.run("agreement.next_page")
    assert screen.tabs.currentIndex() == 1
    assert window.context.commands.run("agreement.previous_page")
    assert window.context.commands.run("agreement.previous_page")
    assert screen.tabs.currentIndex() == len(PAGES) - 1
    ready(screen)


def test_nothing_is_shown_while_somebody_rates(screen, window, monkeypatch):
    commands = window.context.commands
    commands.set_condition("annotating", True)
    assert screen.stack.currentWidget() is screen.closed
    assert screen.state.labels is None
    assert screen.state.shown is None
    assert screen.items.table.proxy.rowCount() == 0
    assert screen.fan.fan is None
    assert not commands.enabled("agreement.save_report")
    started = []
    with monkeypatch.context() as patch:
        patch.setattr(window.context.jobs, "start", lambda *words, **_: started.append(words))
        screen.state.reload(force=True)
    assert started == [], "nothing is asked of the project"
    commands.set_condition("annotating", False)
    ready(screen)
    assert screen.stack.currentWidget() is screen.desk


def test_empty_states_say_what_to_do(window, tmp_path):
    made = window.show_screen("agreement")
    assert made.stack.currentWidget() is made.no_project
    create_project(tmp_path / "empty.affectograph").close()
    open_project_in(window, tmp_path / "empty.affectograph")
    settle(lambda: made.stack.currentWidget() is made.no_labels)
    assert "simulate" in made.no_labels.text.text()
    assert "import" in made.no_labels.text.text()
    assert "Exchange" in made.no_labels.text.text()


def test_a_spot_is_found_by_place(screen):
    chart = screen.overview.chart
    screen.grab()
    assert chart.spot_at(QPointF(-5, -5)) is None
    assert chart.spot_at(QPointF(QPoint(*chart.spots[4].area.center().toPoint().toTuple()))) is chart.spots[4]


def test_the_table_of_raters_leaves_columns_out_before_it_scrolls(screen, window):
    screen.page("raters")
    ready(screen)
    table = screen.raters.table
    every = {column.title for column in table.model_.columns}

    def shown(width, height):
        window.resize(width, height)
        settle(seconds=0.2)
        assert table.horizontalScrollBar().maximum() == 0, width
        return {column.title for at, column in enumerate(table.model_.columns) if not table.isColumnHidden(at)}

    for size in ((1366, 740), (1280, 690)):
        assert shown(*size) >= {"Rater", "To look at", "Bias", "With others", "α without"}
    assert {"Rater", "To look at", "Bias", "With others", "α without"} <= shown(960, 640) < every
    told = table.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert all(f"{title}: " in told for title in every)
    assert shown(2200, 1000) == every
    assert "Ratings: " not in (table.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole) or "")
