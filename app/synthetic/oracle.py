"""The accuracy of a perfect reader of each cue on the synthetic actor: `python -m app.synthetic.oracle`.

A cue is a part of a clip that is read without a mistake: the expressions of the face with or without their order, the
place, the events in it, or the voice. The best answer to each reading is learned from clips of other people, so that
the table does not overstate the accuracy. No model can be expected to exceed the row of the cues that it sees.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from app.synthetic.actor import ActorClip, act
from app.synthetic.spec import ActorSpec

Cue = Callable[[ActorClip], Hashable]
MIXED: Final = ActorSpec(
    subjects=20,
    clips_per_subject=100,
    seconds=2.0,
    rate=12,
    ambiguous=0.2,
    ordered=0.2,
    brief=0.1,
    timed=0.2,
    prior=(6, 5, 3, 3, 2, 1, 1),
    uneven=0.3,
)
"""All effects in one set."""
KINDS: Final = ("plain", "ambiguous", "ordered", "brief", "timed")


def _unordered(clip: ActorClip) -> Hashable:
    """Return the expressions of a face without their order."""
    return frozenset((clip.shows_first, clip.face_shows)) if clip.shows_first else clip.face_shows


def _place(clip: ActorClip) -> Hashable:
    """Return the place and the events in it in their order, without the time at which the face moves."""
    return clip.scene, tuple(what for _, _, what in clip.events)


def _together(clip: ActorClip) -> Hashable:
    """Return what happens in the scene while the expression of the face is strongest."""
    if not clip.events:
        return clip.scene
    strongest = int(np.abs(clip.truth.values).sum(axis=1).argmax())
    return next((what for first, end, what in clip.events if first <= strongest < end), clip.scene)


CUES: Final[Mapping[str, Cue]] = {
    "nothing": lambda clip: None,
    "face, without order": _unordered,
    "face": lambda clip: clip.face_shows,
    "scene": _place,
    "voice": lambda clip: clip.voice_shows,
    "face + scene, each as a whole": lambda clip: (clip.face_shows, _place(clip)),
    "face + scene, in time": lambda clip: (clip.face_shows, _place(clip), _together(clip)),
    "face + scene + voice, in time": lambda clip: (clip.face_shows, _place(clip), _together(clip), clip.voice_shows),
}
"""What is known → what a perfect reader of it sees in a clip."""


def reached(learn: Sequence[ActorClip], test: Sequence[ActorClip], cue: Cue) -> float:
    """Return the accuracy of the best answer to a cue, 0–1.

    Args:
        learn: Clips from which the best answer to each reading is learned.
        test: Clips of other people.
        cue: The function that reads the cue from a clip.
    """
    seen: dict[Hashable, Counter[str]] = defaultdict(Counter)
    for clip in learn:
        seen[cue(clip)][clip.category] += 1
    usual = Counter(clip.category for clip in learn).most_common(1)[0][0]
    said = [seen[cue(clip)].most_common(1)[0][0] if cue(clip) in seen else usual for clip in test]
    return float(np.mean([clip.category == word for clip, word in zip(test, said, strict=True)]))


def oracle(spec: ActorSpec = MIXED) -> dict[str, dict[str, float]]:
    """Return cue → kind of clip, or "all" → accuracy (0–1) on people other than those whom the answers came from."""
    learn = act(spec)
    test = act(replace(spec, seed=spec.seed + 1, cast_seed=spec.cast_seed + 1))
    found = {}
    for name, cue in CUES.items():
        row = {"all": reached(learn, test, cue)}
        for kind in KINDS:
            some = [clip for clip in test if clip.kind == kind]
            if some:
                row[kind] = reached(learn, some, cue)
        found[name] = row
    return found


def table(found: Mapping[str, Mapping[str, float]]) -> str:
    """Return the result of `oracle` as a Markdown table."""
    kinds = list(next(iter(found.values())))
    lines = [f"| what is read | {' | '.join(kinds)} |", f"| --- |{' ---: |' * len(kinds)}"]
    for name, row in found.items():
        lines.append(f"| {name} | {' | '.join(f'{row[kind]:.2f}' for kind in kinds)} |")
    return "\n".join(lines)


def main() -> None:
    """Print the table."""
    sys.stdout.write(table(oracle()) + "\n")


if __name__ == "__main__":
    main()
