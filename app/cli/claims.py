"""`affectograph claims`: tests the papers' orderings on synthetic people, and puts the papers' numbers beside ours."""

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any, Final

from app.cli import Subparsers
from app.cli.outputs import refuse_outputs

MODULES: Final = {
    "A": ("app.learning.clip.claims", "Xu et al. 2017, aggregated features, C3D and LSTM, at the scaled size"),
    "B": ("app.learning.clip.claims", "Sun et al. 2018, face and surroundings, at the scaled size"),
    "C": ("app.learning.clip.claims", "Miyoshi et al. 2019, short clips of pixels, at the scaled size"),
    "D": ("app.learning.clip.claims", "Kahou et al. 2015, CNN, RNN, sound and fusion, at the scaled size"),
    "E": ("app.learning.affect.claims", "Kollias et al. 2017, valence and arousal from face sequences"),
    "categories": ("app.learning.clip.claims", "Categories of whole clips, by the recipes of docs/categories.md"),
}
"""For each system, the module that runs its claims in a separate process, and the paper."""


def register(commands: Subparsers) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "claims",
        help="do the papers' orderings hold on synthetic people?",
        description="Train every variant with several seeds on people that the program renders, test on others, and "
        "say which orderings of the paper hold. The papers' own data need licences. A run that was stopped continues "
        "where it was; with another shipped model, data and trainings are made again.",
    )
    parser.add_argument("--system", choices=sorted(MODULES), required=True, help='the paper, or "categories"')
    parser.add_argument("--seeds", type=int, default=5, metavar="N", help="trainings of each variant (5)")
    parser.add_argument("--epochs", type=int, metavar="N", help="fewer epochs, for a quick look")
    parser.add_argument("--subjects", type=int, metavar="N", help="fewer people, for a quick look")
    parser.add_argument("--jobs", type=int, metavar="N", help="trainings that run at a time (one for each core)")
    parser.add_argument(
        "--minutes",
        type=float,
        metavar="N",
        help="for all but E: begin no training after this many minutes, and judge the claims that are trained",
    )
    parser.add_argument(
        "--quadrants",
        choices=("paper", "equal"),
        help="for E: shares of the quadrants in all trainings, 43/24/19/14 %% or a quarter each (paper)",
    )
    parser.add_argument("--work", type=Path, metavar="DIR", help="where data and finished trainings are kept")
    parser.add_argument("--json", type=Path, metavar="OUT", help="also write all numbers")
    parser.add_argument(
        "--write", type=Path, metavar="FILE.md", help="also put the table into this Markdown page, between its marks"
    )
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    from app.cli.claims_table import category_table
    from app.cli.progress import shown_progress
    from app.results import result
    from app.services.retrain.process import require_training, run_child

    refuse_outputs(args.json)
    require_training()
    module, paper = MODULES[args.system]
    with tempfile.TemporaryDirectory(prefix="affectograph-claims-") as place, shown_progress() as ctx:
        out = Path(place) / "claims.json"
        words = ["--out", str(out), "--seeds", str(args.seeds)]
        of_clips = module == MODULES["categories"][0]
        words += ["--system", args.system] if of_clips else []
        for option in ("epochs", "subjects", "jobs", "work", "minutes" if of_clips else "quadrants"):
            if getattr(args, option) is not None:
                words += [f"--{option}", str(getattr(args, option))]

        def tell(event: dict[str, Any]) -> None:
            ctx.progress(event["done"], event["total"], event["text"])

        run_child(module, words, tell, ctx, Path(place) / "log")
        found = json.loads(out.read_text("utf-8"))
    if args.json is not None:
        with result(args.json) as temporary:
            temporary.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    text = category_table(found, paper) if found.get("of") == "categories" else table(found, paper)
    if args.write is not None:
        write_between(args.write, args.system, text)
    print(text)
    return 0


def write_between(page: Path, system: str, text: str) -> None:
    """Put a table between the marks of its system in a Markdown page.

    Raises:
        UserError: The page is missing or does not have these marks.
    """
    from app.errors import UserError
    from app.files import replacing

    begin, end = (f"<!-- claims of system {system}: {word} -->" for word in ("begin", "end"))
    before, found, rest = (page.read_text("utf-8") if page.is_file() else "").partition(begin)
    _old, ended, after = rest.partition(end)
    if not found or not ended:
        raise UserError(
            f"{page} has no place for the table.", f"Put the lines {begin} and {end} where the table belongs."
        )
    with replacing(page) as temporary:
        temporary.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", "utf-8")


def table(found: dict[str, Any], paper: str) -> str:
    """Return the result as Markdown: variants with the paper's numbers beside ours, then the claims."""
    who = found["subjects"]
    lines = [
        f"{paper}. CCC on {who['test']} held-out synthetic subjects ({who['train']} to learn from, "
        f"{who['validation']} to stop by, {found['frames']} frames of the held-out ones); medians of "
        f"{len(found['seeds'])} seeds. The paper's numbers are from Aff-Wild: compare orders, not values. Features are "
        f"those of {found['frame_model']['name']} {found['frame_model']['version']} (SHA-256 "
        f"{found['frame_model']['sha256'][:8]}…): another shipped model gives other numbers.",
        "",
        "| variant | valence | arousal | paper: valence | paper: arousal |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, each in found["variants"].items():
        ours = " | ".join(f"{value:.3f}" for value in each["median"])
        theirs = " | ".join(f"{value:.2f}" for value in each["paper"]) if each["paper"] else "– | –"
        lines.append(f"| {name} | {ours} | {theirs} |")
    heads = ("claim", "ours (mean of both)", "difference", "paper", "verdict", "seeds that agree", "what speaks for it")
    lines += ["", f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    for each in found["claims"]:
        theirs = " : ".join(f"{value:.3f}" for value in each["paper"]) if each["paper"] else "no numbers"
        held = each["verdict"] + (f": {each['reason']}" if each["reason"] else "")
        ends = "" if each["interval"] is None else " [{:+.3f}, {:+.3f}]".format(*each["interval"])
        ours = " : ".join(f"{value:.3f}" for value in each["ours"])
        agree = f"{each['seeds']} of {len(found['seeds'])}"
        lines.append(
            f"| {each['claim']} | {ours} | {each['difference']:+.3f}{ends} | {theirs} | {held} | {agree} | "
            f"{each['why']} |"
        )
    return "\n".join(lines)
