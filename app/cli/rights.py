"""`affectograph consent`, `erase` and `audit`: what people agreed to, erasing them, and who did what."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli import Subparsers
from app.cli.looking import add_as
from app.cli.outputs import refuse_outputs
from app.cli.project_place import project_place

if TYPE_CHECKING:
    from app.domain.consent import Party

PURPOSES = ("training", "export", "archive", "showing", "keeping")


def register(commands: Subparsers) -> None:
    """Add the commands."""
    _consent(commands)
    erase = commands.add_parser(
        "erase",
        help="erase a subject or rater from a project, with every row, cached picture and snapshot",
        description="Without --yes, only lists what would go. Erasing cannot be undone. Afterwards rows, bytes and "
        "caches are searched for the person.",
    )
    erase.add_argument("project", type=project_place, metavar="P")
    _person(erase, required=False)
    erase.add_argument("--files", action="store_true", help="delete the files of a subject's clips, too")
    erase.add_argument(
        "--keep-backups", action="store_true", help="keep backups beside the project, which then hold the person"
    )
    erase.add_argument("--yes", action="store_true", help="do it")
    erase.add_argument(
        "--finish", action="store_true", help="write the project again after an erasing that could not do it"
    )
    erase.set_defaults(run=_erase)

    audit = commands.add_parser("audit", help="show who did what in a project, or write it as CSV")
    audit.add_argument("project", type=project_place, metavar="P")
    audit.add_argument("--csv", type=Path, metavar="FILE", help="the file to write")
    audit.add_argument("--last", type=int, default=40, metavar="N", help="how many lines are shown (40)")
    add_as(audit)
    audit.set_defaults(run=_audit)


def _consent(commands: Subparsers) -> None:
    parser = commands.add_parser("consent", help="record what subjects and raters agreed to, and show it")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    show = actions.add_parser("list", help="show what is recorded of everybody")
    show.add_argument("project", type=project_place, metavar="P")
    show.set_defaults(run=_list)

    change = actions.add_parser(
        "set",
        help="record the answer of one person",
        description="By default that the person agreed. `keeping` is the consent to keep the data at all: the end of "
        "it is a date by which the person is to be erased, of which the program reminds.",
    )
    change.add_argument("project", type=project_place, metavar="P")
    _person(change, required=True)
    change.add_argument("--for", nargs="+", choices=PURPOSES, required=True, dest="purposes", help="what for")
    how = change.add_mutually_exclusive_group()
    how.add_argument("--refused", action="store_true", help="the person did not agree")
    how.add_argument("--withdrawn", action="store_true", help="the person took the consent back, from now on")
    how.add_argument("--forget", action="store_true", help="forget what is recorded")
    change.add_argument("--until", default="", metavar="YYYY-MM-DD", help="the last day on which it holds")
    change.add_argument("--note", default="", metavar="TEXT", help="where it is written down, for instance")
    change.set_defaults(run=_set)

    require = actions.add_parser(
        "require", help="choose whether people of whom nothing is recorded are left out as well"
    )
    require.add_argument("project", type=project_place, metavar="P")
    require.add_argument("answer", choices=("yes", "no"))
    require.set_defaults(run=_require)


def _person(parser: argparse.ArgumentParser, *, required: bool) -> None:
    who = parser.add_mutually_exclusive_group(required=required)
    who.add_argument("--subject", metavar="CODE", help="the person seen in clips")
    who.add_argument("--rater", metavar="CODE", help="the person who judges")


def _named(args: argparse.Namespace) -> "tuple[Party, str] | None":
    if args.subject is not None:
        return "subject", args.subject
    return None if args.rater is None else ("rater", args.rater)


def _list(args: argparse.Namespace) -> int:
    from app.domain.consent import PURPOSES as TITLES
    from app.services.consent.covered import people_rows, required
    from app.services.projects.files import open_sound

    with open_sound(args.project, read_only=True) as project:
        rows, strict = people_rows(project), required(project)
    for row in rows:
        print(f"{row.person.words}: " + ", ".join(f"{purpose} {row.words(purpose)}" for purpose in TITLES))
    if strict:
        print("People of whom nothing is recorded are left out.")
    return 0


def _set(args: argparse.Namespace) -> int:
    import time

    from app.services.consent.covered import consent_edit, find_person, record
    from app.services.projects.files import open_sound

    named = _named(args)
    assert named is not None
    granted = None if args.forget else not args.refused
    with open_sound(args.project) as project:
        person = find_person(project, *named)
        withdrawn = time.time() if args.withdrawn else None
        edit = consent_edit(
            project, person, args.purposes, granted=granted, until=args.until, withdrawn_at=withdrawn, note=args.note
        )
        record(project, edit)
    said = "forgotten" if args.forget else "withdrawn" if args.withdrawn else "refused" if args.refused else "given"
    print(f"{person.words}: {', '.join(args.purposes)} {said}{f' until {args.until}' if args.until else ''}")
    return 0


def _require(args: argparse.Namespace) -> int:
    from app.services.consent.covered import require_recorded
    from app.services.projects.files import open_sound

    with open_sound(args.project) as project:
        require_recorded(project, args.answer == "yes")
    out = "are left out" if args.answer == "yes" else "take part"
    print(f"People of whom nothing is recorded {out}.")
    return 0


def _erase(args: argparse.Namespace) -> int:
    from app.cli.progress import shown_progress
    from app.errors import UserError
    from app.services.projects.files import open_project
    from app.services.rights.erase import erase, finish, plan_erasing

    named = _named(args)
    if args.finish:
        with open_project(args.project) as project:
            done = finish(project)
        print("The project was written again." if done else "Nothing was left to do.")
        return 0
    if named is None:
        raise UserError("Nobody is named.", "Give --subject CODE or --rater CODE.")
    with open_project(args.project) as project, shown_progress() as ctx:
        plan = plan_erasing(project, *named, backups=not args.keep_backups)
        for line in plan.lines(files=args.files):
            print(line)
        if not args.yes:
            print("Nothing was done. Add --yes to do it.")
            return 0
        erased = erase(project, plan, clip_files=args.files, ctx=ctx)
    print(erased.told)
    for name in erased.models:
        print(f"note: {name} learned from this person and is marked as such.")
    for note in erased.notes:
        print(f"note: {note}")
    for place in erased.left:
        print(f"still there: {place}")
    return 1 if erased.left else 0


def _audit(args: argparse.Namespace) -> int:
    from app.cli.looking import who_looks
    from app.domain.words import many
    from app.services.projects.files import open_sound
    from app.services.rights.log import lines, write_log
    from app.services.study.views import note_judged

    refuse_outputs(args.csv)
    with open_sound(args.project, read_only=True) as project:
        note_judged(args.project, "labels", "", who_looks(args, args.project))
        if args.csv is not None:
            print(f"{args.csv}: {many(write_log(project, args.csv), 'line')}")
            return 0
        for one in reversed(lines(project, args.last)):
            print(f"{one.when}  {one.actor or '–'}  {one.action}  {one.what}".rstrip())
    return 0
