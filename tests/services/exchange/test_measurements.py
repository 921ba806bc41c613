"""Measurements of other programs: on the clip's clock, once, with undo, for Review and for agreement."""

import numpy as np
import pytest

import db.clips
import db.consent
import db.edits
import db.foreign_measures
import db.sights
from app.errors import UserError
from app.services.consent.covered import Uncovered
from app.services.exchange.mapping import Mapping, Rule
from app.services.exchange.measured import KEPT
from app.services.exchange.planning import plan_import
from app.services.exchange.store import store_plan, undo_import
from app.services.exchange.writing import export_for
from app.services.predict.clip_curves import clip_curves
from db.check import problems
from tests.interchange.readers.examples import TEXTS

TO_FIRST = Mapping((Rule("clip", "*", "clip01.mp4"),))
OPENFACE = "frame, timestamp, confidence, success, AU12_r, AU12_c, pose_Rx\n" + "".join(
    f"{n + 1}, {n / 10:.3f}, 0.98, {0 if n == 3 else 1}, {n * 0.1:.2f}, 1, -0.2\n" for n in range(50)
)
FRAMES_ONLY = "FaceRectX,FaceRectY,FaceRectWidth,FaceRectHeight,frame,AU12,happiness\n" + "".join(
    f"1,1,20,20,{n},{n / 50},0.5\n" for n in range(0, 50, 7)
)
TWO_FACES = "frame,face_id,timestamp,confidence,success,AU12_r\n" + "".join(
    f"{n + 1},{face},{n / 10},1,1,{face + n / 100}\n" for face in (0, 1) for n in range(50)
)


def bring(project, folder, name, text, mapping=TO_FIRST):
    (folder / name).write_text(text)
    plan = plan_import(project, [folder / name], mapping)
    return plan, store_plan(project, plan, condition="full_context", study="imported")


def first(project):
    return db.clips.every(project)[0]


def test_a_file_of_openface_becomes_columns_of_its_clip(project, tmp_path):
    plan, done = bring(project, tmp_path, "of.csv", OPENFACE)
    (line,) = plan.lines
    assert (line.kind, line.count, line.clip, line.problem) == ("measurements", 50, "clip01.mp4", "")
    assert line.dimension == "OpenFace, 3 columns"
    assert done.told == "0 answers, 0 traces and 1 table of measurements were imported."
    (kept,) = db.foreign_measures.of_clip(project, first(project).id)
    assert (kept.program, kept.face, kept.file) == ("OpenFace", "", "of.csv")
    assert kept.titles == ("OpenFace AU12_r", "OpenFace AU12_c", "OpenFace pose_Rx")
    np.testing.assert_allclose(kept.times_s, np.arange(50) / 10)
    assert np.isnan(kept.values[3]).all()
    np.testing.assert_allclose(kept.column(0)[[0, 10]], [0.0, 1.0], atol=1e-6)
    np.testing.assert_allclose(kept.means(0.0, 0.4)[0], (0.0 + 0.1 + 0.2 + 0.4) / 4, atol=1e-6)
    assert not list(problems(project))


def test_the_same_measurements_come_in_once_and_go_with_the_undo(project, tmp_path):
    bring(project, tmp_path, "of.csv", OPENFACE)
    _, again = bring(project, tmp_path, "copy.csv", OPENFACE)
    assert (again.measures, again.known) == (0, 1)
    bring(project, tmp_path, "fr.txt", TEXTS["facereader"][1])
    assert {one.program for one in db.foreign_measures.of_clip(project, first(project).id)} == {
        "OpenFace",
        "FaceReader",
    }
    undo_import(project)
    assert {one.program for one in db.foreign_measures.of_clip(project, first(project).id)} == {"OpenFace"}


def test_frames_of_which_some_are_left_out_get_their_times(project, tmp_path):
    bring(project, tmp_path, "feat.csv", FRAMES_ONLY)
    (kept,) = db.foreign_measures.of_clip(project, first(project).id)
    np.testing.assert_allclose(kept.times_s, np.arange(0, 50, 7) / 10, atol=1e-6)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (OPENFACE.replace("4.900, 0.98", "490.000, 0.98"), "clip01.mp4"),
        (FRAMES_ONLY.replace(",49,", ",490,"), "it names frame 490, but clip01.mp4 has 51 frames"),
    ],
)
def test_measurements_outside_the_clip_stay_out(project, tmp_path, text, problem):
    (tmp_path / "m.csv").write_text(text)
    plan = plan_import(project, [tmp_path / "m.csv"], TO_FIRST)
    assert plan.empty
    assert problem in plan.lines[0].problem


