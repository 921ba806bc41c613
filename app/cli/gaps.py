"""`affectograph gaps`: where people and the model part most, and the reasons that were given for it."""

import argparse
from pathlib import Path

from app.cli import Subparsers
from app.cli.looking import add_as
from app.cli.outputs import add_without_refused, refuse_outputs
from app.cli.project_place import project_place


def register(commands: Subparsers) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "gaps",
        help="list where people and the model part most, and count the reasons for it",
        description="Lists the moments on which the newest predictions are furthest from people, in standard "
        "deviations of single people, and counts the reasons that were given for them in the window (Agreement, Gaps).",
    )
    parser.add_argument("project", type=project_place, metavar="P")
    parser.add_argument("--study", metavar="NAME", help="only labels of this study")
    parser.add_argument("--most", type=int, default=20, metavar="N", help="number of moments to print (20)")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write every reason that was given")
    add_without_refused(parser)
    add_as(parser)
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    refuse_outputs(args.csv)
    from app.cli.looking import who_looks
    from app.cli.progress import shown_progress
    from app.domain.clock import clock_text
    from app.domain.words import many
    from app.services.agreement.choose import LabelFilter, chosen, load_labels
    from app.services.agreement.gap_reasons import export_reasons, reason_counts
    from app.services.agreement.gaps import find_gaps
    from app.services.projects.files import open_sound
    from app.services.study.views import look_as, note_judged

    with open_sound(args.project, read_only=True) as project, shown_progress() as ctx:
        who = who_looks(args, args.project)
        note_judged(args.project, "labels", args.study or "", who)
        look_as(project, who)
        queue = find_gaps(ctx, project, chosen(load_labels(project, args.study or ""), LabelFilter()))
        counts = reason_counts(project)
        done = None if args.csv is None else export_reasons(project, args.csv, args.without_refused)
    for gap in queue.gaps[: max(args.most, 0)]:
        where = f"{gap.item}, {gap.condition}, {gap.what}, {clock_text(gap.start_s)} to {clock_text(gap.end_s)}"
        print(f"{gap.size:5.1f}  {where}: people {gap.people:.2f}, {gap.name} {gap.model:.2f}")
    print(f"{many(queue.n, 'moment')} at least one spread of single people apart.")
    for note in queue.notes:
        print(f"note: {note}")
    for one in counts:
        print(f"{one.reason} ({one.condition}, {one.what}): {many(one.n, 'moment')}")
    if done is not None:
        print(f"{done[0]}: {many(done[1], 'row')}")
    return 0
