"""What the pretend shell can do. Each command gets the shell and its arguments, and returns its exit code."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from tui.engine.demo.files import ContainerTree, File
from tui.engine.demo.host_facts import KERNEL
from tui.engine.demo.objects import DemoContainer


class Shell(Protocol):
    """What a command needs of the shell it runs in."""

    container: DemoContainer
    tree: ContainerTree
    user: str
    cwd: str
    rows: int
    columns: int
    argv: tuple[str, ...]
    environment: dict[str, str]
    status: int
    exited: int | None
    wait: Callable[[float], bool]

    def say(self, text: str) -> None:
        """Print a line."""
        ...

    def put(self, data: bytes) -> None:
        """Print bytes as they are."""
        ...

    def path(self, text: str) -> str:
        """``text`` seen from the working folder, absolute."""
        ...


class UsageError(Exception):
    """The arguments make no sense; the text says why."""


@dataclass(frozen=True, slots=True)
class ShellCommand:
    """A command, and what ``help`` says of it."""

    usage: str
    run: Callable[[Shell, list[str]], int]


def _split(arguments: list[str], allowed: str) -> tuple[set[str], list[str]]:
    """Options and operands; raises :class:`UsageError` for an option that is not ``allowed``."""
    options: set[str] = set()
    rest = list(arguments)
    while rest and rest[0].startswith("-") and len(rest[0]) > 1:
        word = rest.pop(0)
        if word == "--":
            break
        options |= set(word[1:])
    if unknown := options - set(allowed):
        raise UsageError(f"the pretend shell has no option -{min(unknown)} for it")
    return options, rest


def _each(shell: Shell, name: str, paths: list[str], act: Callable[[str], None]) -> int:
    """Do ``act`` for every path; say what went wrong and go on, as the real ones do."""
    if not paths:
        raise UsageError("name a file")
    status = 0
    for path in paths:
        try:
            act(path)
        except OSError as error:
            shell.say(f"{name}: {path}: {error.strerror}")
            status = 1
    return status


def _ls(shell: Shell, arguments: list[str]) -> int:
    options, paths = _split(arguments, "la1h")
    paths = paths or ["."]

    def show(path: str) -> None:
        entry = shell.tree.lookup(shell.path(path), follow="l" not in options)
        if entry.kind == "dir":
            shown = shell.tree.children(shell.path(path))
            shown = {name: one for name, one in shown.items() if "a" in options or not name.startswith(".")}
        else:
            shown = {path: entry}
        if len(paths) > 1 and entry.kind == "dir":
            shell.say(f"{path}:")
        if "l" in options:
            for name, one in shown.items():
                shell.say(_long(shell, name, one))
        elif shown:
            shell.say("\n".join(map(_safe, shown) if "1" in options else _in_columns(list(shown), shell.columns)))

    return _each(shell, "ls", paths, show)


def _long(shell: Shell, name: str, entry: File) -> str:
    letters = "".join("rwxrwxrwx"[bit] if entry.mode >> (8 - bit) & 1 else "-" for bit in range(9))
    if entry.mode & 0o1000:
        letters = letters[:8] + "t"
    kind = {"dir": "d", "link": "l"}.get(entry.kind, "-")
    moment = entry.modified or shell.container.image.created or shell.container.created
    date = time.strftime("%Y-%m-%d %H:%M", time.gmtime(moment))
    arrow = f" -> {_safe(entry.target)}" if entry.kind == "link" else ""
    return f"{kind}{letters} {entry.owner:<8} {entry.size_bytes:>11} {date} {_safe(name)}{arrow}"


def _in_columns(names: list[str], width: int) -> list[str]:
    shown = [_safe(name) for name in names]
    cell = max(map(len, shown)) + 2
    per_line = max(1, width // cell)
    lines = -(-len(shown) // per_line)
    return ["".join(name.ljust(cell) for name in shown[row::lines]).rstrip() for row in range(lines)]


def _safe(name: str) -> str:
    """A file name for the terminal; what could move its cursor is a question mark, as in the real ls."""
    return "".join(char if char.isprintable() else "?" for char in name)


def _cat(shell: Shell, arguments: list[str]) -> int:
    def show(path: str) -> None:
        entry = shell.tree.lookup(shell.path(path))
        if entry.kind == "dir":
            raise IsADirectoryError(21, "Is a directory", path)
        if entry.content is None:
            shell.say(f"({entry.size_bytes} bytes that nobody made up: the demo has just the size of this file)")
        else:
            shell.put(entry.content)

    return _each(shell, "cat", _split(arguments, "u")[1], show)


def _cd(shell: Shell, arguments: list[str]) -> int:
    where = arguments[0] if arguments else shell.environment.get("HOME", "/")
    if where == "-":
        where = shell.environment.get("OLDPWD", shell.cwd)

    def go(path: str) -> None:
        if shell.tree.lookup(shell.path(path)).kind != "dir":
            raise NotADirectoryError(20, "Not a directory", path)
        shell.environment["OLDPWD"] = shell.cwd
        shell.cwd = shell.tree.resolve(shell.path(path))

    return _each(shell, "cd", [where], go)


def _echo(shell: Shell, arguments: list[str]) -> int:
    newline = arguments[:1] != ["-n"]
    text = " ".join(arguments if newline else arguments[1:])
    shell.put((text + "\n" * newline).encode("utf-8", "replace"))
    return 0


def _rm(shell: Shell, arguments: list[str]) -> int:
    options, paths = _split(arguments, "rRf")

    def remove(path: str) -> None:
        target = shell.path(path)
        try:
            entry = shell.tree.lookup(target, follow=False)
        except FileNotFoundError:
            if "f" in options:
                return
            raise
        if entry.kind == "dir" and not options & {"r", "R"}:
            raise IsADirectoryError(21, "Is a directory", path)
        shell.tree.remove(target)

    return _each(shell, "rm", paths, remove)


def _mkdir(shell: Shell, arguments: list[str]) -> int:
    options, paths = _split(arguments, "p")

    def make(path: str) -> None:
        target = shell.path(path)
        if "p" not in options:
            shell.tree.make_dir(target)
            return
        parts = [part for part in target.split("/") if part]
        for depth in range(len(parts)):
            step = "/" + "/".join(parts[: depth + 1])
            if not shell.tree.exists(step):
                shell.tree.make_dir(step)

    return _each(shell, "mkdir", paths, make)


def _touch(shell: Shell, arguments: list[str]) -> int:
    return _each(shell, "touch", _split(arguments, "")[1], lambda path: shell.tree.touch(shell.path(path)))


def _pwd(shell: Shell, arguments: list[str]) -> int:
    shell.say(shell.cwd)
    return 0


def _env(shell: Shell, arguments: list[str]) -> int:
    for name, value in shell.environment.items():
        shell.say(f"{name}={value}")
    return 0


def _export(shell: Shell, arguments: list[str]) -> int:
    for setting in arguments:
        name, equals, value = setting.partition("=")
        if equals:
            shell.environment[name] = value
    return 0


def _ps(shell: Shell, arguments: list[str]) -> int:
    shell.say("  PID USER     COMMAND")
    main = shell.container.user.partition(":")[0] or "root"
    shell.say(f"{1:>5} {main:<8} {_safe(' '.join(shell.container.argv))}")
    shell.say(f"{40 + len(shell.container.sessions):>5} {shell.user:<8} {_safe(' '.join(shell.argv))}")
    return 0


def _uname(shell: Shell, arguments: list[str]) -> int:
    options, _ = _split(arguments, "asnrm")
    facts = {"s": "Linux", "n": shell.container.hostname, "r": KERNEL, "m": "x86_64"}
    wanted = facts if "a" in options else {key: facts[key] for key in facts if key in (options or {"s"})}
    shell.say(" ".join(wanted.values()))
    return 0


def _stty(shell: Shell, arguments: list[str]) -> int:
    if arguments != ["size"]:
        raise UsageError("only stty size is understood")
    shell.say(f"{shell.rows} {shell.columns}")
    return 0


def _sleep(shell: Shell, arguments: list[str]) -> int:
    try:
        seconds = float(arguments[0])
    except (IndexError, ValueError):
        raise UsageError("say how many seconds") from None
    return 0 if shell.wait(max(0.0, seconds)) else 130


def _exit(shell: Shell, arguments: list[str]) -> int:
    text = arguments[0] if arguments else str(shell.status)
    if not text.isdecimal():
        raise UsageError(f"{text} is no exit code")
    shell.exited = int(text) % 256
    return shell.exited


def _word(shell: Shell, text: str) -> int:
    shell.say(text)
    return 0


def _help(shell: Shell, arguments: list[str]) -> int:
    shell.say("The pretend shell works on the demo's made-up files. It understands:")
    for command in COMMANDS.values():
        if command.usage:
            shell.say(f"  {command.usage}")
    shell.say("and  > file,  >> file,  ;  &&  ||  'quotes'  $NAME  and the arrow keys for earlier lines.")
    return 0


COMMANDS: Mapping[str, ShellCommand] = {
    "ls": ShellCommand("ls [-l] [-a] [path]     what a folder holds", _ls),
    "cat": ShellCommand("cat file                 what a file says", _cat),
    "cd": ShellCommand("cd [folder]              go there", _cd),
    "pwd": ShellCommand("pwd                      where you are", _pwd),
    "echo": ShellCommand("echo [-n] text           say it; with > file, write it", _echo),
    "rm": ShellCommand("rm [-r] [-f] path        remove it from the demo", _rm),
    "mkdir": ShellCommand("mkdir [-p] folder        make a folder", _mkdir),
    "touch": ShellCommand("touch file               make an empty file", _touch),
    "env": ShellCommand("env                      the environment", _env),
    "export": ShellCommand("export NAME=value        set a part of it", _export),
    "ps": ShellCommand("ps                       the processes", _ps),
    "whoami": ShellCommand("whoami                   the user", lambda shell, _: _word(shell, shell.user)),
    "hostname": ShellCommand(
        "hostname                 the container's host name", lambda shell, _: _word(shell, shell.container.hostname)
    ),
    "uname": ShellCommand("uname [-a]               the system", _uname),
    "stty": ShellCommand("stty size                rows and columns of the terminal", _stty),
    "sleep": ShellCommand("sleep seconds            wait; Ctrl-C ends it", _sleep),
    "true": ShellCommand("true, false              succeed, fail", lambda shell, _: 0),
    "false": ShellCommand("", lambda shell, _: 1),
    "help": ShellCommand("help                     this list", _help),
    "exit": ShellCommand("exit [code]              leave (as Ctrl-D does)", _exit),
}
