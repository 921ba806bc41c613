"""The draft of a new study: proposals, numbers, what is in its way with what mends it, and how it is dealt at once."""

from dataclasses import replace

import pytest

import db.assignments
import db.clips
import db.edits
import db.items
import db.raters
import db.studies
import db.tracks
from app.domain.judging_time import CATEGORY_S, EMOTION_S, TRACE_MORE_S, judging_s
from app.domain.study import FULL_CONTEXT, PracticeClip
from app.domain.study_defaults import default_study, with_checks
from app.domain.words import study_called
from app.errors import UserError
from app.services.projects.clip_table import subjects_edit
from app.services.projects.files import add_clips
from app.services.study.draft import deal, first_draft, material, new_term, propose_codes, propose_name, with_raters
from app.services.study.hurdles import Mend
from app.services.study.outlook import look_ahead
from db.project import Project
from tests.ui.annotate.builder import RATE, add_track, write_clip

CLIPS, FRAMES = 4, 9


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("new-study")
    return [write_clip(folder / f"c{number}.mp4", number, FRAMES) for number in range(CLIPS)]


@pytest.fixture
def project(tmp_path, files):
    with Project.create(tmp_path / "lab.affectograph") as made:
        add_clips(made, files)
        yield made


@pytest.fixture
def tracked(project):
    """The same with a face in every clip."""
    for clip in db.clips.every(project):
        add_track(project, clip)
    return project


def started(project, count=3, **changes):
    """A draft with raters, and other values of its study."""
    draft = first_draft(material(project))
    draft = with_raters(draft, propose_codes((), count))
    return replace(draft, study=replace(draft.study, **changes))


def hurdle(project, draft, part):
    found = [one for one in look_ahead(project, draft).hurdles if part in one.words]
    assert len(found) == 1, [one.words for one in look_ahead(project, draft).hurdles]
    return found[0]


def mended(hurdle, words) -> Mend:
    return next(mend for mend in hurdle.mends if mend.words == words)


def test_names_and_codes_that_are_free_are_proposed():
    assert propose_name(()) == "Study 1"
    assert propose_name(("study 1", "faces", "Study 3")) == "Study 2"
    assert propose_codes(("r02", "Ana"), 3) == ("R01", "R03", "R04")
    assert study_called("Study 1") == "Study 1"
    assert study_called("study") == "study"
    assert study_called("faces") == "study faces"


def test_a_word_of_the_owner_gets_a_name_of_its_own():
    term = new_term(" Mixed feelings ", ("happy",))
    assert (term.name, term.labels) == ("mixed_feelings", {"en": "Mixed feelings"})
    assert new_term("Mixed feelings", (term.name,)).name == "mixed_feelings_2"
    assert new_term("喜び", ()).name == "word"


@pytest.mark.parametrize("name", ["Study 1", "a b.c-d", "x" * 64])
def test_a_study_may_have_spaces_in_its_name(project, name):
    assert deal(project, replace_name(started(project, conditions=full()), name)) == name
    assert db.studies.get(project, name).study.name == name


@pytest.mark.parametrize("name", ["", " a", "a ", "a  b", "x" * 65, "a/b", "ü"])
def test_other_names_are_refused(project, name):
    found = look_ahead(project, replace_name(started(project, conditions=full()), name))
    assert not found.ready
    assert any("name must" in one.words for one in found.hurdles)
    with pytest.raises(UserError, match="name must"):
        deal(project, found.draft)
    assert not db.studies.every(project)


def replace_name(draft, name):
    return replace(draft, study=replace(draft.study, name=name))


def full():
    return tuple(c for c in default_study().conditions if c.view == FULL_CONTEXT)


def test_without_faces_a_press_looks_for_them_or_shows_the_full_picture(project):
    draft = started(project)
    found = look_ahead(project, draft)
    assert (found.clips, found.faces, found.judgements, found.ready) == (CLIPS, 0, 0, False)
    one = hurdle(project, draft, "looked for faces in 4 clips")
    assert one.stops
    assert mended(one, "Analyse faces now").clips == tuple(clip.id for clip in db.clips.every(project))
    whole = look_ahead(project, mended(one, "Show full context only").draft)
    assert whole.ready
    assert whole.judgements == 3 * CLIPS * 2  # a rating and a trace


