"""Every way in which data leave a project, with its place at the gate of consent (`app.services.consent.gate`)."""

import ast
import json
from pathlib import Path

import numpy as np
import pytest

import app
import db.clips
import db.consent
import db.edits
import db.face_people
import db.gold
import db.items
import db.models
import db.studies
from app.cli import main
from app.domain.analysis import ClipAnalysis, RunKey, TrackPrediction
from app.domain.snapshot import Snapshot
from app.domain.tables import Heading, Table
from app.errors import UserError
from app.fusion.affect import AffectTable
from app.services.agreement.gap_reasons import export_reasons
from app.services.consent.covered import Uncovered
from app.services.consent.gate import (
    answers_may_leave,
    covered_clips,
    covered_labels,
    covered_tables,
    names_of_refused,
    require_unnamed_in_plot,
    runs_may_leave,
    statistics_may_leave,
)
from app.services.fusion.affect import _check_consent
from app.services.labels.notes import export_notes
from app.services.labels.tables import load_project_ratings
from app.services.predict.batch import _let_out
from app.services.study.session import AnnotateSession
from app.services.study.showable import covers_showing, find_unshown
from db.project import Project
from db.tracks import packed, stored
from tests.services.rights.filled import CLIP, RATER, SUBJECT
from tests.services.rights.test_consent import set_consent, table
from tests.ui.annotate.builder import build

APP = Path(app.__file__).parent

GATED = {
    "cli/agreement.py": "covered_labels",
    "cli/compare.py": "answers_may_leave",
    "cli/fuse.py": "answers_may_leave",
    "cli/gold.py": "covered_labels, in make_leaving_gold",
    "services/agreement/export.py": "covered_labels, by its callers: the command agreement and its screen",
    "services/agreement/table_files.py": "covered_labels, by its callers: agreement, raters, plan and the screens",
    "services/agreement/planning.py": "covered_labels, by the command plan; answers_may_leave, by its screen",
    "services/agreement/raters_model.py": "covered_labels, by the command raters",
    "agreement/figures.py": "covered_labels, by its callers: the screen's figures and reports",
    "ui/parts/paper/pdf.py": "covered_labels, by its callers: the reports as PDF",
    "interchange/data_dictionary.py": "allowed, in export_labels",
    "interchange/r_script.py": "allowed, in export_labels",
    "interchange/study_file.py": "allowed, in export_labels",
    "interchange/tidy.py": "allowed, in export_labels",
    "interchange/writers/measurements.py": "covered_clips, in measured_tables",
    "interchange/writers/label_studio.py": "covered_clips, in write_predicted",
    "interchange/writers/ratings.py": "allowed, in export_for",
    "interchange/writers/traces.py": "allowed, in export_for",
    "interchange/named_rows.py": "covered_clips, in note_rows and reason_rows",
    "interchange/face_series.py": "covered_clips, in analyse_clips",
    "interchange/predictions_csv.py": "covered_clips, in analyse_clips",
    "interchange/verdicts_csv.py": "covered_clips, in analyse_clips",
    "services/predict/batch.py": "covered_clips, in analyse_clips",
    "services/predict/clip_figure.py": "covered_clips, in analyse_clips",
    "interchange/table_files.py": "covered_tables and what the screen says of itself (ui/core/whose.py)",
}
"""Module that writes a file for the user → what asks for consent before."""
NOBODY = {
    "cli/claims.py": "synthetic people",
    "cli/models.py": "scores of a model on a published data set",
    "cli/models_install.py": "cards of models",
    "cli/study.py": "a plan: who judges what, before anybody judged",
    "cli/study_next.py": "a plan: which judgements are asked for, without any answer",
    "services/demo/loop.py": "synthetic people",
    "services/demo/report.py": "synthetic people",
    "services/retrain/report_files.py": "pages beside runs, within what people agreed to by training (check_consent)",
    "services/rights/log.py": "the audit log, which proves what was done with consent",
    "ui/tours/drawn.py": "pictures of the demo",
    "ui/tours/looks.py": "pictures of the demo",
    "ui/tours/walk.py": "pictures of the demo",
}
"""Module that writes a file for the user → why consent is not asked there."""


