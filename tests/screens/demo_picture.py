"""Pictures of the app over the demo engine, after a user has done something."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from textual.pilot import Pilot

from tests.journeys.driver import PATIENCE
from tests.journeys.explorer import Explorer
from tui.app import OrlopApp
from tui.engine.demo.engine import DemoEngine

NOW = 1_795_000_000.0
SMALL, USUAL, LARGE = (80, 24), (120, 40), (200, 60)
DARK, LIGHT, MONO = "orlop-dark", "orlop-light", "orlop-mono"

SnapCompare = Callable[..., bool]
Act = Callable[[Explorer], Awaitable[None]]
"""What the user does before the picture is taken; it waits for what it leads to."""


def picture(snap_compare: SnapCompare, act: Act, size: tuple[int, int] = USUAL, theme: str = DARK) -> bool:
    """Compare the screen after ``act`` with its picture."""
    engine = DemoEngine(now=NOW)
    app = OrlopApp(engine, theme=theme)

    async def run(pilot: Pilot[None]) -> None:
        user = Explorer(app, engine, pilot)
        await user.until(lambda: app.main.inventory.usage is not None and len(app.main.inventory.listed) == 3)
        await act(user)
        await _still(user)

    return snap_compare(app, run_before=run, terminal_size=size)


async def _still(user: Explorer) -> None:
    """Wait until nothing on the screen has changed for a while: answers come in when they are there."""
    same, before, until = 0, "", time.monotonic() + PATIENCE
    while same < 5:
        assert time.monotonic() < until, f"it never came to rest:\n{before}"
        await user.pilot.pause()
        await asyncio.sleep(0.03)
        seen = user.screen
        same, before = (same + 1 if seen == before else 0), seen


async def find_image(user: Explorer, text: str) -> None:
    """Filter the images, and wait until the first that matches has been read."""
    await _filter(user, "1", text)


async def find_container(user: Explorer, name: str) -> None:
    """Filter the containers, and wait until the first that matches has been read."""
    await _filter(user, "2", name)


async def _filter(user: Explorer, pane: str, text: str) -> None:
    await user.press(pane, "slash")
    await user.type(text)
    await user.press("enter")
    await user.until(lambda: user.app.main.details.detail is not None)


async def open_tab(user: Explorer, name: str) -> None:
    """Turn to a tab of the details and give it the keys."""
    while user.app.main.details.shown_tab != name:
        await user.press("right_square_bracket")
    await user.press("5")


async def all_images_read(user: Explorer) -> None:
    """Wait until it is known which image has which layers."""
    main = user.app.main
    await user.until(lambda: set(main.image_details.images) >= set(main.inventory.images_by_id))
