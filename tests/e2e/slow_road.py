"""A road to an engine on which an answer can be held up: what a far engine, or a huge image, does to a reading."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from pathlib import Path

_PIECE = 65536


class SlowRoad:
    """A TCP port that leads to an engine's socket. Whoever comes that way is somewhere else, as far as anyone can tell.

    Args:
        to: the engine's socket.
        held_up: what the first line of a request holds whose answer is to stop half-way.
        after_bytes: so much of such an answer comes through.
    """

    def __init__(self, to: Path, held_up: bytes, after_bytes: int) -> None:
        self._to = to
        self._held_up = held_up
        self._after_bytes = after_bytes
        self.way_is_free = threading.Event()
        """Set it, and the rest of what was held up comes through."""
        self.held = threading.Event()
        """Set once an answer has been stopped."""
        self.left = threading.Event()
        """Set once whoever waited for an answer that was held up has hung up."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, name="slow-road", daemon=True).start()

    @property
    def url(self) -> str:
        """The engine's address by this road."""
        return f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"

    def close(self) -> None:
        """Let everything through, and nobody new in."""
        self.way_is_free.set()
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                traveller, _ = self._listener.accept()
                threading.Thread(target=self._lead, args=(traveller,), daemon=True).start()

    def _lead(self, traveller: socket.socket) -> None:
        engine = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        engine.connect(str(self._to))
        asked = threading.Event()
        back = threading.Thread(target=self._bring_back, args=(engine, traveller, asked), daemon=True)
        back.start()
        with suppress(OSError):
            while request := traveller.recv(_PIECE):
                if self._held_up in request.partition(b"\r\n")[0]:
                    asked.set()
                engine.sendall(request)
        if asked.is_set():
            self.left.set()
        for end in (engine, traveller):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        back.join()
        engine.close()
        traveller.close()

    def _bring_back(self, engine: socket.socket, traveller: socket.socket, asked: threading.Event) -> None:
        through = 0
        with suppress(OSError):
            while answer := engine.recv(_PIECE):
                if asked.is_set():
                    if through + len(answer) > self._after_bytes:
                        self.held.set()
                        self.way_is_free.wait()
                    through += len(answer)
                traveller.sendall(answer)
            traveller.shutdown(socket.SHUT_WR)
