"""The made-up world, without any engine."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Open
from tests.e2e.orlop import PATIENCE, Orlop


@pytest.fixture
def orlop(open_orlop: Open) -> Orlop:
    """The demo."""
    opened = open_orlop("--demo", columns=160, rows=60)
    opened.see_in_header("demo")
    opened.see_row("shop-api-1", "running")
    return opened


def test_browsing(orlop: Orlop) -> None:
    orlop.go_to("images", "3.21")
    orlop.see_in_details("alpine:3.21")
    orlop.press("right")
    orlop.see_row("ADD alpine-minirootfs", "7.8 MB")
    orlop.press("]")
    orlop.see_in_details("[Layers]")
    orlop.go_to("containers", "shop-db-1")
    orlop.press("i")
    orlop.see_in_details("[Inspect]")
    orlop.press("/")
    orlop.type("Image\r")
    orlop.see_in_details("postgres")
    orlop.press("escape")
    orlop.see_cursor_on("shop-db-1")
    orlop.go_to("volumes", "shop_db-data")
    orlop.see_in_details("Mountpoint")
    assert orlop.quit() == 0


def test_an_image_goes(orlop: Orlop) -> None:
    orlop.see_in_header("21 images")
    orlop.press("1", "/")
    orlop.type("hello")
    orlop.see_no_row("alpine")
    orlop.press("enter")
    orlop.see_cursor_on("latest")
    orlop.press("d")
    orlop.see_dialog("Remove image hello-world:latest", "‹ Cancel ›")
    orlop.press("tab")
    orlop.see_dialog("‹ Remove image ›")
    orlop.press("enter")
    orlop.see_in_header("20 images")
    orlop.press("escape")
    orlop.see_row("alpine")
    orlop.see_no_row("hello-world")


def test_a_pretended_shell(orlop: Orlop) -> None:
    orlop.go_to("containers", "shop-api-1")
    orlop.press("e")
    orlop.see("returns to orlop")
    orlop.wait_until(lambda: "demo" in orlop.screen_text().lower(), timeout=PATIENCE, what="that it is a demo")
    orlop.type("echo what I wrote > /tmp/note; cat /tmp/note\r")
    orlop.wait_until(lambda: "what I wrote" in orlop.lines(), timeout=PATIENCE, what="the note")
    orlop.type("exit\r")
    orlop.see_in_footer("exit code 0")
    orlop.see_cursor_on("shop-api-1")
    orlop.press("e")
    orlop.see("returns to orlop")
    orlop.type("cat /tmp/note\r")
    orlop.wait_until(lambda: orlop.lines().count("what I wrote") >= 1, timeout=PATIENCE, what="the note, still there")
    orlop.press("ctrl+d")
    orlop.see_in_footer("exit code 0")


def test_a_container_stops(orlop: Orlop) -> None:
    orlop.go_to("containers", "shop-api-1")
    orlop.press("S")
    orlop.see_row("shop-api-1", "exited")
    orlop.press("S")
    orlop.see_row("shop-api-1", "running")
