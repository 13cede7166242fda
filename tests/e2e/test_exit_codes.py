"""What orlop says, and with which exit code it ends, when there is nothing to show."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import tui
from tests.e2e.conftest import Open
from tests.e2e.orlop import Orlop


def assert_one_sentence(orlop: Orlop, code: int, *words: str) -> None:
    """It ends with ``code``, has said ``words`` in one paragraph, and has drawn nothing."""
    assert orlop.left() == code
    text = "".join(line.ljust(orlop.columns) for line in orlop.lines())
    text = " ".join(text.split())
    for word in words:
        assert word in text
    assert not orlop.screen.alternate
    assert not orlop.screen.cursor.hidden
    assert "Traceback" not in text


def assert_nothing_drawn(orlop: Orlop) -> None:
    """Not a single sequence has been written: text only."""
    assert b"\x1b" not in orlop.transcript


def test_version(open_orlop: Open) -> None:
    orlop = open_orlop("--version")
    assert_one_sentence(orlop, 0, f"orlop {tui.__version__}")
    assert_nothing_drawn(orlop)


def test_a_wrong_flag(open_orlop: Open) -> None:
    orlop = open_orlop("--no-such-flag")
    assert_one_sentence(orlop, 2, "usage: orlop", "unrecognized arguments: --no-such-flag")
    assert_nothing_drawn(orlop)


def test_an_address_that_is_none(open_orlop: Open) -> None:
    orlop = open_orlop("--host", "gopher://somewhere")
    assert_one_sentence(orlop, 2, "orlop:", "gopher://somewhere")
    assert_nothing_drawn(orlop)


def test_a_missing_socket(open_orlop: Open, tmp_path: Path) -> None:
    orlop = open_orlop("--host", f"unix://{tmp_path}/none.sock")
    assert_one_sentence(orlop, 1, "orlop:", "none.sock", "orlop --demo")
    assert_nothing_drawn(orlop)


def test_a_stale_socket(open_orlop: Open, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left_over:
        left_over.bind(str(tmp_path / "stale.sock"))
    orlop = open_orlop("--host", f"unix://{tmp_path}/stale.sock")
    assert_one_sentence(orlop, 1, "orlop:", "stale.sock")
    assert_nothing_drawn(orlop)


def test_a_context_that_does_not_exist_is_never_another_engine(open_orlop: Open) -> None:
    orlop = open_orlop("--context", "elsewhere")
    assert_one_sentence(orlop, 1, "orlop:", "elsewhere")
    assert_nothing_drawn(orlop)


class _Website(BaseHTTPRequestHandler):
    """Something that speaks HTTP and is no engine."""

    def do_GET(self) -> None:
        body = b"<h1>It works!</h1>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def website() -> Iterator[int]:
    """The port of a web server."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Website) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_port
        server.shutdown()


def test_something_that_is_not_docker(open_orlop: Open, website: int) -> None:
    orlop = open_orlop("--host", f"tcp://127.0.0.1:{website}")
    assert_one_sentence(orlop, 1, "orlop:", f"tcp://127.0.0.1:{website}")
    assert next(line for line in orlop.lines() if line).startswith("orlop:"), "nothing is left of a screen"


@pytest.mark.slow
def test_something_that_never_answers(open_orlop: Open, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "silent.sock"))
        silent.listen(16)
        orlop = open_orlop("--host", f"unix://{tmp_path}/silent.sock")
        assert_one_sentence(orlop, 1, "orlop:", "silent.sock")


def test_without_a_terminal_there_is_nothing_to_draw_on(open_orlop: Open) -> None:
    orlop = open_orlop("--demo", run_by=("sh", "-c", '"$@" </dev/null', "sh"))
    assert_one_sentence(orlop, 2, "stdin is not a terminal")
    assert_nothing_drawn(orlop)
