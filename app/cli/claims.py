"""`affectograph claims`: the papers' orderings on synthetic people, the paper's numbers beside ours."""

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any, Final

from app.cli import Subparsers

MODULES: Final = {"E": ("app.learning.affect.claims", "Kollias et al. 2017, valence and arousal from face sequences")}
"""For each system the module that runs its claims in a process of its own, and the paper."""


def register(commands: Subparsers) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "claims",
        help="do the papers' orderings hold on synthetic people?",
        description="Train every variant with several seeds on people that the program renders, test on others, and "
        "say which orderings of the paper hold. The papers' own data need licences.",
    )
    parser.add_argument("--system", choices=sorted(MODULES), required=True, help="which paper")
    parser.add_argument("--seeds", type=int, default=5, metavar="N", help="trainings a variant (5)")
    parser.add_argument("--epochs", type=int, metavar="N", help="fewer epochs, for a quick look")
    parser.add_argument("--subjects", type=int, metavar="N", help="fewer people, for a quick look")
    parser.add_argument("--json", type=Path, metavar="OUT", help="also write all numbers")
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    from app.cli.progress import shown_progress
    from app.files import replacing
    from app.services.retrain.process import require_training, run_child

    require_training()
    module, paper = MODULES[args.system]
    with tempfile.TemporaryDirectory(prefix="affectograph-claims-") as place, shown_progress() as ctx:
        out = Path(place) / "claims.json"
        words = ["--out", str(out), "--seeds", str(args.seeds)]
        for option in ("epochs", "subjects"):
            if getattr(args, option) is not None:
                words += [f"--{option}", str(getattr(args, option))]

        def tell(event: dict[str, Any]) -> None:
            ctx.progress(event["done"], event["total"], event["text"])

        run_child(module, words, tell, ctx, Path(place) / "log")
        found = json.loads(out.read_text("utf-8"))
    if args.json is not None:
        with replacing(args.json) as temporary:
            temporary.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    print(table(found, paper))
    return 0


def table(found: dict[str, Any], paper: str) -> str:
    """The result as Markdown: variants with the paper's numbers beside ours, then the claims."""
    who = found["subjects"]
    lines = [
        f"{paper}. CCC on {who['test']} held-out synthetic subjects ({who['train']} to learn from, "
        f"{who['validation']} to stop by, {found['frames']} frames); medians of "
        f"{len(found['seeds'])} seeds. The paper's numbers are from Aff-Wild: compare orders, not values.",
        "",
        "| variant | valence | arousal | paper: valence | paper: arousal |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, each in found["variants"].items():
        ours = " | ".join(f"{value:.3f}" for value in each["median"])
        theirs = " | ".join(f"{value:.2f}" for value in each["paper"]) if each["paper"] else "– | –"
        lines.append(f"| {name} | {ours} | {theirs} |")
    lines += ["", "| claim | ours (mean of both) | paper | held | why |", "| --- | --- | --- | --- | --- |"]
    for each in found["claims"]:
        theirs = " : ".join(f"{value:.3f}" for value in each["paper"]) if each["paper"] else "no numbers"
        held = "held" if each["held"] else "not held"
        ours = " : ".join(f"{value:.3f}" for value in each["ours"])
        lines.append(f"| {each['claim']} | {ours} | {theirs} | {held} | {each['why']} |")
    return "\n".join(lines)
