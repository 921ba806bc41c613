"""`affectograph project`: makes, fills, shows and checks project files."""

import argparse
import sys
from pathlib import Path

from app.cli import Subparsers
from app.cli.project_place import project_place
from app.cli.rescue import add_rescue
from app.cli.streams import print_refused
from app.domain.path_text import one_line


def register(commands: Subparsers) -> None:
    """Add the command."""
    parser = commands.add_parser("project", help="make, fill, show and check projects")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    new = actions.add_parser("new", help="make an empty project")
    new.add_argument(
        "project", type=project_place, metavar="P", help="the file to make; .affectograph is added where it is missing"
    )
    new.set_defaults(run=_new)

    add = actions.add_parser("add", help="add clips and images to a project")
    add.add_argument("project", type=project_place, metavar="P")
    add.add_argument("clips", nargs="*", type=Path, metavar="CLIP", help="files, or folders to search")
    add.add_argument("--subject", default="", metavar="S", help="code of the person seen in the clips")
    add.add_argument(
        "--manifest",
        type=Path,
        metavar="CSV",
        help="a list of clips as CSV, with the columns path[,subject,name,start_s,end_s,item]; "
        "paths count from its own folder",
    )
    add.set_defaults(run=_add)

    change = actions.add_parser("set", help="change the subject of clips: who is seen in them")
    change.add_argument("project", type=project_place, metavar="P")
    change.add_argument("clips", nargs="+", metavar="CLIP", help="names as `project info` lists them, or files")
    change.add_argument(
        "--subject", required=True, metavar="S", help='code of the person seen; "" if the person is not known'
    )
    change.add_argument(
        "--face", type=int, metavar="N", help="only the person of face N of one clip, where several people are seen"
    )
    change.set_defaults(run=_set)

    info = actions.add_parser("info", help="show what a project holds")
    info.add_argument("project", type=project_place, metavar="P")
    info.add_argument("--json", action="store_true", help="as JSON")
    info.set_defaults(run=_info)

    check = actions.add_parser("check", help="look for damage; the exit status is 1 if something is wrong")
    check.add_argument("project", type=project_place, metavar="P")
    check.add_argument("--quick", action="store_true", help="neither read whole clips nor unpack every array")
    check.set_defaults(run=_check)

    backup = actions.add_parser("backup", help="copy a project as one whole file, even while it is open")
    backup.add_argument("project", type=project_place, metavar="P")
    backup.add_argument(
        "copy",
        nargs="?",
        type=Path,
        metavar="FILE",
        help="the copy (default: a file beside P, with the date in its name)",
    )
    backup.set_defaults(run=back_up)

    move = actions.add_parser("move", help="copy a project from a file to a PostgreSQL server, or back")
    move.add_argument("project", type=project_place, metavar="P", help="the project, which stays as it is")
    move.add_argument("target", type=project_place, metavar="TO", help="a new file, or an empty database")
    move.set_defaults(run=_move)

    find = actions.add_parser("relink", help="find the files of clips that were moved")
    find.add_argument("project", type=project_place, metavar="P")
    find.add_argument(
        "folders", nargs="+", type=Path, metavar="DIR", help="the folder to search, with all folders below it"
    )
    find.set_defaults(run=_relink)

    kit = actions.add_parser("kit", help="make a folder with which a rater works elsewhere")
    kit.add_argument("project", type=project_place, metavar="P")
    kit.add_argument("rater", metavar="RATER", help="the rater's code")
    kit.add_argument("--out", type=Path, metavar="DIR", help="the folder to make (default: kit-RATER)")
    kit.add_argument("--study", nargs="+", metavar="NAME", help="take only these studies")
    kit.add_argument("--link", action="store_true", help="refer to the clips where they are instead of copying them")
    kit.set_defaults(run=_kit)

    add_rescue(actions)

    merge = actions.add_parser(
        "merge", help="merge the work in kits into a project; merging a kit twice changes nothing"
    )
    merge.add_argument("project", type=project_place, metavar="P")
    merge.add_argument("kits", nargs="+", type=Path, metavar="KIT")
    merge.set_defaults(run=_merge)


