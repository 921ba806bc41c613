"""Threads that come and go leave no free memory behind in places of their own."""

import json
import platform
import subprocess
import sys

import pytest

CODE = """
import ctypes, json, sys, threading
from app.ui.shell.allocator import limit_arenas
limited = limit_arenas() if sys.argv[1] == "limited" else False
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.free.argtypes = [ctypes.c_void_p]
threads, together = [], threading.Barrier(12)

def work():
    together.wait()
    for block in [libc.malloc(100_000) for _ in range(20)]:
        libc.free(block)
    together.wait()

for _ in range(12):
    threads.append(threading.Thread(target=work))
    threads[-1].start()
for thread in threads:
    thread.join()
with open("/proc/self/maps") as maps:
    # A place of a thread lies at a multiple of 64 MiB, the largest size to which it grows.
    begins = [int(line.split("-")[0], 16) for line in maps if "rw-p 00000000 00:00 0" in line]
print(json.dumps([limited, sum(at % (64 << 20) == 0 for at in begins)]))
"""


def places(how):
    done = subprocess.run([sys.executable, "-c", CODE, how], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another allocator")
def test_threads_share_few_places_of_memory():
    limited, few = places("limited")
    assert limited
    assert few <= 2
    assert places("as it is")[1] > few
