"""Names, labels and commands that are out to harm show as they are, and do nothing."""

from __future__ import annotations

import unicodedata

import pytest

from tests.journeys.explorer import explorer
from tui.engine.demo.hostile import hostile_world

_FORBIDDEN = {"Cc", "Cs"}


def harmful(screen: str) -> set[str]:
    """Control characters, direction marks and lone surrogates on a screen."""
    return {
        c for c in screen if (unicodedata.category(c) in _FORBIDDEN and c != "\n") or c in "\u202e\u202d\u2066\u200f"
    }


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_every_row_and_tab_of_a_hostile_world(size: tuple[int, int]) -> None:
    async with explorer(hostile_world(), size=size) as user:
        for pane in user.app.main.panes.values():
            user.app.main.focus_pane(pane.KIND)
            for _ in range(len(pane.outline.rows)):
                await user.press("right")
                assert not harmful(user.screen)
                for _tab in range(len(user.app.main.details.tabs)):
                    await user.press("right_square_bracket")
                    assert not harmful(user.screen)
                if pane.outline.cursor == len(pane.outline.rows) - 1:
                    break
                await user.press("down")
                if user.app.main.current is not pane or user.app.main.details.holds_focus:
                    user.app.main.focus_pane(pane.KIND)


async def test_dialogs_about_hostile_objects() -> None:
    async with explorer(hostile_world()) as user:
        for pane in user.app.main.panes.values():
            for row in list(pane.outline.rows):
                await user.go_to(pane.KIND, row.node.key)
                await user.press("d")
                assert not harmful(user.screen)
                await user.press("escape")
        for row in list(user.app.main.panes["containers"].outline.rows):
            await user.go_to("containers", row.node.key)
            for key in ("n", "E", "K", "e"):
                await user.press(key)
                assert not harmful(user.screen)
                await user.press("escape")
        assert user.app.is_running
