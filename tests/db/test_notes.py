"""Notes on clips: stored by edits that can be undone, kept from raters, checked, and exported whole."""

import csv
import json
from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

import db.check
import db.digests
import db.imports
import db.sights
from app.domain.changes import Changes
from app.domain.notes import adding, changing, ended, removing, running_state
from app.errors import UserError
from app.interchange.notes_csv import NOTE_COLUMNS
from app.services.labels.notes import (
    ethogram_edit,
    example_categories,
    export_notes,
    new_category,
    new_note,
    note_rows,
    notes_of_clip,
)
from app.services.projects.edits import apply_edit
from db import audit, clips, edits, notes
from db.project import Project
from db.scope import RaterView
from tests.db.build import media_info

from .test_edits import there_and_back


def categories(project):
    apply_edit(project, ethogram_edit(project, example_categories(), "OWN"))
    return {one.name: one for one in notes.categories(project)}


def test_a_note_comes_changes_and_goes_and_each_can_be_undone(project, clip):
    note = new_note(clip, 1.25, "OWN")
    assert there_and_back(project, adding(note)).kinds == {"note"}
    apply_edit(project, adding(note))
    assert notes.of_clip(project, clip.id) == (note,)
    longer = replace(note, kind="state", end_s=2.5, text="laughs", colour="red")
    assert there_and_back(project, changing(note, longer, "OWN")).kinds == {"note"}
    assert there_and_back(project, removing([note], "OWN")).kinds == {"note"}
    assert changing(note, note) is None
    with pytest.raises(UserError, match="before it begins"):
        changing(note, replace(longer, end_s=1.0))


def test_who_made_a_note_and_when_is_in_the_audit_log(project, clip):
    note = replace(new_note(clip, 1.0, "OWN"), text="smiles")
    apply_edit(project, adding(note))
    apply_edit(project, removing([note], "REV"))
    gone, made = audit.recent(project, action="edit.")
    assert (made.actor, gone.actor) == ("OWN", "REV")
    assert made.detail["changes"][0]["after"]["made_at"] == note.made_at
    assert gone.detail["changes"][0]["before"]["text"] == "smiles"
    assert abs(made.at - note.made_at) < 60


def test_a_second_press_ends_the_state_that_this_person_began(project, clip):
    smile = categories(project)["Smile"]
    mine, theirs = (new_note(clip, 1.0, who, smile) for who in ("A", "B"))
    later = replace(new_note(clip, 3.0, "A", smile), made_at=mine.made_at + 1)
    assert mine.running
    assert running_state([mine, theirs], "Smile", "A") == mine
    assert running_state([mine, later], "Smile", "A") == later
    assert running_state([ended(mine, 2.0)], "Smile", "A") is None
    assert running_state([mine], "Blink", "A") is None
    assert (ended(mine, 2.0).start_s, ended(mine, 2.0).end_s) == (1.0, 2.0)
    assert (ended(mine, 0.5).start_s, ended(mine, 0.5).end_s) == (0.5, 1.0)  # somebody went back meanwhile


def test_renaming_a_category_takes_its_notes_along_and_back(project, clip):
    made = categories(project)
    note = new_note(clip, 1.0, "", made["Blink"])
    apply_edit(project, adding(note))
    wanted = [replace(one, name="Wink") if one.name == "Blink" else one for one in made.values()]
    edit = ethogram_edit(project, wanted)
    assert apply_edit(project, edit).kinds == {"note", "note_category"}
    assert [one.category for one in notes.of_clip(project, clip.id)] == ["Wink"]
    assert ethogram_edit(project, wanted) is None
    apply_edit(project, edit.inverse())
    assert [one.category for one in notes.of_clip(project, clip.id)] == ["Blink"]
    apply_edit(project, ethogram_edit(project, []))
    assert notes.categories(project) == ()
    assert [one.category for one in notes.of_clip(project, clip.id)] == ["Blink"]  # a note outlives its category


def test_categories_that_cannot_be_told_apart_are_refused(project):
    one = new_category("Smile", "1", "state", "green", 0)
    for other, why in ((("smile ", "2"), "name"), (("Blink", "1"), "key"), (("", ""), "needs a name")):
        with pytest.raises(UserError, match=why):
            ethogram_edit(project, [one, new_category(*other, "point", "red", 1)])


def test_notes_of_a_removed_clip_go_with_it_and_come_back(project, clip):
    apply_edit(project, adding(new_note(clip, 1.0, "")))
    edit = edits.remove_clips(project, [clip.id])
    apply_edit(project, edit)
    assert note_rows(project) == []
    apply_edit(project, edit.inverse())
    assert [row.clip for row in note_rows(project)] == ["anna.mp4"]


