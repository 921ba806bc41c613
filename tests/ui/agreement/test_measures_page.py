"""The page of measures and rated emotions: from stored measures of the demo's faces to correlations on screen."""

import csv
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

import db.clips
import db.foreign_measures
import db.items
import db.measures
import db.runs
import db.sights
import db.tracks
from app.agreement.measured import mean_scores
from app.agreement.settings import AgreementSettings
from app.domain.analysis import ClipAnalysis, RunKey, TrackPrediction
from app.domain.foreign_measures import ForeignMeasures
from app.domain.measures import CURVES, STORED, VERSION, ClipMeasures, MeasuredTrack
from app.jobs import Context
from app.services.agreement.choose import LabelFilter, chosen, load_labels
from app.services.agreement.measures import measure_table, relative_to_people
from app.services.predict.stored import newest_analysis
from db.project import Project
from tests.ui.agreement.test_screen import open_project_in, ready
from tests.ui.waiting import settle

PULL = STORED.index("corner_pull")


@pytest.fixture
def measured_path(study_path):
    """The demo with a face and its measures: the corners of the mouth go with how happy people say it is."""
    with Project.open(study_path) as project:
        table = chosen(load_labels(project, ""), LabelFilter()).intensities
        happy = mean_scores(table, table.condition.names[0], "happy")
        for clip in db.clips.every(project):
            (face,) = db.tracks.geometry(project, db.tracks.numbers_of_clip(project, clip.id)[:1])
            n, times = len(face.frame_idx), face.times_s
            no_values = np.zeros((n, 2), np.float32)
            track = TrackPrediction(
                1, face.frame_idx, times, face.boxes, face.landmarks, face.detection, face.quality,
                np.zeros((n, 0), np.float32), no_values, no_values, (),
            )  # fmt: skip
            key = RunKey(clip.sha256, "test", "0" * 64, "{}")
            all_times = np.arange(clip.n_frames) * clip.duration_s / clip.n_frames
            analysis = ClipAnalysis(key, "CPU", all_times, clip.width, clip.height, (track,))
            db.runs.save(project, clip.id, analysis)
            values = np.random.default_rng(clip.id).normal(size=(n, len(STORED))).astype(np.float32)
            values[:, PULL] *= 0.05
            for item in db.items.every(project, clip_id=clip.id):
                score = happy[table.items.names.index(item.name)] if item.name in table.items.names else np.nan
                values[within(item, times), PULL] += 0.1 * np.nan_to_num(score)
            values[0] = np.nan
            key = replace(key, model="face_mesh", parameters=f'{{"version":{VERSION}}}')
            measures = ClipMeasures(key, "CPU", (MeasuredTrack(1, values, None),))
            db.measures.save(project, clip.id, analysis, measures)
    return study_path


def within(item, times):
    start_s = -np.inf if item.start_s is None else item.start_s
    return (times >= start_s) & (times <= (np.inf if item.end_s is None else item.end_s))


@pytest.fixture
def screen(window, measured_path):
    open_project_in(window, measured_path)
    made = window.show_screen("agreement")
    ready(made)
    return made


def test_the_page_shows_what_goes_with_what(screen, window):
    screen.page("measures")
    page = screen.measures
    settle(lambda: page.table_shown is not None and page.view.proxy.rowCount() > 0)
    ready(screen)
    assert page.table_shown.n_items >= 10
    page.emotion.setCurrentIndex(page.emotion.findData("happy"))
    top = page.view.proxy.index(0, 1).data()
    assert top == "Corner pull"
    assert "[" in page.view.proxy.index(0, 2).data()
    assert "not Action Units" in page.told.text()
    assert "about one interval in twenty" in page.told.text()
    page.emotion.setCurrentIndex(0)
    first = page.view.proxy.rowCount()
    assert first == len({(r.emotion, r.measure) for r in page.table_shown.relations})
    # Nothing of it stays while somebody rates.
    window.context.commands.set_condition("annotating", True)
    assert page.table_shown is None
    assert page.view.proxy.rowCount() == 0
    window.context.commands.set_condition("annotating", False)
    ready(screen)


def test_a_project_without_measures_says_what_to_do(window, study_path):
    open_project_in(window, study_path)
    made = window.show_screen("agreement")
    ready(made)
    made.page("measures")
    settle(lambda: made.measures.table_shown is not None)
    assert "Measure the clips in Review first" in made.measures.told.text()
    assert made.measures.view.proxy.rowCount() == 0
    ready(made)


