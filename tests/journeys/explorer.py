"""The real app over a demo world, driven as a user drives it: keys in, screen text out."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from tests.journeys.driver import PATIENCE, Driver
from tui.app import OrlopApp
from tui.config import Preferences, PreferencesFile
from tui.engine.demo.engine import DemoEngine
from tui.engine.demo.world import World


class Explorer(Driver):
    """A running app and the hands of its user."""

    app: OrlopApp

    def __init__(self, app: OrlopApp, engine: DemoEngine, pilot: Pilot[None]) -> None:
        self.app = app
        self.engine = engine
        self.world: World = engine.world
        self.pilot = pilot

    @property
    def header(self) -> str:
        """The first row."""
        return self.screen.splitlines()[0]

    @property
    def marked_line(self) -> str:
        """The row above the footer."""
        return self.screen.splitlines()[-2]

    @property
    def highlighted(self) -> str:
        """The key of the row under the cursor of the current pane."""
        return self.app.main.place_key

    async def go_to(self, pane: str, key: str) -> None:
        """Put the cursor of a pane on the row with a key, opening what holds it."""
        self.app.main.focus_pane(pane)
        outline = self.app.main.panes[pane].outline
        index = next(number for number, row in enumerate(outline.rows) if row.node.key == key)
        outline.move_to(index)
        await self.pilot.pause()


@asynccontextmanager
async def explorer(
    world: World | None = None,
    *,
    size: tuple[int, int] = (120, 40),
    read_only: bool = False,
    theme: str | None = None,
    preferences_file: PreferencesFile | None = None,
    protect: tuple[str, ...] = (),
    files_of: str = "",
) -> AsyncIterator[Explorer]:
    """The app over ``world`` (the stock one by default), listed and ready."""
    engine = DemoEngine(read_only=read_only, world=world)
    app = OrlopApp(
        engine, Preferences(protect=protect), theme=theme, preferences_file=preferences_file, files_of=files_of
    )
    async with app.run_test(size=size) as pilot:
        driver = Explorer(app, engine, pilot)
        until = time.monotonic() + PATIENCE
        while len(app.main.inventory.listed) < 3 or app.main.link.state != "live":
            assert time.monotonic() < until, "the demo was never listed"
            await pilot.pause(0.01)
        await pilot.pause()
        yield driver