def test_raters_see_no_note_and_no_category(project, clip, rater):
    categories(project)
    apply_edit(project, adding(new_note(clip, 1.0, "OWN")))
    with RaterView(project, rater.id) as view, view.read() as session:
        assert session.execute(text("SELECT count(*) FROM clip_note")).scalar_one() == 0
        assert session.execute(text("SELECT count(*) FROM note_category")).scalar_one() == 0
        assert notes.of_clip(view, clip.id) == ()


def test_who_reads_notes_has_seen_something_of_the_clip(project, clip):
    assert notes_of_clip(project, clip.id).notes == ()
    assert db.sights.every(project) == []
    apply_edit(project, adding(new_note(clip, 1.0, "OWN")))
    notes_of_clip(project, clip.id)
    assert [(sight.clip, sight.what) for sight in db.sights.every(project)] == [("anna.mp4", "labels")]


def test_the_check_finds_a_note_that_nobody_can_have_made(project, clip):
    apply_edit(project, adding(new_note(clip, 1.0, "OWN")))
    assert [problem for problem in db.check.problems(project) if problem.damage] == []
    path = project.path
    project.close()
    import sqlite3

    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE clip_note SET colour = 'plaid'")
        connection.commit()
    with Project.open(path) as again:
        told = " ".join(problem.what for problem in db.check.problems(again))
    assert "Row 1 of table clip_note" in told
    assert "colour is none of" in told


def test_the_export_holds_every_note_with_all_that_it_is(project, clip, tmp_path):
    made = categories(project)
    point = replace(new_note(clip, 0.1 + 0.2, "OWN", made["Blink"]), text="=1+1, “both” eyes\nslowly")
    state = ended(new_note(clip, 1.0, "", made["Smile"]), 2.0)
    running = new_note(clip, 5.0, "REV", made["Speaks"])
    for note in (running, point, state):
        apply_edit(project, adding(note))
    path, count = export_notes(project, tmp_path / "notes.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert count == len(rows) == 3
    assert tuple(rows[0]) == NOTE_COLUMNS
    assert [(row["category"], float(row["start_s"]), row["end_s"], row["kind"]) for row in rows] == [
        ("Blink", 0.1 + 0.2, "", "point"), ("Smile", 1.0, "2.0", "state"), ("Speaks", 5.0, "", "state"),
    ]  # fmt: skip
    assert rows[0]["text"] == "'" + point.text  # no spreadsheet runs it
    assert [row["author"] for row in rows] == ["OWN", "", "REV"]
    assert {row["clip_sha256"] for row in rows} == {clip.sha256}
    (tmp_path / "mine.csv").write_text("mine")
    with pytest.raises(UserError, match=r"mine\.csv"):
        export_notes(project, tmp_path / "mine.csv")


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6))
def test_times_are_written_so_that_they_read_the_same(start_s, length_s):
    from app.domain.notes import ClipNote
    from app.interchange.notes_csv import note_cells

    note = ClipNote("u", 1, "a" * 64, "state", start_s, start_s + length_s, "", "", "grey", "", 0.0)
    row = note_cells("clip", note)
    assert (float(row.start_s), float(row.end_s)) == (note.start_s, note.end_s)
    assert json.loads(json.dumps(adding(note).to_json())) == adding(note).to_json()


def test_edits_of_notes_tell_their_kind(project, clip):
    note = new_note(clip, 1.0, "")
    assert apply_edit(project, adding(note)) == Changes.of("note", 1)
    assert clips.get(project, clip.id).name == "anna.mp4"


def test_many_notes_are_sealed_as_they_come_and_named_by_one_range(tmp_path):
    with Project.create(tmp_path / "p") as project:
        clip = clips.add(project, media_info(tmp_path / "a.mp4"), "a" * 64)
        rows = [(clip.id, "state", n / 10, n / 10 + 0.05, "smile", f"é {n}", "R1", "red") for n in range(50)]
        with project.write() as session:
            then = db.imports.before(session)
            notes.add_many(session, rows)
            notes.add_many(session, [(clip.id, "point", 1, None, "", "", "", "blue")])
            kept = db.imports.note_added(session, then, ["a.eaf"])
        assert kept is not None
        assert len(kept.rows["clip_note"]) == 2
        assert kept.rows["clip_note"][0].count("…") == 1
        with project.read() as session:
            assert list(db.digests.wrong(db.digests.driver_of(session.connection()))) == []
        found = notes.of_clip(project, clip.id)
        assert len(found) == 51
        assert found[0].text == "é 0"
        record = db.imports.newest(project)
        assert db.imports.remove(project, record) == {"clip_note": 51}
        assert notes.of_clip(project, clip.id) == ()


def test_rows_of_another_shape_are_not_sealed_blindly(tmp_path):
    odd = ("id", "uid")
    with (
        Project.create(tmp_path / "p") as project,
        project.write() as session,
        pytest.raises(ValueError, match="other"),
    ):
        db.digests.insert(session, "clip_note", odd, [])
