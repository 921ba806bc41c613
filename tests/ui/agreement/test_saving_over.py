"""Figures and reports go over a file of somebody's only after the dialog has asked about that very file."""

from app.results import LEDGER
from tests.ui.dialogs import over
from tests.ui.waiting import settle


def test_figure_and_report_over_a_file_of_somebodys(window, tmp_path, study_path):
    window.projects.open(study_path)
    screen = window.show_screen("agreement")
    settle(lambda: screen.state.shown is not None and screen.state.shown.final)
    screen.page("overview")
    folder = tmp_path / "out"
    folder.mkdir()
    for command, name in (("agreement.save_figure", "mine.svg"), ("agreement.save_report", "mine.html")):

        def save(command=command):
            assert window.context.commands.run(command)

        assert over(window, folder, save, name, "Keep it") == "mine"
        assert "<svg" in over(window, folder, save, name, "Replace")
    assert {path.name for path in folder.iterdir()} == {"mine.svg", "mine.html", LEDGER}
