"""Writes to the terminal in a thread of its own, the latest state first.

Who draws never waits: what the terminal has no room for yet waits here, as it was given, and is made less of only
when there is room. Ten frames that have waited are then one: the last, as it differs from what the terminal shows.
"""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Callable

from tui.terminal.round_trips import QUESTION, RoundTrips

_AT_ONCE = 1024
"""Bytes of one write: a blocked terminal is seen to have moved when it has taken as many."""

_MOST_WAITING = 1 << 20
"""Characters that may wait; beyond it frames are dropped, and the screen is drawn anew when there is room."""

_NO_ANSWER = 10.0
"""Seconds without an answer after which a terminal is taken to have stopped answering."""

_STANDSTILL = 3.0
"""Seconds without a single byte taken after which an ending no longer waits for the terminal."""


class TerminalOutput:
    """What goes to the terminal. `put` and `answered` may be called from any thread.

    Args:
        fd: The terminal.
        reduce: Told of all that waited, in order; returns what to send for it, perhaps nothing. Called in the
            thread of the output only.
        is_frame: Whether an output only draws, so that it may be dropped when the screen is drawn anew.
        on_dropped: Called when frames have been dropped, before the next are reduced.
        on_gone: Called once when the terminal takes nothing any more.
    """

    def __init__(
        self,
        fd: int,
        *,
        reduce: Callable[[list[str]], str],
        is_frame: Callable[[str], bool],
        on_dropped: Callable[[], None],
        on_gone: Callable[[], None],
    ) -> None:
        self._fd = fd
        self._reduce = reduce
        self._is_frame = is_frame
        self._on_dropped = on_dropped
        self._on_gone = on_gone
        self._changed = threading.Condition()
        self._waiting: list[str] = []
        self._waiting_characters = 0
        self._dropped = False
        self._trips = RoundTrips()
        self._asks = True
        self._ending = False
        self._gone = False
        self._written_bytes = 0
        # Not waited for at exit: a terminal that stands still would hold the program for ever.
        self._thread = threading.Thread(target=self._run, name="orlop-output", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def put(self, output: str) -> None:
        """Have *output* written when there is room; returns at once."""
        with self._changed:
            if self._gone:
                return
            self._waiting.append(output)
            self._waiting_characters += len(output)
            if self._waiting_characters > _MOST_WAITING:
                self._drop_frames()
            self._changed.notify_all()

    def answered(self) -> bool:
        """The terminal reported its cursor's position; whether it was asked to from here."""
        with self._changed:
            ours = self._trips.answered()
            self._changed.notify_all()
        return ours

    def ask_no_more(self, patience: float) -> None:
        """Before nobody reads answers any more: ask nothing from now on, and wait *patience* seconds for the rest.

        An answer that comes too late is typed into whatever reads the terminal next.
        """
        with self._changed:
            self._asks = False
            self._changed.wait_for(lambda: self._gone or not self._trips.open_questions, patience)

    def stop(self) -> None:
        """Write what has to be written (frames need not) and end; give up on a terminal that stands still."""
        with self._changed:
            self._ending = True
            self._drop_frames()
            self._changed.notify_all()
        written_bytes = -1
        while self._thread.is_alive() and written_bytes != self._written_bytes:
            written_bytes = self._written_bytes
            self._thread.join(_STANDSTILL)
        with self._changed:
            self._gone = True

    def _drop_frames(self) -> None:
        kept = [output for output in self._waiting if not self._is_frame(output)]
        self._dropped = self._dropped or len(kept) < len(self._waiting)
        self._waiting = kept
        self._waiting_characters = sum(map(len, kept))

    # -- in the thread

    def _run(self) -> None:
        try:
            while outputs := self._take():
                if data := self._reduce(outputs):
                    self._send(data)
        except OSError:
            with self._changed:
                self._gone = True
                self._waiting.clear()
                self._changed.notify_all()
            self._on_gone()

    def _take(self) -> list[str]:
        """All that waits, once there is something and room for it; nothing at the end."""
        with self._changed:
            while not self._has_room():
                # Nothing to write: nothing is waited for, and nothing wakes.
                self._changed.wait_for(lambda: self._ending or self._waiting)
                if not self._changed.wait_for(self._has_room, _NO_ANSWER):
                    self._trips.give_up()
            outputs, self._waiting, self._waiting_characters = self._waiting, [], 0
            dropped, self._dropped = self._dropped, False
        if dropped and not self._ending:
            self._on_dropped()
        return outputs

    def _has_room(self) -> bool:
        return self._ending or (bool(self._waiting) and not self._trips.behind)

    def _send(self, text: str) -> None:
        data = text.encode("utf-8", "replace")
        with self._changed:
            self._trips.sent(len(data))
            if self._asks and self._trips.should_ask():
                self._trips.asked()
                data += QUESTION.encode()
        view = memoryview(data)
        while view and not self._gone:
            try:
                taken = os.write(self._fd, view[:_AT_ONCE])
            except BlockingIOError:
                # Somebody who shares the terminal has made it so; the flag is not ours to take back.
                select.select([], [self._fd], [])
                continue
            view = view[taken:]
            self._written_bytes += taken
