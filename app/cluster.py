"""A Dask cluster: processes on this or other computers that compute parts of a job and send back what they found.

Dask is imported only where somebody names a cluster. Workers get functions by name and arguments by value: they need
this program in the same versions, and they see the same files. What they find is written by whoever asked.
"""

import contextlib
import importlib.metadata
import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Generic, Self, TypeVar

import app
from app.errors import ClusterLost, UserError
from app.extras import how_to_add
from app.jobs import Context

if TYPE_CHECKING:
    from distributed import Client, Future

S = TypeVar("S")
B = TypeVar("B")
T = TypeVar("T")
CONNECT_S: Final = 15.0
"""How long a scheduler may take to answer."""
WORKERS_S: Final = 30.0
"""How long the first worker may take to appear."""
LOOK_S: Final = 0.05
"""How often somebody who waits looks whether to stop."""
SAME: Final = ("numpy", "scipy", "av", "opencv-python", "onnxruntime-gpu", "onnxruntime", "distributed")
"""Packages whose versions decide over the last digits of results, or over whether workers understand us."""


class Sent(Generic[T]):
    """A part that was sent to a cluster; as an argument of another part it stands for what will be found."""

    def __init__(self, cluster: "Cluster", future: "Future[Any]") -> None:
        self._cluster, self.future = cluster, future

    @property
    def done(self) -> bool:
        """Whether the part has ended, well or not."""
        return bool(self.future.done())  # type: ignore[no-untyped-call]  # Dask's client is only partly typed

    def result(self, ctx: Context, meanwhile: Callable[[], None] = lambda: None) -> T:
        """Wait until the part has ended, and return what was found.

        Args:
            ctx: Can cancel the waiting.
            meanwhile: Is called now and then while the part is under way.

        Raises:
            ClusterLost: The scheduler has gone.
            UserError: Workers end again and again over it.
            Cancelled: The user cancelled.
            Exception: What the part raised.
        """
        ctx.check()
        while not self.done:
            ctx.check()
            self._cluster.require_scheduler()
            meanwhile()
            self._cluster.wait_for(self)
        return self._cluster.found(self)


