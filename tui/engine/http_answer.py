"""Parts of an HTTP answer that ``http.client`` does not hand out: refusals, and heads read byte by byte."""

from __future__ import annotations

import http.client
import json
import socket


class HttpStatusError(Exception):
    """The engine answered with a status that is no success."""

    def __init__(self, status: int, explanation: str) -> None:
        super().__init__(f"{status}: {explanation}")
        self.status_code = status
        self.explanation = explanation


def take_head(sock: socket.socket) -> None:
    """Read an answer's head and not one byte more. Raises HttpStatusError when it is a refusal."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = sock.recv(1)
        if not byte:
            raise http.client.RemoteDisconnected("the engine closed the connection instead of answering")
        head += byte
    line, *rest = head.decode("latin-1").split("\r\n")
    words = line.split(" ", 2)
    if not line.startswith("HTTP/") or len(words) < 2 or not words[1].isdigit():
        raise http.client.BadStatusLine(line)
    status = int(words[1])
    if status not in {101, 200}:
        raise HttpStatusError(status, explanation(_take_body(sock, rest)))


def _take_body(sock: socket.socket, headers: list[str]) -> bytes:
    length = next((int(h.split(":")[1]) for h in headers if h.lower().startswith("content-length:")), 0)
    body = b""
    while len(body) < length and (chunk := sock.recv(length - len(body))):
        body += chunk
    return body


def explanation(body: bytes) -> str:
    """The engine's own words in an error answer: ``{"message": …}``, podman also ``{"cause": …}``."""
    text = body.decode("utf-8", "replace").strip()
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError):
        return text[:500]
    message = parsed.get("message") if isinstance(parsed, dict) else None
    return message if isinstance(message, str) else ""
