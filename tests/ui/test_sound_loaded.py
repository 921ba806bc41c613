"""The first sound must not stop the window for ever: Qt's libraries speak to nobody in Python while they are loaded."""

import subprocess
import sys

_FIRST_SOUND = """
from PySide6.QtCore import QCoreApplication, qInstallMessageHandler, qWarning
import PySide6.QtMultimedia
from app.ui.parts.player.audio import make_sink

application = QCoreApplication([])
heard = []
qInstallMessageHandler(lambda kind, context, message: heard.append(message))
make_sink()
print("while it was loaded:", heard)
qWarning("after that")
print("later:", heard)
"""


def test_python_hears_nothing_while_qt_loads_the_library_of_sound() -> None:
    """Their messages would wait for Python's lock under the system's lock, for which a thread that imports may wait."""
    done = subprocess.run([sys.executable, "-c", _FIRST_SOUND], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.splitlines() == ["while it was loaded: []", "later: ['after that']"], done.stderr
