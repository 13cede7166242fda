"""Paths that are no UTF-8, by the names an engine's answers give them."""

from __future__ import annotations

import pytest

from tests.model.stacks import layer
from tui.model.file_stack import StackedFiles
from tui.model.told_paths import paths_told_as, told_as

ODD = tuple(bytes([*b"odd", byte]).decode("utf-8", "surrogateescape") for byte in (0xFD, 0xFE))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("plain", "plain"),
        ("café", "café"),
        ("caf\udce9", "caf\ufffd"),
        ("\udce2\udc82x", "\ufffd\ufffdx"),
        ("🐋\udcff", "🐋\ufffd"),
        ("\ufffd", "\ufffd"),
    ],
)
def test_each_byte_that_is_no_utf_8_is_told_as_one_character(name: str, told: str) -> None:
    assert told_as(name) == told


def test_what_the_finished_image_has_is_found_by_what_is_told() -> None:
    stack = StackedFiles.of(
        [
            layer(
                "app/", "app/bad\udcffname", *(f"{folder}/{name}" for folder in ODD for name in ("", "x")), "a\udcff"
            ),
            layer("b", "rep\ufffd", hide=["a\udcff"]),
        ]
    )
    assert paths_told_as(stack, "app/bad\ufffdname") == ("app/bad\udcffname",)
    assert set(paths_told_as(stack, "odd\ufffd/x")) == {f"{folder}/x" for folder in ODD}
    assert paths_told_as(stack, "a\ufffd") == (), "no longer there in the finished image"
    assert paths_told_as(stack, "rep\ufffd") == ("rep\ufffd",)
    assert paths_told_as(stack, "b") == ("b",)
    assert paths_told_as(stack, "none\ufffd/x") == ()