def test_who_judges_how_much_and_for_how_long(tracked):
    draft = started(tracked, trace=None)
    found = look_ahead(tracked, draft)
    assert (found.clips, found.faces) == (CLIPS, CLIPS)
    assert [(share.rater, share.counts) for share in found.shares] == [(f"R0{n}", (CLIPS, CLIPS)) for n in (1, 2, 3)]
    clip_s = FRAMES / RATE
    each = clip_s + 9 * EMOTION_S + CATEGORY_S
    assert found.shares[0].seconds == pytest.approx(2 * CLIPS * each, rel=1e-3)
    assert judging_s(default_study(), "trace", clip_s) == clip_s + TRACE_MORE_S
    assert judging_s(replace(default_study(), emotions=(), categories=()), "rating", clip_s) == clip_s


def test_what_is_looked_at_ahead_is_what_is_dealt(tracked):
    draft = started(tracked)
    found = look_ahead(tracked, draft)
    assert found.ready
    assert deal(tracked, draft) == "Study 1"
    record = db.studies.get(tracked, "Study 1")
    slots = [one.slot for one in db.assignments.slots(tracked, record.id)]
    assert record.study == draft.study
    assert sum(slot.purpose == "main" for slot in slots) == found.judgements
    assert {slot.rater for slot in slots} == set(draft.raters)
    assert look_ahead(tracked, draft).ready is False  # the name is taken now
    assert hurdle(tracked, draft, "name Study 1 is taken").mends[0].words == "Use Study 2"


def test_a_draft_that_is_refused_stores_nothing(tracked):
    draft = started(tracked, min_distance=50)
    with pytest.raises(UserError, match="cannot be kept 50 apart"):
        deal(tracked, draft)
    assert db.studies.every(tracked) == []
    assert db.raters.every(tracked) == []


def test_too_few_clips_for_the_distance(tracked):
    draft = replace(started(tracked, min_distance=2), items=frozenset(["c0.mp4", "c1.mp4"]))
    one = hurdle(tracked, draft, "2 other clips between repeats")
    assert one.stops
    (mend,) = one.mends
    assert mend.words == f"Use {mend.draft.study.min_distance} and continue"
    assert look_ahead(tracked, mend.draft).ready


def test_too_few_raters(tracked):
    draft = started(tracked, raters_per_cell=5)
    one = hurdle(tracked, draft, "5 raters for each clip")
    assert not one.stops
    fewer, more = (mended(one, words).draft for words in ("Use 3 and continue", "Add 2 raters"))
    assert fewer.study.raters_per_cell == 3
    assert more.raters == ("R01", "R02", "R03", "R04", "R05")
    for draft in (fewer, more):
        assert not any("are not possible" in one.words for one in look_ahead(tracked, draft).hurdles)


def test_everybody_judges_each_clip_unless_that_was_changed(tracked):
    draft = first_draft(material(tracked))
    assert [with_raters(draft, propose_codes((), n)).study.raters_per_cell for n in (1, 3, 8)] == [1, 3, 5]
    chosen = started(tracked, count=4, raters_per_cell=2)
    assert with_raters(chosen, propose_codes((), 6)).study.raters_per_cell == 2


def test_nobody_nothing_and_no_clip(tracked):
    draft = first_draft(material(tracked))
    nobody = hurdle(tracked, draft, "Nobody judges yet")
    draft = nobody.mends[0].draft
    assert nobody.mends[0].words == "Add R01 to R03"
    assert look_ahead(tracked, draft).ready
    none = replace(draft, items=frozenset())
    assert hurdle(tracked, none, "No clip is chosen").mends[0].draft == draft
    silent = replace(draft, study=replace(draft.study, emotions=(), categories=(), trace=None))
    assert look_ahead(tracked, hurdle(tracked, silent, "Nothing is asked").mends[0].draft).ready
    unseen = replace(draft, study=replace(draft.study, conditions=()))
    assert look_ahead(tracked, hurdle(tracked, unseen, "No viewing condition").mends[0].draft).ready


