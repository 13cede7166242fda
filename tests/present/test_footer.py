"""Which keys the last line has room for."""

from __future__ import annotations

import pytest

from tui.present.footer import fitting_keys, key_line
from widgets.cell import Line

KEYS = [("Tab", "layers"), ("/", "filter"), ("F", "find"), ("Esc", "back"), ("?", "help")]
OWN = [("v", "view"), ("W", "write"), ("o", "touched")]


def read(line: Line) -> str:
    return "".join(cell.text for cell in line)


@pytest.mark.parametrize(
    ("width", "keys", "own"),
    [
        (200, " Tab layers  / filter  F find  Esc back  ? help ", " v view  W write  o touched "),
        (76, " Tab layers  / filter  F find  Esc back  ? help ", " v view  W write "),
        (60, " Tab layers  / filter  F find  Esc back  ? help ", " v view "),
        (50, " Tab layers  / filter  Esc back  ? help ", " v view "),
        (10, " Esc back  ? help ", " v view "),
    ],
)
def test_keys_without_room_are_left_out_whole_but_for_help_and_the_way_back(width: int, keys: str, own: str) -> None:
    left, right = fitting_keys(KEYS, OWN, width)
    assert (read(left), read(right)) == (keys, own)


@pytest.mark.parametrize("own", [OWN, []])
def test_keys_to_spare_stand_before_help_and_leave_room_for_keys_that_are_away(own: list[tuple[str, str]]) -> None:
    spare = [("X", "candidates"), ("b", "usage")]
    wide, _ = fitting_keys(KEYS, own, 130, spare)
    middling, _ = fitting_keys(KEYS, own, 115, spare)
    narrow, _ = fitting_keys(KEYS, own, 109, spare)
    assert read(wide) == " Tab layers  / filter  F find  X candidates  b usage  Esc back  ? help "
    assert read(middling) == " Tab layers  / filter  F find  X candidates  Esc back  ? help "
    assert read(narrow) == " Tab layers  / filter  F find  Esc back  ? help "


def test_no_keys_are_an_empty_line() -> None:
    assert fitting_keys([], [], 3) == (key_line([]), key_line([]))
