"""OpenCV's threads sleep between two pictures, whatever imports the program."""

import os
import subprocess
import sys

_PROGRAM = """
import os, sys, app
assert "cv2" not in sys.modules, "OpenCV reads the variable when it is imported"
print(os.environ["OPENCV_THREAD_POOL_ACTIVE_WAIT_WORKER"])
"""


def _said(**extra: str) -> str:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("OPENCV_")}
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM], env=plain | extra, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_the_threads_do_not_wait_busily() -> None:
    assert _said() == "0"


def test_a_value_that_somebody_set_stays() -> None:
    assert _said(OPENCV_THREAD_POOL_ACTIVE_WAIT_WORKER="500") == "500"
