"""The real app over the demo engine, standing still in time, and somebody at its keys."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from unittest.mock import patch

from textual.pilot import Pilot

from tui.app import OrlopApp
from tui.engine.demo.engine import DemoEngine
from tui.present import figures

NOW = 1_750_000_000.0
"""When every picture is taken (2025-06-15, 15:06:40 UTC), so that ages read the same each time."""

_PATIENCE = 10.0


class Stage:
    """What a scene is played on."""

    def __init__(self, engine: DemoEngine, app: OrlopApp, pilot: Pilot[None]) -> None:
        self.engine = engine
        self.app = app
        self._pilot = pilot

    async def press(self, *keys: str) -> None:
        """Press keys."""
        await self._pilot.press(*keys)

    async def go_to(self, kind: str, *path: str) -> None:
        """Put the cursor on the row at ``path`` of a tree, and wait until all about it has been read."""
        main = self.app.main
        main.focus_pane(kind)
        assert main.panes[kind].reveal(path), f"no {path} among the {kind}"
        await self.until(lambda: main.place_key == path[-1] and self._detail_is_there())

    def _detail_is_there(self) -> bool:
        shown = self.app.main.details
        return shown.key == self.app.main.place_key and (not shown.subject.kind or shown.detail is not None)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something to come true, and for the screen to show it. Raises TimeoutError."""
        deadline = time.monotonic() + _PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(f"not within {_PATIENCE:g} s:\n{self.picture()}")
            await asyncio.sleep(0.01)
        await self.settle()

    async def settle(self) -> None:
        """Wait until every message has been handled and the screen drawn, twice over: some wishes lead to others."""
        for _ in range(2):
            await self._pilot.pause()
            await asyncio.sleep(0.05)

    def picture(self) -> str:
        """The screen as SVG."""
        return self.app.export_screenshot(title="orlop")


@asynccontextmanager
async def stage(*, columns: int, rows: int, theme: str) -> AsyncIterator[Stage]:
    """The app with everything listed, sizes included."""
    os.environ["TZ"] = "UTC"
    time.tzset()
    engine = DemoEngine(now=NOW)
    app = OrlopApp(engine, theme=theme)
    with patch.object(figures, "now", lambda: NOW):
        async with app.run_test(size=(columns, rows)) as pilot:
            found = Stage(engine, app, pilot)
            await found.until(lambda: app.keeper.inventory.usage is not None)
            yield found
