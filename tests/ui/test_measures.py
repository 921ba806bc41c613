"""The measures of faces at the review desk: curves, overlay, numbers, menu; and nothing of them while tracing blind."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

import db.clips
import db.foreign_measures
import db.measures
import db.runs
from app.domain.analysis import RunKey
from app.domain.foreign_measures import ForeignMeasures
from app.domain.measured_faces import TITLES, MeasuredFace
from app.domain.measures import COLUMNS, CURVES, STORED, VERSION, ClipMeasures, MeasuredTrack, point_steps
from app.faces.head_pose import neutral_face
from app.ui.parts.player.mesh_overlay import paint_mesh
from app.ui.parts.timeline.measures import MOST, MeasureCurve
from app.ui.screens.review.measures import chosen_measures
from db.project import Project

from .waiting import idle, settle

KEY = RunKey("a" * 64, "face_mesh", "f" * 64, f'{{"version":{VERSION}}}')


def measured(analysis, *, first_yaw=10.0):
    """Measures of every face: yaw rises by a degree a frame, the mesh lies in the box; row 5 has none."""
    tracks = []
    for track in analysis.tracks:
        n = len(track)
        values = np.zeros((n, len(STORED)), np.float32)
        values[:, 0] = 1
        values[:, 1] = first_yaw + np.arange(n)
        values[5] = np.nan
        face = neutral_face()[:, :2] * 2 + (60, 45)
        face = np.concatenate([face, np.tile(face[4], (10, 1))])
        points = np.stack([point_steps(face, box) for box in track.boxes])
        tracks.append(MeasuredTrack(track.track_id, values, points))
    return ClipMeasures(KEY, "CPU", tuple(tracks))


@pytest.fixture
def project_path(project_path):
    with Project.open(project_path) as project:
        clip = db.clips.every(project)[0]
        analysis = db.runs.load(project, db.runs.for_clip(project, clip.id)[0].id)
        db.measures.save(project, clip.id, analysis, measured(analysis))
    return project_path


@pytest.fixture
def measured_desk(desk):
    settle(lambda: desk.state.measures is not None)
    idle(desk.context)
    return desk


def test_the_timeline_shows_the_chosen_measures(measured_desk):
    desk = measured_desk
    assert desk.timeline.measures.shown == ("yaw_deg", "corner_pull")
    row, name = desk.timeline.measures.rows[0], desk.timeline.measures.names[0]
    assert row.isVisible()
    assert not desk.timeline.measures.rows[2].isVisible()
    desk.timeline.resize(desk.timeline.width(), 236)
    assert desk.timeline.measures.visible_rows == 1  # a low timeline leaves the others their room
    assert not desk.timeline.measures.rows[1].isVisible()
    desk.timeline.resize(desk.timeline.width(), 400)
    assert desk.timeline.measures.visible_rows == 2
    desk.player.seek(desk.state.times_s[8])
    settle(lambda: name.words == "+18.0°")
    desk.player.seek(desk.state.times_s[5])
    settle(lambda: name.words == "–")
    assert np.isnan(row.curve.values[5])
    assert row.curve.values[8] == 18


def test_measures_are_chosen_in_a_menu_by_key(measured_desk):
    desk = measured_desk
    desk.context.commands.run("timeline.choose_measures")
    assert desk.measures.menu.isVisible()
    desk.measures.menu.close()
    assert desk.measures.actions["yaw_deg"].isChecked()
    desk.measures.actions["yaw_deg"].trigger()
    desk.measures.actions["jaw_drop"].trigger()
    desk.measures.actions["blink"].trigger()
    assert desk.timeline.measures.shown == ("corner_pull", "jaw_drop", "blink")
    assert desk.context.settings.text("timeline.measures") == "corner_pull, jaw_drop, blink"
    desk.measures.actions["roll_deg"].trigger()
    assert len(desk.timeline.measures.shown) == MOST
    assert not desk.measures.actions["pucker"].isEnabled()  # no more than fit below each other


def test_the_numbers_of_the_frame_stand_beside_the_clip(measured_desk):
    desk = measured_desk
    desk.player.seek(desk.state.times_s[3])
    settle(lambda: desk.side.measures.face is not None and desk.side.measures.face.value("yaw_deg") == 13)
    assert "Measures" in [desk.side.tabs.tabText(at) for at in range(desk.side.tabs.count())]
    desk.player.seek(desk.state.times_s[5])
    settle(lambda: desk.side.measures.face is not None and np.isnan(desk.side.measures.face.value("yaw_deg")))


def test_the_mesh_is_drawn_on_demand(measured_desk):
    desk = measured_desk
    assert not desk.centre.video.overlay_parts.mesh
    assert all(face.measured.points is None for face in desk.centre.video.faces)  # not read before they are wanted
    desk.context.commands.run("view.toggle_mesh")
    assert desk.centre.video.overlay_parts.mesh
    desk.player.seek(desk.state.times_s[3])
    settle(lambda: any(f.measured is not None and f.measured.points is not None for f in desk.centre.video.faces))
    face = next(f for f in desk.centre.video.faces if f.track_id == 1)
    np.testing.assert_allclose(face.measured.points[:468], neutral_face()[:, :2] * 2 + (60, 45), atol=0.02)


def test_a_blind_recording_hides_all_measures(measured_desk):
    desk = measured_desk
    desk.recording.blind = True
    desk.context.commands.run("view.toggle_mesh")
    desk.toggle_recording()
    settle(lambda: desk.recording.active and desk.recording.phase == "running")
    assert desk.timeline.measures.shown == ()
    assert not desk.measures.button.isVisible()
    assert desk.side.measures.face is None or not desk.side.measures.isVisible()
    assert desk.centre.video.faces == ()
    desk.recording.discard()
    desk.recording.discard()
    settle(lambda: not desk.recording.active)


def test_a_clip_without_measures_shows_none(measured_desk):
    desk = measured_desk
    desk.clips.move(1)
    settle(lambda: desk.player.is_open and desk.state.row.clip.name == "clip1.mp4" and desk.state.measures is None)
    assert desk.timeline.measures.shown == ()
    assert "Measures" not in [desk.side.tabs.tabText(at) for at in range(desk.side.tabs.count())]


def test_every_measure_has_a_title():
    assert set(TITLES) == set(CURVES)
    assert chosen_measures("jaw_drop, nonsense,yaw_deg") == ("yaw_deg", "jaw_drop")
    assert len(chosen_measures(", ".join(CURVES))) == MOST


def test_an_axis_never_shows_mere_noise_as_large():
    times = np.arange(50) / 25
    quiet = MeasureCurve("yaw_deg", times, np.random.default_rng(0).normal(0, 0.1, 50).astype(np.float32))
    low, high = quiet.bounds()
    assert high - low >= 10
    assert MeasureCurve("yaw_deg", times, np.full(50, np.nan, np.float32)).bounds() == pytest.approx((-5.6, 5.6))
    assert np.isnan(quiet.at(-1.0))
    assert quiet.at(0.05) == quiet.values[1]


def test_the_white_axis_points_where_the_face_looks():
    values = np.zeros(len(COLUMNS))
    values[COLUMNS.index("yaw_deg")] = 40  # to the person's own right: the viewer's left
    face = neutral_face()[:, :2] * 3 + (100, 100)
    points = np.concatenate([face, np.tile(face[4], (10, 1))]).astype(np.float32)
    picture = QImage(200, 200, QImage.Format.Format_RGB32)
    picture.fill(0)
    painter = QPainter(picture)
    what = {"dots": False, "contours": False, "axes": True}
    paint_mesh(painter, MeasuredFace(values, points), QRectF(0, 0, 200, 200), 1.0, **what)
    painter.end()
    pixels = np.frombuffer(picture.constBits(), np.uint8).reshape(200, 200, 4)[..., :3]
    white = np.argwhere((pixels > 240).all(axis=2))
    assert len(white) > 20
    assert white[:, 1].mean() < points[4, 0] - 5


@pytest.fixture
def foreign_desk(project_path, desk):
    with Project.open(project_path) as project:
        clip = db.clips.every(project)[0]
    names = ("AU12_r", "AU06_r")
    values = np.stack([np.linspace(0, 5, 20), np.linspace(5, 0, 20)], axis=1).astype(np.float32)
    new = ForeignMeasures("OpenFace", "", "of.csv", names, np.linspace(0, 1, 20), values)
    desk.context.query(db.foreign_measures.add, clip.id, new, on_done=lambda _: None)
    settle(lambda: bool(desk.state.foreign))
    idle(desk.context)
    return desk


def test_columns_of_another_program_are_rows_of_the_timeline(foreign_desk):
    desk = foreign_desk
    desk.measures.open_menu()
    assert list(desk.measures.foreign) == ["OpenFace AU12_r", "OpenFace AU06_r"]
    desk.measures.foreign["OpenFace AU06_r"].trigger()
    desk.measures.menu.close()
    assert desk.timeline.measures.shown == ("yaw_deg", "corner_pull", "OpenFace AU06_r")
    row = desk.timeline.measures.rows[2]
    assert row.curve.at(0.0) == 5.0
    low, high = row.curve.bounds()
    assert low < 0
    assert high > 5
    assert "OpenFace AU06_r" in desk.timeline.measures.names[2].toolTip()
