"""One fault of each kind through every way: session, kit, import, simulation, commands; in a file and on a server."""

import numpy as np
import pytest

import db.answers
import db.clips
import db.items
import db.leftovers
import db.raters
import db.studies
import db.traces
from app.cli import main
from app.domain.project import TraceStart
from app.domain.study import PracticeClip
from app.domain.study_defaults import default_study
from app.domain.trace_rules import counting
from app.domain.traces import TraceSamples
from app.errors import UserError
from app.services.labels.export import export_labels
from app.services.labels.import_csv import import_labels
from app.services.labels.tables import load_project_ratings
from app.services.projects.files import create_project
from app.services.study.kits import make_kit, merge_kit
from app.services.study.owner import add_to_study, assign, save_study
from app.services.study.session import AnnotateSession
from app.services.study.simulate import simulate_study
from db.project import Project
from tests.study.helpers import SEEN, add_items, full_answer, make_study
from tests.study.test_shown import NOTHING, lose_face, unsee

BOTH = ("face_only", "full_context")


def studied(project, folder):
    """Six clips, the last without a face; practice of which nothing is expected; ratings, then traces."""
    items = add_items(project, folder / "media")
    lose_face(project, items[-1])
    practice = tuple(PracticeClip(items[0].name, "full_context", kind=kind) for kind in ("rating", "trace"))
    study = default_study("faces", trace=True).next_version(min_distance=0, raters_per_cell=2, practice=practice)
    save_study(project, study)
    add_to_study(project, "faces", [item.name for item in items], ["R01", "R02"])
    assign(project, "faces", 1)
    return items


def sit(project, code, *, ratings):
    """Practise, be refused what was never shown, give some ratings, be refused an empty trace; told verdicts."""
    told, given = [], 0
    with AnnotateSession(project, code) as session:
        while (task := session.current()) is not None and given < ratings:
            session.begin(task)
            if task.purpose == "practice" and not task.is_trace:
                told.append(session.submit(full_answer(session.study), SEEN))
                continue
            if task.is_trace:
                told.append(refused_when_empty(session, task))
                continue
            with pytest.raises(UserError, match="never shown"):
                session.submit(full_answer(session.study), NOTHING)
            session.submit(full_answer(session.study, score=given % 5), SEEN)
            given += 1
    return told


def refused_when_empty(session, task):
    recorder = session.start_trace(task, "mouse")
    with pytest.raises(UserError, match="was not traced"):
        session.accept_trace(task, recorder, SEEN)
    again = session.start_trace(task, "mouse")
    for number in range(100):
        again.add(number * 0.04, 0.1, 0.1, float(number))
    return session.feedback(task, session.accept_trace(task, again, SEEN))


def of(project, code):
    rater = db.raters.by_code(project, code)
    study = db.studies.get(project, "faces")
    return [one for one in db.answers.every(project, study.id) if one.key.rater_id == rater.id]


def every_way(project, folder, capsys):
    items = studied(project, folder)
    where = str(project.path or project.reader.url.render_as_string(hide_password=False))
    lost = items[-1].id

    told = sit(project, "R01", ratings=4)
    told = [one for one in told if one is not None]
    assert told
    assert {one.passed for one in told} == {None}
    assert len(of(project, "R01")) >= 4
    assert lost not in {one.key.item_id for one in of(project, "R01")}

    path = make_kit(project, "R02", folder / "kit")
    with Project.open(path) as kit:
        sit(kit, "R02", ratings=3)
        study, rater = db.studies.get(kit, "faces"), db.raters.by_code(kit, "R02")
        start = TraceStart(db.items.every(kit)[1].id, rater.id, "face_only", True, "mouse", study.id, 1)
        db.traces.add(kit, start, TraceSamples(np.empty(0), np.empty((0, 2), np.float32), np.empty(0), "mouse"))
    unsee(path, "R02")
    merged = merge_kit(project, path)
    assert any("without having been shown it" in note for note in merged.notes)
    scored = [one for one in of(project, "R02") if one.key.purpose == "main" and one.answer.category]
    assert scored == []
    everything = db.traces.every(project, usable_only=False)
    assert "R02" in {one.rater for one in everything}
    assert "R02" not in {one.rater for one in counting(everything)}
    named = [one for one in db.leftovers.find(project) if one.rater == "R02"]
    assert {one.kind for one in named} == {"empty_trace"}

    with create_project(folder / "other.affectograph") as other:
        make_study(other, add_items(other, folder / "media"), raters=("IMP",))
        with AnnotateSession(other, "IMP") as session:
            session.submit(full_answer(session.study, score=2), SEEN)
        export_labels(other, folder / "labels")
    import_labels(project, [folder / "labels"])
    (came,) = of(project, "IMP")
    assert (came.circumstances.source, came.circumstances.presentation_id) == ("import", None)

    simulate_study(project, "faces", 1, seed=1)
    simulated = of(project, next(one.code for one in db.raters.every(project) if one.simulated))
    assert simulated
    assert lost not in {one.key.item_id for one in simulated}
    assert {one.circumstances.passed for one in simulated if one.key.purpose == "practice"} <= {None}

    main_ones = [one for one in simulated if one.key.purpose == "main"]
    apart = f"given on a screen, 1 imported, {len(main_ones)} simulated."
    assert any(note.endswith(apart) for note in load_project_ratings(project).intensities.notes)
    capsys.readouterr()
    assert main(["project", "check", where, "--quick"]) in (0, 1)
    said = capsys.readouterr().out
    assert all(one.what in said for one in named)
    assert main(["agreement", where, "--bootstrap", "0"]) == 0
    assert apart in " ".join(capsys.readouterr().out.split())


def test_through_every_way_in_a_file(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(tmp_path / "home"))
    with create_project(tmp_path / "lab.affectograph") as project:
        every_way(project, tmp_path, capsys)


def test_through_every_way_on_a_server(postgres, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(tmp_path / "home"))
    with create_project(postgres) as project:
        every_way(project, tmp_path, capsys)
