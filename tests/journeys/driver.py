"""The hands and eyes of a user: keys in, screen text out."""

from __future__ import annotations

import time
from collections.abc import Callable

from textual.app import App
from textual.pilot import Pilot

PATIENCE = 20.0
"""Seconds to wait for something to show: far more than it takes, for machines that are busy."""


class Driver:
    """Presses keys, and looks at what stands on the screen."""

    app: App[None]
    pilot: Pilot[None]

    @property
    def screen(self) -> str:
        """What stands on the screen, row by row."""
        # The compositor is asked because the app's own export is an SVG.
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips)

    @property
    def footer(self) -> str:
        """The last row."""
        return self.screen.splitlines()[-1]

    async def press(self, *keys: str) -> None:
        """Press keys one after another, each handled before the next."""
        for key in keys:
            await self.pilot.press(key)
        await self.pilot.pause()

    async def tap(self, key: str) -> None:
        """Press one key, and wait until the messages it sets off have been handled.

        ``press`` waits three times besides until the whole process rests: for hundreds of keys that is minutes.
        """
        self.app.simulate_key(key)
        for _ in range(3):  # a key's message sets off others
            await self.pilot._wait_for_screen()
        self.app.screen._on_timer_update()

    async def type(self, text: str) -> None:
        """Type text."""
        await self.press(*("space" if letter == " " else letter for letter in text))

    async def see(self, *texts: str) -> None:
        """Wait until all of ``texts`` are on the screen."""
        until = time.monotonic() + PATIENCE
        while any(text not in self.screen for text in texts):
            missing = [text for text in texts if text not in self.screen]
            assert time.monotonic() < until, f"never saw {missing} in:\n{self.screen}"
            await self.pilot.pause(0.02)

    async def see_no_more(self, *texts: str) -> None:
        """Wait until none of ``texts`` is on the screen."""
        until = time.monotonic() + PATIENCE
        while any(text in self.screen for text in texts):
            assert time.monotonic() < until, f"still see one of {texts} in:\n{self.screen}"
            await self.pilot.pause(0.02)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something to come true."""
        until = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < until, f"it never came true:\n{self.screen}"
            await self.pilot.pause(0.02)
        await self.pilot.pause()
