"""Runs the closed loop on the retraining demo without a window: it trains, compares, promotes, and runs a control."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.domain.clock import axis_words_of
from app.domain.traces import DIMENSIONS
from app.domain.words import change, figure
from app.drawing import new_figure
from app.jobs import Context
from app.results import refuse_foreign, result
from app.services.projects.files import open_project
from app.services.retrain.comparison import Comparison
from app.services.retrain.labels import LabelChoice
from app.services.retrain.promote import promote
from app.services.retrain.runs import Trained, TrainRequest, train
from db.project import Project

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHUFFLE_SEED: Final = 1
FILES: Final = ("old_against_new.png", "retrain.json")
LOOKS: Final = (("#555555", "--", 1.4), ("#E69F00", "-", 1.0), ("#0072B2", "-", 1.8))
"""Labels, old model, new model: told apart by colour, width and dashes."""


def refuse_others(out: Path) -> None:
    """Refuse if the loop's results would replace files that this program did not write.

    Raises:
        UserError: They would; the message names the files.
    """
    refuse_foreign([out / name for name in FILES])


def run_demo_loop(project_path: Path, out: Path, say: Callable[[str], None], ctx: Context, **values: Any) -> Path:
    """Train on the demo's labels and, as a control, on shuffled ones; promote the model that has proved better.

    Args:
        project_path: The retraining demo.
        out: Folder of `retrain.json` and `old_against_new.png`.
        say: Called with sentences that say what happens.
        ctx: Receives the progress, and can cancel.
        values: Parameters of the recipe that differ from its defaults.

    Returns:
        The JSON file.

    Raises:
        UserError: Torch is missing, a run refused, or the results would replace files that this program did not write.
        Cancelled: The user cancelled.
    """
    refuse_others(out)
    facts: dict[str, Any] = {}
    with open_project(project_path) as project:
        control = _train(project, TrainRequest("gru_head", values, LabelChoice(shuffle_seed=SHUFFLE_SEED)), ctx, facts)
        facts["control"] = _facts(control)
        say(f"On shuffled labels: {_sentence(control)}")
        real = _train(project, TrainRequest("gru_head", values), ctx, facts)
        facts["trained"] = _facts(real)
        say(f"On the raters' labels: {_sentence(real)}")
        for name, each in real.comparison.dimensions.items() if real.comparison is not None else ():
            say(
                f"  {name}: CCC {figure(each.old.ccc, 3)} → {figure(each.new.ccc, 3)} "
                f"({change(each.difference, *each.interval)})"
            )
        if real.comparison is not None and real.comparison.offers_promotion:
            card = promote(project, str(real.folder), actor="demo")
            facts["promoted"] = card.name
            say(f"{card.name} is in use in {project_path}.")
    if real.comparison is not None:
        write_figure(out / FILES[0], real.comparison)
    with result(out / FILES[1]) as temporary:
        temporary.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return out / FILES[1]


def _train(project: Project, request: TrainRequest, ctx: Context, facts: dict[str, Any]) -> Trained:
    began_s = time.monotonic()
    made = train(project, request, lambda _event: None, ctx)
    facts.setdefault("minutes", []).append(round((time.monotonic() - began_s) / 60, 2))
    return made


def _sentence(made: Trained) -> str:
    return made.comparison.sentence if made.comparison is not None else " ".join(made.notes)


def _facts(made: Trained) -> dict[str, Any]:
    comparison = made.comparison
    return {
        "model": made.model,
        "epochs": made.record.metrics.get("epochs"),
        "comparison": comparison.as_dict() if comparison is not None else None,
        "notes": list(made.notes),
    }


def write_figure(path: Path, comparison: Comparison, most: int = 3) -> None:
    """Draw labels, old and new model over the first held-out clips (as Kollias et al. 2017, Fig. 4–5).

    Args:
        path: PNG, SVG or PDF by its ending.
        comparison: The comparison, with its series.
        most: Largest number of clips.

    Raises:
        UserError: The file cannot be written.
    """
    clips = comparison.clips[:most]
    figure = new_figure(figsize=(12, 2.1 * len(clips) + 0.6), dpi=110, layout="constrained")
    figure.suptitle(comparison.sentence, x=0.01, ha="left", fontsize=12, fontweight="semibold")
    axes = figure.subplots(len(clips), 2, squeeze=False, sharex=True)
    for row, clip in zip(axes, clips, strict=True):
        for column, name in enumerate(DIMENSIONS):
            lines = {"labels": clip.gold, comparison.old: clip.old, comparison.new: clip.new}
            _draw(row[column], clip.times_s - clip.begins_s, {key: values[:, column] for key, values in lines.items()})
            row[column].set_ylabel(f"{clip.subject}\n{name}")
    axes[0, 0].legend(loc="upper right", ncols=3, frameon=False, fontsize=8)
    for last in axes[-1]:
        last.set_xlabel(axis_words_of(clip.begins_s for clip in clips))
    with result(path) as temporary:
        figure.savefig(temporary)


def _draw(axes: "Axes", times_s: Any, lines: dict[str, Any]) -> None:
    for (name, values), (colour, style, width) in zip(lines.items(), LOOKS, strict=True):
        axes.plot(times_s, values, color=colour, ls=style, lw=width, label=name)
    axes.axhline(0, color="#999999", lw=0.5)
    axes.set_ylim(-1.02, 1.02)
