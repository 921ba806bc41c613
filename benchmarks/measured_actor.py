"""How facial measures follow the synthetic actor, whose muscles and head pose are known exactly.

    python -m benchmarks.measured_actor                 # all muscles and poses of four subjects
    python -m benchmarks.measured_actor --csv TABLE.csv # every correlation, too

Printed for each measure are the correlation with its muscle while that one alone goes from rest to full strength (in
the column "alone", the median over subjects); the correlation with it in pictures that each move two muscles by random
amounts, with a head that is turned a little (in the column "together"); and the largest correlation with any other
muscle in these pictures. Measures are relative to the mean of their subject. Then the head turns about one axis at a
time. The last part calibrates the gaze of each subject and prints how far it is off at points that nothing was chosen
from, beside always naming the mean place, in shares of the screen.
"""

import argparse
import csv
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.faces import Face
from app.domain.gaze import CHECKED, PLACES, calibrate
from app.domain.measures import NAMES, POSE
from app.errors import UserError
from app.faces.face_measures import measure
from app.faces.head_pose import head_pose
from app.faces.mesh import MeshFinder
from app.files import replacing
from app.synthetic.identity import identity
from app.synthetic.parameters import HIGH, INDEX, LOW, rest
from app.synthetic.portrait import FaceRenderer
from app.synthetic.view import View

Doubles = NDArray[np.float64]

OWN: Final = {
    "brow_raise_inner": "brow_inner",
    "brow_raise_outer": "brow_outer",
    "brow_lower": "brow_lower",
    "lid_raise": "lid_raise",
    "eye_open_left": "-lid_close",
    "cheek_raise": "cheek_raise",
    "nose_wrinkle": "nose_wrinkle",
    "corner_pull": "smile",
    "corner_depress": "frown",
    "lip_stretch": "mouth_wide",
    "lip_press": "lip_press",
    "mouth_open": "lips_part",
    "jaw_drop": "jaw_drop",
    "pucker": "-mouth_wide",
    "iris_x_left": "gaze_x",
    "iris_y_left": "gaze_y",
}
"""The muscle of each measure; a minus where the measure falls when the muscle acts."""
MUSCLES: Final = tuple(name for name in INDEX if name not in ("yaw", "pitch", "roll", "shift_x", "shift_y", "zoom"))
STEPS: Final = 9
"""Pictures of a muscle that goes from rest to full strength."""
MIRRORED: Final = ("smile_skew", "gaze_x", "yaw", "roll")
"""Parameters that point to the other side in the picture of a mirrored subject."""
VIEW: Final = View(width=400, height=232, scale=1.6, centre=(200.0, 116.0))
REACH: Final = 0.7
"""How far the eyes turn for the edges of a screen, of the most that the actor can do."""
LOOKS: Final = 8
"""Pictures of each place that is looked at."""
TURN_DEG: Final = 1.5
"""Standard deviation of yaw, pitch and roll meanwhile."""
AXES: Final = {"yaw_deg": ("yaw", -1.0), "pitch_deg": ("pitch", 1.0), "roll_deg": ("roll", 1.0)}
"""Each angle's parameter, and the sign between them: the actor's yaw is positive to the viewer's right."""


