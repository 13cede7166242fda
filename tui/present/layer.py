"""Layers and the instructions that made them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tui.model.image import Image
from tui.model.layer import HistoryEntry, Layer
from tui.present import figures
from widgets.cell import Cell, Fact, Line, Role, RowText, Section
from widgets.size_bar import size_bar

_NOP = re.compile(r"^(?:\S*/)?sh -c #\(nop\)\s+")
_SHELL = re.compile(r"^(?:RUN )?(?:\|\d+ .*?\s)?(?:/\S*/)?(?:ba|a|da)?sh -[a-z]*c ", re.DOTALL)
_BUILDKIT = re.compile(r"\s*# buildkit\s*$")
_INSTRUCTION = re.compile(r"^[A-Z]{3,} ")
_SPACES = re.compile(r"\s+")

BAR_WIDTH = 8
_BAR_FROM = 56
"""Cells from which a row has room for a bar: half of it is for the command."""


def readable_command(created_by: str) -> str:
    """The Dockerfile instruction behind a history entry's ``created_by``, on one line.

    ``/bin/sh -c #(nop)  CMD ["sh"]`` is how the classic builder writes ``CMD ["sh"]`` down, and
    ``/bin/sh -c apt-get update`` is its ``RUN apt-get update``; BuildKit adds ``# buildkit``; build
    arguments stand before the shell as ``|1 A=b /bin/sh -c …``.
    """
    text = _BUILDKIT.sub("", created_by.strip())
    if not text:
        return "(no command recorded)"
    if nop := _NOP.match(text):
        return _SPACES.sub(" ", text[nop.end() :].strip())
    if shell := _SHELL.match(text):
        run = _SPACES.sub(" ", text[shell.end() :].strip())
        return f"RUN {run}"
    return _SPACES.sub(" ", text)


def instruction_and_rest(command: str) -> tuple[str, str]:
    """``RUN apt-get update`` as ``("RUN", "apt-get update")``; no instruction is the empty string."""
    match = _INSTRUCTION.match(command)
    return (match.group().strip(), command[match.end() :]) if match else ("", command)


def command_line(created_by: str) -> Line:
    """A command for a row: the instruction marked, the rest plain."""
    instruction, rest = instruction_and_rest(readable_command(created_by))
    return (Cell(f"{instruction} ", Role.ACCENT), Cell(rest)) if instruction else (Cell(rest),)


def layer_row(image: Image, layer: Layer) -> RowText:
    """One layer in a tree: what made it, its size, and a bar against its image."""
    bar = size_bar(layer.size_bytes or 0, image.size_bytes or 0, BAR_WIDTH)
    return RowText(command_line(layer.created_by), (*bar, Cell(f" {figures.size(layer.size_bytes):>8}", Role.NUMBER)))


def layer_table_row(layer: Layer, image_bytes: int | None, sharing: int | None, *, width: int) -> RowText:
    """One layer in the Layers tab: number, command, sharing, share of the image, size; a bar where there is room."""
    shared = "" if not sharing else f"×{sharing + 1}"
    bar = size_bar(layer.size_bytes or 0, image_bytes or 0, BAR_WIDTH) if width >= _BAR_FROM else ()
    return RowText(
        (Cell(f"{layer.index + 1:>3} ", Role.MUTED), *command_line(layer.created_by)),
        (
            Cell(shared, Role.LINK),
            Cell(" "),
            *bar,
            Cell(f" {figures.share(layer.size_bytes, image_bytes):>4}", Role.MUTED),
            Cell(f" {figures.size(layer.size_bytes):>9}", Role.NUMBER),
        ),
    )


def instruction_row(entry: HistoryEntry) -> RowText:
    """A history entry that made no layer (``ENV``, ``CMD`` …) in the Layers tab."""
    return RowText((Cell("  · ", Role.MUTED), *command_line(entry.created_by)), (Cell("no layer", Role.MUTED),))


def _spread(command: str) -> str:
    """A long RUN with a line for each ``&&``, as one writes it in a Dockerfile."""
    return command.replace(" && ", "\n    && ")


def command_facts(created_by: str) -> tuple[Fact, ...]:
    """The whole command, spread over lines at each ``&&``."""
    lines = _spread(readable_command(created_by)).split("\n")
    return tuple(Fact("Command" if number == 0 else " ", (Cell(line),)) for number, line in enumerate(lines))


def layer_sections(
    layer: Layer, image_bytes: int | None, sharers: Sequence[Image] | None, *, count: int = 0
) -> tuple[Section, ...]:
    """Everything known of one layer; ``sharers`` are the other images that hold it, ``None`` while unknown."""
    position = f"layer {layer.index + 1}" + (f" of {count}, counted from the bottom" if count else "")
    if sharers is None:
        shared: Line = (Cell(figures.UNKNOWN, Role.MUTED),)
    elif sharers:
        names = ", ".join(image.tags[0] if image.tags else figures.short_id(image.id) for image in sharers)
        shared = (Cell(f"{figures.count(len(sharers), 'other image')}: ", Role.NORMAL), Cell(names, Role.LINK))
    else:
        shared = (Cell("no other image"),)
    facts = (
        Fact("Position", (Cell(position),)),
        Fact(
            "Size",
            (Cell(figures.size(layer.size_bytes), Role.NUMBER), Cell(_of_image(layer, image_bytes), Role.MUTED)),
            exact=figures.exact_bytes(layer.size_bytes),
        ),
        Fact("Created", (Cell(figures.age(layer.created)),), exact=figures.date(layer.created)),
        Fact("Diff ID", (Cell(layer.diff_id, Role.MUTED),)),
        Fact("Chain ID", (Cell(layer.chain_id, Role.MUTED),)),
        Fact("Shared with", shared),
    )
    return (Section("", (*facts, *command_facts(layer.created_by))),)


def _of_image(layer: Layer, image_bytes: int | None) -> str:
    part = figures.share(layer.size_bytes, image_bytes)
    return f"  {part} of the image" if part else ""


def instruction_sections(entry: HistoryEntry) -> tuple[Section, ...]:
    """A history entry that made no layer."""
    facts = (
        Fact("Layer", (Cell("none: this instruction only changed the image's configuration"),)),
        Fact("Created", (Cell(figures.age(entry.created)),), exact=figures.date(entry.created)),
    )
    return (Section("", (*facts, *command_facts(entry.created_by))),)
