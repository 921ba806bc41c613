"""Design tokens: colours, spacing, type. No other part of the window names a colour or a size.

Valence is blue and arousal orange everywhere, a pair that stays distinct under every common colour vision deficiency.
Predictions are solid lines and people's labels dashed ones, so that meaning never depends on hue alone.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Tokens:
    """The colours of one theme, as `#rrggbb`.

    Attributes:
        name: "light" or "dark".
        window: Behind everything.
        surface: Cards and panels.
        raised: Menus, dialogs, hovered rows.
        sunken: Input fields, troughs, plot grounds.
        border: Hairlines between parts.
        border_strong: Frames of menus and plots, and other lines that only set things apart.
        outline: Outlines of fields, buttons and boxes to tick; at least 3 : 1 on every ground.
        text: Main text.
        text_soft: Labels and secondary text.
        text_faint: Hints, units and captions; like all text at least 4.5 : 1 on every ground.
        accent: Selection, focus and the primary button.
        accent_hover: The primary button under the mouse.
        accent_soft: Ground of selected rows.
        on_accent: Text on `accent`.
        valence: Valence, everywhere.
        arousal: Arousal, everywhere.
        ok: All is well.
        warning: Look here.
        danger: Recording and errors.
        danger_soft: Ground of an error banner.
        warning_soft: Ground of a warning banner.
        stage: Behind the picture: dark in both themes, as in every video program.
        grid: Lines inside plots.
        note_grey: Notes on clips (`app.domain.notes.COLOURS`), as are the five below; at least 3 : 1 on `sunken`.
        note_red: Red notes.
        note_yellow: Yellow notes.
        note_green: Green notes.
        note_violet: Violet notes.
        note_pink: Pink notes.
    """

    name: str
    window: str
    surface: str
    raised: str
    sunken: str
    border: str
    border_strong: str
    outline: str
    text: str
    text_soft: str
    text_faint: str
    accent: str
    accent_hover: str
    accent_soft: str
    on_accent: str
    valence: str
    arousal: str
    ok: str
    warning: str
    danger: str
    danger_soft: str
    warning_soft: str
    stage: str
    grid: str
    note_grey: str
    note_red: str
    note_yellow: str
    note_green: str
    note_violet: str
    note_pink: str


LIGHT: Final = Tokens(
    name="light",
    window="#eef0f3",
    surface="#ffffff",
    raised="#ffffff",
    sunken="#f5f6f8",
    border="#dfe3e8",
    border_strong="#c2c9d2",
    outline="#7d8692",
    text="#14181f",
    text_soft="#4d5765",
    text_faint="#606b7a",
    accent="#0b766c",
    accent_hover="#095f57",
    accent_soft="#dcf0ed",
    on_accent="#ffffff",
    valence="#1668c7",
    arousal="#b04b05",
    ok="#187744",
    warning="#8a6100",
    danger="#c22f36",
    danger_soft="#fdecec",
    warning_soft="#fdf4dc",
    stage="#0b0d11",
    grid="#e6e9ed",
    note_grey="#5b6675",
    note_red="#b3262e",
    note_yellow="#86650a",
    note_green="#1a7f4b",
    note_violet="#6d3fc0",
    note_pink="#b4317f",
)
DARK: Final = Tokens(
    name="dark",
    window="#0f1216",
    surface="#171b21",
    raised="#1f252d",
    sunken="#11151a",
    border="#272e37",
    border_strong="#3d4653",
    outline="#6e7987",
    text="#e9ecf0",
    text_soft="#a8b2bf",
    text_faint="#8d97a5",
    accent="#3fc5b2",
    accent_hover="#62d6c5",
    accent_soft="#15332f",
    on_accent="#04201c",
    valence="#63a9ff",
    arousal="#ff9d4a",
    ok="#4cc38a",
    warning="#e2b340",
    danger="#ff6b70",
    danger_soft="#381b1e",
    warning_soft="#332a13",
    stage="#08090c",
    grid="#232932",
    note_grey="#a8b2bf",
    note_red="#ff7a7f",
    note_yellow="#e2c340",
    note_green="#4cc38a",
    note_violet="#b79cff",
    note_pink="#ff8fcb",
)

SPACE_XS: Final = 4
SPACE_S: Final = 8
SPACE_M: Final = 12
SPACE_L: Final = 16
SPACE_XL: Final = 24
RADIUS: Final = 6
RADIUS_CARD: Final = 8

TEXT_CAPTION: Final = 11
TEXT_SMALL: Final = 12
TEXT_BODY: Final = 13
TEXT_TITLE: Final = 15
TEXT_HEADING: Final = 20
TEXT_DISPLAY: Final = 26
"""Type scale in logical pixels, multiplied by the text-size setting."""
