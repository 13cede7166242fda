"""The harness itself: what it shows, types and counts."""

from __future__ import annotations

import os
import sys
import time

import pytest

from tests.terminal.pty_terminal import Terminal, key_sequence


def test_shows_what_a_command_writes() -> None:
    with Terminal(["printf", "one\\n\\033[31mtwo\\033[m"], rows=5, columns=20) as terminal:
        assert terminal.wait_for("two") >= terminal.spawned_at
        assert terminal.lines() == ["one", "two", "", "", ""]
        assert terminal.screen.cell(0, 1).fg == "red"
        assert terminal.wait() == 0
        assert terminal.bytes_written == len("one\r\n\x1b[31mtwo\x1b[m")


def test_types_into_it() -> None:
    with Terminal(["sh", "-c", 'read answer; echo "got <$answer>"; exit 7'], rows=5, columns=40) as terminal:
        terminal.type("yes")
        terminal.press("enter")
        terminal.wait_for("got <yes>")
        assert terminal.wait() == 7
        assert terminal.exit_code == 7


def test_tells_of_its_size_and_of_a_new_one() -> None:
    script = "import os, signal, time\ndef show(*_): print('size', *os.get_terminal_size(), flush=True)\n"
    script += "signal.signal(signal.SIGWINCH, show); show()\nwhile True: time.sleep(1)"
    with Terminal([sys.executable, "-c", script], rows=7, columns=33) as terminal:
        terminal.wait_for("size 33 7")
        terminal.resize(9, 44)
        terminal.wait_for("size 44 9")
        assert terminal.rows == 9
        assert terminal.columns == 44
        terminal.terminate()
        assert terminal.exit_code == -15


def test_is_a_controlling_terminal() -> None:
    with Terminal(
        ["sh", "-c", "trap 'echo interrupted; exit 3' INT; echo ready; while :; do sleep 0.05; done"]
    ) as terminal:
        terminal.wait_for("ready")
        terminal.press("ctrl+c")
        terminal.wait_for("interrupted")
        assert terminal.wait() == 3


def test_changes_the_environment() -> None:
    os.environ["ORLOP_TEST_GONE"] = "here"
    try:
        with Terminal(
            ["sh", "-c", "echo $TERM-$ADDED-${ORLOP_TEST_GONE:-gone}"], env={"ADDED": "new", "ORLOP_TEST_GONE": None}
        ) as terminal:
            terminal.wait_for("xterm-256color-new-gone")
    finally:
        del os.environ["ORLOP_TEST_GONE"]


def test_the_main_screen_comes_back() -> None:
    with Terminal(["sh", "-c", "echo before; printf '\\033[?1049hinside'; read x; printf '\\033[?1049l'"]) as terminal:
        terminal.wait_for("inside")
        assert terminal.screen.alternate
        assert "before" not in terminal.screen_text()
        terminal.press("enter")
        terminal.wait_for("before")
        assert not terminal.screen.alternate
        assert terminal.wait() == 0


def test_waiting_in_vain_shows_the_screen() -> None:
    with Terminal(["sh", "-c", "echo something else; read x"]) as terminal:
        terminal.wait_for("something")
        with pytest.raises(TimeoutError, match=r"0\.1 s passed waiting for 'nothing'.*\nsomething else"):
            terminal.wait_for("nothing", timeout=0.1)
        terminal.press("enter")
        with pytest.raises(TimeoutError, match="the command ended"):
            terminal.wait_for("nothing")


def test_waits_for_quiet() -> None:
    with Terminal(["sh", "-c", "for n in 1 2 3; do echo $n; sleep 0.1; done; read x"]) as terminal:
        begun = time.perf_counter()
        terminal.wait_quiet(0.3)
        assert time.perf_counter() - begun >= 0.3
        assert "3" in terminal.screen_text()


@pytest.mark.parametrize(
    ("key", "sequence"), [("enter", "\r"), ("ctrl+q", "\x11"), ("alt+x", "\x1bx"), ("?", "?"), ("shift+tab", "\x1b[Z")]
)
def test_keys_have_their_sequences(key: str, sequence: str) -> None:
    assert key_sequence(key) == sequence


def test_there_is_no_such_key() -> None:
    with pytest.raises(ValueError, match="no key called 'hyper'"):
        key_sequence("hyper")
