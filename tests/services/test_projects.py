"""Filling projects with real clips: known by their bytes, refused one by one, found again after a move."""

import shutil
from fractions import Fraction
from pathlib import Path

import pytest

from app.domain.project import TraceStart
from app.errors import Cancelled, UserError
from app.jobs import Context
from app.ledger import noting
from app.services.projects import adding
from app.services.projects.files import (
    SubjectDiffers,
    add_clip,
    add_clips,
    create_project,
    open_project,
    read_manifest,
    relink_missing,
)
from app.services.projects.relink import relink_clip
from db import clips, edits, items, raters, traces
from tests.media.clips import write_clip


@pytest.fixture(scope="module")
def footage(tmp_path_factory):
    """Three short clips and an image in folders, with things beside them that are not clips."""
    folder = tmp_path_factory.mktemp("footage")
    (folder / "day 1").mkdir()
    (folder / "day 2" / "deep").mkdir(parents=True)
    write_clip(folder / "day 1" / "anna.mp4", 12)
    write_clip(folder / "day 1" / "bén.mp4", 15)
    write_clip(folder / "day 2" / "deep" / "anna.mp4", 18)
    (folder / "day 1" / "notes.txt").write_text("no clip")
    return folder


@pytest.fixture
def media(footage, tmp_path):
    """A copy that a test may move about, below the project's folder."""
    shutil.copytree(footage, tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture
def project(tmp_path):
    with create_project(tmp_path / "p") as project:
        yield project


def test_files_are_probed_and_get_an_item_each(project, media):
    added, refused, _ = add_clips(project, [media / "day 1" / "anna.mp4", media / "day 1" / "bén.mp4"], "S01")
    assert refused == []
    assert [(clip.name, clip.n_frames, clip.subject, clip.codec) for clip in added] == [
        ("anna.mp4", 12, "S01", "h264"),
        ("bén.mp4", 15, "S01", "h264"),
    ]
    assert [item.clip for item in items.every(project)] == ["anna.mp4", "bén.mp4"]
    assert added == clips.every(project)


def test_folders_are_searched_for_media(project, media):
    added, refused, _ = add_clips(project, [media])
    assert [clip.name for clip in added] == ["anna.mp4", "bén.mp4", "anna-2.mp4"]
    assert refused == []


def test_the_same_bytes_are_one_clip_wherever_they_lie(project, media):
    shutil.copy(media / "day 1" / "anna.mp4", media / "copy.mp4")
    first, _, _ = add_clips(project, [media / "day 1" / "anna.mp4"])
    again, refused, known = add_clips(project, [media / "copy.mp4", media / "day 1" / "anna.mp4"], "S05")
    assert refused == []
    assert [clip.id for clip in again] == [first[0].id]
    assert [clip.id for clip in known] == [first[0].id] * 2  # once for each file
    assert again[0].subject == "S05"  # nobody was known before
    again, (differs,), _ = add_clips(project, [media / "copy.mp4"], "S06")
    assert again[0].subject == "S05"  # now somebody is
    assert isinstance(differs, SubjectDiffers)
    assert len(clips.every(project)) == len(items.every(project)) == 1


def test_one_refused_file_does_not_stop_the_others(project, media):
    (media / "text.mp4").write_text("I am no video")
    (media / "empty.mp4").touch()
    names = ["text.mp4", "empty.mp4", "gone.mp4", "day 1/anna.mp4"]
    added, refused, _ = add_clips(project, [media / name for name in names])
    assert [clip.name for clip in added] == ["anna.mp4"]
    assert len(refused) == 3
    for name, error in zip(names, refused, strict=False):
        assert name in error.what
        assert error.todo


def test_a_moved_file_is_found_again_by_adding_it(project, media):
    (clip,), _, _ = add_clips(project, [media / "day 1" / "anna.mp4"])
    clip.path.rename(media / "renamed.mp4")
    (again,), _, known = add_clips(project, [media / "renamed.mp4"])
    assert (again.id, again.path, again.missing) == (clip.id, media / "renamed.mp4", False)
    assert known == []  # there was something to do


def test_moved_files_are_found_by_a_search_and_it_can_be_undone(project, media):
    added, _, _ = add_clips(project, [media / "day 1", media / "day 2"])
    (media / "archive").mkdir()
    for clip in added[:2]:
        clip.path.rename(media / "archive" / f"old {clip.name}")
    (media / "decoy.mp4").write_bytes(b"x" * added[0].size_bytes)  # as long, but something else
    added[2].path.unlink()
    result = relink_missing(project, [media])
    assert {clip.id: clip.path.name for clip in result.found} == {
        added[0].id: "old anna.mp4",
        added[1].id: "old bén.mp4",
    }
    assert [clip.id for clip in result.missing] == [added[2].id]
    assert result.changes.ids("clip") == {added[0].id, added[1].id}
    edits.apply(project, result.edit.inverse())
    assert all(clip.missing for clip in clips.every(project))


def test_a_search_that_finds_nothing_changes_nothing(project, media):
    result = relink_missing(project, [media])
    assert (result.found, result.missing, result.edit) == ([], [], None)


def test_a_cancelled_add_keeps_what_was_added(project, media):
    class StopAfterOne(Context):
        def progress(self, done, total, text=""):
            if done >= 1:
                self.cancel()
            super().progress(done, total, text)

    with pytest.raises(Cancelled):
        add_clips(project, sorted(media.rglob("*.mp4")), ctx=StopAfterOne())
    assert len(clips.every(project)) == 1


class TestManifest:
    def test_subjects_names_and_ranges(self, project, media):
        manifest = media / "list.csv"
        manifest.write_text(
            "Path;Subject;Name;start_s;end_s;item\n"
            "day 1/anna.mp4;S01;Anna talks;;;\n"
            "day 1/anna.mp4;S01;;0.1;0.3;smile\n"
            "day 2/deep/anna.mp4;;;;;\n"
            ";;;;;\n",
            "utf-8-sig",
        )
        for _ in range(2):  # twice makes nothing double
            added, refused, _ = add_clips(project, [media / "day 1" / "bén.mp4"], "S09", manifest)
            assert refused == []
        assert [(clip.name, clip.subject) for clip in clips.every(project)] == [
            ("bén.mp4", "S09"),
            ("Anna talks", "S01"),
            ("anna.mp4", "S09"),
        ]
        assert [(item.name, item.start_s, item.end_s) for item in items.every(project)] == [
            ("bén.mp4", None, None),
            ("Anna talks", None, None),
            ("smile", 0.1, 0.3),
            ("anna.mp4", None, None),
        ]
        assert len(added) == 3

    def test_a_file_named_twice_takes_what_its_line_says(self, project, media):
        manifest = media / "list.csv"
        manifest.write_text("path,subject\nday 1/anna.mp4,S01\n")
        add_clips(project, [media / "day 1" / "anna.mp4"], "S09", manifest)
        assert [clip.subject for clip in clips.every(project)] == ["S01"]

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"file,subject\na.mp4,S01\n", "no column `path`"),
            (b"", "is empty"),
            (b"path,start_s\na.mp4,soon\n", "line 2: start_s is “soon”, not a number"),
            (b"path,start_s,end_s\na.mp4,0.8,0.2\n", "line 2: the range ends at 0.2 s, before it begins at 0.8 s"),
            (b"path,start_s,end_s\na.mp4,nan,inf\n", "line 2: start_s is “nan”, not a number"),
            (b"path,start_s,end_s\na.mp4,,1_0\n", "line 2: end_s is “1_0”, not a number"),
            (b"path,start_s\na.mp4,00:00:01.5\n", "a time of the clock, not a number of seconds"),
            (b"path,subject,Path\na.mp4,S1,b.mp4\n", "has more than one column of the same name: path"),
            (b"path,subject\na.mp4,S1\na.mp4,S2\n", "line 3: a.mp4 has the subject S2, but line 2 says S1"),
            (b"path,subject\n,S1\n", "line 2: the path is empty"),
            ("path\nä.mp4\n".encode("latin-1"), "not UTF-8"),
        ],
    )
    def test_a_bad_manifest_is_a_sentence(self, tmp_path, content, words):
        (tmp_path / "list.csv").write_bytes(content)
        with pytest.raises(UserError, match=words):
            read_manifest(tmp_path / "list.csv")

    @pytest.mark.parametrize(
        ("content", "encoding"),
        [
            ("path,subject,name,start_s,end_s\nday 1/anna.mp4,001,A,0.1,0.3\n", "utf-16"),
            ("sep=,\r\npath,subject,name,start_s,end_s\r\nday 1/anna.mp4,001,A,0.1,0.3\r\n", "utf-8"),
            ("path;subject;name;start_s;end_s\nday 1/anna.mp4;001;A;0,1;0,3\n", "utf-8-sig"),
            ("path,subject,name,start_s,end_s\rday 1/anna.mp4,001,A,0.1,0.3\r", "utf-8"),
            ("path\tsubject\tname\tstart_s\tend_s\nday 1\\anna.mp4\t001\tA\t0.1\t0.3\n", "utf-16-le"),
            ('"path", "subject", name, start_s, end_s\n"day 1/anna.mp4", "001", A, 0.1, 0.3\n', "utf-8"),
        ],
    )
    def test_a_manifest_comes_in_every_dress_of_a_table(self, media, content, encoding):
        (media / "list.csv").write_bytes(content.encode(encoding))
        (one,) = read_manifest(media / "list.csv")
        assert one.path == media / "day 1" / "anna.mp4"
        assert (one.subject, one.name, one.start_s, one.end_s) == ("001", "A", 0.1, 0.3)

    @pytest.mark.parametrize(
        ("start", "end", "words"),
        [
            (5, 9, "lies outside anna.mp4, which runs from 0.000 to"),
            (-3, 0.3, "lies outside anna.mp4"),
            (100, 300, "it seems to be in milliseconds"),
        ],
    )
    def test_a_range_outside_its_clip_is_refused_by_name_and_nothing_of_its_line_comes_in(
        self, project, media, start, end, words
    ):
        content = f"path,start_s,end_s\nday 1/anna.mp4,{start},{end}\nday 1/bén.mp4,0.1,0.3\n"
        (media / "list.csv").write_text(content, "utf-8")
        added, (refused,), _ = add_clips(project, [], manifest=media / "list.csv")
        assert [clip.name for clip in added] == ["bén.mp4"]
        assert "line 2 of list.csv: the range" in refused.what
        assert words in refused.what

    def test_a_range_counted_from_the_first_frame_of_a_clip_with_its_own_clock_is_told(self, project, tmp_path):
        pts = [100_000 + round(1000 * number / 30) for number in range(15)]
        write_clip(tmp_path / "late.mkv", 15, pts=pts, time_base=Fraction(1, 1000))
        (tmp_path / "list.csv").write_text("path,start_s,end_s\nlate.mkv,0.2,0.4\n")
        added, (refused,), _ = add_clips(project, [], manifest=tmp_path / "list.csv")
        assert added == []
        assert "own clock runs from 100.000 to 100.500 s; it seems to count from the clip's first frame" in refused.what
        assert refused.todo == "Add 100 s to the times."
        (tmp_path / "list.csv").write_text("path,start_s,end_s\nlate.mkv,100.2,100.4\n")
        assert len(add_clips(project, [], manifest=tmp_path / "list.csv").added) == 1

    def test_a_missing_manifest_is_a_sentence(self, tmp_path):
        with pytest.raises(UserError, match="cannot be read"):
            read_manifest(tmp_path / "list.csv")


