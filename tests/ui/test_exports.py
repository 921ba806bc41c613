"""Copy and export in the real window: every table and plot, what is written, and who may."""

import csv
import io
from functools import partial
from pathlib import Path

import pyqtgraph as pg
import pytest
from PySide6.QtGui import QContextMenuEvent, QDesktopServices
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox, QTableView, QTableWidget, QTableWidgetItem

import db.audit
import db.clips
import db.sights
from app.domain.paper import Paper
from app.services.consent.gate import names_of_refused
from app.ui.core.whose import NAMED, whose_of
from app.ui.parts.exporting.dialog import ExportDialog
from app.ui.parts.exporting.found import offers_at
from app.ui.parts.exporting.of_plot import plot_of
from app.ui.parts.exporting.of_table import table_of
from app.ui.parts.widgets.plain_plot import dress, pen, plot
from app.ui.screens.agreement.chart import Chart
from app.ui.screens.agreement.table import Column, ResultCell, ResultView
from app.ui.screens.agreement.view import PAGES
from db.schema import Rater
from tests.interchange.test_table_files import sheets
from tests.services.rights.test_consent import set_consent
from tests.ui.agreement.conftest import demo_folder, study_path  # noqa: F401
from tests.ui.dialogs import Answers, save_as
from tests.ui.test_paper import Read, inside
from tests.ui.waiting import idle, settle


@pytest.fixture
def demo(window, study_path):  # noqa: F811
    window.context.settings.set("agreement.replicates", 200)
    window.projects.open(study_path)
    settle(lambda: window.context.project is not None)
    idle(window.context)
    return window


def shown(screen, kind):
    return [one for one in screen.findChildren(kind) if one.isVisible()]


def filled(view):
    return view.model() is not None and view.model().rowCount() > 0


def is_offered(screen, widget):
    return bool(offers_at(widget, screen))


def review(window):
    screen = window.show_screen("review")
    screen.desk.clips.select_first()
    settle(lambda: screen.desk.player.is_open and screen.desk.state.prediction is not None, patience=30.0)
    idle(window.context)
    return screen


def show(name, window):
    screen = window.show_screen(name)
    idle(window.context)
    return screen


def agreement(window):
    screen = window.show_screen("agreement")
    settle(lambda: screen.state.shown is not None and screen.state.shown.final)
    idle(window.context)
    return screen


def test_every_table_and_plot_of_every_screen_is_offered(demo):
    seen = {"tables": 0, "plots": 0, "charts": 0}
    for name in demo.screens:
        screen = {"agreement": agreement, "review": review}.get(name, partial(show, name))(demo)
        for page in PAGES if name == "agreement" else (None,):
            if page is not None:
                screen.page(page.id)
                idle(demo.context)
                settle(seconds=0.05)
            for view in filter(filled, shown(screen, QTableView)):
                assert is_offered(screen, view), (name, view.accessibleName())
                assert view.accessibleName(), (name, page)
                seen["tables"] += 1
            for drawn in shown(screen, pg.PlotWidget):
                if drawn.isVisible() and any(part.isVisible() for part in drawn.getPlotItem().listDataItems()):
                    assert is_offered(screen, drawn), (name, drawn.accessibleName())
                    seen["plots"] += 1
            for chart in shown(screen, Chart):
                assert is_offered(screen, chart), (name, chart.accessibleName())
                seen["charts"] += 1
        if name in ("review", "agreement", "study"):
            assert demo.exporting.offers(), name
    assert min(seen.values()) >= 3, seen


def test_the_menu_at_a_table_copies_it_as_a_spreadsheet_pastes_it(demo):
    screen = agreement(demo)
    screen.page("raters")
    view = screen.raters.table
    menu = demo.exporting.menu_at(view.viewport())
    assert [action.text() for action in menu.actions()] == ["Copy", "Export…"]
    menu.actions()[0].trigger()
    settle(lambda: QApplication.clipboard().text() != "")
    (line,) = db.audit.recent(demo.context.project, action="export.copy")
    assert line.detail == {"what": "Raters", "rows": view.model().rowCount()}
    head, *rows = csv.reader(io.StringIO(QApplication.clipboard().text()), delimiter="\t")
    assert head[0] == "Rater"
    assert len(rows) == view.model().rowCount()
    assert rows[0][0] == view.model().index(0, 0).data()
    assert "Copied" in demo.passing.text()
    menu.deleteLater()