def writes_results(path):
    """Whether a module imports `app.results.result`, by which every file for the user is written."""
    text = path.read_text("utf-8")
    if "app.results" not in text:
        return False
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module == "app.results":
            return any(name.name == "result" for name in node.names)
    return False


ELSEWHERE = {
    "StreamOutlet(": {
        "services/predict/lsl.py": "a camera's live picture, which is in no project",
        "services/predict/trace_out.py": "trace_may_leave, before the first sample",
    },
    ".clipboard()": {
        "ui/core/exports.py": "covered_tables and what the screen says of itself",
        "ui/shell/dialogs/crash.py": "a trace of the program",
    },
    "shutil.copy": {
        "services/archive/build.py": "covered_clips by allowed, in _media",
        "services/study/kits.py": "allowed to be shown, in make_kit",
        "services/models/copies.py": "a model within its project",
        "services/demo/project.py": "the demo",
        "learning/clip/export.py": "a model within its run",
        "learning/fusion/export.py": "a model within its run",
    },
    "QPrinter": {},
}
"""What else takes data out of the program, as it stands in the source → module → what asks for consent, or why not."""


@pytest.mark.parametrize("words", ELSEWHERE)
def test_every_other_way_out_has_its_place_as_well(words):
    found = {path.relative_to(APP).as_posix() for path in APP.rglob("*.py") if words in path.read_text("utf-8")}
    assert found == ELSEWHERE[words].keys()


def test_every_module_that_writes_files_has_its_place_at_the_gate():
    found = {path.relative_to(APP).as_posix() for path in APP.rglob("*.py") if writes_results(path)}
    assert found == GATED.keys() | NOBODY.keys()


@pytest.fixture
def project(path):
    with Project.open(path) as project:
        set_consent(project, "subject", SUBJECT, "export", "showing", "training", granted=False)
        set_consent(project, "rater", "R02", "export", granted=False)
        yield project


def test_notes(project, tmp_path):
    with pytest.raises(Uncovered, match=SUBJECT):
        export_notes(project, tmp_path / "n.csv")
    assert not (tmp_path / "n.csv").exists()
    assert export_notes(project, tmp_path / "n.csv", without_refused=True)[1] == 0
    assert table(tmp_path / "n.csv") == []


def test_reasons_for_gaps(project, tmp_path):
    with pytest.raises(Uncovered, match=SUBJECT):
        export_reasons(project, tmp_path / "g.csv")
    assert not (tmp_path / "g.csv").exists()
    assert export_reasons(project, tmp_path / "g.csv", without_refused=True)[1] == 0


def test_reasons_for_gaps_of_a_removed_clip(path, tmp_path):
    with Project.open(path) as project:
        written = export_reasons(project, tmp_path / "all.csv")[1]
        assert written > 0
        clips = [clip.id for clip in db.clips.every(project)]
        removal = db.edits.remove_clips(project, clips)
        db.edits.apply(project, removal)
        assert export_reasons(project, tmp_path / "none.csv")[1] == 0
        db.edits.apply(project, removal.inverse())
        assert export_reasons(project, tmp_path / "again.csv")[1] == written


def test_predictions_and_measures(project):
    clip = next(one for one in db.clips.every(project) if one.name == CLIP)

    def of(sha256):
        return ClipAnalysis(RunKey(sha256, "test", "0" * 64, "{}"), "CPU", np.zeros(1), 8, 8, ())

    with pytest.raises(Uncovered, match=SUBJECT) as refused:
        _let_out(project, of(clip.sha256))
    assert "--without-refused" not in refused.value.at_command_line, "`analyze` has no such option"
    _let_out(project, of("f" * 64))  # a clip that is none of the project's