class Cluster:
    """A connection to the scheduler of a cluster, closed at the end of a `with` block; what is under way is dropped.

    Args:
        address: Address of the scheduler, such as "tcp://192.168.1.5:8786" or "tls://…".
        ctx: Can cancel the waiting for workers.

    Attributes:
        address: The address.

    Raises:
        UserError: Dask is not installed, nobody answers, there is no worker, or a worker has other versions.
        Cancelled: The user cancelled.
    """

    def __init__(self, address: str, ctx: Context) -> None:
        self.address = address
        try:
            self._client = _client(address)
        except (OSError, ValueError, TypeError) as error:
            raise UserError(
                f"No scheduler answers at {address}.",
                "Start one with `dask scheduler`, and give the address it prints.",
            ) from error
        try:
            self._meet(ctx)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _tb: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connection; parts that are under way are not waited for."""
        self._client.close(timeout=5)  # type: ignore[no-untyped-call]

    @property
    def workers(self) -> int:
        """Number of parts that the workers can compute at the same time now; at least 1."""
        found = self._client.scheduler_info(n_workers=-1).get("workers", {})
        return max(sum(int(worker["nthreads"]) for worker in found.values()), 1)

    def send(self, fn: Callable[..., T], *args: Any, turn: int | None = None) -> Sent[T]:
        """Send a part to the next free worker.

        Args:
            fn: A function of one of our modules.
            args: Its arguments; a `Sent` stands for what it will find.
            turn: Number of the part among others that take equally long: they are dealt to the workers in turn, as the
                scheduler does not do with short ones. None for no such others.

        Raises:
            ClusterLost: The scheduler has gone.
        """
        self.require_scheduler()
        told = tuple(each.future if isinstance(each, Sent) else each for each in args)
        if turn is None:
            return Sent(self, self._client.submit(fn, *told, pure=False))
        names = sorted(self._client.scheduler_info(n_workers=-1).get("workers", {}))
        mine = [names[turn % len(names)]] if names else None
        return Sent(self, self._client.submit(fn, *told, pure=False, workers=mine, allow_other_workers=bool(mine)))

    def share(self, value: T) -> Sent[T]:
        """Send a value to all workers, which many parts need."""
        return Sent(self, self._client.scatter(value, broadcast=True, hash=False))  # type: ignore[no-untyped-call]

    def each(self, ctx: Context, function: Callable[[S, B], T], shared: S, blocks: Iterable[B]) -> Iterator[T]:
        """Yield what a function of one of our modules returns for each block, in their order.

        Only some blocks are under way at a time, so that neither they nor their results fill the memory.

        Args:
            ctx: Can cancel the waiting.
            function: The function.
            shared: Its first argument, which is sent to the workers once.
            blocks: Its second argument, one after the other.
        """
        sent, there = deque[Sent[T]](), self.share(shared)
        for turn, block in enumerate(blocks):
            sent.append(self.send(function, there, block, turn=turn))
            if len(sent) >= 2 * self.workers:
                yield self._last(sent.popleft(), ctx)
        while sent:
            yield self._last(sent.popleft(), ctx)

    def _last(self, part: Sent[T], ctx: Context) -> T:
        found = part.result(ctx)
        self.drop([part])
        return found

    def drop(self, parts: Iterable[Sent[Any]]) -> None:
        """Forget parts; those that wait are not begun."""
        futures = [part.future for part in parts]
        if futures:
            self._client.cancel(futures, force=True)  # type: ignore[no-untyped-call]

    def require_scheduler(self) -> None:
        """Raise `ClusterLost` if the scheduler has gone."""
        if self._client.status not in ("running", "connecting"):
            raise self._lost()

    def wait_for(self, part: Sent[Any]) -> None:
        """Wait until a part has ended, but not for long."""
        with contextlib.suppress(Exception):  # `found` raises what the part raised
            part.future.result(timeout=LOOK_S)

    def found(self, part: Sent[T]) -> T:
        """Return what an ended part has found, or raise what it raised."""
        from distributed import KilledWorker

        try:
            value: T = part.future.result(timeout=CONNECT_S)
        except KilledWorker as error:
            raise UserError(
                "Workers ended again and again over the same part; they may lack memory.",
                "Give workers more memory (`--memory-limit`), or do this one without --scheduler.",
            ) from error
        except (OSError, CancelledError) as error:
            if isinstance(error, OSError) and self._client.status == "running":
                raise  # the part itself met it
            raise self._lost() from error
        return value

    def _lost(self) -> ClusterLost:
        return ClusterLost(
            f"The scheduler at {self.address} does not answer any more.",
            "Start it again and repeat the command; what is finished is kept.",
        )

    def _meet(self, ctx: Context) -> None:
        """Wait for the first worker, and compare all that are there with this computer."""
        until_s = time.monotonic() + WORKERS_S
        while not self._client.scheduler_info(n_workers=-1).get("workers"):
            ctx.progress(0, 0, "waiting for workers")
            if time.monotonic() > until_s:
                raise UserError(
                    f"The scheduler at {self.address} has no worker.",
                    f"Start some with `dask worker {self.address} --nthreads 1`.",
                )
            time.sleep(LOOK_S)
        here = versions()
        for worker, there in self._client.run(versions, on_error="return").items():
            if not isinstance(there, dict):
                raise UserError(
                    f"The worker {worker} cannot run Affectograph: {there}.",
                    "Install it there, in the same versions as here.",
                )
            other = [name for name in {**here, **there} if here.get(name) != there.get(name)]
            if other:
                name = other[0]
                raise UserError(
                    f"The worker {worker} has {name} {there.get(name, 'not at all')}, and this computer "
                    f"{here.get(name, 'not at all')}.",
                    "Install the same versions on all computers, so that results are equal.",
                )


def _client(address: str) -> "Client":
    try:
        import distributed
    except ModuleNotFoundError as error:
        raise UserError("Clusters need Dask, which is not installed.", f"{how_to_add('cluster')}.") from error
    # Dask tells every worker that it loses; who waits is told by us what follows from it.
    for name in ("distributed", "distributed.client", "distributed.core", "distributed.batched"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return distributed.Client(address, timeout=CONNECT_S, set_as_default=False)  # type: ignore[no-untyped-call]


def versions() -> dict[str, str]:
    """Return the versions of this program and of the packages that its results depend on."""
    found = {"affectograph": app.__version__}
    for name in SAME:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found
