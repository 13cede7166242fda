"""What orlop's apps have in common: themes, a frugal terminal, and keys that are done one by one."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from typing import Any, ClassVar

from textual import events
from textual.app import App
from textual.command import Provider
from textual.driver import Driver
from textual.filter import LineFilter, Monochrome, NoColor
from textual.theme import Theme
from textual.widgets import Input

from themes.palettes import THEMES
from tui.terminal import forget, frugal, release, step_aside

_THEMES = {theme.name: theme for theme in THEMES}


def collect_garbage_again() -> None:
    """End the pause that the start began (see ``tui.launch``); what has been loaded stays, and is not looked at."""
    gc.freeze()
    gc.enable()


def _palette() -> type[Provider]:
    """The palette's commands, loaded when it is opened."""
    from tui.palette import OrlopCommands  # noqa: PLC0415

    return OrlopCommands


class KeyedApp(App[None]):
    """An app that does what a key is bound to before it looks at the next key.

    Args:
        theme: name of the theme; without colours, the one that does without them is taken.
    """

    TITLE = "orlop"
    ENABLE_COMMAND_PALETTE = True
    COMMANDS: ClassVar = {_palette}

    def __init__(self, theme: str) -> None:
        super().__init__()
        for palette in THEMES:
            self.register_theme(palette)
        # Without colours only the theme that does without them reads well.
        self.theme = "orlop-mono" if self.no_color else theme
        self.animation_level = "none"

    def run(self, **options: Any) -> Any:
        """Run until it is left, and hand on what it was left with.

        A second signal can end it in the middle of its ending: nothing may stay behind then either.
        """
        try:
            return super().run(**options)
        finally:
            release(self._driver)

    def get_driver_class(self) -> type[Driver]:
        """The platform's driver, writing only what has changed."""
        return frugal(super().get_driver_class())

    def get_line_filters(self) -> Sequence[LineFilter]:
        """With NO_COLOR no colour at all is written; Textual would write greys (https://no-color.org)."""
        filters = super().get_line_filters()
        return [NoColor() if isinstance(one, Monochrome) else one for one in filters] if self.no_color else filters

    def get_theme(self, theme_name: str) -> Theme | None:
        """A theme by name; Textual asks for the current one hundreds of times a frame, and copies all to find it."""
        return _THEMES.get(theme_name) or super().get_theme(theme_name)

    def leave(self) -> None:
        """Quit: what every way out by a key comes to."""
        self.exit()

    async def action_quit(self) -> None:
        """The way out that Textual knows."""
        self.leave()

    def on_quit_requested(self) -> None:
        """A screen's key to quit."""
        self.leave()

    def key_pressed(self) -> None:
        """Told of every key before it is done."""

    async def on_event(self, event: events.Event) -> None:
        """What a key is bound to is done at once."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            self.key_pressed()
            if event.key == "ctrl+z":
                # Whatever is open, as everywhere at a shell. In raw mode the terminal itself does nothing.
                step_aside(self._driver)
                return
            if await self._run_key(event):
                return
        await super().on_event(event)

    def action_command_palette(self) -> None:
        """Open the palette, over a screen that has commands; not over a dialog."""
        from tui.palette import Palette  # noqa: PLC0415 - not needed before it is opened
        from tui.screens.command_screen import CommandScreen  # noqa: PLC0415 - as above

        if isinstance(self.screen, CommandScreen):
            self.push_screen(Palette(id="--command-palette"))

    def forget_screen(self) -> None:
        """Forget what the terminal shows and draw everything."""
        forget(self._driver)
        self.refresh(layout=True)

    async def _run_key(self, event: events.Key) -> bool:
        """Do what ``event`` is bound to before the next key is looked at.

        Textual hands a key to the focused widget's queue and looks at bindings when it has bubbled back up:
        of keys that arrive together, as they do over a slow link, the later ones are then met where the
        earlier ones have not yet led. ``/web`` would run a shell at the ``e``, ``↓ d`` delete the wrong row.
        """
        if isinstance(self.focused, Input) and event.is_printable and event.character is not None:
            line = self.focused
            line.replace(event.character, *sorted((line.selection.start, line.selection.end)))
            return True
        active = self.screen.active_bindings.get(event.key)
        if active is not None and active.enabled:
            await self.run_action(active.binding.action, active.node)
        # A key that means nothing here ends here: bubbling up, it would arrive where the next keys have led.
        return True
