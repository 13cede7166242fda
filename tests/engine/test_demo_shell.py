"""The pretend shell, typed at byte by byte: it must feel like a shell and touch nothing but the demo."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui.engine.demo import container_life
from tui.engine.demo.engine import DemoEngine
from tui.engine.demo.exec_session import open_session
from tui.engine.demo.line_editor import LineEditor, Signal
from tui.engine.demo.shell_words import ShellSyntaxError, commands
from tui.engine.demo.stock import stock_world
from tui.engine.demo.world import World
from tui.engine.errors import BadRequestError, ConflictError
from tui.engine.port import ExecChannel, ExecRequest

NOW = 1_737_500_000.0


@pytest.fixture
def world() -> World:
    return stock_world(NOW)


class Terminal:
    """What a person at the channel does: type, and look."""

    def __init__(self, world: World, container: str, *command: str, working_dir: str = "", user: str = "") -> None:
        found = world.container(container)
        request = ExecRequest(found.id, command or ("/bin/sh",), user, working_dir)
        self.channel: ExecChannel = open_session(world, request, 24, 80)
        self.seen = ""

    def type(self, text: str | bytes, until: str) -> str:
        """Type, and wait until that shows after it; returns what came."""
        self.channel.send(text.encode() if isinstance(text, str) else text)
        return self.look(until)

    def look(self, until: str = "\0") -> str:
        """Wait until that shows, or the session ends; returns what came."""
        came = ""
        while until not in came:
            data = self.channel.receive(4096)
            if not data:
                break
            came += data.decode()
        self.seen += came
        return came

    def run(self, line: str) -> str:
        """The output of one line, without its echo and the next prompt."""
        came = self.type(f"{line}\recho '' done\r", " done\r\n done\r\n" if not line else "echo '' done\r\n done\r\n")
        return came.partition(f"{line}\r\n")[2].rpartition("echo '' done\r\n")[0].rpartition("\r\n")[0]


@pytest.fixture
def terminal(world: World) -> Iterator[Terminal]:
    made = Terminal(world, "toolbox")
    made.look("/ # ")
    yield made
    made.channel.close()


def test_banner_says_what_it_is(world: World) -> None:
    shell = Terminal(world, "shop-api-1", "/bin/bash")
    banner = shell.look("# ")
    assert "pretend shell" in banner
    assert "nothing in it touches your machine" in banner
    assert banner.replace("\r\n", "").count("\n") == 0, "every line goes back to the first column"
    assert f"root@{world.container('shop-api-1').hostname}:/srv# " in banner
    shell.channel.close()


def test_ls_cd_pwd_cat(terminal: Terminal) -> None:
    assert "etc" in terminal.run("ls")
    assert terminal.run("pwd") == "/"
    terminal.run("cd /etc")
    assert terminal.run("pwd") == "/etc"
    assert "ID=alpine" in terminal.run("cat os-release")
    assert "drwx------ root" in terminal.run("ls -l /")
    assert "sh -> /bin/busybox" in terminal.run("ls -l /bin")
    assert ".ash_history" not in terminal.run("ls /root")
    assert ".ash_history" in terminal.run("ls -a /root")
    assert terminal.run("cat /nowhere") == "cat: /nowhere: No such file or directory"
    assert terminal.run("cat /etc") == "cat: /etc: Is a directory"
    assert terminal.run("cd /etc/motd; echo $?").endswith("1")
    assert "just the size" in terminal.run("cat /bin/busybox")


def test_writing_changes_the_writable_layer_and_the_disk_usage(world: World, terminal: Terminal) -> None:
    toolbox = world.container("toolbox")
    before = toolbox.size_rw_bytes
    terminal.run("echo hello world > /tmp/note")
    assert terminal.run("cat /tmp/note") == "hello world"
    assert toolbox.size_rw_bytes == before + 12
    terminal.run("echo again >> /tmp/note")
    assert terminal.run("cat /tmp/note") == "hello world\r\nagain"
    terminal.run("rm /tmp/note")
    assert toolbox.size_rw_bytes == before
    assert terminal.run("mkdir -p /tmp/a/b; touch /tmp/a/b/c; ls /tmp/a/b") == "c"
    assert terminal.run("rm /tmp/a") == "rm: /tmp/a: Is a directory"
    terminal.run("rm -rf /tmp/a /tmp/none")
    assert terminal.run("ls /tmp") == ""


def test_writing_into_a_volume_grows_the_volume(world: World) -> None:
    before = world.volumes["team-app-state"].size_bytes
    shell = Terminal(world, "team-app", "sh", "-c", "echo 12345 > /app/state/x && ls /app/state")
    assert shell.look().split() == ["settings.json", "state.db", "x"]
    assert shell.channel.exit_code() == 0
    assert world.volumes["team-app-state"].size_bytes == before + 6
    shell.channel.close()
    web = Terminal(world, "shop-web-1", "sh", "-c", "echo x > public/uploads/x")
    assert "Read-only file system" in web.look()
    assert web.channel.exit_code() == 1
    web.channel.close()


def test_the_hosts_files_are_never_touched(tmp_path: Path, terminal: Terminal) -> None:
    secret = tmp_path / "secret"
    secret.write_text("of the host")
    assert "No such file" in terminal.run(f"cat {secret}")
    terminal.run(f"mkdir -p {tmp_path}; echo changed > {secret}; rm -rf /tmp")
    assert secret.read_text() == "of the host"


def test_facts(world: World, terminal: Terminal) -> None:
    toolbox = world.container("toolbox")
    assert terminal.run("hostname") == toolbox.hostname == terminal.run("cat /etc/hostname")
    assert terminal.run("whoami") == "root"
    assert "sleep infinity" in terminal.run("ps")
    assert terminal.run("uname") == "Linux"
    assert toolbox.hostname in terminal.run("uname -a")
    assert "PATH=" in terminal.run("env")
    assert terminal.run("NAME=value; echo $NAME \"${NAME}s\" '$NAME'") == "value values $NAME"
    assert "ls [-l]" in terminal.run("help")
    terminal.channel.resize(50, 132)
    assert terminal.run("stty size") == "50 132"


def test_unknown_commands_and_exit_codes(terminal: Terminal) -> None:
    assert terminal.run("frobnicate") == "sh: frobnicate: not found"
    assert terminal.run("frobnicate; echo $?").endswith("127")
    assert terminal.run("false || echo saved") == "saved"
    assert terminal.run("false && echo never") == ""
    assert "no |" in terminal.run("ls | cat")
    assert "not closed" in terminal.run("echo 'open")
    assert "no option -z" in terminal.run("rm -z x")
    terminal.type("exit 300\r", "\0")
    assert terminal.channel.exit_code() == 300 % 256


@pytest.mark.parametrize(
    ("command", "printed", "code"),
    [
        (("ls", "/home"), "", 0),
        (("ls", "/nowhere"), "ls: /nowhere: No such file or directory\r\n", 1),
        (("echo", "a  b;c"), "a  b;c\r\n", 0),
        (("sh", "-c", "echo one; exit 3; echo two"), "one\r\n", 3),
        (("sh", "-c", "nonsense"), "sh: nonsense: not found\r\n", 127),
        (("sh", "-c", "sh -c 'cd /etc; exit 4'; echo $? $PWD; pwd"), "4 \r\n/\r\n", 0),
    ],
)
def test_one_command(world: World, command: tuple[str, ...], printed: str, code: int) -> None:
    shell = Terminal(world, "toolbox", *command)
    assert shell.look() == printed
    assert shell.channel.exit_code() == code
    shell.channel.close()


def test_program_that_is_not_there(world: World) -> None:
    shell = Terminal(world, "toolbox", "bash")
    assert "executable file not found" in shell.look()
    assert shell.channel.exit_code() == 127
    agent = Terminal(world, "monitoring-agent-1", "sh")
    assert "executable file not found" in agent.look()
    assert agent.channel.exit_code() == 127
    for one in (shell, agent):
        one.channel.close()


def test_user_and_working_folder(world: World) -> None:
    shell = Terminal(world, "shop-web-1", "sh", "-c", "whoami; pwd")
    assert shell.look() == "node\r\n/app\r\n"
    other = Terminal(world, "shop-web-1", "sh", "-c", "whoami; pwd", user="root:root", working_dir="/tmp")
    assert other.look() == "root\r\n/tmp\r\n"
    lost = Terminal(world, "shop-web-1", "sh", working_dir="/no/such")
    assert "/no/such" in lost.look()
    assert lost.channel.exit_code() == 126
    for one in (shell, other, lost):
        one.channel.close()


def test_keys(terminal: Terminal) -> None:
    assert "ab\r\n" in terminal.type("echo axc\x7f\x7f\x08abx\x7f\r", "/ # ")
    assert "not found" not in terminal.type("frobnicate\x15echo kept\r", "\r\nkept\r\n/ # ")
    assert "^C\r\n/ # " in terminal.type("frobnicate\x03", "/ # ")
    assert "\r\n130\r\n" in terminal.type("echo $?\r", "\r\n130\r\n/ # ")
    terminal.type("\x1b[A\x1b[A\r", "\r\nkept\r\n/ # ")
    terminal.type("echo one two\x17three\r", "\r\none three\r\n/ # ")
    terminal.type("echo \x1b[C\x1b[3~x\r", "\r\nx\r\n/ # ")
    terminal.type("\x04", "\0")
    assert terminal.channel.exit_code() == 0


def test_utf8_however_it_is_cut(terminal: Terminal) -> None:
    for byte in "echo grüße 漢字\r".encode():
        terminal.channel.send(bytes([byte]))
    terminal.look("\r\ngrüße 漢字\r\n/ # ")
    came = terminal.type("echo 漢\x7fa\r", "\r\na\r\n/ # ")
    assert "\b \b\b \b" in came, "a wide character takes two cells away"


def test_ctrl_c_ends_a_sleep_and_what_was_typed_ahead_is_kept(terminal: Terminal) -> None:
    begun = time.monotonic()
    terminal.type("echo first; sleep 60; echo never\r", "\r\nfirst\r\n")
    terminal.type(b"\x03", "^C\r\n/ # ")
    assert time.monotonic() - begun < 5
    assert "never" not in terminal.type("echo $?\r", "130\r\n/ # ")
    terminal.type("sleep 0.05\recho ahead\r", "\r\nahead\r\n/ # ")


def test_shell_ends_with_its_container(world: World, terminal: Terminal) -> None:
    container_life.kill(world, "toolbox")
    terminal.look()
    assert terminal.channel.exit_code() == 137
    assert not world.container("toolbox").sessions


def test_closing_leaves_nothing_behind(world: World) -> None:
    shell = Terminal(world, "toolbox", "sh", "-c", "sleep 60")
    begun = time.monotonic()
    shell.channel.close()
    shell.channel.close()
    assert time.monotonic() - begun < 1
    assert not world.container("toolbox").sessions
    assert shell.channel.exit_code() is not None
    assert shell.channel.receive(10) == b""
    shell.channel.send(b"too late")


async def test_where_no_shell_can_be_opened() -> None:
    engine = DemoEngine(now=NOW)
    by_name = {container.name: container.id for container in await engine.containers()}
    for name in ("notebook", "nightly-report", "keen_shannon", "shop-worker-1"):
        with pytest.raises(ConflictError) as caught:
            await engine.exec(ExecRequest(by_name[name], ("sh",)), rows=24, columns=80)
        assert caught.value.next_step
    with pytest.raises(BadRequestError):
        await engine.exec(ExecRequest(by_name["toolbox"], ()), rows=24, columns=80)


async def test_shells_are_found_without_running_anything() -> None:
    engine = DemoEngine(now=NOW)
    found = {container.name: await engine.find_shell(container.id) for container in await engine.containers()}
    assert found["shop-api-1"] == "/bin/bash"
    assert found["toolbox"] == "/bin/sh"
    assert found["monitoring-agent-1"] is None


def test_line_editor_gives_signals_once() -> None:
    shown: list[str] = []
    editor = LineEditor(shown.append)
    editor.show_prompt()
    assert list(editor.feed(b"x\x04y\r\x03\x1b")) == ["xy", Signal.INTERRUPT]
    editor.show_prompt()
    assert list(editor.feed(b"[Aok\x15\x04")) == [Signal.END], "an escape sequence may come in two parts"


def test_words() -> None:
    parsed = list(commands('a \'b c\' "d\\"$X" e\\ f >> out; ; g # h', lambda name: f"<{name}>"))
    assert [(command.words, command.output, command.append) for command in parsed] == [
        (["a", "b c", 'd"<X>', "e f"], "out", True),
        (["g"], "", False),
    ]
    for bad in ("a &", "(a)", "a < b", "a >", "a &&", "`a`"):
        with pytest.raises(ShellSyntaxError):
            list(commands(bad, lambda name: ""))


def test_channel_can_be_waited_for(world: World) -> None:
    shell = Terminal(world, "toolbox")
    duplicate = socket.socket(fileno=socket.dup(shell.channel.fileno()))
    assert duplicate.family is socket.AF_UNIX
    duplicate.close()
    shell.channel.close()
    assert shell.channel.fileno() == -1