def _new(args: argparse.Namespace) -> int:
    from app.services.projects.files import create_project

    with create_project(args.project) as project:
        print(f"made {project.path or f'the tables of a project in {project.address}'}")
    return 0


def _add(args: argparse.Namespace) -> int:
    from app.cli.progress import shown_progress
    from app.errors import UserError
    from app.services.projects.files import SubjectDiffers, add_clips, open_project, project_info

    if not args.clips and args.manifest is None:
        raise UserError("No clip was named.", "Name clips or folders, or a --manifest.")
    with open_project(args.project) as project, shown_progress() as ctx:
        before = {clip.id: clip.subject for clip in project_info(project).clips}
        result = add_clips(project, args.clips, args.subject, args.manifest, ctx)
        for error in result.refused:
            print_refused(error)
        known = [clip for clip in result.added if clip.id in before]
        kept = sum(isinstance(error, SubjectDiffers) for error in result.refused)
        counts = [
            (len(result.added) - len(known), "added"),
            (len(known), "known already"),
            (sum(clip.subject != before[clip.id] for clip in known), "of them now with a subject"),
            (kept, "with another subject"),
            (len(result.refused) - kept, "refused"),
        ]
        print(", ".join(f"{n} {what}" for place, (n, what) in enumerate(counts) if n or not place))
        if not result.added and not result.refused:
            raise UserError(
                "There are no clips in what was named.", "Name video or image files, or folders that hold some."
            )
    return 1 if result.refused else 0


def _set(args: argparse.Namespace) -> int:
    from app.domain.words import many
    from app.services.projects.clip_facts import set_subject
    from app.services.projects.files import open_project

    if args.face is not None:
        return _set_face(args)
    with open_project(args.project) as project:
        changed = set_subject(project, args.clips, args.subject)
    for clip in changed:
        print(one_line(f"{clip.name}: subject {clip.subject or '–'} → {args.subject.strip() or '–'}"))
    left = len(set(args.clips)) - len(changed)
    if left:
        print(f"{many(left, 'clip')} had that subject already")
    return 0


def _set_face(args: argparse.Namespace) -> int:
    from app.errors import UserError
    from app.services.predict.people import set_person_by_name
    from app.services.projects.files import open_project

    if len(args.clips) != 1:
        raise UserError("A face belongs to one clip.", "Name one clip with --face.")
    with open_project(args.project) as project:
        before = set_person_by_name(project, args.clips[0], args.face, args.subject)
    print(one_line(f"{args.clips[0]}, face {args.face}: {before or '–'} → {args.subject.strip() or '–'}"))
    return 0


def _info(args: argparse.Namespace) -> int:
    import json
    from dataclasses import asdict

    from app.addresses import shown_place
    from app.domain.path_text import json_safe
    from app.domain.words import file_size, many
    from app.services.projects.files import open_sound, project_info
    from app.services.projects.relink import way_to_missing

    with open_sound(args.project, read_only=True) as project:
        info, way = project_info(project), way_to_missing(project)
    if args.json:
        table = asdict(info)
        table["clips"] = [
            {
                "name": clip.name,
                "path": str(clip.path),
                "sha256": clip.sha256,
                "kind": clip.kind,
                "subject": clip.subject,
                "frames": clip.n_frames,
                "duration_s": clip.duration_s,
                "missing": clip.missing,
            }
            for clip in info.clips
        ]
        print(json_safe(json.dumps(table, indent=2, ensure_ascii=False, default=str)))
        return 0
    print(f"{info.path or shown_place(args.project)}   {file_size(info.size_bytes)}")
    print(
        f"{many(info.videos, 'video')} ({info.duration_s / 60:.1f} min), {many(info.images, 'image')}, "
        f"{info.missing} missing"
    )
    nouns = (("subject", "subject"), ("item", "item"), ("rater", "rater"), ("gold", "gold standard"))
    print(", ".join(many(info.rows[name], noun) for name, noun in nouns))
    print("traces: " + (", ".join(f"{n} {status}" for status, n in info.traces.items()) or "none"))
    print("predictions: " + (", ".join(f"{model} on {many(n, 'clip')}" for model, n in info.runs.items()) or "none"))
    for clip in info.clips:
        gone = "   MISSING" if clip.missing else ""
        length = f"{clip.duration_s:.2f} s, {many(clip.n_frames, 'frame')}"
        print(one_line(f"  {clip.name}   {length}   {clip.subject}{gone}".rstrip()))
    if info.missing:
        print(way)
    return 0


