"""`affectograph study expect`: lists and changes what practice clips and attention checks expect."""

import argparse
from typing import TYPE_CHECKING, Any

from app.cli import Subparsers
from app.cli.project_place import project_place

if TYPE_CHECKING:
    from app.domain.study import Part, Study

ANY = "any"


def add_to(actions: Subparsers) -> None:
    """Add the action to the group `study`."""
    expect = actions.add_parser(
        "expect",
        help="list what practice clips and attention checks expect, or change one",
        description="Without --practice or --check, all are listed. A change makes the study's next version.",
    )
    expect.add_argument("project", type=project_place, metavar="P")
    expect.add_argument("study", metavar="NAME")
    which = expect.add_mutually_exclusive_group()
    which.add_argument("--practice", metavar="ITEM", help="the practice clip to add, change or remove")
    which.add_argument("--check", metavar="CHECK", help="the attention check to add, change or remove")
    expect.add_argument("--condition", metavar="C", help="the condition in which the clip is shown")
    expect.add_argument(
        "--kind",
        metavar="K",
        help="the kind of judgement that is practised or checked: rating (default), trace, trace_valence …",
    )
    expect.add_argument("--item", metavar="ITEM", help='the clip of an attention check; "none" for a text alone')
    expect.add_argument("--prompt", metavar="TEXT", help="what an attention check asks")
    expect.add_argument(
        "--expect", nargs="+", default=[], metavar="EMOTION=LOW-HIGH",
        help="the ratings that count as expected, such as happy=3-5 or sad=0; for a trace, the expected mean, such "
             "as valence=0.2-1 or arousal=-1--0.1; happy=any removes the expectation",
    )  # fmt: skip
    expect.add_argument("--category", metavar="NAME", help=f"the category that counts as expected, or {ANY}")
    expect.add_argument("--feedback", metavar="TEXT", help="text shown after the practice clip in any case")
    expect.add_argument("--right", metavar="TEXT", help="text shown after an answer that is as expected")
    expect.add_argument("--wrong", metavar="TEXT", help="text shown after an answer that is not")
    expect.add_argument("--language", metavar="L", help="language of the texts (default: the study's)")
    expect.add_argument("--remove", action="store_true", help="remove it from the study; answers to it are kept")
    expect.add_argument("--json", action="store_true", help="list them as JSON")
    expect.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    from app.errors import UserError
    from app.services.projects.files import open_sound
    from app.services.study.expectations import find_part, find_verdicts, part_key, put_part, remove_part, what_stays
    from app.services.study.setup import stored_study

    if args.practice is None and args.check is None:
        _refuse_stray(args)
        return _list(args)
    with open_sound(args.project) as project:
        before = stored_study(project, args.study)
        wanted = (args.practice, _condition(args, before), args.kind or "rating")
        key = ("", "", args.check) if args.practice is None else wanted
        if args.remove:
            record = remove_part(project, args.study, key)
            print(f"study {record.name} is at version {record.version}: `study assign` follows it")
            return 0
        part = _changed(args, before, find_part(before, key), key)
        if part_key(part) != key:
            raise UserError(
                "The name of a practice clip or attention check cannot be changed.",
                "Remove it, and add one with the other name.",
            )
        told = what_stays(find_verdicts(project, args.study).get(key), before.version + 1)
        record = put_part(project, args.study, part)
    if record.version == before.version:
        print(f"study {record.name} is like this already, at version {record.version}")
        return 0
    print(f"study {record.name} is at version {record.version}")
    if told:
        print(told)
    if args.check is not None and not record.study.attention_every:
        print("attention checks are not asked yet; `study set P NAME --attention-every N` asks one after about N clips")
    return 0


def _refuse_stray(args: argparse.Namespace) -> None:
    """Refuse a change that names nothing to change."""
    from app.errors import UserError

    named = ("condition", "kind", "item", "prompt", "category", "feedback", "right", "wrong", "language")
    if args.remove or args.expect or any(getattr(args, name) is not None for name in named):
        raise UserError("Nothing was named to change.", "Name --practice ITEM or --check CHECK.")


