"""`affectograph doctor`: reports what this machine offers and what is broken, with advice."""

import argparse
import dataclasses
import json

from app.cli import Subparsers
from app.cli.project_place import existing_project, project_home

_MARKS = {"ok": "ok", "info": "--", "warning": "!!", "broken": "XX"}


def register(commands: Subparsers) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "doctor",
        help="report what this machine offers and what is broken, with advice",
        description="Examines Python, Qt, GPUs, models, disk, sound and display. Exits 1 where something is broken.",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")
    parser.add_argument("--project", type=existing_project, metavar="P", help="also examine the models of this project")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the findings.

    Returns:
        0, or 1 where something is broken.
    """
    from app.services.machine.doctor import Finding, examine_machine

    findings: list[Finding] = []
    for finding in examine_machine(project_home(args)):
        findings.append(finding)
        if not args.json:
            print(f"{_MARKS[finding.status]}  {finding.topic.replace('_', ' '):18} {finding.found}", flush=True)
            if finding.advice:
                print(f"    {'':18} → {finding.advice}", flush=True)
    broken = sum(finding.status == "broken" for finding in findings)
    warnings = sum(finding.status == "warning" for finding in findings)
    if args.json:
        table = {"broken": broken, "warnings": warnings, "findings": [dataclasses.asdict(f) for f in findings]}
        print(json.dumps(table, indent=1, ensure_ascii=False))
    elif broken or warnings:
        parts = [f"{broken} broken" if broken else "", f"{warnings} to look at" if warnings else ""]
        print(f"\n{', '.join(part for part in parts if part)}.")
    else:
        print("\nNothing is broken.")
    return 1 if broken else 0
