"""Consent: what is recorded, whom it leaves out of what, and the names of an export."""

import csv
import time

import pytest

import db.consent
import db.edits
import db.raters
from app.cli import main
from app.domain.consent import Consent, Person, end_of, last_day
from app.domain.marks import Marks
from app.errors import UserError
from app.services.consent.covered import Uncovered, allowed, consent_edit, people_rows, record, require_recorded
from app.services.consent.pseudonyms import Pseudonyms
from app.services.consent.retention import due
from app.services.exchange.writing import export_for
from app.services.labels.export import export_labels
from app.services.retrain.category_labels import CategoryChoice, category_labels
from app.services.retrain.category_labels import check_consent as check_categories
from app.services.retrain.labels import LabelChoice, check_consent, labels_of, settled
from app.services.rights.log import COLUMNS, lines, write_log
from db.project import Project
from tests.services.rights.filled import CLIP, RATER, SUBJECT, WORD, holding

DAY = 86400.0


def set_consent(project, party, code, *purposes, granted=True, **more):
    record(project, consent_edit(project, db.consent.person(project, party, code), purposes, granted=granted, **more))


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_simulated_rater_is_no_person(tmp_path):
    with Project.create(tmp_path / "p.affectograph") as project:
        db.raters.add(project, "R1", simulation={"gain": 1.0})
        with pytest.raises(UserError, match="R1 is simulated") as error:
            db.consent.person(project, "rater", "R1")
        assert error.value.todo == "It has no raters of whom anything can be recorded."
        with pytest.raises(UserError, match="no rater R2"):
            db.consent.person(project, "rater", "R2")


@pytest.mark.parametrize(
    ("granted", "until", "withdrawn", "expected"),
    [
        (True, None, None, "given"),
        (False, None, None, "refused"),
        (True, -1, None, "expired"),
        (True, 1, None, "given"),
        (True, None, -1, "withdrawn"),
        (True, -2, -1, "withdrawn"),
        (True, None, 1, "given"),
    ],
)
def test_what_holds_at_a_moment(granted, until, withdrawn, expected):
    now = 1.7e9

    def at(days):
        return None if days is None else now + days * DAY

    one = Consent(Person("subject", "S1", "u", 1), "export", granted, at(until), at(withdrawn))
    assert one.standing(now) == expected


def test_a_date_is_its_whole_day():
    end = end_of("2026-12-31")
    assert last_day(end) == "2026-12-31"
    assert time.localtime(end)[:5] == (2027, 1, 1, 0, 0)
    assert end_of("  ") is None
    for wrong in ("31.12.2026", "2026-02-30", "soon"):
        with pytest.raises(UserError, match="is not a date"):
            end_of(wrong)


def test_marks_are_whole_words():
    marks = Marks(["S01", "7", "Ann Müller"], "x")
    assert marks.clean("S01_happy.csv of S011, S01; Ann Müller") == "x_happy.csv of S011, x; x"
    assert marks.clean("7") == "x"
    assert marks.clean("7 of 9") == "7 of 9"
    assert marks.clean_json({"S01": ["7", 7, {"a": "by S01"}]}) == {"x": ["x", 7, {"a": "by x"}]}
    assert marks.in_bytes("… Ann Müller …".encode()) == marks.in_bytes(b'{"n": "Ann M\\u00fcller"}') == ("Ann Müller",)
    assert marks.in_bytes(b"S01") == ()
    assert marks.not_in_bytes == ("S01", "7")


def test_what_is_recorded_can_be_undone_and_is_in_the_audit_log(path):
    with Project.open(path) as project:
        person = db.consent.person(project, "subject", "S2")
        edit = consent_edit(project, person, ["training", "archive"], granted=True, until="2027-01-31", note="form 7")
        db.edits.apply(project, edit, "R02")
        (row,) = [one for one in people_rows(project) if one.person == person]
        assert row.words("training") == "given until 2027-01-31"
        assert row.words("export") == "unknown"
        assert lines(project)[0].what == "Consent of subject S2"
        db.edits.apply(project, edit.inverse())
        (row,) = [one for one in people_rows(project) if one.person == person]
        assert row.consents == {}


def test_an_export_names_whom_it_may_not_hold_and_goes_on_without(path, tmp_path):
    with Project.open(path) as project:
        set_consent(project, "subject", "S2", "export", granted=False)
        set_consent(project, "rater", "R02", "export", withdrawn_at=1.7e9)
        for write in (
            lambda **how: export_labels(project, tmp_path / "csv", **how),
            lambda **how: export_for(project, tmp_path / "wide", "wide", **how),
        ):
            with pytest.raises(Uncovered) as refused:
                write()
            assert {one.person.code for one in refused.value.refusals} == {"S2", "R02"}
            assert "subject S2 (refused)" in refused.value.what
            assert "rater R02 (withdrawn on 2023-11-14)" in refused.value.what
        assert not (tmp_path / "csv").exists()
        done = export_labels(project, tmp_path / "csv", without_refused=True)
        assert "Left out, because consent does not cover export to files" in done.notes[0]
        written = export_for(project, tmp_path / "wide", "wide", without_refused=True)
        assert any("R02" in note for note in written.lost)
    for name in ("intensities.csv", "answers.csv", "presentations.csv", "traces.csv"):
        rows = table(tmp_path / "csv" / name)
        assert {row["rater"] for row in rows} == {RATER}, name
        assert "S2" not in {row["subject"] for row in rows}, name
    assert holding(tmp_path / "csv", words=("r02",)) == []


