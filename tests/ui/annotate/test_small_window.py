"""All questions of the default study are in sight on small screens: what scrolls away is forgotten."""

import pytest

from app.ui.parts.judging.rows import CELL_HEIGHTS


@pytest.mark.parametrize(
    ("size", "height"),
    # What the window has of 1920 × 1080 at 150 %, and of 1366 × 768, and on a large screen.
    [((1272, 680), CELL_HEIGHTS[-1]), ((1358, 728), CELL_HEIGHTS[-1]), ((1600, 1000), CELL_HEIGHTS[0])],
)
def test_no_question_scrolls_away(desk, make, size, height):
    desk.open(make(clips=2))
    desk.window.resize(*size)
    desk.sign_in()
    desk.skip_texts()
    desk.until_shown("playing", "ended")
    questions = desk.screen.rating.questions
    assert len(questions.stops) == 12
    desk.until(lambda: questions.verticalScrollBar().maximum() == 0, "all questions in sight")
    row = questions.emotion_rows["angry"]
    assert row.cell_rect(0).height() == pytest.approx(height * max(desk.window.context.theme.scale, 1.0))
    assert all(row.rect().toRectF().contains(row.cell_rect(number)) for number in range(len(row.cells)))
