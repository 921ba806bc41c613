"""Comments that a spreadsheet would run: escaped in the file, unchanged when it is read again."""

from app.interchange.label_sheet import Place
from app.interchange.tidy import AnswerDetail, read_answers, write_answers

COMMENTS = ["=1+1", "@x", "-so so", "+", "'=quoted", "plain", "-3"]


def test_comments_come_back_as_they_were(tmp_path):
    place = Place("faces", "a.mp4", "a.mp4", "0" * 64, "S1", "full_context", "R01", 1)
    rows = [AnswerDetail(place._replace(pass_no=i + 1), 3, text, 1.7e9, 2.5) for i, text in enumerate(COMMENTS)]
    path = tmp_path / "answers.csv"
    write_answers(path, rows)
    text = path.read_text("utf-8")
    assert ",'=1+1," in text
    assert ",=1+1," not in text
    assert [row.comment for row in read_answers(path)] == COMMENTS