def test_the_saved_tables_hold_it(screen, tmp_path):
    screen.saving.save_tables(tmp_path / "tables", None)
    ready(screen)
    (file,) = (tmp_path / "tables").glob("measures_and_rated_emotions.csv")
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    mine = [row for row in rows if row["measure"] == "corner_pull" and row["emotion"] == "happy"]
    assert mine
    assert all(-1 <= float(row["low"]) < float(row["correlation"]) < float(row["high"]) <= 1 for row in mine)


def test_an_item_has_the_mean_over_its_own_face_and_range(screen, window):
    project, data = window.context.project, screen.state.shown.data
    found = measure_table(Context(), project, data, AgreementSettings(unit="item", replicates=0))
    table = data.intensities
    condition = table.condition.names[0]
    expected = np.full(len(table.items), np.nan)
    for item in db.items.every(project):
        if item.name in table.items.names:
            analysis = newest_analysis(project, db.clips.get(project, item.clip_id))
            (stored,) = db.measures.newest(project, item.clip_id, analysis).tracks
            times = analysis.tracks[0].times_s
            expected[table.items.names.index(item.name)] = np.nanmean(stored.values[within(item, times), PULL])
    scores = mean_scores(table, condition, "happy")
    both = np.isfinite(expected) & np.isfinite(scores)
    one = next(r for r in found.relations if (r.measure, r.emotion, r.condition) == ("corner_pull", "happy", condition))
    assert one.estimate.n_items == both.sum() >= 10
    assert found.relative  # to the mean of one person, which changes no correlation
    assert one.estimate.value == pytest.approx(stats.pearsonr(expected[both], scores[both]).statistic, abs=1e-4)
    assert any(each.what == "predictions" for each in db.sights.every(project))


def test_movements_are_relative_where_each_person_is_seen_twice():
    rng = np.random.default_rng(1)
    values = rng.normal(size=(6, len(CURVES)))
    values[5] = np.nan
    seen = np.isfinite(values).any(axis=1)
    out, relative = relative_to_people(values, np.array([0, 0, 1, 1, 1, 2], np.int32), seen)
    assert relative
    jaw, yaw = CURVES.index("jaw_drop"), CURVES.index("yaw_deg")
    np.testing.assert_allclose(out[:2, jaw], values[:2, jaw] - values[:2, jaw].mean())
    np.testing.assert_array_equal(out[:, yaw], values[:, yaw])  # the pose has a zero of its own
    assert relative_to_people(values, np.array([0, 0, 1, 1, 2, 2], np.int32), seen)[1] is False
    assert relative_to_people(values, np.array([0, 0, -1, 1, 1, 1], np.int32), seen)[1] is False


def test_columns_of_another_program_stand_beside_our_own(measured_path):
    """An item of a clip that only another program measured counts, too; several faces cannot be told apart."""
    with Project.open(measured_path) as project:
        data = load_labels(project, "")
        table = chosen(data, LabelFilter())
        before = measure_table(Context(), project, table, AgreementSettings(replicates=0))
        happy = mean_scores(table.intensities, table.intensities.condition.names[0], "happy")
        clips = {clip.id: clip for clip in db.clips.every(project)}
        for item in db.items.every(project):
            times_s = np.linspace(item.start_s or 0.0, item.end_s or clips[item.clip_id].duration_s, 9)[1:-1]
            if item.name not in table.intensities.items.names:
                continue
            score = happy[table.intensities.items.names.index(item.name)]
            for face in ("", "2"):
                values = np.full((len(times_s), 1), score * 2 + 1, np.float32)
                new = ForeignMeasures("OpenFace", face, "of.csv", ("AU12_r",), times_s, values)
                db.foreign_measures.add(project, item.clip_id, new)
        after = measure_table(Context(), project, table, AgreementSettings(replicates=0))
    ours = [(one.measure, one.emotion, one.condition) for one in before.relations]
    assert [one for one in after.relations if one.measure in CURVES] != []
    assert {(one.measure, one.emotion, one.condition) for one in after.relations} > set(ours)
    (found,) = (
        one
        for one in after.relations
        if (one.measure, one.emotion, one.condition)
        == ("OpenFace AU12_r", "happy", table.intensities.condition.names[0])
    )
    assert found.estimate.value > 0.9, found.estimate.reason
    assert {one.measure for one in after.relations} - set(CURVES) == {"OpenFace AU12_r"}
