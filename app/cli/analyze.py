"""`affectograph analyze`: predictions of clips as CSV, picture and summary, with or without a project."""

import argparse
from pathlib import Path

from app.cli import Subparsers


def register(commands: Subparsers) -> None:
    """Add the command."""
    parser = commands.add_parser("analyze", help="predict expression, valence and arousal over whole clips")
    parser.add_argument("clips", nargs="+", type=Path, metavar="CLIP", help="videos or images")
    parser.add_argument("--model", metavar="N", help="name of a model (see `models list`); default: the one in use")
    parser.add_argument(
        "--device", choices=("auto", "cpu", "cuda", "tensorrt", "coreml"), default="auto", help="where models run"
    )
    parser.add_argument("--detector", choices=("mtcnn", "yunet"), default="mtcnn", help="how faces are found")
    parser.add_argument("--project", type=Path, metavar="P", help="keep predictions in this project, and reuse them")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to write")
    parser.add_argument("--thumbnails", action="store_true", help="show frames under the curves of the pictures")
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    from app.cli.progress import shown_progress
    from app.services.batch import analyse_clips

    with shown_progress() as ctx:
        refused = analyse_clips(
            args.clips,
            args.out,
            model=args.model,
            device=args.device,
            detector=args.detector,
            project_path=args.project,
            thumbnails=args.thumbnails,
            ctx=ctx,
        )
    return 1 if refused else 0
