"""A tiny HTTP server, on a Unix socket or another, that answers as a test wants, well or badly."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

Answer = Callable[[str, socket.socket], None]
"""What to do about a request line, on its connection; the connection is closed when it returns."""


def reply(status: str, body: bytes = b"", headers: str = "") -> bytes:
    """A whole HTTP answer."""
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body


def as_json(value: object) -> bytes:
    """A whole HTTP answer with a JSON body."""
    return reply("200 OK", json.dumps(value).encode(), "Content-Type: application/json\r\n")


def versioned(answer: Answer, api: str = "1.41", minimum: str = "1.12") -> Answer:
    """An engine that says its version properly, and gives ``answer`` to everything else."""

    def act(line: str, connection: socket.socket) -> None:
        if line.startswith("GET /version "):
            connection.sendall(as_json({"ApiVersion": api, "MinAPIVersion": minimum, "Version": "99.1"}))
        else:
            answer(line, connection)

    return act


@contextmanager
def serving(place: Path | socket.socket, answer: Answer) -> Iterator[list[str]]:
    """Serve on a path, or a bound socket, for the length of a block; gives the request lines seen."""
    seen: list[str] = []
    if isinstance(place, socket.socket):
        listener = place
    else:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(place))
    listener.listen(16)
    open_ones: list[socket.socket] = []

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            stream = connection.makefile("rb")
            while line := stream.readline().decode():
                length = 0
                while (header := stream.readline().strip().lower()) != b"":
                    if header.startswith(b"content-length:"):
                        length = int(header.split(b":")[1])
                stream.read(length)
                seen.append(line.strip())
                before = connection.fileno()
                answer(line, connection)
                if connection.fileno() != before:
                    return

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                open_ones.append(connection)
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield seen
    finally:
        for sock in [listener, *open_ones]:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
