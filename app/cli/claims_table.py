"""The claims about categories as Markdown."""

from typing import Any

from app.domain.words import many


def category_table(found: dict[str, Any], paper: str) -> str:
    """Return the result of `app.learning.clip.claims` as Markdown: the accuracy of each variant, and the verdicts."""
    who = found["subjects"]
    lines = [
        f"{paper}. Accuracy on {found['clips']} clips of {who['test']} held-out synthetic subjects, against what most "
        f"of five simulated raters said; means of {len(found['seeds'])} seeds, each with another draw of "
        f"{who['train']} subjects to learn from and {who['validation']} to stop by. Features are those of "
        f"{found['frame_model']['name']} {found['frame_model']['version']} (SHA-256 "
        f"{found['frame_model']['sha256'][:8]}…) on the face alone, and statistics of the scene with the face covered."
        + (f" {found['scale']}" if found.get("scale") else ""),
        "",
        "| variant | tested on face-only labels | tested on full-context labels |",
        "| --- | ---: | ---: |",
    ]
    for name, each in found["variants"].items():
        lines.append(f"| {name} | {each['face_only']:.3f} | {each['full_context']:.3f} |")
    cells = []
    for condition in ("face_only", "full_context"):
        one = found["people"][condition]
        cells.append(f"{one['accuracy']:.3f} [{one['interval'][0]:.3f}, {one['interval'][1]:.3f}]")
    lines.append(f"| one rater against the others | {cells[0]} | {cells[1]} |")
    heads = ("claim", "ours", "difference", "verdict", "seeds that agree", "what speaks for or against it")
    lines += ["", f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    for each in found["claims"]:
        ends = "" if each["interval"] is None else " [{:+.3f}, {:+.3f}]".format(*each["interval"])
        ours = " : ".join(f"{value:.3f}" for value in each["ours"])
        said = each["verdict"] + (f": {each['reason']}" if each["reason"] else "")
        agree = f"{each['seeds']} of {len(found['seeds'])}"
        lines.append(
            f"| {each['claim']} | {ours} | {each['difference']:+.3f}{ends} | {said} | {agree} | {each['why']} |"
        )
    lines += [f"| {claim} | – | – | not trained yet | – | – |" for claim in found.get("open", ())]
    if found.get("left"):
        lines += ["", f"*{many(found['left'], 'training')} left to do: the same command continues.*"]
    return "\n".join(lines)
