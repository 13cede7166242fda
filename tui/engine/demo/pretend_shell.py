"""The pretend shell: a few commands over a demo container's made-up files. It runs no program and opens no file."""

from __future__ import annotations

import re
from collections.abc import Callable
from posixpath import basename, join

from tui.engine.demo.objects import DemoContainer
from tui.engine.demo.shell_commands import COMMANDS, UsageError
from tui.engine.demo.shell_words import Command, ShellSyntaxError, commands
from tui.engine.demo.world import World
from tui.engine.port import ExecRequest

BANNER = (
    "This is orlop's pretend shell over the demo's made-up files. No program runs here,\n"
    "and nothing in it touches your machine. Type help for what it can do, exit to leave.\n"
)
SHELL_NAMES = frozenset({"sh", "ash", "bash", "dash"})
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)=(.*)\Z", re.DOTALL)
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

NOT_EXECUTABLE, NOT_FOUND, INTERRUPTED = 126, 127, 130
"""Exit codes, as POSIX shells have them."""


class PretendShell:
    """One shell's state: where it is, its environment, and how its last command ended.

    Args:
        world: the demo world; locked while a command looks at it or changes it.
        container: whose files these are.
        request: what was asked to be run: user, working folder and environment are taken from it.
        wait: waits so many seconds; returns False when the user interrupted it.
    """

    def __init__(
        self, world: World, container: DemoContainer, request: ExecRequest, wait: Callable[[float], bool]
    ) -> None:
        self.world, self.container, self.wait = world, container, wait
        self.tree = world.tree(container)
        self.user = (request.user or container.user or "root").partition(":")[0]
        self.user = "root" if self.user == "0" else self.user
        self.cwd = request.working_dir or container.working_dir or "/"
        self.columns, self.rows = 80, 24
        self.name = basename(request.command[0]) if request.command else "sh"
        self.argv = request.command
        self.environment = {"PATH": _PATH, "HOSTNAME": container.hostname}
        for setting in (*container.environment, "TERM=xterm"):
            name, _, value = setting.partition("=")
            self.environment[name] = value
        self.environment |= dict(request.environment)
        self.environment.setdefault("HOME", "/root" if self.user == "root" else f"/home/{self.user}")
        self.status = 0
        self.exited: int | None = None
        """The code to leave with, once ``exit`` was said."""
        self._output = bytearray()

    @property
    def prompt(self) -> str:
        """What stands before the cursor: a bash says who and where, a sh just where."""
        mark = "#" if self.user == "root" else "$"
        if self.name == "bash":
            return f"{self.user}@{self.container.hostname}:{self.cwd}{mark} "
        return f"{self.cwd} {mark} "

    def run_line(self, line: str) -> bytes:
        """Run one line of input; returns what it printed. ``status`` and ``exited`` tell how it ended."""
        try:
            for command in commands(line, self._variable):
                if (command.joined_by == "&&" and self.status) or (command.joined_by == "||" and not self.status):
                    continue
                self.status = self._run(command)
                if self.exited is not None or self.status == INTERRUPTED:
                    break
        except ShellSyntaxError as error:
            self.say(f"{self.name}: syntax error: {error}")
            self.status = 2
        return self.take_output()

    def run_program(self, argv: tuple[str, ...]) -> bytes:
        """Run one command without a shell around it, as ``docker exec`` does; returns what it printed."""
        if self.is_there(argv[0]):
            self.status = self._run(Command(list((basename(argv[0]), *argv[1:]))))
        else:
            self.say(
                "OCI runtime exec failed: exec failed: unable to start container process: "
                f'exec: "{argv[0]}": executable file not found in $PATH: unknown'
            )
            self.status = NOT_FOUND
        return self.take_output()

    def is_there(self, program: str) -> bool:
        """True when the container has this program, by path or somewhere in PATH."""
        if "/" in program:
            return self.tree.exists(join(self.cwd, program))
        return any(self.tree.exists(f"{folder}/{program}") for folder in self.environment["PATH"].split(":"))

    def say(self, text: str) -> None:
        """Print a line."""
        self.put(f"{text}\n".encode("utf-8", "replace"))

    def put(self, data: bytes) -> None:
        """Print bytes as they are."""
        self._output += data

    def path(self, text: str) -> str:
        """``text`` seen from the working folder, absolute."""
        return join(self.cwd, text)

    def _run(self, command: Command) -> int:
        assigned = [_ASSIGNMENT.match(word) for word in command.words]
        if command.words and all(assigned):
            self.environment |= {found.group(1): found.group(2) for found in assigned if found}
            return 0
        before = self.take_output() if command.output else b""
        try:
            status = self._dispatch(command.words)
            if command.output:
                self._redirect(command, self.take_output())
        except UsageError as error:
            self.say(f"{command.words[0]}: {error}")
            status = 2
        except OSError as error:
            self.say(f"{self.name}: {error.filename}: {error.strerror}")
            status = 1
        self._output[:0] = before
        return status

    def _dispatch(self, words: list[str]) -> int:
        if not words:
            return 0
        name, *arguments = words
        if name in SHELL_NAMES and self.is_there(name):
            return self._nested(arguments)
        known = COMMANDS.get(name)
        if known is not None:
            if name == "sleep":  # the only one that takes its time, and must not hold the world still
                return known.run(self, arguments)
            with self.world.lock:
                return known.run(self, arguments)
        if self.is_there(name):
            self.say(f"{self.name}: {name}: the demo has this program's name, and nothing to run")
            return NOT_EXECUTABLE
        self.say(f"{self.name}: {name}: not found")
        return NOT_FOUND

    def _nested(self, arguments: list[str]) -> int:
        """``sh -c LINE`` inside the shell; nothing else makes sense in a pretend one."""
        if arguments[:1] != ["-c"] or len(arguments) < 2:
            self.say(f"{self.name}: this is a shell already; only sh -c 'commands' is understood")
            return 2
        cwd, environment, outer = self.cwd, dict(self.environment), self.take_output()
        printed = self.run_line(arguments[1])
        status = self.status if self.exited is None else self.exited
        self.cwd, self.environment, self.exited = cwd, environment, None
        self.put(outer + printed)
        return status

    def _redirect(self, command: Command, data: bytes) -> None:
        target = self.path(command.output)
        if target != "/dev/null":
            with self.world.lock:
                self.tree.write(target, data, append=command.append)

    def _variable(self, name: str) -> str:
        return str(self.status) if name == "?" else self.environment.get(name, "")

    def take_output(self) -> bytes:
        """What has been printed and not been taken yet."""
        taken = bytes(self._output)
        self._output.clear()
        return taken
