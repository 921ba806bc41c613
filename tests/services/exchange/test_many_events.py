"""Many annotations at once: progress to the end, cancel at any step without a trace, external entities refused."""

import pytest

import db.notes
from app.domain.notes import ClipNote
from app.errors import Cancelled
from app.jobs import Context
from app.services.exchange.mapping import Mapping
from app.services.exchange.planning import plan_import
from app.services.exchange.store import last_import, store_plan
from tests.services.exchange.test_import import rows

FILES, EACH = 3, 8000


class Stopping(Context):
    """A context that stops at a step, counted from 1."""

    def __init__(self, at=0):
        super().__init__()
        self.at, self.steps = at, []

    def progress(self, done, total, text=""):
        self.steps.append((done, total, text))
        if len(self.steps) == self.at:
            self.cancel()
        super().progress(done, total, text)


def document(number, count=EACH):
    slots = "".join(
        f'<TIME_SLOT TIME_SLOT_ID="ts{n}" TIME_VALUE="{n * 4900 // (2 * count)}"/>' for n in range(2 * count)
    )
    annotations = "".join(
        f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a{n}" TIME_SLOT_REF1="ts{2 * n}" '
        f'TIME_SLOT_REF2="ts{2 * n + 1}"><ANNOTATION_VALUE>word {number}-{n}</ANNOTATION_VALUE>'
        "</ALIGNABLE_ANNOTATION></ANNOTATION>"
        for n in range(count)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><ANNOTATION_DOCUMENT AUTHOR="" DATE="2026-01-01T00:00:00+00:00" '
        'FORMAT="3.0" VERSION="3.0"><HEADER TIME_UNITS="milliseconds"><MEDIA_DESCRIPTOR '
        'MEDIA_URL="file:///clip01.mp4" MIME_TYPE="video/mp4"/></HEADER>'
        f'<TIME_ORDER>{slots}</TIME_ORDER><TIER LINGUISTIC_TYPE_REF="d" TIER_ID="words" ANNOTATOR="R1">{annotations}'
        '</TIER><LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="d" TIME_ALIGNABLE="true"/></ANNOTATION_DOCUMENT>'
    )


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "eaf"
    made.mkdir()
    for number in range(FILES):
        (made / f"f{number}.eaf").write_text(document(number))
    return made


@pytest.mark.slow
def test_they_come_in_with_progress_and_are_stopped_without_a_trace(project, folder):
    reading, storing = Stopping(), Stopping()
    plan = plan_import(project, [folder], ctx=reading)
    assert [step[2] for step in reading.steps] == ["Reading f0.eaf", "Reading f1.eaf", "Reading f2.eaf"]
    assert len(plan.events) == FILES * EACH > db.notes.BATCH
    before = rows(project.path)
    with pytest.raises(Cancelled):
        plan_import(project, [folder], ctx=Stopping(at=2))
    for at in (1, 2, 3):
        with pytest.raises(Cancelled):
            store_plan(project, plan, condition="full_context", study="imported", ctx=Stopping(at=at))
        assert rows(project.path) == before
        assert last_import(project) is None
    done = store_plan(project, plan, condition="full_context", study="imported", ctx=storing)
    assert done.events == FILES * EACH
    assert storing.steps[-1] == (1, 1, "Done")
    notes = db.notes.of_clip(project, plan.events[0].clip.id)
    assert len(notes) == FILES * EACH
    assert isinstance(notes[0], ClipNote)
    assert notes[0].author == "R1"


def test_a_document_type_with_entities_is_refused(project, tmp_path):
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    for number, head in enumerate((bomb, outside)):
        text = document(number, 2).replace("?><", f"?>{head}<", 1).replace("word 0-0", "&b;").replace("word 1-0", "&a;")
        (tmp_path / f"x{number}.eaf").write_text(text)
        plan = plan_import(project, [tmp_path / f"x{number}.eaf"], Mapping())
        assert plan.empty
        assert "document type" in plan.refused[0].what
