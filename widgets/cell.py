"""The plain values widgets show: pieces of text with a colour role, and facts made of them."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Role(StrEnum):
    """What a piece of text means; the theme decides how that looks."""

    NORMAL = "normal"
    MUTED = "muted"
    STRONG = "strong"
    """Titles and names that matter: bold."""
    ACCENT = "accent"
    NUMBER = "number"
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"
    LINK = "link"
    """Text that leads to another object."""
    MARKED = "marked"
    """What the user has picked."""
    BAR = "bar"
    """The filled part of a bar."""


class Cell(NamedTuple):
    """A piece of text with one role. The text is untrusted: widgets show it literally."""

    text: str
    role: Role = Role.NORMAL


Line = tuple[Cell, ...]
"""One line of text."""


class Fact(NamedTuple):
    """One thing known about an object: a label, and its value in words.

    ``exact`` is shown in place of ``value`` when the user asks for exact figures (bytes, whole IDs,
    dates to the second); empty when the value is exact already.
    ``target`` is an opaque key that leads to another object, or empty.
    """

    label: str
    value: Line
    exact: str = ""
    target: str = ""


class Section(NamedTuple):
    """A headed group of facts; an empty title is no heading."""

    title: str
    facts: tuple[Fact, ...] = ()


class RowText(NamedTuple):
    """How one row of a tree or list reads: text from the left, figures from the right.

    ``dim`` marks an object that is going away or can't be acted on.
    """

    left: Line
    right: Line = ()
    dim: bool = False
    gutter: Line = ()
    """A sign before the indent, so that it stands in the same column in every row."""