def test_a_right_click_and_the_menu_key_open_that_menu(demo):
    screen = agreement(demo)
    screen.page("raters")
    settle(seconds=0.05)
    view = screen.raters.table
    where = view.viewport().rect().center()
    for reason in (QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard):
        view.setFocus()
        event = QContextMenuEvent(reason, where, view.viewport().mapToGlobal(where))
        QApplication.sendEvent(view.viewport(), event)
        settle(lambda: any(menu.isVisible() for menu in demo.findChildren(QMenu)), patience=10.0)
        menu = next(menu for menu in demo.findChildren(QMenu) if menu.isVisible())
        assert menu.actions()[-1].text() == "Export…"
        menu.close()
        settle(seconds=0.02)
    assert demo.exporting.menu_at(screen.filters) is None


def test_export_writes_a_workbook_beside_the_project_and_says_where(demo, study_path, monkeypatch):  # noqa: F811
    screen = agreement(demo)
    screen.page("reliability")
    settle(seconds=0.05)
    demo.run("export.open")
    dialog = next(one for one in demo.findChildren(ExportDialog) if one.isVisible())
    titles = [dialog.what.item(row).text() for row in range(dialog.what.count())]
    assert "All tables of the screen" in titles
    dialog.what.setCurrentRow(titles.index("All tables of the screen"))
    forms = [dialog.form.itemText(at) for at in range(dialog.form.count())]
    assert forms == ["Excel workbook", "Word table, APA style", "LaTeX table, APA style"]
    answers = Answers(demo, save_as("mine"))
    dialog.save.click()
    assert answers.left == []
    idle(demo.context)
    path = study_path.parent / "mine.xlsx"  # beside the project, nobody chose a folder
    found = sheets(path)
    assert "Disagreement and reliability of" in found
    head, *rows = found["Disagreement and reliability of"]
    assert head[:3] == ["condition", "emotion", "disagreement"]
    assert all(isinstance(row[2], float) for row in rows)
    meanings = {row[1]: row[3] for row in found["Explanations"] if len(row) > 3}
    assert meanings["alpha_ordinal"] == "Krippendorff's alpha, ordinal metric"
    assert demo.passing.text() == "Saved mine.xlsx."
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) or True)
    assert demo.passing.open.isVisible()
    demo.passing.open.click()
    demo.passing.folder.click()
    assert opened == [str(path), str(path.parent)]
    demo.context.notify("Something else.", tone="ok")
    assert not demo.passing.open.isVisible()


def test_a_figure_of_a_chart_in_the_size_of_a_column(demo, tmp_path):
    screen = agreement(demo)
    screen.page("effect")
    settle(seconds=0.05)
    offer = screen.effect.chart.exports()[0]
    demo.context.exports.save_figure(tmp_path / "a.svg", offer.figure(), Paper(85.0, 0.0, "", 7.0))
    idle(demo.context)
    assert 'width="240.94' in (tmp_path / "a.svg").read_text("utf-8")  # 85 mm in points
    demo.context.exports.copy(offer)
    settle(lambda: not QApplication.clipboard().image().isNull())
    idle(demo.context)


def test_a_figure_of_agreement_is_refused_while_somebody_takes_part_who_refused(demo, tmp_path):
    project = demo.context.project
    code = next(clip.subject for clip in db.clips.every(project) if clip.subject)
    set_consent(project, "subject", code, "export", granted=False)
    offer = agreement(demo).overview.chart.exports()[0]
    demo.context.exports.save_figure(tmp_path / "a.svg", offer.figure(), None)
    settle(lambda: question(demo) is not None)
    assert f"subject {code}" in question(demo).text()
    assert answered(demo, QMessageBox.ButtonRole.RejectRole)
    idle(demo.context)
    assert not (tmp_path / "a.svg").exists()


def real_rater(project):
    """Make one of the demo's raters a person, and return the code."""
    with project.write() as session:
        rater = session.query(Rater).order_by(Rater.code).first()
        rater.simulated = False
        return rater.code


def question(window):
    return next((box for box in window.findChildren(QMessageBox) if box.objectName() == "people.uncovered"), None)


def answered(window, role):
    """Press a button of the question about consent, if it is asked, and say whether it was."""
    box = question(window)
    if box is None:
        return False
    next(button for button in box.buttons() if box.buttonRole(button) is role).click()
    settle(lambda: question(window) is None)
    return True