def test_somebody_in_the_background_counts_like_the_subject(project):
    """A clip of S2 in which a face is that of somebody who refused is not let out, nor shown."""
    clip = next(one for one in db.clips.every(project) if one.subject == "S2")
    set_consent(project, "subject", "S2", "export", "showing", granted=True)
    assert covered_clips(project, [clip])[0] == {clip.id}
    assert covers_showing(project, clip)
    with project.write() as session:
        n = np.arange(2)
        number = stored(session, clip.id, packed(face_track(n)))
    db.edits.apply(project, db.face_people.set_person(project, [number], SUBJECT))
    with pytest.raises(Uncovered, match=SUBJECT):
        covered_clips(project, [clip])
    assert covered_clips(project, [clip], without=True)[0] == set()
    assert clip.name in names_of_refused(project)
    assert not covers_showing(project, clip)


def face_track(n):
    plain, boxes = np.zeros((len(n), 2), np.float32), np.zeros((len(n), 4), np.float32)
    ones = np.ones(len(n), np.float32)
    return TrackPrediction(
        1, n.astype(np.int32), n / 10, boxes, np.zeros((len(n), 5, 2), np.float32), ones, ones,
        np.zeros((len(n), 0), np.float32), plain, plain, (),
    )  # fmt: skip


def test_tables_of_screens(project):
    refused = names_of_refused(project)
    assert {SUBJECT, CLIP, "R02"} <= refused.keys()
    assert RATER not in refused
    shown = Table(
        "Answers", (Heading("clip"), Heading("rater"), Heading("R02"), Heading("joy")),
        ((CLIP, RATER, 1, 2), ("clip01.mp4", RATER, 3, 4), ("clip01.mp4", "R02", 5, 6)),
    )  # fmt: skip
    with pytest.raises(Uncovered) as error:
        covered_tables([shown], refused)
    assert {one.person.code for one in error.value.refusals} == {SUBJECT, "R02"}
    (kept,) = covered_tables([shown], refused, without=True)
    assert [heading.name for heading in kept.headings] == ["clip", "rater", "joy"]
    assert kept.rows == (("clip01.mp4", RATER, 4),)
    assert covered_tables([shown], {}) == (shown,)


def test_plots_that_name_somebody(project):
    set_consent(project, "rater", RATER, "export", granted=False)
    require_unnamed_in_plot(project, ["alpha", "0.5", f"{RATER}x"])
    with pytest.raises(UserError, match=RATER) as error:
        require_unnamed_in_plot(project, ["alpha", f"{RATER}: valence"])
    assert "Show the plot without" in error.value.todo


def test_statistics(project, path):
    data = load_project_ratings(path, with_traces=True)
    with pytest.raises(Uncovered, match="R02") as error:
        covered_labels(project, data)
    assert SUBJECT in error.value.what
    assert "compute again" in error.value.todo
    assert "--without-refused" in error.value.at_command_line
    kept, told = covered_labels(project, data, without=True)
    assert "R02" in told
    assert "R02" in set(data.intensities.rater.names)
    left = kept.intensities
    assert {left.rater.names[code] for code in left.rater.codes} == {RATER}
    shown = left.items.subject
    assert SUBJECT not in {shown.names[code] for code in shown.codes[left.item] if code >= 0}
    assert 0 < len(left) < len(data.intensities)
    assert all(one.rater != "R02" and one.subject != SUBJECT for one in kept.traces)
    statistics_may_leave(project, kept)
    set_consent(project, "subject", SUBJECT, "export", granted=True)
    with pytest.raises(Uncovered, match="R02"):
        statistics_may_leave(project, data)
    assert covered_labels(project, data, ["R02"]) == (data, "")


def test_numbers_of_everybody_and_of_one_clip(project):
    with pytest.raises(Uncovered, match="R02") as error:
        answers_may_leave(project)
    assert SUBJECT in error.value.what
    assert "--without-refused" not in error.value.at_command_line, "nobody can be left out of such numbers"
    set_consent(project, "rater", "R02", "export", granted=True)
    clips = {clip.name: clip.id for clip in db.clips.every(project)}
    with pytest.raises(Uncovered, match=SUBJECT):
        answers_may_leave(project, clips[CLIP])
    answers_may_leave(project, clips["clip01.mp4"])