def test_opening_recovers_what_a_crash_left(project, media):
    add_clips(project, [media / "day 1" / "anna.mp4"])
    rater = raters.add(project, "R01")
    traces.begin(project, TraceStart(items.every(project)[0].id, rater.id, "full_context", True, "mouse"))
    project.close()
    with open_project(project.path, read_only=True) as looking:
        assert traces.every(looking, usable_only=False)[0].status == "recording"  # looking changes nothing
    with open_project(project.path) as again:
        assert traces.every(again, usable_only=False)[0].status == "interrupted"


@pytest.mark.slow
def test_shared_media(shared, project):
    folder = Path(shared) / "media"
    added, refused, _ = add_clips(project, [folder])
    assert refused == []
    frames = {clip.path.name: clip.n_frames for clip in added}
    assert frames["WolfgangLanger_Pexels.mp4"] == 472
    assert {clip.kind for clip in added if clip.path.suffix == ".jpg"} == {"image"}


def test_one_clip_is_added_or_refused(project, media):
    clip = add_clip(project, media / "day 1" / "anna.mp4")
    assert clips.every(project) == [clip]
    with pytest.raises(UserError, match=r"gone\.mp4"):
        add_clip(project, media / "gone.mp4")


def test_one_clip_is_found_again_by_its_content_only(project, media):
    anna, ben = add_clips(project, [media / "day 1"]).added
    moved = media / "elsewhere.mp4"
    anna.path.rename(moved)
    with pytest.raises(UserError, match="its content differs"):
        relink_clip(Context(), project, anna, ben.path)
    with noting() as ledger:
        again = relink_clip(Context(), project, anna, moved)
    assert (again.path, again.missing, ledger.changes.kinds) == (moved, False, {"clip"})


