"""The palette: the commands that apply here, found by name."""

from __future__ import annotations

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from tui.commands.catalogue import applicable
from tui.commands.command import Command
from tui.screens.main_screen import MainScreen


class OrlopCommands(Provider):
    """Offers every command that applies to what is highlighted."""

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        screen = self.screen
        if isinstance(screen, MainScreen):
            for command in applicable(screen.situation):
                yield DiscoveryHit(_words(command, screen), partial(_run, command, screen), help=command.help)

    async def search(self, query: str) -> Hits:
        """Those whose name fits."""
        screen = self.screen
        matcher = self.matcher(query)
        if isinstance(screen, MainScreen):
            for command in applicable(screen.situation):
                words = _words(command, screen)
                score = matcher.match(words)
                if score > 0:
                    yield Hit(score, matcher.highlight(words), partial(_run, command, screen), help=command.help)


def _words(command: type[Command], screen: MainScreen) -> str:
    return f"{command.label(screen.situation)}  ({command.shown})"


def _run(command: type[Command], screen: MainScreen) -> None:
    command.run(screen, screen.situation)
