"""A command line taken apart: words, quotes, variables, redirections, and what joins the commands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

_OPERATOR = re.compile(r"&&|\|\||>>|[;&|<>()`\n]")
_VARIABLE = re.compile(r"\$(?:\{(\w+|\?)\}|(\w+|\?))")
_ENDS = frozenset({";", "\n", "&&", "||"})


class ShellSyntaxError(Exception):
    """The line can't be understood; the text says why."""


@dataclass(slots=True)
class Command:
    """One simple command."""

    words: list[str] = field(default_factory=list)
    output: str = ""
    """Where its output is redirected to; empty for the terminal."""
    append: bool = False
    joined_by: str = ";"
    """What stands before it: ``;``, ``&&`` (run it after success) or ``||`` (after failure)."""


def commands(line: str, variable: Callable[[str], str]) -> Iterator[Command]:
    """The commands of ``line``, one by one; variables get the values they have when their command's turn comes.

    Raises:
        ShellSyntaxError: for an open quote, and for what the pretend shell cannot do (pipes, jobs, subshells).
    """
    tokens = _Tokens(line, variable)
    joined_by, ended = ";", False
    while not ended:
        command, ended = _command(tokens, joined_by)
        if command.words or command.output:
            yield command
        elif joined_by in {"&&", "||"}:
            raise ShellSyntaxError("a command is missing at the end")
        joined_by = tokens.ended_by if tokens.ended_by in {"&&", "||"} else ";"


def _command(tokens: _Tokens, joined_by: str) -> tuple[Command, bool]:
    command = Command(joined_by=joined_by)
    for text, operator in tokens:
        if not operator:
            command.words.append(text)
        elif text in {">", ">>"}:
            target, is_operator = next(tokens, ("", True))
            if is_operator:
                raise ShellSyntaxError(f"a file name is missing after {text}")
            command.output, command.append = target, text == ">>"
        elif text in _ENDS:
            tokens.ended_by = text
            return command, False
        else:
            raise ShellSyntaxError(f"the pretend shell has no {text}")
    return command, True


class _Tokens:
    """Pairs of a token's text and whether it is an operator."""

    def __init__(self, line: str, variable: Callable[[str], str]) -> None:
        self._line, self._at, self._variable = line, 0, variable
        self.ended_by = ";"

    def __iter__(self) -> Iterator[tuple[str, bool]]:
        return self

    def __next__(self) -> tuple[str, bool]:
        line = self._line
        while self._at < len(line) and line[self._at] in " \t\r":
            self._at += 1
        if self._at >= len(line) or line[self._at] == "#":
            raise StopIteration
        operator = _OPERATOR.match(line, self._at)
        if operator is not None:
            self._at = operator.end()
            return operator.group(), True
        return self._word(), False

    def _word(self) -> str:
        line, word = self._line, ""
        while self._at < len(line) and line[self._at] not in " \t\r" and not _OPERATOR.match(line, self._at):
            char = line[self._at]
            if char == "'":
                word += self._until("'")
            elif char == '"':
                word += self._double_quoted()
            elif char == "\\":
                word += line[self._at + 1 : self._at + 2]
                self._at += 2
            elif char == "$":
                word += self._expand()
            else:
                word += char
                self._at += 1
        return word

    def _until(self, quote: str) -> str:
        end = self._line.find(quote, self._at + 1)
        if end < 0:
            raise ShellSyntaxError("a quote is not closed")
        text = self._line[self._at + 1 : end]
        self._at = end + 1
        return text

    def _double_quoted(self) -> str:
        self._at, text = self._at + 1, ""
        while self._at < len(self._line):
            char = self._line[self._at]
            if char == '"':
                self._at += 1
                return text
            if char == "$":
                text += self._expand()
                continue
            if char == "\\" and self._line[self._at + 1 : self._at + 2] in {'"', "\\", "$", "`"}:
                self._at += 1
                char = self._line[self._at]
            text += char
            self._at += 1
        raise ShellSyntaxError("a quote is not closed")

    def _expand(self) -> str:
        found = _VARIABLE.match(self._line, self._at)
        if found is None:
            self._at += 1
            return "$"
        self._at = found.end()
        return self._variable(found.group(1) or found.group(2))
