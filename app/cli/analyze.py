"""`affectograph analyze`: predictions of clips as CSV, picture and summary, with or without a project."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli import Subparsers
from app.cli.looking import add_as
from app.cli.outputs import add_scheduler
from app.cli.project_place import project_place
from app.cli.streams import print_refused

if TYPE_CHECKING:
    from app.domain.stretch import Stretch
    from app.errors import UserError
    from app.services.predict.batch import Done


def register(commands: Subparsers) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "analyze",
        help="predict expression, valence and arousal over whole clips",
        description="Writes a CSV and a picture for each clip and one summary.json. A clip that cannot be read is "
        "named at the end; all others are analysed, and the exit status is 1.",
    )
    parser.add_argument(
        "clips", nargs="+", type=Path, metavar="CLIP", help="videos or images, or folders whose videos are all taken"
    )
    parser.add_argument("--model", metavar="N", help="name of a model (see `models list`; default: the model in use)")
    parser.add_argument(
        "--device", choices=("auto", "cpu", "cuda", "tensorrt", "coreml"), default="auto", help="where models run"
    )
    parser.add_argument("--detector", choices=("mtcnn", "yunet"), default="mtcnn", help="the face detector")
    parser.add_argument(
        "--project", type=project_place, metavar="P", help="keep predictions in this project, and reuse them"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder to write into")
    parser.add_argument(
        "--categories",
        metavar="N",
        help="model that predicts the category of whole clips (default: the project's, if it has one)",
    )
    parser.add_argument(
        "--from",
        dest="start",
        metavar="T",
        help="predict each clip from this time on, in seconds or as 1:23.5 on the clip's own axis",
    )
    parser.add_argument("--to", dest="end", metavar="T", help="predict each clip up to this time")
    parser.add_argument("--thumbnails", action="store_true", help="show frames under the curves of the pictures")
    parser.add_argument(
        "--measures",
        action="store_true",
        help="add head pose, eyes, blinks and movements of the face to the CSV (see docs/measures.md); each clip is "
        "decoded once more unless a project has its measures",
    )
    parser.add_argument(
        "--openface",
        dest="layouts",
        action="append_const",
        const="openface",
        help="also write head pose and 68 landmarks in OpenFace's layout (<stem>.openface.csv)",
    )
    parser.add_argument(
        "--pyfeat",
        dest="layouts",
        action="append_const",
        const="pyfeat",
        help="also write boxes, 68 landmarks, head pose and expressions in py-feat's layout (<stem>.pyfeat.csv)",
    )
    parser.add_argument(
        "--baseline",
        default="median",
        metavar="B",
        help="the reference of movements for --measures: the median of each track (default), none, or the number of "
        "a frame in which the faces are neutral",
    )
    parser.add_argument(
        "--field-of-view",
        type=float,
        default=65.2,
        metavar="DEG",
        help="horizontal field of view of the camera for --measures, in degrees (default: 65.2)",
    )
    add_scheduler(parser)
    add_as(parser)
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    from app.cli.looking import who_looks
    from app.cli.progress import shown_progress
    from app.services.predict.batch import analyse_clips
    from app.services.predict.measures import parsed_wish

    layouts = tuple(dict.fromkeys(args.layouts or ()))
    stretch = _stretch(args)
    wish = parsed_wish(args.baseline, args.field_of_view) if args.measures or layouts else None
    done: list[Done] = []
    refused: list[UserError] = []

    def analysed(clip: "Done") -> None:
        done.append(clip)
        print(_line(clip), flush=True)
        note = clip.analysis.note
        if note:
            lead = "" if clip.path.name in note else f"{clip.path.name}: "
            print(f"{lead}{note}", file=sys.stderr)

    try:
        with shown_progress() as ctx:
            analyse_clips(
                args.clips,
                args.out,
                model=args.model,
                device=args.device,
                detector=args.detector,
                project_path=args.project,
                who=who_looks(args, args.project),
                thumbnails=args.thumbnails,
                categories=args.categories,
                measures=wish,
                layouts=layouts,
                stretch=stretch,
                scheduler=args.scheduler,
                on_done=analysed,
                on_refused=refused.append,
                ctx=ctx,
            )
    finally:
        # At the end, where they are seen: a folder of clips scrolls the terminal.
        for error in refused:
            print_refused(error)
        if len(done) + len(refused) > 1:
            left_out = f", {len(refused)} refused" if refused else ""
            seconds = sum(clip.seconds for clip in done)
            print(
                f"{len(done)} analysed{left_out}, {seconds:.1f} s; a CSV file and a picture of each are in {args.out}"
            )
    return 1 if refused else 0


def _stretch(args: argparse.Namespace) -> "Stretch | None":
    """Return the part of the clips that is wanted.

    Raises:
        UserError: It is no time, or something is wanted besides that needs whole clips.
    """
    from app.domain.stretch import Stretch, seconds_in
    from app.errors import UserError

    if args.start is None and args.end is None:
        return None
    whole = {"--project": args.project, "--categories": args.categories, "--measures": args.measures or args.layouts}
    needing = [name for name, given in whole.items() if given]
    if needing:
        raise UserError(
            f"{' and '.join(needing)} cannot be combined with --from and --to: only whole clips are kept, measured and "
            "given a category.",
            "Leave one of them out.",
        )
    return Stretch(*(None if text is None else seconds_in(text) for text in (args.start, args.end)))


def _line(clip: "Done") -> str:
    """Return one clip in one line."""
    from app.domain.path_text import one_line
    from app.domain.words import many

    frames, faces, tracks = len(clip.analysis.looked_at), clip.analysis.frames_with_face, len(clip.analysis.tracks)
    found = f"{faces} with a face in {many(tracks, 'track')}" if faces else "none with a face"
    said = ""
    if clip.verdicts is not None and clip.verdicts.items:
        first = max(clip.verdicts.items, key=lambda one: one.end_s - one.start_s)
        top = int(first.probabilities.argmax())
        said = f", {clip.verdicts.classes[top]} {100 * float(first.probabilities[top]):.0f} %"
    return one_line(f"{clip.path.name}: {many(frames, 'frame')}, {found}{said}, {clip.seconds:.1f} s → {clip.csv}")
