"""Names, labels and commands that are out to harm show as they are, and do nothing."""

from __future__ import annotations

import unicodedata

import pytest

from tests.journeys.explorer import Explorer, explorer
from tui.engine.demo.hostile import hostile_world
from tui.present import details

PANES = ("images", "containers", "volumes", "cache")
SIZES = (pytest.param((120, 40), marks=pytest.mark.slow), (80, 24))
DIALOGS = ("n", "E", "K", "e")
"""Keys that ask something about a container."""
_FORBIDDEN = {"Cc", "Cs"}


def harmful(screen: str) -> set[str]:
    """Control characters, direction marks and lone surrogates on a screen."""
    return {
        c
        for c in set(screen)
        if (unicodedata.category(c) in _FORBIDDEN and c != "\n") or c in "\u202e\u202d\u2066\u200f"
    }


@pytest.mark.parametrize("pane", PANES)
@pytest.mark.parametrize("size", SIZES)
async def test_every_row_and_tab_of_a_hostile_world(size: tuple[int, int], pane: str) -> None:
    async with explorer(hostile_world(), size=size) as user:
        main = user.app.main
        assert set(main.panes) == set(PANES)
        main.focus_pane(pane)
        await user.press("plus", "home")
        outline = main.panes[pane].outline
        await user.until(lambda: bool(outline.rows))  # the build cache comes with the disk usage
        if pane == "images":  # its 130 layers are all alike
            await user.go_to(pane, "tag deep:130")
            await user.press("left", "home")
        shown = set()
        for number, row in enumerate(outline.rows):
            if number:
                await user.tap("down")
            assert outline.cursor == number
            await known(user)
            for _ in main.details.tabs:
                await user.tap("right_square_bracket")
                await known(user)
                assert not harmful(user.screen)
                shown.add((row.node.key, main.details.shown_tab))
        assert {key for key, _ in shown} == {row.node.key for row in outline.rows}
        assert {tab for _, tab in shown} >= (
            {details.OVERVIEW} if pane == "cache" else {details.OVERVIEW, details.INSPECT}
        )


async def known(user: Explorer) -> None:
    """Wait until the tab shows all there is to know of the object under the cursor."""
    pane = user.app.main.details
    if pane.subject.kind and pane.detail is None:
        await user.until(lambda: pane.detail is not None)
    if pane.shown_tab == details.CHANGES and pane.views.changes_view.changes is None:
        await user.until(lambda: pane.views.changes_view.changes is not None)


@pytest.mark.parametrize("pane", PANES)
async def test_dialogs_about_hostile_objects(pane: str) -> None:
    async with explorer(hostile_world()) as user:
        await user.until(lambda: bool(user.app.main.panes[pane].outline.rows))
        for row in list(user.app.main.panes[pane].outline.rows):
            for key in ("d", *(DIALOGS if pane == "containers" else ())):
                await user.go_to(pane, row.node.key)
                await user.tap(key)
                assert not harmful(user.screen)
                await user.tap("escape")
        assert user.app.is_running
