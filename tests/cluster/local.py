"""A cluster of two workers on this computer, in a process of its own: its scheduler and its threads end with it.

Run as a program it prints the address and the workers' process ids as one line of JSON, then `killed` for each word of
`kill` that it reads, after the first worker that is at work; it ends with its input.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class LocalWorkers:
    """Two workers, one of which can be killed."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        line = process.stdout.readline()
        facts = json.loads(line) if line else {"address": "", "pids": []}
        self.address, self.pids = facts["address"], facts["pids"]

    def kill_one_at_work(self) -> int:
        """Kill a worker that computes something, and return its process id."""
        self._process.stdin.write("kill\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def local_workers() -> Iterator[LocalWorkers]:
    """Start two workers, and end them with the block."""
    command = [sys.executable, "-m", "tests.cluster.local"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield LocalWorkers(process)
        finally:
            process.stdin.close()
            process.wait()
            process.stdout.close()


def _pids(cluster) -> dict[str, int]:
    return {worker.worker_address: worker.process.process.pid for worker in cluster.workers.values()}


def main() -> None:
    """Serve until standard input ends."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs=60) as cluster:
        print(json.dumps({"address": cluster.scheduler_address, "pids": list(_pids(cluster).values())}), flush=True)
        for _ in sys.stdin:
            while True:
                busy = [w.address for w in list(cluster.scheduler.workers.values()) if w.processing]
                pids = _pids(cluster)
                found = [pids[address] for address in busy if address in pids]
                if found:
                    break
                time.sleep(0.01)
            os.kill(found[0], signal.SIGKILL)
            print(found[0], flush=True)


if __name__ == "__main__":
    main()
