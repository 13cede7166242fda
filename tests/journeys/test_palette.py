"""The palette over each screen: it offers that screen's commands, and runs them there."""

from __future__ import annotations

import pytest

from tests.journeys.explorer import explorer
from tests.journeys.files_explorer import files_explorer, shop
from tui.screens.storage_map_screen import StorageMapScreen


@pytest.mark.parametrize("key", ["colon", "ctrl+p"])
async def test_it_offers_the_commands_of_the_files_screen_and_runs_one(key: str) -> None:
    async with files_explorer(shop()) as user:
        await user.see("Files of the whole image")
        await user.press(key)
        await user.see("layers  (Tab)" if user.files.in_files else "files  (Tab)", "find  (F)")
        await user.type("alone")
        await user.see_no_more("find  (F)")
        await user.press("enter")
        await user.until(lambda: user.app.screen is user.files and user.files.alone)


async def test_it_offers_the_commands_of_the_storage_map() -> None:
    async with explorer() as user:
        await user.press("m")
        await user.until(lambda: isinstance(user.app.screen, StorageMapScreen))
        await user.press("colon")
        await user.see("measure  (u)")
        await user.type("exact")
        await user.see_no_more("measure  (u)")
        await user.press("enter")
        await user.see("Exact figures; x shows readable ones again.")


async def test_it_does_not_open_over_a_dialog() -> None:
    async with explorer() as user:
        await user.press("question_mark")
        dialog = user.app.screen
        await user.press("ctrl+p")
        assert user.app.screen is dialog
