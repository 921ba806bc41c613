"""Entry of a bundle. Importing it does nothing."""

import multiprocessing
import os
import sys

if __name__ == "__main__":
    # A worker process of `multiprocessing` is the same program, which never comes back from this call.
    multiprocessing.freeze_support()
    # The bundle's libraries were found by this variable, and are loaded; programs of the system that the window
    # starts, such as the browser, must find their own again.
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if before is not None:
        os.environ["LD_LIBRARY_PATH"] = before
    elif sys.platform.startswith("linux"):
        os.environ.pop("LD_LIBRARY_PATH", None)
    # A child process that is this program again must look for the bundle's libraries by itself.
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"

    # PyInstaller gives matplotlib an empty folder at each start, where it would list all fonts again. Without it,
    # matplotlib keeps its list in the user's cache, as everywhere else.
    os.environ.pop("MPLCONFIGDIR", None)

    from app.cli import main

    sys.exit(main())
