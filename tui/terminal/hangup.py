"""Notices that the terminal has gone away.

Textual's input thread reads nothing from a terminal that hung up, and does so as fast as it can: without
this, an SSH connection that breaks at the wrong moment leaves a process behind that burns a core for ever.
SIGHUP usually tells, but not under ``nohup``, and not twice.
"""

from __future__ import annotations

import select
import threading
from collections.abc import Callable


def watch_for_hangup(fd: int, on_hangup: Callable[[], None]) -> None:
    """Call ``on_hangup``, in a thread of its own, once the terminal behind ``fd`` is gone.

    The thread sleeps in the kernel until then and does not keep the program from ending.
    """
    if not hasattr(select, "poll"):
        return
    poller = select.poll()
    # No events are asked for: POLLHUP and POLLERR are reported all the same (poll(2)).
    poller.register(fd, 0)

    def wait() -> None:
        poller.poll()
        on_hangup()

    threading.Thread(target=wait, name="orlop-hangup", daemon=True).start()
