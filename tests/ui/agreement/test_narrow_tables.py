"""A table of results in a narrow window leaves out columns before it scrolls, and shows them again with room."""

from app.settings import Settings
from app.ui.look.theme import Theme
from app.ui.screens.agreement.table import Column, ResultCell, ResultView
from tests.ui.waiting import settle

TITLES = ("Item", "Most disputed", "Highest", "Face only", "Full context", "Difference")


def filled(view, titles, drop):
    view.set_columns([Column(title) for title in titles], drop)
    view.fill([tuple(ResultCell(f"{title} {number}") for title in titles) for number in range(3)], [0, 1, 2])
    settle(seconds=0.05)
    return [title for at, title in enumerate(titles) if view.isColumnHidden(at)]


def test_columns_are_left_out_before_the_table_scrolls(qapp):
    view = ResultView(Theme(qapp, Settings()), (), "Items", stretch=0)
    view.resize(420, 300)
    view.show()
    assert filled(view, TITLES, (1,)) == ["Most disputed"]
    assert view.horizontalScrollBar().maximum() == 0
    assert "Most disputed: Most disputed 2" in view.model_.data(view.model_.index(2, 0), 3)
    view.resize(1200, 300)
    settle(lambda: not view.isColumnHidden(1))
    view.resize(420, 300)
    settle(lambda: view.isColumnHidden(1))
    assert filled(view, TITLES[:3], ()) == []
    view.close()
    view.deleteLater()


def test_long_names_go_on_in_the_next_line_and_are_seen_whole(qapp):
    name = "ICC(A,1), mixed model with crossed items and raters, REML"
    view = ResultView(Theme(qapp, Settings()), (Column("Of"), Column("Estimator")), "Estimates", stretch=1, wrap=True)
    view.resize(340, 300)
    view.fill([(ResultCell("Angry"), ResultCell(name)), (ResultCell("Angry"), ResultCell("alpha"))])
    view.show()
    settle(lambda: view.rowHeight(0) > view.rowHeight(1))
    assert view.rowHeight(0) >= view.sizeHintForRow(0)
    view.resize(900, 300)
    settle(lambda: view.rowHeight(0) == view.rowHeight(1))
    view.close()
    view.deleteLater()
