"""A key that can do nothing where the cursor is says on what it works."""

from __future__ import annotations

import pytest

from tests.journeys.explorer import explorer


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        (("1", "home", "f"), "f (files) works on an image, a layer or a container."),
        (("1", "home", "c"), "c (compare) works on an image."),
        (("1", "home", "e"), "e (shell) works on a container, in its pane."),
        (("1", "home", "d"), "d (delete) works on an image, a tag, a container"),
        (("D",), "Nothing is marked: Space marks what is highlighted, X shows what could go."),
    ],
)
async def test_it_is_said_on_a_group_row(keys: tuple[str, ...], sentence: str) -> None:
    async with explorer() as user:
        await user.see("alpine")
        await user.press(*keys)
        await user.see(sentence)
        await user.press("down")
        await user.see_no_more(sentence)


async def test_read_only_is_named() -> None:
    async with explorer(read_only=True) as user:
        await user.see("alpine")
        await user.press("down", "d")
        await user.see("orlop was started read-only: it changes nothing.")


async def test_what_has_an_obvious_reason_is_not_talked_about() -> None:
    async with explorer() as user:
        await user.see("alpine")
        footer = user.footer
        await user.press("escape", "backspace")
        assert user.footer == footer


async def test_the_receipt_leads_to_the_history() -> None:
    async with explorer() as user:
        await user.see("monitoring-proxy-1")
        await user.press("2", "down", "down", "space", "D")
        await user.see("c carry out")
        await user.press("c", "tab", "enter")
        await user.see("1 of 1 thing removed")
        await user.press("J")
        await user.see("─ History", "monitoring-proxy-1")