def test_a_cancelled_batch_has_noted_what_it_added(project, media):
    class Once(Context):
        def progress(self, done, total, text=""):
            super().progress(done, total, text)
            if done == 1:
                self.cancel()

    with noting() as ledger, pytest.raises(Cancelled):
        add_clips(project, [media / "day 1"], ctx=Once())
    assert len(clips.every(project)) == 1
    assert ledger.changes.kinds >= {"clip", "item"}


def stored_parts(monkeypatch):
    """How many clips each transaction stores."""
    parts, add_all = [], clips.add_all

    def counted(project, new, **words):
        parts.append(len(new))
        return add_all(project, new, **words)

    monkeypatch.setattr(clips, "add_all", counted)
    return parts


def test_new_clips_are_stored_together_in_the_order_of_their_files(project, media, monkeypatch):
    monkeypatch.setattr(adding, "WAIT_S", 1000.0)
    parts = stored_parts(monkeypatch)
    known = add_clip(project, media / "day 1" / "bén.mp4")
    shutil.copy(media / "day 1" / "anna.mp4", media / "copy.mp4")
    (media / "empty.mp4").touch()
    files = [media / "day 2" / "deep" / "anna.mp4", media / "day 1" / "bén.mp4", media / "empty.mp4"]
    added, refused, _ = add_clips(project, [*files, media / "day 1" / "anna.mp4"])
    assert [clip.name for clip in added] == ["anna.mp4", "bén.mp4", "anna-2.mp4"]
    assert added[1] == known
    assert [error.what for error in refused] == ["empty.mp4 is empty (0 bytes)."]
    assert parts == [1, 2]
    assert [item.name for item in items.every(project)] == ["bén.mp4", "anna.mp4", "anna-2.mp4"]
    again, _, _ = add_clips(project, [media / "copy.mp4", media / "day 1" / "anna.mp4"])
    assert [clip.id for clip in again] == [added[2].id]
    assert parts == [1, 2]


