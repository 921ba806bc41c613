"""Writes the measured parts of docs/models.md: `python -m app.learning.frame.page --model DIR --page docs/models.md`.

The page is written by hand. The parts that follow from the model's card stand between two marks, `<!-- card: NAME -->`
and `<!-- end -->`. A test compares them with the card.
"""

import argparse
import re
import sys
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from app.errors import UserError
from app.files import replacing
from app.learning.process import program

GOAL_FER, GOAL_FERPLUS = 0.70, 0.87
"""The goals of the project for the shipped model on the validation set."""

Card = dict[str, Any]


def percent(share: float) -> str:
    """Return a fraction as a percentage with two digits."""
    return f"{100 * share:.2f} %"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def measures(card: Card) -> str:
    """Return accuracy, calibration and cross-entropy, and whether the goal is met."""
    metrics = card["metrics"]
    rows = [
        [f"FER labels, seven classes ({metrics['fer_n']:,} images)", percent(metrics["fer_accuracy"])],
        [f"FERPlus majority, eight classes ({metrics['ferplus_n']:,} images)", percent(metrics["ferplus_accuracy"])],
        ["ECE of `expression` (against the majority) / of `fer`", f"{metrics['ece']:.3f} / {metrics['ece_fer']:.3f}"],
        [
            "cross-entropy of `expression` (against the votes) / of `fer`",
            f"{metrics['cross_entropy']:.3f} / {metrics['cross_entropy_fer']:.3f}",
        ],
    ]
    short = [
        f"{name} {percent(goal)}"
        for name, got, goal in (
            ("FER", metrics["fer_accuracy"], GOAL_FER),
            ("FERPlus", metrics["ferplus_accuracy"], GOAL_FERPLUS),
        )
        if got < goal
    ]
    verdict = f"**Below our goal** ({', '.join(short)})." if short else "Our goal (FER 70 %, FERPlus 87 %) is met."
    return table(["measure", "value"], rows) + "\n\n" + verdict


def classes(card: Card) -> str:
    """Return the recall of each class and both confusion matrices."""
    metrics = card["metrics"]
    parts = []
    for output, key, title in (("fer", "fer", "FER labels"), ("expression", "ferplus", "FERPlus majority")):
        names = card["output"][output]["classes"]
        recall = metrics[f"per_class_recall_{key}"]
        rows = [[name, *map(str, row)] for name, row in zip(names, metrics[f"confusion_{key}"], strict=True)]
        said = ", ".join(f"{name} {100 * recall[name]:.1f} %" for name in names if name in recall)
        parts += [f"Recall, {title}: {said}.", table([f"{title}: label \\ said", *names], rows)]
    return "\n\n".join(parts)


def command(card: Card) -> str:
    """Return the commands that made the file, and the course of the runs."""
    training = card["training"]
    ends = [
        f"seed {run['seed']}: {run['curve_end']['epoch']} epochs in {run['curve_end']['minutes']:.0f} minutes"
        for run in training["run"]
    ]
    history = training["history"].rstrip(".")
    lines = "\n".join(line.strip() for line in training["command"].split(" ; "))
    return (
        f"The run: {'; '.join(ends)}. {history[0].upper()}{history[1:]}. "
        f"Commit of the training code: {training['commit']}.\n\n```\n{lines}\n```"
    )


def variants(card: Card) -> str:
    """Return a table of the files side by side."""
    metrics = card["metrics"]
    main = f"{card['file']['bytes']:,}"
    rows = [["FP32", main, percent(metrics["fer_accuracy"]), percent(metrics["ferplus_accuracy"]), "", "", ""]]
    for entry in card.get("variant", []):
        rows.append(
            [
                entry["name"].upper(),
                f"{entry['bytes']:,}",
                percent(entry["fer_accuracy"]),
                percent(entry["ferplus_accuracy"]),
                f"{entry['accuracy_loss']:.2f}",
                f"{entry['ms_batch_1']:.1f} ({entry['fp32_ms_batch_1']:.1f})",
                f"{entry['ms_batch_16']:.1f} ({entry['fp32_ms_batch_16']:.1f})",
            ]
        )
    head = ["file", "bytes", "FER", "FERPlus", "loss, points", "ms, batch 1 (FP32)", "ms, batch 16 (FP32)"]
    return table(head, rows)


def weaknesses(card: Card) -> str:
    """Return the card's list of weaknesses."""
    return "\n".join(f"- {line}" for line in card["weaknesses"])


PARTS: Final[dict[str, Callable[[Card], str]]] = {
    "measures": measures,
    "classes": classes,
    "command": command,
    "variants": variants,
    "weaknesses": weaknesses,
}
_BLOCK = re.compile(r"(<!-- card: (?P<name>\w+) -->\n).*?(\n<!-- end -->)", re.DOTALL)


def filled(page: str, card: Card) -> str:
    """Return the page with every marked part made again.

    Args:
        page: Markdown with marks.
        card: A card as nested tables.

    Raises:
        UserError: The page has no marks, or a mark of an unknown part.
    """

    def part(found: re.Match[str]) -> str:
        name = found["name"]
        if name not in PARTS:
            raise UserError(f"The page marks an unknown part “{name}”.", f"Known are {', '.join(PARTS)}.")
        return f"{found[1]}{PARTS[name](card)}{found[3]}"

    text, count = _BLOCK.subn(part, page)
    if count == 0:
        raise UserError("The page has no marked part.", "Put `<!-- card: measures -->` and `<!-- end -->` into it.")
    return text


def _fill(given: argparse.Namespace) -> None:
    card = tomllib.loads((given.model / "card.toml").read_text(encoding="utf-8"))
    text = filled(given.page.read_text(encoding="utf-8"), card)
    with replacing(given.page) as partial:
        partial.write_text(text, encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the arguments, do the work, and return the exit status; see `app.learning.process.program.run`."""
    parser = program.arguments("app.learning.frame.page", "Bring the marked parts of a page up to a model's card.")
    parser.add_argument("--model", type=Path, required=True, help="model folder with card.toml")
    parser.add_argument("--page", type=Path, required=True, help="Markdown page to bring up to date")
    return program.run(parser, _fill, argv)


if __name__ == "__main__":
    sys.exit(main())