def _condition(args: argparse.Namespace, study: "Study") -> str:
    """Return the condition meant: the one named, the only one that practises on the clip, or the study's last."""
    if args.condition is not None:
        return str(args.condition)
    found = {clip.condition for clip in study.practice if clip.item == args.practice}
    return found.pop() if len(found) == 1 else study.conditions[-1].name


def _changed(args: argparse.Namespace, study: "Study", part: "Part | None", key: tuple[str, str, str]) -> "Part":
    """Return the part with everything that was named; a new one where there was none."""
    from dataclasses import replace
    from typing import cast

    from app.domain.study import AttentionCheck, PracticeClip, TaskKind

    language = args.language or study.language
    if part is None:
        part = PracticeClip(key[0], key[1], cast(TaskKind, key[2])) if args.check is None else AttentionCheck(key[2])
    if isinstance(part, AttentionCheck) and args.kind not in (None, part.kind):
        part = replace(part, kind=cast(TaskKind, args.kind), expected={}, category="", band={})
    changes: dict[str, Any] = (
        {"expected": _expected(args.expect, dict(part.expected), int)}
        if part.kind == "rating"
        else {"band": _expected(args.expect, dict(part.band), float)}
    )
    if args.category is not None:
        changes["category"] = "" if args.category == ANY else args.category
    own = ("feedback",) if isinstance(part, PracticeClip) else ("prompt",)
    for field in (*own, "right", "wrong"):
        text = getattr(args, field)
        if text is not None:
            kept = {code: told for code, told in getattr(part, field).items() if code != language}
            changes[field] = {**kept, language: text} if text else kept
    if isinstance(part, AttentionCheck) and args.item is not None:
        changes |= {"item": args.item, "condition": _condition(args, study) if args.item else ""}
    return replace(part, **changes)


def _expected(words: list[str], expected: dict[str, Any], number: "type[int] | type[float]") -> dict[str, Any]:
    """Read NAME=LOW-HIGH, NAME=SCORE and NAME=any, of emotions in points and of dimensions of a trace in numbers.

    Raises:
        UserError: A word is none of these.
    """
    import re

    from app.errors import UserError

    one = r"(-?\d+)" if number is int else r"(-?\d*\.?\d+)"
    for word in words:
        found = re.fullmatch(rf"([^=]+)=(?:(any)|{one}(?:[-–:]{one})?)", word)
        if found is None and number is float:
            raise UserError(
                f"{word!r} does not state an expected mean.", "Write, for instance, valence=0.2-1 or arousal=any."
            )
        if found is None:
            raise UserError(
                f"{word!r} does not state an expected rating.", "Write, for instance, happy=3-5, sad=0 or angry=any."
            )
        emotion, nothing, low, high = found.groups()
        if nothing:
            expected.pop(emotion, None)
        else:
            expected[emotion] = (number(low), number(high if high is not None else low))
    return expected


def _list(args: argparse.Namespace) -> int:
    import json

    from app.domain.study import Part, PracticeClip
    from app.domain.words import many
    from app.services.projects.files import open_sound
    from app.services.study.expectations import KIND_WORDS, as_json, find_verdicts, in_words, part_key
    from app.services.study.setup import stored_study

    with open_sound(args.project, read_only=True) as project:
        study = stored_study(project, args.study)
        verdicts = find_verdicts(project, args.study)
    parts: tuple[Part, ...] = (*study.practice, *study.attention)
    if args.json:
        listed = [as_json(part, study, verdicts.get(part_key(part))) for part in parts]
        print(json.dumps(listed, ensure_ascii=False, indent=2))
        return 0
    if not parts:
        print(f"study {study.name} has neither practice clips nor attention checks")
    for part in parts:
        if isinstance(part, PracticeClip):
            head = f"practice {part.item}, {part.condition}, {KIND_WORDS[part.kind]}"
        else:
            head = f"attention check {part.name}" + (f", {part.item}, {part.condition}" if part.item else "")
            head += "" if part.kind == "rating" else f", {KIND_WORDS[part.kind]}"
        print(f"{head}: {in_words(part, study) or 'nothing is expected, so there is no verdict'}")
        found = verdicts.get(part_key(part))
        if found is not None:
            print(f"  {many(found.answers, 'answer')}, {found.passed} as expected, {found.failed} not")
    return 0