def test_a_file_that_comes_twice_in_one_go_is_one_clip_with_both_ranges(project, media, tmp_path, monkeypatch):
    monkeypatch.setattr(adding, "WAIT_S", 1000.0)
    (tmp_path / "list.csv").write_text(
        "path,subject,start_s,end_s\nmedia/day 1/bén.mp4,,0,0.2\nmedia/day 1/bén.mp4,S2,0.2,0.4\n"
    )
    added, refused, _ = add_clips(project, [], manifest=tmp_path / "list.csv")
    assert [clip.name for clip in added] == ["bén.mp4"]
    assert refused == []
    assert clips.by_name(project, "bén.mp4").subject == "S2"
    assert [(item.start_s, item.end_s) for item in items.every(project)] == [(None, None), (0.0, 0.2), (0.2, 0.4)]


def test_what_waits_is_stored_before_a_cancel_ends_the_adding(project, media, monkeypatch):
    monkeypatch.setattr(adding, "WAIT_S", 1000.0)

    class Third(Context):
        def progress(self, done, total, words=""):
            if done == 2 and total == 3:
                raise Cancelled

    with pytest.raises(Cancelled):
        add_clips(project, [media], ctx=Third())
    assert [clip.name for clip in clips.every(project)] == ["anna.mp4", "bén.mp4"]


def test_a_project_that_cannot_be_written_refuses_each_file_that_waits(project, media, monkeypatch):
    monkeypatch.setattr(adding, "WAIT_S", 1000.0)

    def full(*_words, **_named):
        raise UserError("The disk is full.", "Free some space.")

    monkeypatch.setattr(clips, "add_all", full)
    added, refused, _ = add_clips(project, [media / "day 1"])
    assert added == []
    assert [error.what for error in refused] == ["anna.mp4: The disk is full.", "bén.mp4: The disk is full."]
