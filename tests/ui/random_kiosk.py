"""Random keys and clicks on a kiosk: `python -m tests.ui.random_kiosk MINUTES SEED`.

It runs on the display at hand, or off screen, with a generated picture in place of a camera. It ends with 1 if the
window was left, if another window appeared, or if a file of the program's own folders was made or changed.
"""

import hashlib
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.services.kiosk.plans import KioskPlan
from app.services.predict.camera import Camera, CameraChoice
from app.synthetic.demo_clip import shipped_clip
from app.ui.shell.kiosk.main import make_kiosk
from app.ui.shell.kiosk.window import KioskWindow
from tests.ui.waiting import idle, settle

VISITOR = CameraChoice(Camera("testsrc=size=160x120:rate=25", "Test picture"), mirrored=False, api="lavfi")
KEYS = [
    *(getattr(Qt.Key, f"Key_F{number}") for number in range(1, 13)),
    *(Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Left, Qt.Key.Key_Menu),
    *(Qt.Key.Key_Q, Qt.Key.Key_W, Qt.Key.Key_O, Qt.Key.Key_F4, Qt.Key.Key_Meta, Qt.Key.Key_Delete, Qt.Key.Key_Print),
]
MODIFIERS = [
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.MetaModifier,
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
]
BUTTONS = [Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton]


def files_of(*folders: Path) -> dict[str, str]:
    """Every file below some folders, with the SHA-256 of what it holds."""
    found = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def press(window: KioskWindow, rng: random.Random) -> None:
    """Press a key, click somewhere or ask the window to close, and see that it stays alone on the screen."""
    if rng.random() < 0.6:
        QTest.keyClick(window.windowHandle(), rng.choice(KEYS), rng.choice(MODIFIERS))
    else:
        place = QPoint(rng.randrange(window.width()), rng.randrange(window.height()))
        QTest.mouseClick(window.windowHandle(), rng.choice(BUTTONS), Qt.KeyboardModifier.NoModifier, place)
    if rng.random() < 0.1:
        window.close()
    settle(seconds=0.01)
    assert window.isVisible(), "the kiosk was left"
    seen = [top for top in window.context.app.topLevelWidgets() if top.isVisible()]
    assert seen == [window], f"there is another window: {seen}"


def main() -> int:
    """Run for the minutes and with the seed of the command line."""
    minutes, seed = float(sys.argv[1]), int(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        os.environ["AFFECTOGRAPH_HOME"] = folder
        plan = KioskPlan((shipped_clip(),), VISITOR, "ring 7", idle_s=20.0, read_s=0.5)
        window = make_kiosk(plan)
        window.fill()
        window.begin()
        settle(lambda: window.stage.present.video.has_picture)
        before, rng = files_of(Path(folder)), random.Random(seed)
        seen: dict[str, int] = {}
        end_s, presses = time.monotonic() + 60 * minutes, 0
        while time.monotonic() < end_s:
            press(window, rng)
            presses += 1
            seen[window.visit] = seen.get(window.visit, 0) + 1
        window.begin()
        idle(window.context)
        changed = files_of(Path(folder)).items() ^ before.items()
        window.leave()
    print(f"{presses} presses in {minutes:g} minutes, seed {seed}: {seen}; files made or changed: {len(changed)}")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
