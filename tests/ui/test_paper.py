"""Reports on paper: what a PDF reader finds on the pages, word by word with its place."""

import re

import pytest
from PySide6.QtPdf import QPdfDocument

from app.agreement.document import document_of, grid_of
from app.agreement.example import report as example
from app.agreement.page import names_in, overview_of, page_of, report_parts
from app.agreement.people import for_people
from app.agreement.tables import ResultTable
from app.domain.document import Document, Grid, Words
from app.ui.parts.paper.columns import fit, wrapped
from app.ui.parts.paper.pdf import write_pdf

MARGIN = 17 / 25.4 * 72


class Read:
    """What a PDF reader finds: the words of each page, and the boxes in which text stands, in points."""

    def __init__(self, path):
        self.document = QPdfDocument(None)
        assert self.document.load(str(path)) == QPdfDocument.Error.None_
        every = [self.document.getAllText(number) for number in range(self.document.pageCount())]
        self.pages = [[(word.group(), word.start()) for word in re.finditer(r"\S+", one.text())] for one in every]
        self.boxes = [[polygon.boundingRect() for polygon in one.bounds()] for one in every]

    def box(self, number, word, start):
        return self.document.getSelectionAtIndex(number, start, len(word)).boundingRectangle()

    def size(self, number):
        return self.document.pagePointSize(number)

    def words(self, number):
        return [word for word, _ in self.pages[number]]

    def close(self):
        self.document.close()
        self.document.deleteLater()


@pytest.fixture
def read(qapp):
    opened = []

    def of(path):
        opened.append(Read(path))
        return opened[-1]

    yield of
    for one in opened:
        one.close()


def inside(found):
    """That no text of any page reaches over the margins."""
    for number, boxes in enumerate(found.boxes):
        size = found.size(number)
        assert boxes
        for box in boxes:
            assert box.left() >= MARGIN - 1, (number, box)
            assert box.right() <= size.width() - MARGIN + 1, (number, box)
            assert 0 < box.top() <= box.bottom() < size.height(), (number, box)


def table(rows, columns, width=6):
    """Cells that are all different, so that each can be found."""
    header = ("emotion", *(f"h{at}" for at in range(1, columns)))
    cells = tuple((f"row{r}", *(f"{r:03d}.{c:0{width}d}" for c in range(1, columns))) for r in range(rows))
    return Grid("A table", header, cells, (False, *[True] * (columns - 1)))


def where(found, cell):
    """The page of a cell, which is there once, and its place on the page."""
    places = [(number, start) for number, words in enumerate(found.pages) for word, start in words if word == cell]
    assert len(places) == 1, (cell, places)
    number, start = places[0]
    return number, start


@pytest.mark.parametrize(("columns", "sides"), [(6, False), (12, True), (40, True)])
def test_every_cell_is_on_a_page_whole_and_rows_stay_together(tmp_path, read, columns, sides):
    grid = table(60, columns)
    write_pdf(Document("Wide", (Words("Wide", "title"), grid, Words("after", "body"))), tmp_path / "a.pdf")
    found = read(tmp_path / "a.pdf")
    inside(found)
    split = 0
    for at, row in enumerate(grid.rows):
        places = [(cell, *where(found, cell)) for cell in row[1:]]
        pages = {number for _, number, _ in places}
        split = max(split, len(pages))
        for number in pages:
            assert row[0] in found.words(number)  # the name of the row, wherever a part of it stands
            if at % 13 == 0:
                tops = [found.box(page, cell, start).top() for cell, page, start in places if page == number]
                assert max(tops) - min(tops) <= 1, row[0]
    assert (split > 1) == (columns == 40)
    with_rows = {where(found, row[1])[0] for row in grid.rows}
    for number in with_rows:
        assert "emotion" in found.words(number)  # the header again
    landscape = {found.size(number).width() > found.size(number).height() for number in with_rows}
    assert landscape == {sides}
    last = len(found.pages) - 1
    assert found.size(last).width() < found.size(last).height()
    assert "after" in found.words(last)


