"""All commands of one screen, and what may be done with the list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

from tui.commands.command import KeyCommand

DeskT = TypeVar("DeskT")
SituationT = TypeVar("SituationT")


class KeyCatalogue(Generic[DeskT, SituationT]):
    """The commands of a screen, in the order of help and footer.

    Args:
        title: the screen's name, as a heading of its keys in docs/keys.md.
        commands: every command. Of two that answer to one key, the first that applies is run.
        cursor_heading: what its lists are called, as a heading in the help.
        cursor_keys: the keys that its lists themselves answer to, and what those do.
    """

    def __init__(
        self,
        title: str,
        commands: tuple[type[KeyCommand[DeskT, SituationT]], ...],
        cursor_heading: str,
        cursor_keys: tuple[tuple[str, str], ...],
    ) -> None:
        self.title = title
        self.commands = commands
        self.cursor_heading = cursor_heading
        self.cursor_keys = cursor_keys

    def every_key(self) -> tuple[str, ...]:
        """Every Textual key name that a command answers to, once."""
        return tuple(dict.fromkeys(key for command in self.commands for key in command.keys))

    def command_for(self, key: str, situation: SituationT) -> type[KeyCommand[DeskT, SituationT]] | None:
        """The first command for ``key`` that applies here."""
        return next((command for command in self.commands if key in command.keys and command.applies(situation)), None)

    def why_nothing(self, key: str, situation: SituationT) -> str:
        """Why nothing comes of ``key`` here, in a sentence; empty when there is nothing to say."""
        sentences = (command.elsewhere(situation) for command in self.commands if key in command.keys)
        return next(filter(None, sentences), "")

    def applicable(self, situation: SituationT) -> Iterable[type[KeyCommand[DeskT, SituationT]]]:
        """The commands that apply here."""
        return (command for command in self.commands if command.applies(situation))

    def grouped(self) -> dict[str, list[type[KeyCommand[DeskT, SituationT]]]]:
        """The commands under their headings."""
        groups: dict[str, list[type[KeyCommand[DeskT, SituationT]]]] = {}
        for command in self.commands:
            groups.setdefault(command.group, []).append(command)
        return groups

    def keys_table(self) -> str:
        """All keys as a Markdown table."""
        rows = ["| Key | What it does |", "| --- | --- |"]
        rows += [f"| {in_code(keys)} | {words} |" for keys, words in self.cursor_keys]
        rows += [f"| {in_code(command.shown)} | {command.help} |" for command in self.commands]
        return "\n".join(rows)


def in_code(keys: str) -> str:
    """Keys, separated by spaces, as Markdown sets them."""
    return " ".join(f"`{key}`" for key in keys.split())
