"""Fusions of trained members of one modality on a synthetic study: the fusion, a control, and bad members.

    python -m benchmarks.fusion_study --work DIR
    python -m benchmarks.fusion_study --work DIR --shuffled
    python -m benchmarks.fusion_study --work DIR --copies

Renders 60 people of the synthetic actor with sound, lets five simulated raters choose the category of every clip in
full context, and trains a model of the voice, one of the surroundings and one of the face. Then it fuses them by
stacking; with --shuffled on shuffled labels, which must not be better; and with --copies together with three copies of
a member that over-fits the movement. It prints the accuracies of both parts, the difference of the fusion from the best
member with its interval over people, and the processor seconds until the answer and until the model is compared.
Started again in the same folder, it goes on where it ended, and what was trained is not trained again.
"""

import argparse
import json
import os
import shutil
from pathlib import Path
from typing import Any, Final

import db.items
from app.domain.emotions import FERPLUS_TO_RATED
from app.domain.study_defaults import default_condition, default_study
from app.domain.training_events import FUSED, Event
from app.errors import UserError
from app.inference.cards import load_card, project_models, write_card
from app.jobs import Context
from app.services.fusion.runs import FusionRequest, fuse
from app.services.projects.files import Project, add_clips, create_project, open_project
from app.services.retrain.category_labels import CategoryChoice
from app.services.retrain.category_runs import CategoryRequest, train_categories
from app.services.retrain.promote import model_card
from app.services.study.owner import save_study
from app.services.study.simulate import simulate_study
from app.synthetic.actor import act
from app.synthetic.raters import SimulatedRater
from app.synthetic.spec import ActorSpec
from app.synthetic.stage import write_clip
from app.synthetic.view import View

CONDITION: Final = "full_context"
STREAMS: Final = {"voice": "audio", "scene": "context_masked", "face": "face_oval"}
COPIES: Final = ("over1", "over2", "over3")
VIEW: Final = View(width=320, height=180, scale=View().scale / 2)


def study(path: Path, spec: ActorSpec) -> None:
    """Render the people and simulate their study into a new project."""
    raters = tuple(SimulatedRater(f"R{number}", score_noise=1.1) for number in range(1, 6))
    building = path.with_name(f"building{path.suffix}")
    for file in path.parent.glob(f"{building.name}*"):
        file.unlink()
    clips = act(spec)
    for clip in clips:
        file = path.parent / f"{clip.name}.mp4"
        if not file.is_file():
            write_clip(clip, file, Context(), VIEW)
    with create_project(building) as project:
        shares = {}
        for clip in clips:
            added = add_clips(project, [path.parent / f"{clip.name}.mp4"], subject=clip.subject.code).added[0]
            (item,) = db.items.every(project, clip_id=added.id)
            own = {FERPLUS_TO_RATED[name]: share for name, share in clip.shares(CONDITION).items()}
            shares[item.name] = {CONDITION: own}
        made = default_study("people", trace=False).next_version(
            conditions=(default_condition(CONDITION),), min_distance=0, raters_per_cell=len(raters)
        )
        save_study(project, made)
        simulate_study(project, "people", raters, seed=2, shares=shares, add_items=True)
    building.rename(path)


def train(project: Project, name: str, stream: str, **values: object) -> None:
    """Train aggregated features of one stream, unless the model is there."""
    try:
        model_card(project, name)
    except UserError:
        labels = CategoryChoice(condition=CONDITION)
        request = CategoryRequest("aggregation", values, labels, "cpu", name=name, streams=(stream,))
        train_categories(project, request, lambda _event: None, Context())


def copies(project: Project, source: str) -> None:
    """Copy a model under other names; each copy stands for another member that errs exactly alike."""
    folder = project_models(project.path or Path()) / source
    for name in COPIES:
        if not (folder.parent / name).is_dir():
            shutil.copytree(folder, folder.parent / name)
            write_card(folder.parent / name, {**load_card(folder).raw, "name": name})


def fused(project: Project, members: tuple[str, ...], shuffle_seed: int | None = None) -> dict[str, Any]:
    """Fuse models, and return what is quoted of it."""
    began_s, answered_s = _computed_s(), 0.0

    def told(event: Event) -> None:
        nonlocal answered_s
        if event["event"] == FUSED:
            answered_s = _computed_s() - began_s

    request = FusionRequest(members, shuffle_seed=shuffle_seed, device="cpu")
    outcome = fuse(project, request, told, Context()).outcome
    gain = outcome.gain.measures["accuracy"]
    return {
        "accuracy": {
            row.name: {
                "chose": row.search.measures["accuracy"].value,
                "held_out": row.held_out.measures["accuracy"].value,
                "interval": [row.held_out.measures["accuracy"].low, row.held_out.measures["accuracy"].high],
            }
            for row in outcome.rows
        },
        "best": outcome.best,
        "gain": gain.difference,
        "gain_interval": list(gain.interval),
        "verdict": outcome.verdict,
        "sentence": outcome.sentence,
        "answer_cpu_s": round(answered_s, 1),
        "whole_cpu_s": round(_computed_s() - began_s, 1),
    }


def _computed_s() -> float:
    """Return the processor seconds of this process and of its children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def main() -> None:
    """Make the study, train, fuse, and print or write what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="folder of clips, project and models")
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--clips", type=int, default=4, help="clips of each")
    parser.add_argument("--seconds", type=float, default=2.0, help="length of a clip")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--members", default=",".join(STREAMS), help="the members to fuse, of voice, scene and face")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--shuffled", action="store_true", help="the control, on shuffled labels")
    which.add_argument("--copies", action="store_true", help="with three copies of an over-fitted member")
    parser.add_argument("--json", type=Path, metavar="OUT")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    path = args.work / "people.affectograph"
    if not path.is_file():
        study(path, ActorSpec(args.people, args.clips, seconds=args.seconds, rate=8, seed=11))
    with open_project(path) as project:
        members = tuple(args.members.split(","))
        for name in members:
            train(project, name, STREAMS[name], folds=args.folds)
        if args.copies:
            train(project, "over", "dynamic", folds=args.folds, grid="10000")
            copies(project, "over")
        found = fused(project, (*members, *(COPIES if args.copies else ())), 0 if args.shuffled else None)
    text = json.dumps(found, indent=2)
    print(text)
    if args.json is not None:
        args.json.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
