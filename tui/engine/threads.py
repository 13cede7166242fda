"""A small bounded pool of daemon threads.

``concurrent.futures.ThreadPoolExecutor`` would do, but for one thing: the interpreter joins its
threads at exit, so that a call stuck in a hung engine would keep the whole program from ending.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TypeVar

T = TypeVar("T")


async def in_own_thread(work: Callable[[], T], name: str) -> T:
    """Await ``work``, done in a daemon thread made for it: for what must not wait for a free worker."""
    done: Future[T] = Future()
    # So that cancelling the awaiting task leaves the future for the thread to fill.
    done.set_running_or_notify_cancel()

    def run() -> None:
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001  # handed on whole to whoever awaits it
            done.set_exception(error)
        else:
            done.set_result(result)

    threading.Thread(target=run, name=name, daemon=True).start()
    return await asyncio.wrap_future(done)


_Job = Callable[[], None]


class DaemonPool:
    """Runs calls in at most ``size`` threads, started as they are needed."""

    def __init__(self, size: int, name: str) -> None:
        self._size = size
        self._name = name
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._unfinished = 0
        self._lock = threading.Lock()
        self._closed = False

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Run ``work`` in one of the threads. Raises RuntimeError once the pool is closed."""
        future: Future[T] = Future()

        def job() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = work()
            except BaseException as error:  # noqa: BLE001  # handed on whole to whoever awaits the future
                future.set_exception(error)
            else:
                future.set_result(result)

        with self._lock:
            if self._closed:
                raise RuntimeError("the pool is closed")
            self._unfinished += 1
            if self._unfinished > len(self._threads) < self._size:
                thread = threading.Thread(target=self._work, name=f"{self._name}-{len(self._threads)}", daemon=True)
                self._threads.append(thread)
                thread.start()
            self._jobs.put(job)
        return future

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
            with self._lock:
                self._unfinished -= 1

    def close(self, timeout: float) -> bool:
        """Take no more work and end the threads; True when all have ended within ``timeout`` seconds.

        Work that has not begun yet is still begun: it finds its connections closed and fails at once.
        """
        with self._lock:
            if not self._closed:
                self._closed = True
                for _ in self._threads:
                    self._jobs.put(None)
            threads = list(self._threads)
        share = timeout / max(len(threads), 1)
        for thread in threads:
            thread.join(share)
        return not any(thread.is_alive() for thread in threads)