def test_cells_do_not_run_into_each_other(tmp_path, read):
    words = "a long sentence that has to be broken into several lines because no page is wide enough for all of it"
    rows = tuple((f"r{n}", words, f"{n}.500", "x" * 120) for n in range(12))
    grid = Grid("Sentences", ("name", "why", "value", "long"), rows, (False, False, True, False))
    write_pdf(Document("Words", (grid,)), tmp_path / "a.pdf")
    found = read(tmp_path / "a.pdf")
    inside(found)
    for boxes in found.boxes:
        for at, one in enumerate(boxes):
            for other in boxes[at + 1 :]:
                both = one.intersected(other)
                assert both.width() * both.height() < 2.0, (one, other)
    assert sum(word == "sentence" for words in found.pages for word, _ in words) == 12


def test_a_row_that_is_higher_than_a_page_goes_on(tmp_path, read):
    text = " ".join(f"w{n}" for n in range(2500))
    write_pdf(Document("High", (Grid("", ("what", "value"), (("note", text),), (False, False)),)), tmp_path / "a.pdf")
    found = read(tmp_path / "a.pdf")
    inside(found)
    told = [word for number in range(len(found.pages)) for word in found.words(number) if re.fullmatch(r"w\d+", word)]
    assert told == text.split()


def test_the_first_page_has_findings_and_one_figure_and_the_end_what_is_undefined(tmp_path, read):
    results = example()
    parts = report_parts(
        results, title="Eight clips", findings=["Raters agreed."], key_figure=overview_of(results), source="x.csv"
    )
    write_pdf(document_of(parts), tmp_path / "a.pdf")
    found = read(tmp_path / "a.pdf")
    inside(found)
    first = " ".join(found.words(0))
    assert "Eight clips x.csv • Raters agreed." in first
    assert "Whiskers are 95 % intervals" in first
    assert "Disagreement and reliability" not in first
    rest = " ".join(word for number in range(1, len(found.pages)) for word in found.words(number))
    assert "Face only" in rest
    assert "face_only Happy" not in rest
    assert rest.index("Methods") < rest.index("Provenance")
    page = page_of(parts)
    assert page.index("Raters agreed.") < page.index("Whiskers")


def test_tables_for_people_have_the_windows_words_and_order_and_no_empty_rows():
    nan = float("nan")
    made = ResultTable(
        "Effect: face_only − full_context", ("condition", "emotion", "alpha_x", "empty", "n_items"),
        (("full_context", "fear", 0.5, nan, 3), ("face_only", "sad", nan, nan, 3), ("face_only", "happy", 0.1, nan, 3),
         ("face_only", "angry", 0.2, nan, 3)),
    )  # fmt: skip
    words = names_in(example()) | {"fear": "Afraid", "angry": "Angry"}
    found = for_people(made, words)
    assert found.title == "Effect: face only − full context"
    assert found.header == ("condition", "emotion", "alpha x", "items")
    assert found.rows == (
        ("Face only", "Angry", 0.2, 3), ("Face only", "Happy", 0.1, 3), ("Full context", "Afraid", 0.5, 3)
    )  # fmt: skip
    assert grid_of(found).numbers == (False, False, True, True)
    assert grid_of(found).keys == 2


def test_widths_of_columns():
    def measure(text):
        return 10.0 * len(text)

    assert [part.columns for part in fit([50, 90, 90, 90], [50, 90, 90, 90], 200, 1)] == [(0, 1), (0, 2), (0, 3)]
    assert fit([50, 60], [50, 60], 200, 1)[0].widths == (50.0, 60.0)
    assert wrapped("one two three", 80.0, measure) == ["one two", "three"]
    assert wrapped("abcdefghij", 40.0, measure) == ["abcd", "efgh", "ij"]


def test_signs_beside_figures_are_read_as_they_are_written(tmp_path, read):
    said = "alpha −0.59 (p = 1.000) [−1, 1] 3×4 12:30 +1.5 -0.472 ≥ 0.5 ≤ 2 ± 3° 50 % 1/2"
    write_pdf(Document("Signs", (Words(said, "body"),)), tmp_path / "signs.pdf")
    assert said in " ".join(read(tmp_path / "signs.pdf").words(0))
