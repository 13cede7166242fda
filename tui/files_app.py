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
from widgets.cell import Role

_AFTER_START = 2.0
"""Seconds from the start until the pause of the garbage collector ends."""


class FilesApp(KeyedApp):
    """What lies in the layers of one source.

    Args:
        source: where the files come from.
        theme: name of the theme.
    """

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, source: FileSource, theme: str) -> None:
        super().__init__(theme)
        self._source = source

    def get_default_screen(self) -> Screen[Any]:
        """The one screen."""
        self._files = FilesScreen(self._source)
        return self._files

    def on_mount(self) -> None:
        """Once the first files are shown, there is time to look for garbage."""
        self.set_timer(_AFTER_START, collect_garbage_again)

    def key_pressed(self) -> None:
        """What was said has been read."""
        if isinstance(self.screen, KeyedScreen):
            self.screen.listen_again()

    def on_theme_requested(self, _event: messages.ThemeRequested) -> None:
        """Turn to the next theme, for this run."""
        at = themes.NAMES.index(self.theme) if self.theme in themes.NAMES else -1
        self.theme = themes.NAMES[(at + 1) % len(themes.NAMES)]
        self._files.say(f"Theme {self.theme}", Role.NORMAL)

    def on_redraw_requested(self, _event: messages.RedrawRequested) -> None:
        """Draw everything again."""
        self.forget_screen()
