"""Erasing: a person who is named everywhere is afterwards named nowhere, and everybody else is as before."""

import shutil
import sqlite3
import subprocess

import pytest

import db.answers
import db.audit
import db.check
import db.clips
import db.compact
import db.models
import db.raters
from app.errors import UserError
from app.media.index_cache import cached_index
from app.paths import data_dir
from app.services.labels.tables import load_project_ratings
from app.services.predict.kept import cache_folder, clip_folder
from app.services.rights.erase import NOTED, erase, plan_erasing
from app.services.rights.places import remnants
from db.project import Project
from tests.services.rights.filled import CLIP, NAME, RATER, SUBJECT, WORD, cached, holding


def counts(path):
    with sqlite3.connect(path) as file:
        names = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: file.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}


def test_a_subject_and_a_rater_leave_no_trace(path):
    folder, home = path.parent, path.parents[1] / "home"
    shutil.copy(path, path.with_name("rating.v9-20260101T000000.affectograph.bak"))
    assert {"rating.affectograph", "card.toml", "affectograph.log", "rating-1.rescue.json"} <= set(
        holding(folder, home)
    )
    with Project.open(path) as project:
        before = load_project_ratings(project)
        hash_of = next(clip.sha256 for clip in db.clips.every(project) if clip.name == CLIP)
        subject = erase(project, plan_erasing(project, "subject", SUBJECT))
        rater = erase(project, plan_erasing(project, "rater", RATER), actor="R02")
        for done in (subject, rater):
            assert done.left == ()
            assert "nothing of the person was found" in done.told
            assert done.models == ("learned",)
        log = subprocess.run(["cat", f"{path}-wal"], capture_output=True, check=True).stdout  # Python may not open it
        assert WORD.encode() not in log.lower()
        assert holding(home) == []
        after = load_project_ratings(project)
        db.check.require_sound(project)
    # Not only what the program knows to look for: every byte of every file, in any case of letters.
    assert holding(folder, home, words=(WORD, NAME.split()[0].lower(), hash_of)) == []
    assert before.intensities.rater.names != after.intensities.rater.names
    assert after.intensities.rater.names == ("R02",)
    assert len(after.intensities.items.names) == 2
    assert len(after.traces) == 0
    assert counts(path)["foreign_measure"] == 0
    assert counts(path)["intensity"] == 2 * 2 * 9  # two clips, two conditions, nine emotions
    assert (folder / "clip00.mp4").exists()


def test_of_the_caches_only_what_is_of_the_person_goes(path):
    old = (
        cache_folder() / "faces-89ab.npz",
        cache_folder() / "streams" / "cd" / "cdef.npy",
        data_dir() / "cache/9.npz",
    )
    for place in old:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("of a version whose names told nothing")
    with Project.open(path) as project:
        hers, other = (next(c for c in db.clips.every(project) if c.name == name) for name in (CLIP, "clip01.mp4"))
        for clip in (hers, other):
            cached_index(clip.path, data_dir() / "cache")
        assert (cached(hers), cached(other)) == (4, 4)
        plan = plan_erasing(project, "subject", SUBJECT)
        clips = clip_folder(hers.sha256)
        assert {place.path for place in plan.places if place.what == "cache"} >= {clips, *old}
        rater = plan_erasing(project, "rater", RATER)
        assert [place for place in rater.places if place.what == "cache"] == []
        left = clips / "streams" / "4567.npz"
        assert left in remnants(path, plan.reach.marks)
        erase(project, plan)
        assert remnants(path, plan.reach.marks) == []
    assert (cached(hers), cached(other)) == (0, 4)
    assert not clips.exists()
    assert not any(place.exists() for place in old)


def test_the_plan_says_all_of_it_before_and_changes_nothing(path):
    before = path.read_bytes()
    with Project.open(path, read_only=True) as project:
        plan = plan_erasing(project, "subject", SUBJECT)
    assert path.read_bytes() == before
    said = "\n".join(plan.lines(files=False))
    told = [
        "1 clip", "answer 4", "presentation", "face_track 1", "snapshot removed: abc", "training file cleaned",
        "gold 1", "Files of clips that stay", "clip00.mp4", "learned", "cannot be undone", "not searched",
    ]  # fmt: skip
    for part in told:
        assert part in said, part
    assert "Files of clips that are deleted" in "\n".join(plan.lines(files=True))


def test_clip_files_go_if_asked_and_models_are_marked(path):
    with Project.open(path) as project:
        erase(project, plan_erasing(project, "subject", SUBJECT), clip_files=True)
        assert not (path.parent / "clip00.mp4").exists()
        assert (path.parent / "clip01.mp4").exists()
        (run,) = db.models.trainings(project)
        assert NOTED in run.note
        assert run.snapshot["subjects"][1] == "S2"
        assert run.snapshot["subjects"][0].startswith("erased-")
        line = db.audit.recent(project, action="rights.erase")[0]
        assert line.detail["party"] == "subject"
        assert [one.code for one in db.raters.every(project)] == ["R02", RATER]


def test_a_number_that_is_given_again_inherits_nothing(path):
    with Project.open(path) as project:
        number = db.raters.by_code(project, RATER).id
        erase(project, plan_erasing(project, "rater", RATER))
        told = [
            line
            for line in db.audit.recent(project)
            if number in (line.detail.get("rater"), line.detail.get("rater_id"))
        ]
        assert told == []


def test_what_stays_in_the_file_is_found(path):
    with Project.open(path) as project:
        plan = plan_erasing(project, "subject", SUBJECT)
        marks = plan.reach.marks
        assert SUBJECT in db.compact.found_in_file(project, marks)
        with project.write() as session:
            session.connection().exec_driver_sql("CREATE TABLE leftover (words TEXT)")
            session.connection().exec_driver_sql(f"INSERT INTO leftover VALUES ('{SUBJECT}')")
        done = erase(project, plan)
        assert done.left == (f"bytes of {path.name}",)
        assert "still found" in done.told


def test_backups_stay_where_they_are_to_stay_and_are_named(path):
    copy = path.with_name("rating-20260101T000000.affectograph")
    shutil.copy(path, copy)
    with Project.open(path) as project:
        assert copy in [place.path for place in plan_erasing(project, "rater", RATER).places]
        plan = plan_erasing(project, "rater", RATER, backups=False)
        assert plan.kept_backups == (copy,)
        done = erase(project, plan)
        assert copy.exists()
        assert any(copy.name in place for place in done.left)


def test_nobody_of_that_name(path):
    with Project.open(path) as project, pytest.raises(UserError, match=r"no subject Nobody\. There are"):
        plan_erasing(project, "subject", "Nobody")


def test_while_another_opening_is_at_work_nothing_is_erased(path):
    with Project.open(path) as project, Project.open(path) as other:
        db.raters.add(other, "R77")
        with pytest.raises(UserError, match="Another program has this project open"):
            plan_erasing(project, "rater", RATER)
