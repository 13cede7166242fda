"""The Files screen as an app of its own: an archive file is looked into without any engine."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen

import themes
from tui import messages
from tui.contents.source import FileSource
from tui.keyed_app import KeyedApp, collect_garbage_again
from tui.screens.files_screen import FilesScreen
from tui.screens.keyed_screen import KeyedScreen
from tui.told_error import ToldError
from widgets.cell import Role

_AFTER_START = 2.0
"""Seconds from the start until the pause of the garbage collector ends."""


class FilesApp(KeyedApp):
    """What lies in the layers of one source. It ends when that can't be read even once.

    Args:
        source: where the files come from.
        theme: name of the theme.
    """

    def __init__(self, source: FileSource, theme: str) -> None:
        super().__init__(theme)
        self._source = source
        self.failure: ToldError | None = None
        """Why nothing could be read at all; the app has then ended."""

    def get_default_screen(self) -> Screen[Any]:
        """The one screen."""
        self._files = _OnlyScreen(self._source)
        return self._files

    def on_mount(self) -> None:
        """Once the first files are shown, there is time to look for garbage."""
        self.set_timer(_AFTER_START, collect_garbage_again)

    def key_pressed(self) -> None:
        """What was said has been read."""
        if isinstance(self.screen, KeyedScreen):
            self.screen.listen_again()

    def give_up(self, error: ToldError) -> None:
        """End, as there is nothing to show."""
        self.failure = error
        self.exit()

    def on_theme_requested(self, _event: messages.ThemeRequested) -> None:
        """Turn to the next theme, for this run."""
        at = themes.NAMES.index(self.theme) if self.theme in themes.NAMES else -1
        self.theme = themes.NAMES[(at + 1) % len(themes.NAMES)]
        self._files.say(f"Theme {self.theme}", Role.NORMAL)

    def on_redraw_requested(self, _event: messages.RedrawRequested) -> None:
        """Draw everything again."""
        self.forget_screen()


class _OnlyScreen(FilesScreen):
    """The Files screen with nothing below it to go back to."""

    def tell_problem(self, error: ToldError) -> None:
        """On the shell's screen it can be read for longer, and a script sees it; what was shown before stays."""
        if self.stack is None and isinstance(self.app, FilesApp):
            self.app.give_up(error)
        else:
            super().tell_problem(error)
