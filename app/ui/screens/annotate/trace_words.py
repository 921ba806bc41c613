"""What the trace page says in each of its phases: over the field, and of keys and buttons below it."""

_HINTS = {
    "ready": (("Enter", "start"), ("D", "change the device"), ("X", "cannot judge this clip …"), ("Esc", "pause")),
    "asking": (("Enter", "continue without it"), ("Esc", "back")),
    "empty": (("Enter", "trace it again"), ("X", "cannot judge this clip …"), ("Space", "watch it")),
    "running": (("Space", "pause"),),
    "paused": (("Space", "continue"), ("R", "from the beginning"), ("Esc", "stop")),
    "review": (("Enter", "keep it"), ("R", "trace it again"), ("Space", "watch it"), ("← →", "one frame")),
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
        return "Continue without a trace of this clip? Press Enter to continue, Esc to go back."
    if phase != "ready" or unshown:
        return ""
    if device == "mouse":
        return "Move the mouse onto this field, then press Enter"
    moves = "the arrow keys move the marker" if device == "keyboard" else "the stick moves the marker"
    return f"Press Enter to start: {moves}"


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
        hints = [("↑ ↓ ← →", "move the marker"), *hints]
    if device == "gamepad" and phase in ("ready", "review"):
        hints += [("M", "what the stick sets")] if phase == "ready" else []
        hints += [("A", "as Enter"), ("B", "again")]
    return hints