def rows_of_muscles(count: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return parameters of faces that each move two muscles: float32 count×P."""
    rows = rest(count)
    for row in rows:
        for name in rng.choice(MUSCLES, 2, replace=False):
            i = INDEX[str(name)]
            row[i] = rng.uniform(LOW[i], HIGH[i])
        for name in ("yaw", "pitch", "roll"):
            row[INDEX[name]] = rng.normal(0, 2.0)
    return rows


def measured(finder: MeshFinder, subject: int, rows: NDArray[np.float32]) -> tuple[Doubles, Doubles]:
    """Return pose N×3 and measures N×len(NAMES) of a subject's faces; NaN where no mesh is found."""
    who = identity(subject)
    renderer = FaceRenderer(who, VIEW)
    if who.flipped:  # the picture is mirrored, and its parameters with it
        rows = rows.copy()
        rows[:, [INDEX[name] for name in MIRRORED]] *= -1
    table = np.full((len(rows), len(POSE) + len(NAMES)), np.nan)
    for i, row in enumerate(rows):
        truth = renderer.truth(row)
        mesh = finder.find(renderer.frame(row), [Face(truth.box, truth.landmarks, 1.0)])[0]
        if mesh is not None:
            pose = head_pose(mesh.points, VIEW.width, VIEW.height)
            table[i] = [pose.yaw_deg, pose.pitch_deg, pose.roll_deg, *measure(mesh.points)]
    return table[:, : len(POSE)], table[:, len(POSE) :]


def correlations(finder: MeshFinder, subjects: int, count: int, seed: int) -> Doubles:
    """Return the correlation of each measure with each muscle, within subjects: len(NAMES)×len(MUSCLES)."""
    rng = np.random.default_rng(seed)
    truths, values = [], []
    for subject in range(subjects):
        rows = rows_of_muscles(count, rng)
        _, table = measured(finder, subject, rows)
        seen = np.isfinite(table).all(axis=1)
        truths.append(rows[seen][:, [INDEX[name] for name in MUSCLES]])
        values.append(table[seen] - table[seen].mean(axis=0))
    x, y = np.concatenate(truths).astype(np.float64), np.concatenate(values)
    print(f"{len(y)} of {subjects * count} pictures show a mesh")
    return np.asarray(np.corrcoef(y.T, x.T)[: y.shape[1], y.shape[1] :])


def alone(finder: MeshFinder, subjects: int) -> dict[str, float]:
    """Return the median over subjects of each measure's correlation with its muscle, which moves alone."""
    found: dict[str, list[float]] = {name: [] for name in OWN}
    for subject in range(subjects):
        sweeps = {}
        for muscle in {muscle.removeprefix("-") for muscle in OWN.values()}:
            i = INDEX[muscle]
            rows = rest(STEPS)
            rows[:, i] = np.linspace(min(LOW[i], 0), HIGH[i], STEPS)
            sweeps[muscle] = rows[:, i], measured(finder, subject, rows)[1]
        for name, muscle in OWN.items():
            strength, table = sweeps[muscle.removeprefix("-")]
            column = table[:, NAMES.index(name)]
            seen = np.isfinite(column)
            if seen.sum() > 2:
                found[name].append(float(np.corrcoef(strength[seen], column[seen])[0, 1]))
    return {name: float(np.median(rs)) if rs else float("nan") for name, rs in found.items()}


def show_muscles(table: Doubles, single: dict[str, float]) -> None:
    """Print each measure's correlation with its own muscle, alone and together, and its largest with another."""
    print(f"{'measure':18}{'muscle':14}{'alone':>6}{'together':>10}  largest other")
    for name, muscle in OWN.items():
        sign, own = (-1, muscle[1:]) if muscle.startswith("-") else (1, muscle)
        row = table[NAMES.index(name)]
        order = [i for i in np.argsort(-np.abs(row)) if MUSCLES[i] != own]
        other = order[0]
        together = f"{sign * single[name]:6.2f}{sign * row[MUSCLES.index(own)]:10.2f}"
        print(f"{name:18}{own:14}{together}  {row[other]:5.2f} {MUSCLES[other]}")


def show_pose(finder: MeshFinder, subjects: int) -> None:
    """Print how measured angles follow the actor's, each axis alone over its whole range."""
    for name, (parameter, sign) in AXES.items():
        i = INDEX[parameter]
        angles = np.linspace(LOW[i], HIGH[i], 13)
        said = []
        for subject in range(subjects):
            rows = rest(len(angles))
            rows[:, i] = angles
            said.append(measured(finder, subject, rows)[0][:, POSE.index(name)])
        got = np.array(said)
        got -= np.nanmean(got, axis=1, keepdims=True)
        x, y = np.tile(sign * angles, (subjects, 1)).ravel(), got.ravel()
        seen = np.isfinite(y)
        slope = np.polyfit(x[seen], y[seen], 1)[0]
        rs = [np.corrcoef(sign * angles[ok], row[ok])[0, 1] for row in got if (ok := np.isfinite(row)).sum() > 2]
        print(
            f"{name}: r = {np.median(rs):.3f}, least {min(rs):.3f}, slope {slope:.2f}, ±{HIGH[i]:g}°, n = {seen.sum()}"
        )


def looking(
    finder: MeshFinder, subject: int, places: Iterable[tuple[float, float]], rng: np.random.Generator
) -> dict[tuple[float, float], list[Doubles]]:
    """Return the measures of a subject who looks at each place of a screen, with a head that turns a little."""
    seen = {}
    for x, y in places:
        rows = rest(LOOKS)
        rows[:, INDEX["gaze_x"]], rows[:, INDEX["gaze_y"]] = REACH * (1 - 2 * x), REACH * (2 * y - 1)
        for name in ("yaw", "pitch", "roll"):
            rows[:, INDEX[name]] = rng.normal(0, TURN_DEG, LOOKS)
        pose, values = measured(finder, subject, rows)
        seen[x, y] = list(np.hstack([np.ones((LOOKS, 1)), pose, values, np.zeros((LOOKS, 1))]))
    return seen


def show_gaze(finder: MeshFinder, subjects: int, seed: int) -> None:
    """Print how far the calibrated gaze of each subject is off."""
    rng = np.random.default_rng(seed)
    for subject in range(subjects):
        try:
            made = calibrate(*(looking(finder, subject, places, rng) for places in (PLACES, CHECKED)))
        except UserError as error:
            print(f"gaze of {subject}: {error.what}")
            continue
        off, guessed = (" ".join(f"{share:.3f}" for share in pair) for pair in (made.error, made.guess))
        print(f"gaze of {subject}: off by {off}, mean place {guessed}, ratio {sum(made.error) / sum(made.guess):.2f}")


def main() -> int:
    """Render the faces, measure them and print the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subjects", type=int, default=4)
    parser.add_argument("--count", type=int, default=150, help="faces of each subject")
    parser.add_argument("--seed", type=int, default=21)
    parser.add_argument("--csv", type=Path, help="write every correlation to this file")
    args = parser.parse_args()
    finder = MeshFinder("cpu")
    table = correlations(finder, args.subjects, args.count, args.seed)
    show_muscles(table, alone(finder, args.subjects))
    show_pose(finder, args.subjects)
    show_gaze(finder, args.subjects, args.seed)
    if args.csv:
        with replacing(args.csv) as part, part.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["measure", *MUSCLES])
            writer.writerows([name, *(f"{r:.3f}" for r in row)] for name, row in zip(NAMES, table, strict=True))
    return 0


if __name__ == "__main__":
    sys.exit(main())
