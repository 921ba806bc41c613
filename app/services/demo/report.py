"""One self-contained page about the demo project: predicted against annotated and known, in numbers and curves."""

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

import db.gold
import db.items
import db.traces
from app.agreement.ccc import ccc, pearson
from app.domain.analysis import ClipAnalysis
from app.domain.clock import axis_words
from app.domain.traces import DIMENSIONS
from app.domain.words import many
from app.drawing import new_figure
from app.jobs import Context
from app.results import refuse_foreign, result
from app.services.demo.project import KNOWN
from app.services.labels.tables import current_traces
from app.services.predict.analyse import Analyser
from app.services.predict.clip_figure import AROUSAL, VALENCE, write_clip_figure
from app.services.projects.files import open_project
from db.project import Project

TEMPLATES = Path(__file__).with_name("templates")
FILES: Final = ("index.html", "comparison.png", "predictions.png")
"""What the report consists of, beside the pictures of screens."""


@dataclass(frozen=True)
class Screenshot:
    """A screenshot and its title."""

    path: Path
    title: str


@dataclass(frozen=True, eq=False)
class Curve:
    """A valence–arousal curve on the clip's frame times.

    Attributes:
        name: Name of the person or model that it belongs to.
        values: float32 N×2, NaN where there is none.
    """

    name: str
    values: NDArray[np.float32]


def refuse_others(out: Path) -> None:
    """Refuse if the report would replace files that this program did not write.

    Raises:
        UserError: It would; the message names the files.
    """
    refuse_foreign([out / name for name in FILES])


def write_page(project_path: Path, out: Path, shots: list[Screenshot], ctx: Context) -> Path:
    """Analyse the demo clip (or find it analysed) and write `index.html` with its pictures inside.

    Raises:
        UserError: The project or the folder cannot be used, or the page would replace a file that this program did not
            write.
        Cancelled: The user cancelled.
    """
    from jinja2 import Environment, FileSystemLoader

    refuse_others(out)
    with open_project(project_path) as project, Analyser(project_path=project_path) as analyser:
        clip = db.items.every(project)[0]
        path = _clip_path(project, clip.clip_id)
        analysis = analyser.analyse(path, ctx, project=project)
        curves = _curves(project, clip.id, analysis.times_s)
    predicted = _predicted(analysis)
    write_clip_figure(out / "predictions.png", analysis, path.name)
    write_comparison(out / "comparison.png", analysis.times_s, predicted, curves)
    template = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True).get_template("demo_report.html")
    page = template.render(
        many=many,
        analysis=analysis,
        clip=path.name,
        rows=[_row(curve, predicted) for curve in curves],
        pictures=[
            ("Predicted against annotated", _inline(out / "comparison.png")),
            ("What the model sees", _inline(out / "predictions.png")),
            *((shot.title.capitalize(), _inline(shot.path)) for shot in shots),
        ],
    )
    with result(out / "index.html") as temporary:
        temporary.write_text(page, "utf-8")
    return out / "index.html"


def _clip_path(project: Project, clip_id: int) -> Path:
    import db.clips

    return db.clips.get(project, clip_id).path


def _curves(project: Project, item_id: int, times_s: NDArray[np.float64]) -> list[Curve]:
    """Return the known path, then each rater's trace under the same viewing condition, on the clip's frames."""
    curves, conditions = [], set[str]()
    for gold in db.gold.for_item(project, item_id):
        if gold.name == KNOWN and gold.times_s is not None and gold.values is not None:
            columns = [np.interp(times_s, gold.times_s, gold.values[:, i]) for i in (0, 1)]
            curves.append(Curve(KNOWN, np.stack(columns, axis=1).astype(np.float32)))
            conditions.add(gold.condition)
    current = {trace.id for trace in current_traces(project)}
    for record, samples in db.traces.for_item(project, item_id):
        # Who saw another picture, such as the face alone, judged something else than what the path is known for.
        if record.id in current and record.condition in conditions:
            curves.append(Curve(f"rater {record.rater}", samples.resampled(times_s)))
    return curves


def _predicted(analysis: ClipAnalysis) -> Curve:
    values = np.full((len(analysis.times_s), 2), np.nan, np.float32)
    if analysis.tracks:
        longest = max(analysis.tracks, key=len)
        values[longest.frame_idx] = longest.smooth
    return Curve("predicted", values)


def _row(curve: Curve, predicted: Curve) -> dict[str, Any]:
    row: dict[str, Any] = {"name": curve.name}
    for column, dimension in enumerate(DIMENSIONS):
        p, a = predicted.values[:, column].astype(np.float64), curve.values[:, column].astype(np.float64)
        known = np.isfinite(p) & np.isfinite(a)
        row[dimension] = {
            "ccc": ccc(p[known], a[known]),
            "pearson": pearson(p[known], a[known]),
            "mse": float(np.mean((p[known] - a[known]) ** 2)) if known.any() else float("nan"),
        }
    return row


def write_comparison(path: Path, times_s: NDArray[np.float64], predicted: Curve, curves: list[Curve]) -> None:
    """Draw the prediction over the known path and the raters' traces, counted from the first frame.

    Args:
        path: PNG, SVG or PDF by its ending.
        times_s: float64 N, the clip's frames on its own clock.
        predicted: The prediction.
        curves: The known path, then raters.

    Raises:
        UserError: The file cannot be written, or would replace one that this program did not write.
    """
    figure = new_figure(figsize=(12, 5), dpi=110, layout="constrained")
    begins_s = float(times_s[0])
    from_first_s = times_s - begins_s
    for column, (dimension, colour) in enumerate((("valence", VALENCE), ("arousal", AROUSAL))):
        axes = figure.add_subplot(2, 1, column + 1)
        for number, curve in enumerate(curves):
            style: dict[str, Any] = {"lw": 0.9, "color": "#9a9a9a"}
            if number == 0:
                style = {"lw": 1.6, "ls": "--", "color": "#222222"}
            label = curve.name if number < 1 else ("raters" if number == 1 else None)
            axes.plot(from_first_s, curve.values[:, column], label=label, **style)
        axes.plot(from_first_s, predicted.values[:, column], color=colour, lw=2, label="predicted")
        axes.set(ylim=(-1.02, 1.02), ylabel=dimension, xlim=(0, from_first_s[-1]))
        axes.axhline(0, color="#cccccc", lw=0.6, zorder=0)
        if column == 0:
            axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=3, frameon=False, fontsize=9)
    axes.set_xlabel(axis_words(begins_s))
    with result(path) as temporary:
        figure.savefig(temporary)


def _inline(path: Path) -> str:
    return "data:image/png;base64," + base64.b64encode(path.read_bytes()).decode("ascii")
