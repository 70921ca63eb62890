"""Many addresses at once: hosts side by side, one address of a host at a time.

What belongs here: the order of work and the handing over of outcomes to another thread.
What does not: fetching one address (visit), and the pace of a host (hosts).

A slot is one body in memory: it is taken before a request starts, and given back when the caller has taken the outcome
and comes for the next.  A caller that is slow therefore slows the crawl, instead of filling the memory.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from queue import SimpleQueue

import anyio
import anyio.abc

from sources.log import Reason
from sources.network.messages import FetchError, Request, Response

Outcome = tuple[Request, Response | FetchError]
# Fetches one address.  A Response comes with a slot taken, a FetchError without.
Fetch = Callable[[Request, anyio.Semaphore], Awaitable[Response]]


class Crawl:
    """One crawl.  Everything but `outcomes` belongs to the thread of the event loop."""

    def __init__(self, fetch: Fetch, host_of: Callable[[str], str], parallel: int) -> None:
        self.outcomes: SimpleQueue[Outcome | None] = SimpleQueue()  # None: the crawl has ended
        self._fetch = fetch
        self._host_of = host_of
        self._parallel = parallel
        self._lanes: dict[str, deque[Request]] = {}

    async def run(self, *, task_status: anyio.abc.TaskStatus[None]) -> None:
        """Work until cancelled."""
        self._slots = anyio.Semaphore(self._parallel)
        async with anyio.create_task_group() as self._tasks:
            task_status.started()
            await anyio.sleep_forever()

    def accept(self, requests: Iterable[Request], taken: bool) -> None:
        """Take up more requests; `taken` says that the caller has done with one more outcome."""
        if taken:
            self._slots.release()
        for request in requests:
            host = self._host_of(request.url)
            if host in self._lanes:
                self._lanes[host].append(request)
            else:
                self._lanes[host] = deque([request])
                self._tasks.start_soon(self._work_off, host)

    async def _work_off(self, host: str) -> None:
        lane = self._lanes[host]
        while lane:
            request = lane.popleft()
            outcome: Response | FetchError
            try:
                outcome = await self._fetch(request, self._slots)
            except FetchError as error:
                outcome = error
            except Exception as error:  # a fault of ours with one address must not cost the others their night
                outcome = FetchError(Reason.PROTOCOL_ERROR, f"unexpected {type(error).__name__}: {error}"[:300])
            if isinstance(outcome, FetchError):
                # what was on the stack, half a body perhaps, is not kept alive by the error
                outcome.__traceback__ = outcome.__cause__ = outcome.__context__ = None
                await self._slots.acquire()
            self.outcomes.put((request, outcome))
        del self._lanes[host]
