"""`affectograph import` and `affectograph export`: labels from other tools and for them."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.cli import Subparsers
from app.cli.importing import add_widen, print_stored
from app.cli.looking import add_as
from app.cli.outputs import add_covered
from app.cli.project_place import project_place
from app.cli.streams import print_refused

TOOLS: Final = ("eaf", "nova", "carma", "darma", "muse", "aff-wild2", "wide", "label-studio", "measurements")

if TYPE_CHECKING:
    from app.services.exchange.plan import Plan


def register(commands: Subparsers) -> None:
    """Add the commands."""
    parser = commands.add_parser(
        "import",
        help="import traces and ratings of other tools into a project (ELAN, NOVA, CARMA, DARMA, MuSe and others)",
        description="The kind of each file is recognised by its content. Nothing is overwritten; --undo takes the last "
        "import back.",
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="files, or folders that contain files")
    parser.add_argument("--project", type=project_place, required=True, metavar="P")
    parser.add_argument(
        "--map", type=Path, metavar="CSV",
        help="a CSV file with the columns what, from and to, which states what the names of clips, raters, dimensions, "
        "scales and emotions in the files mean",
    )  # fmt: skip
    parser.add_argument(
        "--study", default="imported", metavar="NAME", help="the study to which the labels belong (imported)"
    )
    parser.add_argument(
        "--condition", default="full_context", metavar="NAME",
        help="the condition under which the labels were given (full_context)",
    )  # fmt: skip
    add_widen(parser)
    parser.add_argument("--dry-run", action="store_true", help="show what would be imported, and store nothing")
    parser.add_argument("--undo", action="store_true", help="take the last import back")
    parser.set_defaults(run=_run)

    write = commands.add_parser(
        "export",
        help="write labels for other tools (ELAN, NOVA, CARMA, DARMA, MuSe, Aff-Wild2, JASP, jamovi, Label Studio), "
        "and what other programs measured",
        description="Reports what each format cannot hold. Only files that an export wrote are replaced.",
    )
    write.add_argument("--project", type=project_place, required=True, metavar="P")
    write.add_argument("--format", required=True, choices=TOOLS, help="the tool")
    write.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder to fill")
    write.add_argument("--study", metavar="NAME", help="keep to this study")
    add_covered(write)
    add_as(write)
    write.set_defaults(run=_export)


def _run(args: argparse.Namespace) -> int:
    from app.cli.progress import shown_progress
    from app.errors import UserError
    from app.services.exchange.mapping import Mapping, read_mapping
    from app.services.exchange.planning import plan_import
    from app.services.exchange.store import named, store_plan, undo_import
    from app.services.projects.files import open_sound

    if args.undo:
        if args.files:
            raise UserError("--undo takes no files.", "Name only the project.")
        with open_sound(args.project) as project:
            taken = undo_import(project)
        print(f"The import of {named(taken.files)} was taken back.")
        return 0
    mapping = read_mapping(args.map) if args.map is not None else Mapping()
    with open_sound(args.project, read_only=args.dry_run) as project, shown_progress() as ctx:
        plan = plan_import(project, args.files, mapping, condition=args.condition, study=args.study, ctx=ctx)
        _show(plan)
        if args.dry_run:
            return 1 if plan.refused or (plan.lacks and not args.widen) else 0
        done = store_plan(
            project, plan, condition=args.condition, study=args.study, widen=args.widen, ctx=ctx
        )  # fmt: skip
    print_stored(done, args.project)
    return 1 if plan.refused else 0


def _export(args: argparse.Namespace) -> int:
    from app.cli.looking import who_looks
    from app.cli.progress import shown_progress
    from app.domain.words import many
    from app.services.exchange.writing import export_for
    from app.services.projects.files import open_sound
    from app.services.study.views import look_as, note_judged

    with open_sound(args.project, read_only=True) as project, shown_progress() as ctx:
        who = who_looks(args, args.project)
        note_judged(args.project, "labels", args.study or "", who)
        look_as(project, who)
        done = export_for(
            project, args.out, args.format, study=args.study, ctx=ctx, without_refused=args.without_refused,
            pseudonyms=args.pseudonyms,
        )  # fmt: skip
    print(f"{args.out}: {many(len(done.files), 'file')}")
    for said in done.lost:
        print(f"note: {said}")
    return 0


def _show(plan: "Plan") -> None:
    """Print the preview: a line for each part, what was noted, and which files stay out."""
    from app.services.exchange.preview import said

    for line in plan.lines:
        print(said(line))
    for note in plan.notes:
        print(f"note: {note}")
    for lack in plan.lacks:
        print(f"note: {lack.told}")
    for error in plan.refused:
        print_refused(error)