@pytest.mark.slow
def test_nothing_leaves_any_screen_with_an_answer_of_somebody_who_refused(demo, tmp_path):
    """Over all that every screen offers. A screen that does not say whose answers it shows counts as everybody's."""
    project, exports = demo.context.project, demo.context.exports
    subject = next(clip.subject for clip in db.clips.every(project) if clip.subject)
    rater = real_rater(project)
    set_consent(project, "subject", subject, "export", granted=False)
    set_consent(project, "rater", rater, "export", granted=False)
    refused = names_of_refused(project)
    assert {subject, rater} <= refused.keys()
    tried = {"refused": 0, "written": 0}
    for name in demo.screens:
        screen = {"agreement": agreement, "review": review}.get(name, partial(show, name))(demo)
        for page in PAGES if name == "agreement" else (None,):
            if page is not None:
                screen.page(page.id)
                idle(demo.context)
            for number, offer in enumerate(demo.exporting.offers()):
                goal = tmp_path / f"{name}-{page.id if page else ''}-{number}"
                if offer.figure is not None:
                    exports.save_figure(goal.with_suffix(".svg"), offer.figure(), None)
                    idle(demo.context)
                    answered(demo, QMessageBox.ButtonRole.RejectRole)
                    if whose_of(screen) is not NAMED:
                        assert not goal.with_suffix(".svg").exists(), (name, offer.title)
                if offer.tables is not None and not offer.several:
                    exports.save_tables(goal.with_suffix(".csv"), offer.tables())
                    idle(demo.context)
                    was_asked = answered(demo, QMessageBox.ButtonRole.AcceptRole if whose_of(screen) is NAMED else
                                         QMessageBox.ButtonRole.RejectRole)  # fmt: skip
                    idle(demo.context)
                    if whose_of(screen) is not NAMED:
                        assert not goal.with_suffix(".csv").exists(), (name, offer.title)
                        tried["refused"] += 1
                    else:
                        words = goal.with_suffix(".csv").read_text("utf-8-sig")
                        cells = {cell for row in csv.reader(io.StringIO(words)) for cell in row}
                        assert not cells & refused.keys(), (name, offer.title, was_asked)
                        tried["written"] += 1
    assert min(tried.values()) > 0, tried


def test_agreement_leaves_people_out_and_computes_again_where_that_is_wanted(demo, tmp_path):
    project, state = demo.context.project, agreement(demo).state
    rater = real_rater(project)
    set_consent(project, "rater", rater, "export", granted=False)
    screen = agreement(demo)
    demo.context.commands.run("agreement.copy_methods")
    settle(lambda: question(demo) is not None)
    assert rater in question(demo).text()
    assert answered(demo, QMessageBox.ButtonRole.AcceptRole)
    settle(lambda: rater not in state.labels.options.raters and state.shown.final and state.busy is False)
    idle(demo.context)
    assert rater not in {state.shown.data.intensities.rater.names[k] for k in state.shown.data.intensities.rater.codes}
    offer = screen.overview.chart.exports()[0]
    demo.context.exports.save_tables(tmp_path / "a.csv", offer.tables())
    settle(lambda: (tmp_path / "a.csv").exists())
    screen.saving.save_report(tmp_path / "a.html")
    settle(lambda: (tmp_path / "a.html").exists(), patience=60.0)
    idle(demo.context)
    saved = [Path(one.detail["to"]).name for one in db.audit.recent(project, action="export.write")]
    assert saved == ["a.html", "a.csv"]
    said = (tmp_path / "a.html").read_text("utf-8")
    assert f"Left out, because consent does not cover export to files: rater {rater}" in said
    assert screen.filters.raters.text().endswith(str(len(state.labels.options.raters)))


def test_the_clips_curves_are_exported_frame_by_frame(desk):
    window = desk.window()
    offers = {offer.title: offer for offer in desk.timeline.exports()}
    table = offers["Curves of this face"].tables()[0]
    names = [heading.text for heading in table.headings]
    assert names[:4] == ["frame_idx", "time_s", "valence_predicted", "arousal_predicted"]
    assert len(table.rows) == len(desk.player.times_s)
    assert any(name.startswith("valence: ") for name in names)
    assert table.rows[10][2] == pytest.approx(float(desk.state.prediction.values[10, 0]))
    assert [offer.title for offer in window.exporting.offers()].count("Curves of this face") == 1
    desk.timeline.set_hidden("Not while you record.")
    assert desk.timeline.exports() == []


