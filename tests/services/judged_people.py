"""A project of synthetic people whose clips simulated raters put into categories."""

from collections.abc import Sequence
from pathlib import Path

import av
import torch

import db.items
import db.models
from app.domain.emotions import FERPLUS_TO_RATED
from app.domain.item_data import load_items
from app.domain.recipes import category_recipe
from app.domain.study_defaults import default_condition, default_study
from app.inference.cards import load_card, project_models
from app.jobs import Context
from app.learning.clip.export import export_run
from app.learning.clip.train import run_all
from app.services.projects.files import add_clips, create_project
from app.services.retrain.category_data import freeze_categories
from app.services.retrain.category_labels import CategoryChoice
from app.services.retrain.data import training_folder
from app.services.retrain.promote import register
from app.services.study.owner import save_study
from app.services.study.simulate import simulate_study
from app.synthetic.actor import ActorSpec, act
from app.synthetic.raters import SimulatedRater
from app.synthetic.stage import write_clip
from app.synthetic.view import View
from db.project import Project

SMALL = View(width=320, height=180, scale=View().scale / 2)
CONDITION = "full_context"


def judged_project(place: Path, people: int, clips: int, silent: Sequence[int] = ()) -> Path:
    """Render people, let four raters judge them in full context, and return the project's file.

    Args:
        place: An empty folder.
        people: How many.
        clips: Clips of each.
        silent: Numbers of clips that are written without sound.
    """
    raters = tuple(SimulatedRater(f"R{i}", score_noise=1.1) for i in range(1, 5))
    spec = ActorSpec(subjects=people, clips_per_subject=clips, seconds=1.2, rate=8, seed=4, masked=0.0)
    with create_project(place / "people.affectograph") as project:
        shares = {}
        for number, clip in enumerate(act(spec)):
            path = write_clip(clip, place / f"{clip.name}.mp4", Context(), SMALL)
            if number in silent:
                without_sound(path)
            added = add_clips(project, [path], subject=clip.subject.code).added[0]
            (item,) = db.items.every(project, clip_id=added.id)
            shares[item.name] = {
                CONDITION: {FERPLUS_TO_RATED[name]: share for name, share in clip.shares(CONDITION).items()}
            }
        study = default_study("people", trace=False).next_version(
            conditions=(default_condition(CONDITION),), min_distance=0, raters_per_cell=len(raters)
        )
        save_study(project, study)
        simulate_study(project, "people", raters, seed=2, shares=shares, add_items=True)
    return place / "people.affectograph"


def without_sound(path: Path) -> None:
    """Write a clip anew with its picture alone."""
    mute = path.with_name(f"mute-{path.name}")
    with av.open(str(path)) as source, av.open(str(mute), "w") as target:
        video = source.streams.video[0]
        copied = target.add_stream_from_template(video)
        for packet in source.demux(video):
            if packet.dts is not None:
                packet.stream = copied
                target.mux(packet)
    mute.replace(path)


def train_member(project: Project, name: str, streams: tuple[str, ...]) -> None:
    """Train aggregated features on some streams, as `train_categories` does, but in this process and not compared."""
    recipe = category_recipe("aggregation")
    values = recipe.values({"folds": 2, "grid": "1"})
    data = freeze_categories(project, CategoryChoice(), Context(), device="cpu", streams=streams)
    run, folder = training_folder(project) / "runs" / name, project_models(project.path or Path()) / name
    run.mkdir(parents=True)
    record = db.models.add_training(
        project, recipe.name, dict(values), snapshot_sha256=data.sha256, seed=0,
        snapshot={key: value for key, value in data.manifest.items() if key not in ("sha256", "items", "columns")},
        folder=str(folder),
    )  # fmt: skip
    run_all(recipe, values, load_items(data.folder), run, torch.device("cpu"))
    export_run(run, data.folder, folder, name, data.frame_model.folder)
    number = register(project, load_card(folder), trained=True)
    db.models.update_training(project, record.id, "finished", model_id=number)