def test_review_gets_them_by_title_and_notes_that_they_were_seen(project, tmp_path):
    bring(project, tmp_path, "two.csv", TWO_FACES)
    curves = clip_curves(project, first(project))
    assert list(curves.foreign) == ["OpenFace AU12_r (face 0)", "OpenFace AU12_r (face 1)"]
    column = curves.foreign["OpenFace AU12_r (face 1)"]
    np.testing.assert_allclose(column.values[:2], [1.0, 1.01], atol=1e-6)
    assert [one.what for one in db.sights.every(project)] == ["predictions"]


def test_damage_of_the_arrays_is_told(project, tmp_path):
    bring(project, tmp_path, "of.csv", OPENFACE)
    with project.write() as session:
        session.connection().exec_driver_sql("UPDATE foreign_measure SET times_s = x'00'")
    assert any("foreign_measure" in one.what for one in problems(project))


def test_head_and_words_of_facereader_are_kept_as_numbers(project, tmp_path):
    """Head orientation in degrees; closed 0, open 1; brows lowered −1, neutral 0, raised 1; levels 0 to 5."""
    text = (
        "Video analysis detailed log\r\rFilename:\tclip01.mp4\rFrame rate:\t10\r\r"
        "Video Time\tNeutral\tHappy\tY - Head Orientation\tMouth\tLeft Eyebrow\tAction Unit 12 - Lip Corner Puller\r"
        "00:00.0\t0.5\t0.25\t-0.5\tClosed\tNeutral\tNotActive\r00:00.1\t0.5\t0.25\t2.25\tOpen\tLowered\tE\r"
        "00:00.2\tFIT_FAILED\tFIT_FAILED\tFIT_FAILED\tFIT_FAILED\tFIT_FAILED\tFIT_FAILED\r"
        "00:00.3\t0.5\t0.25\t3\tOpen\tRaised\tA\r"
    )
    plan, _ = bring(project, tmp_path, "log.txt", text, None)
    (kept,) = db.foreign_measures.of_clip(project, first(project).id)
    assert kept.names[2:] == (
        "Y - Head Orientation", "Mouth", "Left Eyebrow", "Action Unit 12 - Lip Corner Puller",
    )  # fmt: skip
    np.testing.assert_array_equal(kept.values[:2, 2:], [[-0.5, 0, 0, 0], [2.25, 1, -1, 5]])
    assert np.isnan(kept.values[2]).all()
    assert not any("not read" in said for said in plan.notes)


def test_measurements_leave_as_they_came_and_come_back_the_same(project, tmp_path):
    bring(project, tmp_path, "of.csv", OPENFACE)
    bring(project, tmp_path, "two.csv", TWO_FACES)
    before = db.foreign_measures.of_clip(project, first(project).id)
    done = export_for(project, tmp_path / "out", "measurements")
    assert [path.name for path in done.files] == [
        "clip01.OpenFace.csv", "clip01.OpenFace.0.csv", "clip01.OpenFace.1.csv",
    ]  # fmt: skip
    assert done.lost == [KEPT]
    lines = done.files[0].read_text("utf-8").splitlines()
    assert lines[0] == "clip,clip_sha256,subject,program,face,time_s,AU12_r,AU12_c,pose_Rx"
    assert lines[4].endswith(",0.3,,,")  # no face was found in this frame
    undo_import(project)
    undo_import(project)
    assert db.foreign_measures.clips(project) == set()
    plan = plan_import(project, done.files)
    stored = store_plan(project, plan, condition="full_context", study="imported")
    assert (stored.measures, plan.refused) == (3, [])
    after = db.foreign_measures.of_clip(project, first(project).id)
    assert [db.foreign_measures.content_hash(one) for one in after] == [
        db.foreign_measures.content_hash(one) for one in before
    ]


def test_measurements_under_other_names_and_without_who_does_not_agree(project, tmp_path):
    db.edits.apply(project, db.edits.set_subject(project, [first(project).id], "S01"))
    bring(project, tmp_path, "two.csv", TWO_FACES)
    (other, _) = export_for(project, tmp_path / "other", "measurements", pseudonyms=True).files
    assert "clip01" not in other.name
    said = other.read_text("utf-8")
    assert "S01" not in said
    assert first(project).sha256 not in said
    person = db.consent.person(project, "subject", "S01")
    db.edits.apply(project, db.consent.set_consent(project, person, "export", granted=False))
    with pytest.raises(Uncovered, match="S01"):
        export_for(project, tmp_path / "out", "measurements")
    with pytest.raises(UserError, match="nothing to write"):
        export_for(project, tmp_path / "out", "measurements", without_refused=True)


def test_a_file_of_several_clips_is_refused(project, tmp_path):
    bring(project, tmp_path, "of.csv", OPENFACE)
    (path,) = export_for(project, tmp_path / "out", "measurements").files
    lines = path.read_text("utf-8").splitlines()
    (tmp_path / "mixed.csv").write_text("\n".join([*lines, lines[-1].replace("clip01", "clip02")]))
    (error,) = plan_import(project, [tmp_path / "mixed.csv"]).refused
    assert "several clips" in error.what
