"""The palette: the commands that apply here, found by name."""

from __future__ import annotations

from functools import partial
from typing import Any

from textual.await_complete import AwaitComplete
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.widgets import Input

from tui.commands.command import KeyCommand
from tui.screens.command_screen import CommandScreen

_AnyCommand = type[KeyCommand[Any, Any]]


class Palette(CommandPalette):
    """Textual's palette, for which a second Enter that is pressed while it closes is no disaster."""

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close it, once."""
        if self._left:
            return AwaitComplete()
        self._left = True
        return super().dismiss(result)

    def on_mount(self) -> None:
        """No blinking: an idle screen draws nothing."""
        self.query_one(Input).cursor_blink = False

    _left = False


class OrlopCommands(Provider):
    """Offers every command that applies to what is highlighted."""

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        screen = self.screen
        if isinstance(screen, CommandScreen):
            for command in screen.CATALOGUE.applicable(screen.situation):
                yield DiscoveryHit(_words(command, screen), partial(self._run, command, screen), help=command.help)

    async def search(self, query: str) -> Hits:
        """Those whose name fits."""
        screen = self.screen
        matcher = self.matcher(query)
        if isinstance(screen, CommandScreen):
            for command in screen.CATALOGUE.applicable(screen.situation):
                words = _words(command, screen)
                score = matcher.match(words)
                if score > 0:
                    yield Hit(score, matcher.highlight(words), partial(self._run, command, screen), help=command.help)

    _ran = False

    def _run(self, command: _AnyCommand, screen: CommandScreen) -> None:
        """Run a command, once for each time the palette is opened: Textual runs it at every Enter that comes."""
        if not self._ran:
            self._ran = True
            command.run(screen, screen.situation)


def _words(command: _AnyCommand, screen: CommandScreen) -> str:
    return f"{command.label(screen.situation)}  ({command.shown})"
