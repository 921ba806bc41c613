"""The steps of the self-test: each does one thing that the program is for, and checks what came of it."""

import gzip
import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

import db.answers
import db.studies
from app.child import child_command
from app.domain.analysis import ClipAnalysis
from app.domain.training_events import EPOCH
from app.inference.cards import CARD_NAME, DEFAULT_MODEL
from app.jobs import Context
from app.media.reader import VideoReader
from app.services.demo.retrain import ensure_retrain_demo
from app.services.machine.desktop import ASSETS
from app.services.predict.analyse import Analyser
from app.services.predict.stored import newest_analysis, store
from app.services.projects.files import add_clips, create_project, open_sound
from app.services.retrain.process import can_train
from app.services.retrain.runs import TrainRequest, train
from app.synthetic.actor import ActorSpec
from app.synthetic.demo_clip import render_demo

RATE: Final = 12
SECONDS: Final = 1.0
FRAMES: Final = round(RATE * SECONDS)
OLD_PROJECT: Final = ASSETS / "project-0.1.affectograph.gz"
"""A project as version 0.1 wrote it, compressed; `tests/data/projects` tells how it was made."""
OLD_ANSWERS: Final = 30
_PEOPLE: Final = ActorSpec(subjects=5, clips_per_subject=1, seconds=1.5, rate=8, seed=3)
_QUICK: Final = {"epochs": 1, "units": 8, "hidden": 8, "length": 8, "folds": 1}
_CHILD_LIMIT_S: Final = 300
_LEAST_COLOURS: Final = 100


class UnavailableError(Exception):
    """This installation is not meant to do what the step tries; the message says why."""


class WrongResultError(Exception):
    """A step ran to its end, but its result is wrong; the message says in which way."""


class Place:
    """The files of one self-test, and what a step leaves for those after it.

    Args:
        folder: An empty folder.

    Attributes:
        clip: The tiny clip.
        project: The project with that clip.
        analysis: The predictions on the clip; None before they are made.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clip = folder / "clip.mp4"
        self.project = folder / "selftest.affectograph"
        self.analysis: ClipAnalysis | None = None


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes:
        name: Short, stable name for scripts.
        run: Does it and returns what was done in one sentence.
        needs: Names of steps whose results it uses.
    """

    name: str
    run: Callable[[Place], str]
    needs: tuple[str, ...] = ()


def _expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise WrongResultError(otherwise)


def _clip(place: Place) -> str:
    render_demo(place.clip, duration_s=SECONDS, rate=RATE)
    with VideoReader(place.clip) as reader:
        frames = list(reader.frames())
        last = reader.frame(len(reader) - 1)
    _expect(len(frames) == FRAMES, f"A clip of {FRAMES} frames was written, but {len(frames)} were read.")
    same = last.pts == frames[-1].pts and np.array_equal(last.image, frames[-1].image)
    _expect(same, "A seek led to another frame than reading from the start.")
    return f"A clip of {FRAMES} frames was written and read, frame by frame and by a seek."


def _predict(place: Place) -> str:
    with Analyser(DEFAULT_MODEL, "cpu") as analyser:
        analysis = analyser.analyse(place.clip, Context())
    seen = analysis.frames_with_face
    _expect(seen == FRAMES, f"A face was found in {seen} of {FRAMES} frames.")
    place.analysis = analysis
    return f"{DEFAULT_MODEL} read the face in each of {seen} frames ({analysis.provider})."


def _project(place: Place) -> str:
    made = place.analysis
    if made is None:
        raise WrongResultError("There are no predictions to store.")
    with create_project(place.project) as project:
        result = add_clips(project, [place.clip], subject="S1")
        if result.refused:
            raise result.refused[0]
        store(project, result.added[0], made)
    with open_sound(place.project) as project:
        read = newest_analysis(project, result.added[0])
    same = read is not None and len(read.tracks) == len(made.tracks) > 0
    same = same and all(
        np.allclose(one.valence_arousal, other.valence_arousal, atol=1e-6, equal_nan=True)
        for one, other in zip(read.tracks if read else (), made.tracks, strict=True)
    )
    _expect(same, "The predictions that were read are not those that were stored.")
    return "A project was written, closed and opened again, and held the same predictions."


def _migrate(place: Place) -> str:
    path = place.folder / "old" / "old.affectograph"
    path.parent.mkdir()
    path.write_bytes(gzip.decompress(OLD_PROJECT.read_bytes()))
    with open_sound(path) as project:
        answers = sum(db.answers.count(project, study.id) for study in db.studies.every(project))
    _expect(answers == OLD_ANSWERS, f"Of {OLD_ANSWERS} answers in a project of version 0.1, {answers} are left.")
    copies = [file for file in path.parent.glob("*.affectograph*") if file != path]
    _expect(bool(copies), "No copy of the old project was kept.")
    return f"A project of version 0.1 was brought up to date with its {answers} answers, and a copy was kept."


def _window(place: Place) -> str:
    command = child_command("app.ui.tours.drawn", str(place.project), str(place.folder / "window.png"))
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    child = subprocess.run(command, capture_output=True, timeout=_CHILD_LIMIT_S, check=False, env=environment)
    lines = child.stdout.decode("utf-8", "replace").strip().splitlines()
    if child.returncode != 0 or not lines:
        said = child.stderr.decode("utf-8", "replace").strip().splitlines()
        # A bundle ends what it says with a line of its own, which does not name the error.
        said = [line for line in said if not line.startswith("[PYI-")]
        raise WrongResultError(said[-1] if said else f"The process of the window ended with status {child.returncode}.")
    drawn: dict[str, Any] = json.loads(lines[-1])
    _expect(drawn["icons"], "The font of the icons is missing.")
    _expect(drawn["colours"] >= _LEAST_COLOURS, f"The window is empty: it has {drawn['colours']} colours.")
    return f"The window was drawn off screen with the clip and its icons ({drawn['width']}×{drawn['height']})."


def _train(place: Place) -> str:
    if not can_train():
        raise UnavailableError("Training is not part of this installation.")
    epochs: list[Any] = []
    path = ensure_retrain_demo(Context(), place.folder / "training" / "people.affectograph", _PEOPLE)
    request = TrainRequest(values=_QUICK, device="cpu")
    with open_sound(path) as project:
        trained = train(
            project, request, lambda event: epochs.append(event) if event.get("event") == EPOCH else None, Context()
        )
    _expect(bool(epochs), "No epoch was trained.")
    _expect((trained.folder / CARD_NAME).is_file(), "No model was written.")
    return f"A model was trained for one epoch on {_PEOPLE.subjects} synthetic people, written as ONNX and compared."


STEPS: Final = (
    Step("clip", _clip),
    Step("predict", _predict, ("clip",)),
    Step("project", _project, ("predict",)),
    Step("migrate", _migrate),
    Step("window", _window, ("project",)),
    Step("train", _train),
)
"""The steps in their order."""
