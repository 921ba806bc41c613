"""Writes the program's icon for Windows: `python packaging/bundle/windows/icon.py affectograph.ico`."""

import os
import sys
from pathlib import Path

from PySide6.QtCore import QBuffer, QSize
from PySide6.QtGui import QGuiApplication, QIcon

ASSETS = Path(__file__).resolve().parents[3] / "app" / "assets"


def main(out: Path) -> None:
    """Draw the vector icon at 256 pixels and store it; Windows scales it down."""
    from io import BytesIO

    from PIL import Image

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication([])
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    QIcon(str(ASSETS / "affectograph.svg")).pixmap(QSize(256, 256)).save(buffer, "PNG")
    Image.open(BytesIO(buffer.data().data())).save(out, sizes=[(16, 16), (32, 32), (48, 48), (256, 256)])
    del application


if __name__ == "__main__":
    main(Path(sys.argv[1]))