def test_attention_checks_and_practice(tracked):
    draft = started(tracked, emotions=(), attention_every=2)
    assert with_checks(draft.study) == draft.study
    one = hurdle(tracked, draft, "An attention check asks")
    for mend in one.mends:
        changed = replace(mend.draft, study=with_checks(mend.draft.study))
        assert look_ahead(tracked, changed).ready, mend.words
    practised = started(tracked, practice=(PracticeClip("c0.mp4", "full_context"),))
    found = look_ahead(tracked, practised)
    assert any("c0.mp4" in note for note in found.notes)
    alone = replace(practised, items=frozenset(["c0.mp4"]))
    left = hurdle(tracked, alone, "Nothing is left to judge")
    again = left.mends[0].draft
    assert again.study.practice == ()


def test_a_practice_clip_that_cannot_be_shown(tracked):
    clip = db.clips.every(tracked)[0]
    item = db.items.every(tracked, clip_id=clip.id)[0]
    draft = started(tracked, practice=(PracticeClip(item.name, "face_only"),), deal_incomplete=True)
    db.edits.apply(tracked, db.edits.set_target(tracked, db.items.get(tracked, item.id)))
    one = hurdle(tracked, draft, "would be left out")
    assert [mend.words for mend in one.mends] == [
        "Practise as “Full context”",
        "Practise on c1.mp4",
        "Practise on no clip",
    ]
    for mend in one.mends:
        assert not any("would be left out" in one.words for one in look_ahead(tracked, mend.draft).hurdles)


def test_a_face_that_is_lost_for_most_of_a_clip(project):
    clips = db.clips.every(project)
    for clip in clips[1:]:
        add_track(project, clip)
    add_track(project, replace(clips[0], n_frames=3))
    draft = started(project)
    one = hurdle(project, draft, "less than 80 % of 1 clip")
    assert one.stops
    lower, out, where = one.mends
    assert lower.words == "Lower the limit to 33 %"
    for mend in (lower, out, where):
        assert look_ahead(project, mend.draft).ready, mend.words
    assert look_ahead(project, out.draft).clips == CLIPS - 1


def test_clips_whose_file_is_missing_can_be_left_out(tracked, tmp_path):
    path = tmp_path / "gone.mp4"
    write_clip(path, 9, FRAMES)
    gone = add_clips(tracked, [path]).added[0]
    add_track(tracked, gone)
    path.unlink()
    one = hurdle(tracked, started(tracked), "files of 1 clip")
    assert look_ahead(tracked, one.mends[0].draft).clips == CLIPS


def test_one_subject_a_clip_is_one_edit(tracked):
    one = hurdle(tracked, started(tracked), "who is seen in 4 clips")
    assert not one.stops
    clips = mended(one, "Set one subject a clip").clips
    db.edits.apply(tracked, db.edits.set_subject(tracked, clips[:1], "S02"))
    edit = subjects_edit(tracked, clips[1:])
    db.edits.apply(tracked, edit)
    assert [clip.subject for clip in db.clips.every(tracked)] == ["S02", "S01", "S03", "S04"]
    assert not any("who is seen" in one.words for one in look_ahead(tracked, started(tracked)).hurdles)
    db.edits.apply(tracked, edit.inverse())
    assert [clip.subject for clip in db.clips.every(tracked)] == ["S02", "", "", ""]


def test_faces_that_were_tracked_are_items_of_their_own(tracked):
    found = material(tracked)
    assert [(choice.item.name, choice.analysed, choice.has_face) for choice in found.choices] == [
        (f"c{n}.mp4", True, True) for n in range(CLIPS)
    ]
    assert found.names == ()
    db.raters.add(tracked, "Ana")
    assert material(tracked).raters == ("Ana",)
