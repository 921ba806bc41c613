"""The words by which the window calls the choices of a study."""

from typing import Final

VIEW_WORDS: Final = {
    "face_only": "Face only",
    "full_context": "Full context",
    "context_only": "Surroundings only, face hidden",
}
"""What is shown."""
DESIGNS: Final = (
    ("within", "Each rater sees a clip in every condition"),
    ("between", "Each rater sees one condition only"),
    ("rotated", "Each rater sees all conditions, each clip in one"),
)
"""How conditions are dealt."""
TRACES: Final = (
    ("none", "No trace"),
    ("joint", "Valence and arousal together, on the plane"),
    ("each", "Valence first, then arousal"),
)
"""What is traced."""
NUMBERS: Final = (
    (
        "raters_per_cell",
        "Raters for each clip and condition",
        1,
        999,
        "",
        "How many raters judge each clip in each condition",
    ),
    ("passes", "Times each rater judges a clip", 1, 20, "", "2 or more show whether raters agree with themselves"),
    ("min_distance", "Other clips between repeats", 0, 999, "", "Keeps raters from remembering their last answer"),
    ("batch_size", "Clips on one screen", 1, 50, "", "With more than one, raters can move between them"),
    ("confidence_levels", "Points of the confidence scale", 0, 11, "not asked", ""),
    ("replays", "Replays allowed", -1, 99, "no limit", ""),
    ("break_every", "Offer a break after", 0, 9999, "never", "Number of judgements"),
    (
        "attention_every",
        "Attention check about every",
        0,
        9999,
        "never",
        "A question with a known answer, asked between clips",
    ),
)
"""Field, what the form calls it, least, most, what the least one means, tool tip."""