def test_of_whom_nothing_is_recorded_may_take_part_unless_the_project_wants_a_record(path):
    with Project.open(path) as project:
        assert allowed(project, "showing").refused == ()
        require_recorded(project, True)
        assert {one.person.code for one in allowed(project, "showing").refused} == {SUBJECT, "S2", RATER, "R02"}
        assert {one.person.code for one in allowed(project, "export").refused} == {"S2", "R02"}


def test_training_names_raters_and_subjects_together(path):
    choice = LabelChoice()
    with Project.open(path) as project:
        chosen = settled(project, choice)
        check_consent(project, chosen)
        every = [one.item.name for one in labels_of(project, chosen)]
        set_consent(project, "rater", RATER, "training", granted=False)
        with pytest.raises(Uncovered, match=rf"training of models for rater {RATER} \(refused\)"):
            check_consent(project, chosen)
        without = settled(project, LabelChoice(covered_only=True))
        check_consent(project, without)
        assert [one.item.name for one in labels_of(project, without)] == every  # R02 traced it, too
        set_consent(project, "subject", SUBJECT, "training", granted=False)
        with pytest.raises(UserError, match="no labels"):
            labels_of(project, without)
        categories = CategoryChoice("category")
        labels = category_labels(project, categories)
        with pytest.raises(Uncovered) as refused:
            check_categories(project, categories, labels)
        assert {one.person.code for one in refused.value.refusals} == {SUBJECT, RATER}
        kept = category_labels(project, CategoryChoice("category", covered_only=True))
        assert CLIP not in {item.clip for item in kept.items}
        assert any(RATER in note for note in kept.notes)


def test_pseudonyms_reach_names_of_files_and_study_definitions(path, tmp_path):
    with Project.open(path) as project:
        export_labels(project, tmp_path / "csv", names=Pseudonyms())
        export_for(project, tmp_path / "eaf", "eaf", pseudonyms=True)
        export_for(project, tmp_path / "muse", "muse", pseudonyms=True)
        made = [tmp_path / name for name in ("csv", "eaf", "muse")]
        assert holding(*made, words=(WORD, "clip01", "r02")) == []
        plain = export_labels(project, tmp_path / "plain")
    assert plain.notes == ()
    one, other = (table(tmp_path / name / "intensities.csv") for name in ("csv", "plain"))
    for name in ("rater", "clip", "item", "subject"):
        assert len({row[name] for row in one}) == len({row[name] for row in other}), name
    assert sorted(row["score"] for row in one) == sorted(row["score"] for row in other)


def test_a_reminder_names_who_is_due_and_who_soon_is(path, capsys):
    with Project.open(path) as project:
        assert due(project) is None
        now = time.time()
        record(
            project,
            consent_edit(
                project, db.consent.person(project, "rater", "R02"), ["keeping"], granted=True,
                until=time.strftime("%Y-%m-%d", time.localtime(now - 3 * DAY)),
            ),
        )  # fmt: skip
        set_consent(project, "subject", "S2", "keeping", until=time.strftime("%Y-%m-%d", time.localtime(now + 9 * DAY)))
        said = due(project)
        assert "The data of rater R02 (ended on" in said.what
        assert "Soon it may not be kept any longer: subject S2 (until" in said.what
    assert main(["consent", "list", str(path)]) == 0
    assert "rater R02: training unknown" in capsys.readouterr().out


def test_the_audit_log_as_csv_has_every_line(path, tmp_path):
    with Project.open(path) as project:
        count = write_log(project, tmp_path / "log.csv")
        assert count == len(lines(project))
    rows = table(tmp_path / "log.csv")
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == count
    assert [int(row["number"]) for row in rows] == sorted(int(row["number"]) for row in rows)
    assert any("Consent of rater" in row["what"] for row in rows)


def test_commands_record_list_plan_and_erase(path, tmp_path, capsys):
    p = str(path)
    assert main(["consent", "set", p, "--subject", "S2", "--for", "export", "--refused"]) == 0
    assert main(["consent", "set", p, "--rater", "R02", "--for", "training", "export", "--until", "2030-01-31"]) == 0
    assert main(["consent", "list", p]) == 0
    said = capsys.readouterr().out
    assert "subject S2: training unknown, export refused" in said
    assert "rater R02: training given until 2030-01-31, export given until 2030-01-31" in said
    assert main(["ratings", "export", p, "--out", str(tmp_path / "x")]) == 1
    assert "--without-refused" in capsys.readouterr().err
    assert main(["ratings", "export", p, "--out", str(tmp_path / "x"), "--without-refused", "--pseudonyms"]) == 0
    assert main(["erase", p, "--subject", "S2"]) == 0
    said = capsys.readouterr().out
    assert "Nothing was done. Add --yes" in said
    assert "cannot be undone" in said
    assert main(["erase", p, "--subject", "S2", "--yes"]) == 0
    assert "nothing of the person was found" in capsys.readouterr().out
    assert main(["erase", p, "--subject", "S2"]) == 1
    assert "no subject S2" in capsys.readouterr().err
    assert main(["erase", p, "--finish"]) == 0
    assert main(["audit", p]) == 0
    assert "A person was erased" in capsys.readouterr().out
