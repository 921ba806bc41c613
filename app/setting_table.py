"""All settings, a row each: the dialog, the file and the help page come from this table. No Qt."""

from dataclasses import dataclass
from typing import Final, Literal

Value = bool | int | float | str
Kind = Literal["bool", "int", "float", "text", "choice"]


@dataclass(frozen=True)
class Setting:
    """A setting that the user can change.

    Attributes:
        key: `area.name`, its place in the file.
        page: Title of its page in the dialog.
        kind: Type of the value, which decides the editor.
        default: The value until the user chooses another.
        title: Its name in the dialog.
        help: One sentence that says what it does.
        low: Smallest number allowed.
        high: Largest number allowed.
        step: The change by one press of the arrow.
        unit: Unit that is shown behind the number.
        choices: Each value with its name, for the kind `choice`.
    """

    key: str
    page: str
    kind: Kind
    default: Value
    title: str
    help: str
    low: float = 0.0
    high: float = 0.0
    step: float = 1.0
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()

    def checked(self, value: object) -> Value:
        """Return the value, checked for this setting's type and bounds.

        Raises:
            ValueError: The value is of another type or out of bounds.
        """
        if self.kind == "bool" and isinstance(value, bool):
            return value
        if self.kind == "text" and isinstance(value, str):
            return value.strip()
        if self.kind == "choice" and value in [key for key, _ in self.choices]:
            return str(value)
        if self.kind in ("int", "float") and isinstance(value, int | float) and not isinstance(value, bool):
            number = int(value) if self.kind == "int" else float(value)
            if self.low <= number <= self.high:
                return number
        raise ValueError(f"{self.key} = {value!r} is not possible")


