"""The parsing box: foreign bytes are parsed in worker processes, each parse within limits of time and memory.

What belongs here: starting workers, handing them tasks, and turning whatever becomes of them into a value or a reason.
What does not: what a worker may do (boxed), and what is parsed (formats, articles).

    with Box(BoxSettings(seconds=20, megabytes=1024, workers=2)) as box:
        box.call(function, *args)  -> value, or raises BoxFailure
        box.map(function, many)    -> value or BoxFailure of each, lazily, in order

Functions are named by their module: it must be importable, and its arguments and value must pickle.  They must have no
effects, for a task whose worker died is run again, alone in a fresh worker, before it is blamed.

Each worker is a Pebble pool of its own.  In a pool of many, a worker that dies at the wrong moment (before its pool has
heard which task it took) leaves that task waiting for ever, and a pool that breaks fails tasks of other workers; so a
pool's trouble is that of its own tasks, and these are run again.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from sources import boxed
from sources.log import Reason

T = TypeVar("T")

# After so many tasks a worker is replaced, for what C libraries leak; a new one costs about a second.
TASKS_A_WORKER: Final = 2000
# Starting one takes a second of a processor, as do so many parses: with fewer tasks one worker is faster than two.
WORTH_A_WORKER: Final = 50
# A worker that has not started by then never will; also what a loaded machine may add to a task.
_STARTING: Final = 120.0
_ENDING: Final = 10.0


@dataclass(frozen=True, slots=True)
class BoxSettings:
    """Limits of one parse: `seconds` by the clock, `megabytes` (MiB) on top of an idle worker; number of `workers`."""

    seconds: float = 20.0
    megabytes: int = 1024
    workers: int = 2


class BoxFailure(Exception):
    """Why a task has no value: one of the PARSER_… reasons.

    `exception` is the name of the exception's class (PARSER_FAILED).  `detail` is a line without control characters.
    """

    def __init__(self, reason: Reason, detail: str, exception: str | None = None) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.exception = exception


class BoxBroken(RuntimeError):
    """No worker can be started: a fault of the installation, not of what was to be parsed."""


class _Lost(Exception):
    """A task of which nothing will be heard any more."""


@dataclass(frozen=True, slots=True)
class _Task:
    function: Callable[..., Any]
    args: Sequence[Any]
    lane: _Lane
    future: ProcessFuture[boxed.Outcome]


class Box:
    """Worker processes, started when there is something to do.  To be used by one thread at a time."""

    def __init__(self, settings: BoxSettings | None = None) -> None:
        self.settings = settings or BoxSettings()
        self._lanes: list[_Lane] = []
        self._tasks = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the workers, whatever they do.  The box can be used again, with new ones."""
        for lane in self._lanes:
            lane.end()
        self._lanes.clear()

    def warm(self) -> None:
        """Let a first worker start meanwhile: there will be something to do."""
        if not self._lanes:
            self._lanes.append(_Lane(self.settings))
            self._lanes[0].start(boxed.ready, ())

    def call(self, function: Callable[..., T], *args: Any) -> T:
        """The value of `function(*args)`.  Raises BoxFailure; BoxBroken when no worker starts."""
        outcome = self._outcome(self._start(function, args))
        if isinstance(outcome, BoxFailure):
            raise outcome
        value: T = outcome
        return value

    def map(self, function: Callable[..., T], many: Iterable[Sequence[Any]]) -> Iterator[T | BoxFailure]:
        """What becomes of `function(*args)` for each args in `many`, in order.

        Lazy on both sides: `many` is read as far ahead as keeps the workers busy, at most two tasks for each.
        """
        running: deque[_Task] = deque()
        for args in many:
            while len(running) >= 2 * self.settings.workers:
                yield self._outcome(running.popleft())
            running.append(self._start(function, args))
        while running:
            yield self._outcome(running.popleft())

    def _start(self, function: Callable[..., Any], args: Sequence[Any]) -> _Task:
        """Hand a task to the lane that has least to do; where all are busy, a lane more is opened if it is worth it."""
        self._tasks += 1
        while True:
            lane = min(self._lanes, key=lambda lane: lane.busy, default=None)
            more = min(self.settings.workers, 1 + self._tasks // WORTH_A_WORKER)
            if lane is None or (lane.busy and len(self._lanes) < more):
                lane = _Lane(self.settings)
                self._lanes.append(lane)
            try:
                return _Task(function, args, lane, lane.start(function, args))
            except RuntimeError:  # its pool has broken
                self._give_up(lane)

    def _outcome(self, task: _Task) -> Any:
        """The value or the BoxFailure of a task; what took its worker along is tried once more, alone."""
        try:
            outcome = self._read(task.future, task.lane)
        except _Lost:
            self._give_up(task.lane)
        else:
            if not isinstance(outcome, BoxFailure) or outcome.reason not in (
                Reason.PARSER_MEMORY,
                Reason.PARSER_CRASHED,
            ):
                return outcome
        return self._alone(task)

    def _alone(self, task: _Task) -> Any:
        """The outcome of a task in a worker that has done nothing else."""
        lane = _Lane(self.settings)
        try:
            lane.check()
            return self._read(lane.start(task.function, task.args), lane)
        except _Lost:
            return BoxFailure(Reason.PARSER_CRASHED, "nothing was heard of its worker")
        finally:
            lane.end()

    def _give_up(self, lane: _Lane) -> None:
        if lane in self._lanes:
            self._lanes.remove(lane)
            lane.end()

    def _read(self, future: ProcessFuture[boxed.Outcome], lane: _Lane) -> Any:
        """Value or BoxFailure.  Raises _Lost."""
        limits = self.settings
        try:
            good, content = lane.wait(future)
        except TimeoutError:
            return BoxFailure(Reason.PARSER_STUCK, f"no end after {limits.seconds:g} seconds")
        except ProcessExpired as expired:
            code = expired.exitcode
            if code == boxed.EXIT_MEMORY:
                return BoxFailure(Reason.PARSER_MEMORY, f"more than {limits.megabytes} MiB")
            if code == -signal.SIGALRM:
                return BoxFailure(Reason.PARSER_STUCK, f"no end after {limits.seconds:g} seconds")
            return BoxFailure(Reason.PARSER_CRASHED, f"its process ended by {_named(code)}")
        if good:
            return pickle.loads(content)
        name, described = pickle.loads(content)
        return BoxFailure(Reason.PARSER_FAILED, described, name)


class _Lane:
    """One worker at a time, and the tasks that wait for it."""

    def __init__(self, limits: BoxSettings) -> None:
        self._limits = limits
        self._pool = ProcessPool(
            max_workers=1,
            max_tasks=TASKS_A_WORKER,
            initializer=boxed.enter,
            initargs=(os.getpid(), limits.megabytes),
            # spawn: the caller may hold threads and open databases, neither of which survives a fork.
            context=multiprocessing.get_context("spawn"),
        )
        self._futures: list[ProcessFuture[Any]] = []

    @property
    def busy(self) -> int:
        """Tasks that have no outcome yet."""
        self._futures = [future for future in self._futures if not future.done()]
        return len(self._futures)

    def start(self, function: Callable[..., Any], args: Sequence[Any]) -> ProcessFuture[boxed.Outcome]:
        """Schedule a task.  Raises RuntimeError when the pool has broken."""
        seconds = self._limits.seconds
        future = self._pool.schedule(boxed.run, (seconds, function, tuple(args)), timeout=seconds)
        self._futures.append(future)
        return future

    def wait(self, future: ProcessFuture[T]) -> T:
        """The future's result.  Raises TimeoutError when its time was up, ProcessExpired, and _Lost."""
        until = time.monotonic() + _STARTING + (self._limits.seconds + boxed.GRACE) * max(1, self.busy)
        while not future.done() and self._pool.active and time.monotonic() < until:
            wait((future,), timeout=1.0)
        if not future.done():
            raise _Lost
        try:
            return future.result()
        except (BrokenProcessPool, CancelledError):
            raise _Lost from None

    def check(self) -> None:
        """Raises BoxBroken when the worker does not start."""
        try:
            self.wait(self._pool.schedule(boxed.ready))
        except (_Lost, ProcessExpired) as error:
            raise BoxBroken("no worker of the parsing box can be started") from error

    def end(self) -> None:
        """Stop the worker.  A pool whose worker was killed amid a message may never end its threads: left alone."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        ending = threading.Thread(target=self._pool.join, daemon=True)
        ending.start()
        ending.join(_ENDING)
        for future in self._futures:
            # whoever waits for one that was never taken up hears that it is lost
            future.cancel()  # type: ignore[no-untyped-call]


def _named(code: int) -> str:
    """An exit code as a person knows it."""
    with contextlib.suppress(ValueError):
        if code < 0:
            return signal.Signals(-code).name
    return f"exit code {code}"
