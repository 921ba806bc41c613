"""What the trace page says in each of its phases: over the field, and of keys and buttons below it."""

from app.ui.look.language import tr

_HINTS = {
    "ready": (
        ("Enter", tr("start")),
        ("D", tr("change the device")),
        ("X", tr("cannot judge this clip …")),
        ("Esc", tr("pause")),
    ),
    "asking": (("Enter", tr("continue without it")), ("Esc", tr("back"))),
    "empty": (("Enter", tr("trace it again")), ("X", tr("cannot judge this clip …")), ("Space", tr("watch it"))),
    "running": (("Space", tr("pause")),),
    "paused": (("Space", tr("continue")), ("R", tr("from the beginning")), ("Esc", tr("stop"))),
    "review": (
        ("Enter", tr("keep it")),
        ("R", tr("trace it again")),
        ("Space", tr("watch it")),
        ("← →", tr("one frame")),
    ),
}


def sign_of(phase: str, device: str, *, asking: bool, unshown: bool) -> str:
    """Return what stands over the field.

    Args:
        phase: Of the trace (`Tracing.phase`).
        device: What moves the marker.
        asking: Whether it is being asked if the clip is to be passed over.
        unshown: Whether the clip cannot be shown.
    """
    if asking:
        return tr("Continue without a trace of this clip? Press Enter to continue, Esc to go back.")
    if phase != "ready" or unshown:
        return ""
    if device == "mouse":
        return tr("Move the mouse onto this field, then press Enter")
    moves = tr("the arrow keys move the marker") if device == "keyboard" else tr("the stick moves the marker")
    return tr("Press Enter to start: {moves}", moves=moves)


def hints_of(phase: str, device: str, *, asking: bool, keepable: bool) -> list[tuple[str, str]]:
    """Return keys and buttons, and what each does now.

    Args:
        phase: Of the trace (`Tracing.phase`).
        device: What moves the marker.
        asking: Whether it is being asked if the clip is to be passed over.
        keepable: Whether enough was traced to keep it.
    """
    shown = "running" if phase == "countdown" else phase
    if phase == "review" and not keepable:
        shown = "empty"
    hints = list(_HINTS.get("asking" if asking else shown, ()))
    if shown == "running" and device == "keyboard":
        hints = [("↑ ↓ ← →", tr("move the marker")), *hints]
    if device == "gamepad" and phase in ("ready", "review"):
        hints += [("M", tr("what the stick sets"))] if phase == "ready" else []
        hints += [("A", tr("as Enter")), ("B", "again")]
    return hints