SETTINGS: Final[tuple[Setting, ...]] = (
    Setting(
        "appearance.theme",
        "Appearance",
        "choice",
        "system",
        "Theme",
        "Light, dark, or whatever the desktop uses.",
        choices=(("system", "Like the desktop"), ("light", "Light"), ("dark", "Dark")),
    ),
    Setting(
        "appearance.text_scale",
        "Appearance",
        "int",
        100,
        "Text size",
        "Makes all text larger or smaller.",
        low=80,
        high=160,
        step=10,
        unit=" %",
    ),
    Setting(
        "appearance.language",
        "Appearance",
        "choice",
        "en",
        "Language",
        "The language of the window, and of tables and figures that it exports, from the next start on. The German "
        "texts were not reviewed yet. Studies, reports and messages of commands keep theirs.",
        choices=(("en", "English"), ("de", "Deutsch")),
    ),
    Setting(
        "appearance.reopen",
        "Appearance",
        "bool",
        True,
        "Reopen the last project",
        "Opens the project you worked on last when the program starts.",
    ),
    Setting("player.box", "Player", "bool", True, "Face box", "Draws a box around each tracked face, with its number."),
    Setting("player.landmarks", "Player", "bool", True, "Landmarks", "Draws eyes, nose and mouth corners as found."),
    Setting("player.bars", "Player", "bool", True, "Expression bars", "Shows the chosen face's expressions beside it."),
    Setting(
        "player.mesh",
        "Player",
        "bool",
        False,
        "Face mesh",
        "Draws the mesh of measured faces instead of the five landmarks (Shift+O).",
    ),
    Setting("player.contours", "Player", "bool", True, "Contours", "Draws the contours of the mesh."),
    Setting("player.axes", "Player", "bool", True, "Head axes", "Draws where the head of a measured face points."),
    Setting("player.dots", "Player", "bool", False, "Mesh points", "Draws all points of the mesh."),
    Setting(
        "player.volume",
        "Player",
        "int",
        80,
        "Volume",
        "Loudness of a clip's sound.",
        low=0,
        high=100,
        step=5,
        unit=" %",
    ),
    Setting(
        "player.audio_offset_ms",
        "Player",
        "int",
        0,
        "Sound offset",
        "Shift the picture against the sound where your loudspeakers are late (Bluetooth: about 200).",
        low=-500,
        high=500,
        step=10,
        unit=" ms",
    ),
    Setting(
        "player.jump_s",
        "Player",
        "float",
        1.0,
        "Jump",
        "How far Shift with an arrow key jumps.",
        low=0.1,
        high=60.0,
        step=0.5,
        unit=" s",
    ),
    Setting(
        "player.memory_mb",
        "Player",
        "int",
        800,
        "Memory for pictures",
        "How much memory the frames around the playhead may take, for steps back and short jumps; 800 MB hold 250 "
        "frames at 1920 × 1080. A change takes effect with the next clip.",
        low=64,
        high=16_000,
        step=100,
        unit=" MB",
    ),
    Setting(
        "analysis.device",
        "Analysis",
        "choice",
        "auto",
        "Compute device",
        "Where models run. `auto` takes the fastest that works; any other choice fails with a message rather than "
        "running elsewhere unnoticed.",
        choices=(
            ("auto", "Automatic"),
            ("cpu", "CPU"),
            ("cuda", "NVIDIA CUDA"),
            ("tensorrt", "NVIDIA TensorRT"),
            ("coreml", "Apple Core ML"),
        ),
    ),
    Setting(
        "analysis.model",
        "Analysis",
        "text",
        "",
        "Model",
        "Name of the model card to use where the project has promoted none; empty for the default model.",
    ),
    Setting(
        "analysis.live",
        "Analysis",
        "bool",
        True,
        "Live predictions",
        "Predicts while a clip plays. Playback never waits for it.",
    ),
    Setting(
        "camera.lsl",
        "Analysis",
        "bool",
        False,
        "Send by LSL",
        "Sends the camera's live predictions as a stream of the Lab Streaming Layer, which every program in the same "
        "network can receive. It needs the extra lsl.",
    ),
    Setting(
        "camera.lsl_record",
        "Analysis",
        "text",
        "",
        "Record by LSL",
        "Names or types of streams of the Lab Streaming Layer, with commas between, such as EDA, Markers; * for all. "
        "They are recorded with the camera: channels are drawn under the timeline, markers become notes. It takes "
        "effect when the camera is started, and needs the extra lsl.",
    ),
    Setting(
        "analysis.smooth",
        "Analysis",
        "bool",
        True,
        "Smoothed curves",
        "Shows predictions smoothed along each face track; off shows every frame as predicted.",
    ),
    Setting(
        "measures.baseline",
        "Analysis",
        "choice",
        "median",
        "Neutral face",
        "Movements of the face are shown relative to the median of each track, which is right if the face is neutral "
        "most of the time, or without a reference.",
        choices=(("median", "Median of the track"), ("none", "No reference")),
    ),
    Setting(
        "measures.field_of_view",
        "Analysis",
        "float",
        65.2,
        "Field of view",
        "Horizontal field of view of the camera, for the head pose of faces beside the middle of the picture. After a "
        "change, measure the clips again.",
        low=1.0,
        high=170.0,
        step=1.0,
        unit="°",
    ),
    Setting(
        "plane.trail_s",
        "Timeline and plane",
        "float",
        4.0,
        "Trail",
        "How many seconds of the trajectory the valence–arousal plane shows.",
        low=0.5,
        high=60.0,
        step=0.5,
        unit=" s",
    ),
    Setting(
        "timeline.measures",
        "Timeline and plane",
        "text",
        "yaw_deg, corner_pull",
        "Measures",
        "The measures of the face that the timeline shows, by their names in docs/measures.md, at most four.",
    ),
    Setting(
        "timeline.follow",
        "Timeline and plane",
        "bool",
        True,
        "Follow the playhead",
        "Scrolls a zoomed timeline along while the clip plays.",
    ),
    Setting(
        "timeline.all_faces",
        "Timeline and plane",
        "bool",
        True,
        "Curves of all faces",
        "Draws the predicted curves of the other people in a clip, thin and pale behind those of the chosen face.",
    ),
    Setting(
        "camera.size",
        "Camera",
        "choice",
        "1280x720",
        "Picture size",
        "What the camera is asked for; it gives what it can. Smaller is faster.",
        choices=(("640x480", "640 × 480"), ("1280x720", "1280 × 720"), ("1920x1080", "1920 × 1080")),
    ),
    Setting(
        "camera.mirror",
        "Camera",
        "bool",
        True,
        "Mirror",
        "Shows you as a mirror does. What is analysed and recorded is not turned.",
    ),
    Setting("camera.device", "Camera", "text", "", "Camera", "The camera used last; empty for the first one found."),
    Setting(
        "recording.rater",
        "Recording",
        "text",
        "R1",
        "Rater code",
        "The code your traces are stored under. Never a name.",
    ),
    Setting(
        "recording.countdown_s",
        "Recording",
        "int",
        3,
        "Countdown",
        "Seconds before a recording starts.",
        low=0,
        high=10,
        unit=" s",
    ),
    Setting(
        "recording.blind",
        "Recording",
        "bool",
        True,
        "Record blind",
        "Hides predictions and other raters' curves while you record. Off, the trace is stored as unblinded.",
    ),
    Setting(
        "recording.lsl",
        "Recording",
        "bool",
        False,
        "Send traces by LSL",
        "Sends a trace while it is given as a stream of the Lab Streaming Layer, with markers where an item starts and "
        "ends, which every program in the same network can receive. It needs the extra lsl.",
    ),
    Setting(
        "recording.lsl_record",
        "Recording",
        "text",
        "",
        "Record by LSL beside traces",
        "Names or types of streams of the Lab Streaming Layer, with commas between, such as EDA, Markers; * for all. "
        "They are kept with each trace, on the clip's clock. It takes effect with the next trace after signing in, and "
        "needs the extra lsl.",
    ),
    Setting(
        "agreement.replicates",
        "Agreement",
        "int",
        1000,
        "Bootstrap resamples",
        "How often labels are drawn again for the intervals of the agreement screen; 200 are shown first.",
        low=200,
        high=20000,
        step=200,
    ),
    Setting(
        "agreement.seed",
        "Agreement",
        "int",
        0,
        "Seed",
        "Decides all chance in intervals and p values, so that the same labels give the same numbers.",
        low=0,
        high=2**31 - 1,
    ),
    Setting(
        "annotate.device",
        "Annotation",
        "choice",
        "mouse",
        "Trace with",
        "What moves the marker on the trace screen. A gamepad can be chosen there while one is connected.",
        choices=(("mouse", "Mouse"), ("keyboard", "Arrow keys"), ("gamepad", "Gamepad")),
    ),
    Setting(
        "annotate.pad_mode",
        "Annotation",
        "choice",
        "velocity",
        "Gamepad stick",
        "Whether the stick's deflection says how fast the marker moves, or where it is.",
        choices=(("velocity", "How fast"), ("absolute", "Where")),
    ),
    Setting(
        "annotate.speed",
        "Annotation",
        "float",
        0.9,
        "Marker speed",
        "How fast arrow keys and a fully pushed stick move the marker; the scale is 2 wide.",
        low=0.1,
        high=4.0,
        step=0.1,
        unit=" a second",
    ),
)
"""All settings, in the order the dialog shows them."""

TABLE: Final[dict[str, Setting]] = {setting.key: setting for setting in SETTINGS}


def help_markdown() -> str:
    """Return the settings page of the user guide, made from the table."""
    lines = ["# Settings", "", "Open them with `Ctrl+,`. They are applied at once and kept in `settings.toml`.", ""]
    page = ""
    for setting in SETTINGS:
        if setting.page != page:
            page = setting.page
            lines += [f"## {page}", "", "| setting | key | default | what it does |", "| --- | --- | --- | --- |"]
        default = dict(setting.choices).get(str(setting.default), "")
        if not default:
            default = (
                {True: "on", False: "off"}[setting.default]
                if isinstance(setting.default, bool)
                else (f"{setting.default}{setting.unit}" if setting.default != "" else "(empty)")
            )
        lines.append(f"| {setting.title} | `{setting.key}` | {default} | {setting.help} |")
        following = SETTINGS.index(setting) + 1
        if following == len(SETTINGS) or SETTINGS[following].page != page:
            lines.append("")
    return "\n".join(lines)