def test_numbers_of_trainings(project):
    (run,) = db.models.trainings(project)
    with pytest.raises(Uncovered, match=SUBJECT) as error:
        runs_may_leave(project, [run])
    assert "R02" in error.value.what, "a gold standard mixes the answers of all raters"
    set_consent(project, "rater", "R02", "export", granted=True)
    set_consent(project, "subject", SUBJECT, "export", granted=True)
    runs_may_leave(project, [run])


COMMANDS = {
    "agreement": ("agreement", "--bootstrap", "0"),
    "raters": ("raters",),
    "gold": ("gold", "--name", "of all"),
    "plan": ("plan", "--width", "0.5", "--repetitions", "2", "--raters", "3", "--items", "4"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_of_statistics(project, path, tmp_path, capsys, command):
    name, *more = COMMANDS[command]
    refusing = "R02" if command in ("agreement", "gold") else SUBJECT  # the others need two raters
    if refusing == SUBJECT:
        set_consent(project, "rater", "R02", "export", granted=True)
    words = [name, str(path), *more, "--json", str(tmp_path / "a.json")]
    stored = len(db.gold.every(project)) if command == "gold" else 0
    assert main(words) == 1
    said = capsys.readouterr().err
    assert "consent" in said.lower()
    assert refusing in said
    assert "--without-refused" in said
    assert not (tmp_path / "a.json").exists()
    if command == "gold":
        assert len(db.gold.every(project)) == stored, "nothing is stored either"
    main([*words, "--without-refused"])
    assert "Left out, because consent does not cover" in capsys.readouterr().out
    less = (tmp_path / "a.json").read_text("utf-8")
    assert json.loads(less)
    for party, code in (("subject", SUBJECT), ("rater", "R02")):
        set_consent(project, party, code, "export", granted=True)
    main(words)
    assert (tmp_path / "a.json").read_text("utf-8") != less, "their answers count in it"


def test_fusion_of_valence_and_arousal(project):
    frozen = Snapshot.__new__(Snapshot)
    object.__setattr__(frozen, "manifest", {"labels": {}})

    def of(*subjects):
        return AffectTable((), subjects, subjects, np.zeros((0, 1)), np.zeros(0), np.zeros((0, 0, 2)), np.zeros((0, 2)))

    with pytest.raises(Uncovered, match=SUBJECT):
        _check_consent(project, of(SUBJECT), frozen)
    set_consent(project, "subject", SUBJECT, "training", granted=True)
    _check_consent(project, of(SUBJECT), frozen)


def test_clips_at_the_screen_of_a_rater(path):
    with Project.open(path) as project:
        items = [one for one in db.items.every(project) if one.subject == SUBJECT]
        (record,) = db.studies.every(project)
        assert {one.item for one in find_unshown(project, record.study, items)} == set()
        set_consent(project, "subject", SUBJECT, "showing", withdrawn_at=1.0)
        found = find_unshown(project, record.study, items)
        assert {one.item for one in found} == {one.name for one in items}
        assert {one.obstacle.kind for one in found} == {"consent"}


def test_a_clip_that_was_dealt_already_is_not_shown_any_more(tmp_path):
    path = build(tmp_path, clips=2, raters=("R01",))
    with Project.open(path) as project:
        clips = [clip.id for clip in db.clips.every(project)]
        db.edits.apply(project, db.edits.set_subject(project, clips, "S1"))
        with AnnotateSession(project, "R01") as session:
            assert session.current().obstacle is None
            set_consent(project, "subject", "S1", "showing", granted=False)
        with AnnotateSession(project, "R01") as session:
            task = session.current()
        assert task.obstacle.kind == "consent"
        assert task.obstacle.missing_reason == "skipped"
        assert "S1" not in task.problem  # the rater does not learn whose consent it was
