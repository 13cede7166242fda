"""Work that blocks, in a thread of its own that can be told to stop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from tui.contents.watch import Stop

T = TypeVar("T")


async def in_own_thread(work: Callable[[Stop], T], name: str) -> T:
    """Await ``work``, done in a daemon thread made for it.

    A cancelled ``asyncio.to_thread`` goes on to the end, unseen. Here ``work`` is handed a question that it asks
    now and then, and whose answer turns to True when the awaiting task is cancelled. That is not waited for: a disk
    that hangs must not hold up the event loop.
    """
    stop = threading.Event()
    done: Future[T] = Future()
    # So that cancelling the awaiting task leaves the future for the thread to fill.
    done.set_running_or_notify_cancel()

    def run() -> None:
        try:
            result = work(stop.is_set)
        except BaseException as error:  # noqa: BLE001 - handed on whole to whoever awaits it
            done.set_exception(error)
        else:
            done.set_result(result)

    threading.Thread(target=run, name=name, daemon=True).start()
    try:
        return await asyncio.wrap_future(done)
    finally:
        stop.set()
