"""Which files go into a bundle: pure rules over names, used by the spec and by the notices."""

import re
from pathlib import PurePosixPath
from typing import Final

QT_PLUGINS: Final = frozenset(
    {
        "egldeviceintegrations",
        "iconengines",
        "imageformats",
        "platforms",
        "platformthemes",
        "styles",
        "wayland-decoration-client",
        "wayland-graphics-integration-client",
        "wayland-shell-integration",
        "xcbglintegrations",
    }
)
"""The kinds of Qt plugins that the window uses. Sound needs none: those of QtMultimedia play and record video."""

_LEFT_OUT: Final = (
    # Qt's own texts, but for its words in the languages of the window (app/ui/languages).
    r"PySide6/Qt/translations/(?!qtbase_de\.qm)",
    r"PySide6/Qt/qml/",
    # Parts of Qt that only come along with plugins that are left out.
    r"(PySide6/Qt/lib/)?libQt6(Qml|Quick|VirtualKeyboard|Pdf|EglF|Sql|DataVisualization|Test|MultimediaWidgets|FFmpegStub)",
    r"PySide6/Qt(Qml|Quick|Pdf|VirtualKeyboard|Sql|DataVisualization|MultimediaWidgets|Test)\w*\.abi3\.so",
    r"(PySide6/Qt/lib/)?lib(avcodec|avformat|avutil|swscale|swresample)\.so",
    # This plugin would bring the GTK of the machine that the bundle was built on.
    r"PySide6/Qt/plugins/platformthemes/libqgtk3\.so",
    r"PySide6/Qt/plugins/imageformats/libqpdf\.so",
    r"PySide6/Qt/plugins/platforms/lib(qeglfs|qlinuxfb|qminimal|qminimalegl|qvkkhrdisplay|qvnc)\.so",
    r"PySide6/Qt/plugins/(egldeviceintegrations|vectorimageformats)/",
    # All icons are glyphs of one font.
    r"qtawesome/fonts/(?!phosphor)",
    # Gamepads need SDL alone, not its libraries for pictures, fonts and music.
    r"sdl2dll/dll/(?!libSDL2-2\.0\.so|SDL2\.dll|libSDL2\.dylib)",
    # What only compiling against a library needs, and the libraries' own tests.
    r"torch/(include|share|test|bin)/",
    r"torch/lib/.*\.(a|lib|cmake)$",
    r"torch/_inductor/codegen/.*\.(h|cpp|cuh)$",
    r"numpy/_core/(include|lib)/",
    r"onnx/(test|backend/test)/",
    r"onnxruntime/(transformers/(models|notebooks)|datasets)/",
    r"(numpy|scipy|sklearn|matplotlib|pyqtgraph|sympy|networkx|onnx|onnxscript|sqlalchemy)/(.*/)?tests?/",
    r"pyqtgraph/examples/",
    r"sklearn/datasets/(data|images|descr)/",
    r"matplotlib/mpl-data/(sample_data|images)/",
)
_LEFT_OUT_PATTERN: Final = re.compile("|".join(f"(?:{pattern})" for pattern in _LEFT_OUT))

EXCLUDED_MODULES: Final = (
    "IPython",
    "PyInstaller",
    "_curses",
    "_dbm",
    "_gdbm",
    "_tkinter",
    "curses",
    "lib2to3",
    "pip",
    "pkg_resources",
    "pytest",
    "readline",
    "setuptools",
    "sklearn.externals.array_api_compat.torch",
    "tkinter",
    "wheel",
)
"""Modules that are never bundled: `readline` and `_gdbm` are the GPL's, and the others serve developers."""

_OF_PYTHON: Final = (
    "libbz2", "libcrypto", "libexpat", "libffi", "liblzma", "libmpdec", "libsqlite3", "libssl", "libuuid", "libz",
)  # fmt: skip
"""Libraries of the system that Python's own modules use. Releases of Linux differ in them, so that they are bundled."""


def wanted(name: str) -> bool:
    """Return whether a collected file belongs into the bundle.

    Args:
        name: Its place in the bundle, with `/` or the system's separator.
    """
    place = name.replace("\\", "/")
    parts = PurePosixPath(place).parts
    if "plugins" in parts and parts[0] == "PySide6":
        kind = parts[parts.index("plugins") + 1]
        if kind not in QT_PLUGINS:
            return False
    return _LEFT_OUT_PATTERN.match(place) is None


def is_of_system(source: str) -> bool:
    """Return whether a library belongs to the Linux system that the bundle is built on, and is left to each system.

    Qt's X11, OpenGL and sound libraries must be those of the machine that the program runs on; the Debian package
    depends on them.

    Args:
        source: Path of the file that would be bundled.
    """
    path = PurePosixPath(source)
    of_system = path.is_relative_to("/usr/lib") or path.is_relative_to("/lib")
    return of_system and not path.name.startswith(_OF_PYTHON)
