"""How far the terminal is behind, by its own word.

Between the program and the eye lie buffers that take everything at once: the pty's, those of sshd and of the network.
On a slow link a program that writes whenever it can fills them with frames that are old before they are seen. The
terminal itself tells how far it is: it answers a question when it has come to it (DSR 6, ECMA-48 8.3.35; the answer
is CPR), so a question behind every few hundred bytes bounds what is on its way.
"""

from __future__ import annotations

from collections import deque

QUESTION = "\x1b[6n"
"""Asks for the cursor's position: the one report that everything since the VT100 sends."""

_ASK_EVERY = 256
"""Bytes after which the terminal is asked: what a link of 2 KB/s carries in an eighth of a second."""

_ON_THE_WAY = 1024
"""Bytes that may be on their way before frames wait for an answer: what a key held down causes in a round trip of
a tenth of a second, and half a second of a link of 2 KB/s."""


class RoundTrips:
    """Bytes sent, questions asked and answers had."""

    def __init__(self) -> None:
        self._sent_bytes = 0
        self._seen_bytes = 0
        self._asked_at: deque[int] = deque()
        self._answers = False
        """Whether it ever answered: nothing waits for a terminal that does not."""

    @property
    def open_questions(self) -> int:
        """Questions without an answer yet."""
        return len(self._asked_at)

    @property
    def behind(self) -> bool:
        """Whether so much is on its way that the next frame should wait."""
        return self._answers and bool(self._asked_at) and self._sent_bytes - self._seen_bytes > _ON_THE_WAY

    def sent(self, count_bytes: int) -> None:
        """So much has been written."""
        self._sent_bytes += count_bytes

    def should_ask(self) -> bool:
        """Whether the question is due. One that never answers is asked once."""
        if self._asked_at and not self._answers:
            return False
        return self._sent_bytes - (self._asked_at[-1] if self._asked_at else self._seen_bytes) >= _ASK_EVERY

    def asked(self) -> None:
        """The question has been written."""
        self._asked_at.append(self._sent_bytes)

    def answered(self) -> bool:
        """An answer came; whether it was to a question of ours."""
        if not self._asked_at:
            return False
        self._seen_bytes = self._asked_at.popleft()
        self._answers = True
        return True

    def give_up(self) -> None:
        """It has stopped answering (its window was closed behind a multiplexer, say): don't wait, ask again."""
        self._asked_at.clear()
        self._seen_bytes = self._sent_bytes
        self._answers = False