def test_nothing_is_exported_while_a_trace_is_recorded(desk):
    window = desk.window()
    window.context.commands.set_condition("recording", True)
    assert window.exporting.offers() == []
    assert window.exporting.menu_at(desk.timeline) is None
    assert window.context.commands.obstacle("export.open") == "a trace is being recorded"
    window.context.commands.set_condition("recording", False)


def test_a_rater_at_work_exports_nothing(demo):
    screen = agreement(demo)
    offer = screen.overview.chart.exports()[0]
    demo.context.commands.set_condition("annotating", True)
    assert demo.exporting.offers() == []
    QApplication.clipboard().clear()
    demo.context.exports.copy(offer)
    demo.run("export.copy")
    idle(demo.context)
    assert QApplication.clipboard().text() == ""
    assert demo.exporting.menu_at(screen.overview.chart) is None
    demo.context.commands.set_condition("annotating", False)


def test_the_raw_answers_are_written_and_count_as_seen(demo, tmp_path):
    screen = demo.show_screen("answers")
    idle(demo.context)
    screen.gate.new_code.setText("OWN")
    screen.gate.go.click()
    settle(lambda: screen.stack.currentWidget() is screen.main, what="the list")
    idle(demo.context)
    assert "All answers, raw" in [offer.title for offer in demo.exporting.offers()]
    from app.ui.screens.answers.export import export_answers

    export_answers(demo.context, screen, tmp_path / "out", screen.study.currentText())
    idle(demo.context)
    assert {"intensities.csv", "dictionary.csv", "raters.csv"} <= {path.name for path in (tmp_path / "out").iterdir()}
    assert demo.passing.folder.isVisible()
    assert not demo.passing.open.isVisible()
    seen = db.sights.every(demo.context.project)
    assert "OWN" in {one.rater for one in seen if one.what == "labels"}


def test_numbers_in_words_become_numbers(window):
    view = ResultView(
        window.context.theme, (Column("Rater", right=False), Column("Alpha"), Column("Share"), Column("Code")), "T"
    )
    view.fill([
        (ResultCell("R1"), ResultCell("0.41 [0.30, 0.52]", 0.4123), ResultCell("45 %"), ResultCell("007")),
        (ResultCell("R2"), ResultCell("–", float("nan")), ResultCell("−1,200 %"), ResultCell("12")),
    ])  # fmt: skip
    table = table_of(view)
    heads = ["Rater", "Alpha", "Alpha, low", "Alpha, high", "Share (%)", "Code"]
    assert [heading.text for heading in table.headings] == heads
    assert table.rows == (("R1", 0.4123, 0.3, 0.52, 45, "007"), ("R2", None, None, None, -1200, "12"))
    view.deleteLater()


def test_a_matrix_keeps_the_names_of_its_rows(window):
    made = QTableWidget(1, 1)
    made.setVerticalHeaderLabels(["fear"])
    made.setHorizontalHeaderLabels(["joy"])
    made.setItem(0, 0, QTableWidgetItem("3"))
    made.show()
    assert table_of(made, "Confusion").rows == (("fear", 3),)
    made.deleteLater()


def test_a_plot_is_drawn_for_paper_in_the_colours_of_the_light_theme(window):
    window.context.theme.force("dark")
    made = plot("Learning curve")
    dress(made, window.context.theme, "Learning curve")
    made.plot([1, 2, 3], [0.1, 0.4, 0.5], pen=pen(window.context.theme, "valence", dashed=True), name="valence")
    made.addItem(pg.InfiniteLine(2, angle=90))
    found = plot_of(made)
    window.context.theme.force("light")
    assert found.curves[0].colour == window.context.theme.colour("valence").name()
    assert (found.curves[0].dashes, found.curves[0].name) == ("dashed", "valence")
    assert found.curves[0].y.tolist() == [0.1, 0.4, 0.5]
    assert found.rules[0].upright
    made.deleteLater()


def test_the_report_becomes_a_pdf_by_one_press(demo, tmp_path):
    screen = agreement(demo)
    said = []
    screen.saving.ask_report = lambda placement, as_pdf=False: said.append(as_pdf)
    assert demo.context.commands.run("agreement.save_pdf")
    assert said == [True]
    screen.saving.save_report(tmp_path / "r.pdf")
    idle(demo.context)
    found = Read(tmp_path / "r.pdf")
    assert len(found.pages) > 3
    inside(found)
    first = " ".join(found.words(0))
    assert "raters agreed most on" in first
    assert "Face only" in first
    assert demo.passing.text() == "Saved r.pdf."
    found.close()