def _check(args: argparse.Namespace) -> int:
    from app.cli.progress import shown_progress
    from app.services.projects.files import check_project, open_project

    with open_project(args.project, read_only=True) as project, shown_progress() as ctx:
        problems = check_project(project, thorough=not args.quick, hash_files=not args.quick, ctx=ctx)
    for problem in problems:
        print(f"{'damage' if problem.damage else 'note'}: {problem.what} {problem.command or problem.todo}")
    damaged = sum(problem.damage for problem in problems)
    print("no damage" if not damaged else f"{damaged} damaged")
    return 1 if damaged else 0


def back_up(args: argparse.Namespace) -> int:
    """Copy a project with the changes that are still in its log."""
    from app.services.projects.health import backup_project

    print(f"copied to {backup_project(args.project, args.copy)}")
    return 0


def _move(args: argparse.Namespace) -> int:
    from app.addresses import shown_place
    from app.cli.progress import shown_progress
    from app.domain.words import many
    from app.services.team.move import move

    with shown_progress() as ctx:
        done = move(args.project, args.target, ctx)
    rows = f"{many(done.rows, 'row')} in {many(done.tables, 'table')}"
    print(f"{shown_place(args.target)}: {rows}, equal in both places; {shown_place(args.project)} stays as it is")
    if done.missing:
        print(f"{many(done.missing, 'clip')} not found from there: `affectograph project relink` finds the files")
    return 0


def _relink(args: argparse.Namespace) -> int:
    from app.cli.progress import shown_progress
    from app.services.projects.files import open_project, relink_missing

    with open_project(args.project) as project, shown_progress() as ctx:
        result = relink_missing(project, args.folders, ctx)
    for clip in result.found:
        print(one_line(f"found {clip.name} at {clip.path}"))
    for clip in result.missing:
        print(
            f"affectograph: {clip.name} was not found: no file here has its size of {clip.size_bytes} bytes. Name "
            f"another folder. A clip that was cut or converted is a different clip.",
            file=sys.stderr,
        )
    if not result.found and not result.missing:
        print("no clip is missing")
    return 1 if result.missing else 0


def _kit(args: argparse.Namespace) -> int:
    from app.cli.progress import shown_progress
    from app.domain.path_text import file_stem
    from app.services.projects.files import open_project
    from app.services.study.kits import make_kit

    out = args.out or Path(f"kit-{file_stem(args.rater)}")
    with open_project(args.project) as project, shown_progress() as ctx:
        made = make_kit(project, args.rater, out, studies=args.study, link=args.link, ctx=ctx)
    print(f"made {made}")
    return 0


def _merge(args: argparse.Namespace) -> int:
    from app.batch import Failures
    from app.cli.progress import shown_progress
    from app.domain.words import many
    from app.services.projects.files import open_project
    from app.services.study.kits import merge_kit

    failures = Failures(on_failure=print_refused)
    with open_project(args.project) as project:
        for kit in args.kits:
            done = None
            with failures.of(str(kit)), shown_progress() as ctx:
                done = merge_kit(project, kit, ctx)
            if done is None:
                continue
            new = f"{many(done.answers, 'answer')} and {many(done.traces, 'trace')} new"
            print(f"{kit}: {new}, {done.known} known already")
            for conflict in done.conflicts:
                which = "the one from the kit counts" if conflict.kit_is_current else "the one in the project counts"
                place = f"{conflict.rater}, {conflict.item}, {conflict.condition}, pass {conflict.pass_no}"
                print(f"  answered in both: {place}; {which}, and the other one is kept")
            for note in done.notes:
                print(f"  {note}")
    if failures and len(args.kits) > 1:
        print(f"{len(args.kits) - len(failures)} of {len(args.kits)} kits merged")
    return 1 if failures else 0
