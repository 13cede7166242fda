"""The layers beside a file tree: a row for each, and what there is to know of the one that is highlighted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui.contents.source import FileStack
from tui.model.file_stack import Status, Touch
from tui.model.layer import Layer
from tui.model.layer_files import Kind
from tui.model.waste import Waste
from tui.present import figures, waste_words
from tui.present.files import KIND_WORDS, SIGNS, mode_text, owner_text, shown_path
from tui.present.layer import BAR_WIDTH, command_facts, command_line
from widgets.cell import Cell, Fact, Line, Role, RowText, Section
from widgets.size_bar import size_bar

WRITABLE = "writable layer"
"""What stands in the place of a command for a container's own layer."""
MOST_OFFENDERS = 100
"""So many paths are named that take room in vain; the rest is counted."""
_BAR_FROM = 60
"""Cells from which there is room for a bar."""
_WHAT = {
    Status.ADDED: "added",
    Status.MODIFIED: "modified",
    Status.REMOVED: "removed",
}


def is_writable(stack: FileStack, layer: int) -> bool:
    """True for a container's own layer."""
    return stack.writable and layer == len(stack.layers) - 1


def stored_bytes(stack: FileStack, layer: int) -> int | None:
    """What the files of a layer take; ``None`` when not all of it is known and nothing of it is."""
    files = stack.files[layer]
    return None if not files.stored_bytes and any(size < 0 for size in files.sizes) else files.stored_bytes


def _at_least(stack: FileStack, layer: int) -> str:
    """What stands before the bytes of a layer of which some are not known."""
    return "≥" if any(size < 0 for size in stack.files[layer].sizes) else ""


def what_made(stack: FileStack, layer: int) -> Line:
    """The command behind a layer, or what it is."""
    if is_writable(stack, layer):
        return (Cell(WRITABLE, Role.STRONG),)
    return command_line(stack.layers[layer].created_by)


def layer_line(
    stack: FileStack, layer: int, size: int | None, waste: Waste | None, *, width: int, exact: bool
) -> RowText:
    """One row of the table: number, command, what of it is wasted, size; with a bar where there is room."""
    cells: list[Cell] = []
    if width >= _BAR_FROM and not exact:
        total = waste.stored_bytes if waste is not None else 0
        cells += [*size_bar(size or 0, total, BAR_WIDTH), Cell(" ")]
    figure = _figure(size, exact=exact)
    if _has_room_for_both(width, exact=exact):
        wasted = waste.per_layer_wasted[layer] if waste is not None else None
        cells.append(Cell(_figure(wasted, exact=exact, zero=""), Role.WARNING))
        figure = f" {figure}"
    cells.append(Cell(figure, Role.NUMBER))
    return RowText((Cell(f"{layer + 1:>3} ", Role.MUTED), *what_made(stack, layer)), tuple(cells))


def layer_heads(*, width: int, exact: bool) -> Line:
    """What stands above the columns of the table, which is ``width`` wide."""
    column = _figure_width(exact=exact)
    wasted = f"{'wasted':>{column}} " if _has_room_for_both(width, exact=exact) else ""
    return (Cell(f"{wasted}{'size':>{column}} ", Role.MUTED),)


def _has_room_for_both(width: int, *, exact: bool) -> bool:
    """Whether a row of the table can tell both figures: the half of it is for the command."""
    return 2 * _figure_width(exact=exact) + 1 <= width // 2


def _figure_width(*, exact: bool) -> int:
    return 15 if exact else 9


def _figure(count: int | None, *, exact: bool, zero: str = "0 B") -> str:
    width = _figure_width(exact=exact)
    if count == 0 and not exact:
        return f"{zero:>{width}}"
    return f"{(f'{count:,}' if exact and count is not None else figures.size(count)):>{width}}"


def position_words(stack: FileStack, layer: int) -> str:
    """Which layer of how many."""
    count = len(stack.layers)
    if is_writable(stack, layer):
        return f"Writable layer, on top of {figures.count(count - 1, 'layer')}"
    return f"Layer {layer + 1} of {count}, counted from the lowest"


def stack_sections(
    stack: FileStack, layer: int, waste: Waste | None, changes: Mapping[Status, tuple[int, int]] | None
) -> tuple[Section, ...]:
    """One layer and the whole image; ``changes`` and ``waste`` are ``None`` while they are counted.

    What one reads again and again stands at the top: small screens show no more.
    """
    totals, advice, offenders = _total_sections(stack, waste)
    return (_layer_section(stack, layer, waste, changes), *advice, *totals, *offenders, *_identity(stack, layer))


def _layer_section(
    stack: FileStack, layer: int, waste: Waste | None, changes: Mapping[Status, tuple[int, int]] | None
) -> Section:
    size, at_least = stored_bytes(stack, layer), _at_least(stack, layer)
    facts = (
        _stored_fact(size, at_least if size else ""),
        _wasted_fact(layer, waste),
        _changes_fact(changes, at_least),
    )
    if is_writable(stack, layer):
        made = Fact("Made by", (Cell("the container's processes: it is deleted with the container"),))
        return Section("", (*facts, made))
    return Section("", (*facts, *command_facts(stack.layers[layer].created_by)))


def _identity(stack: FileStack, layer: int) -> tuple[Section, ...]:
    if is_writable(stack, layer):
        return ()
    about: Layer = stack.layers[layer]
    facts = (
        Fact("Created", (Cell(figures.age(about.created)),), exact=figures.date(about.created)),
        Fact("Diff ID", (Cell(about.diff_id or "not known", Role.MUTED),)),
        Fact("Chain ID", (Cell(about.chain_id or "not known", Role.MUTED),)),
    )
    return (Section(f"Layer {layer + 1}", facts),)


def _stored_fact(size: int | None, at_least: str) -> Fact:
    exact = f"{at_least}{figures.exact_bytes(size)}"
    return Fact("Stored", (Cell(f"{at_least}{figures.size(size)}", Role.NUMBER),), exact=exact)


def _wasted_fact(layer: int, waste: Waste | None) -> Fact:
    if waste is None:
        return Fact("Wasted", (Cell(figures.UNKNOWN, Role.MUTED),))
    wasted = waste.per_layer_wasted[layer]
    words = "  hidden again by a later layer" if wasted else ""
    role = Role.WARNING if wasted else Role.GOOD
    value: Line = (Cell(figures.size(wasted), role), Cell(words, Role.MUTED))
    return Fact("Wasted", value, exact=figures.exact_bytes(wasted))


def _changes_fact(changes: Mapping[Status, tuple[int, int]] | None, at_least: str) -> Fact:
    if changes is None:
        return Fact("Changes", (Cell(figures.UNKNOWN, Role.MUTED),))
    cells: list[Cell] = []
    exact: list[str] = []
    for status, word in _WHAT.items():
        sign, role = SIGNS[status]
        entries, size = changes.get(status, (0, 0))
        least = at_least if entries and status is not Status.REMOVED else ""
        exact.append(f"{sign} {entries:,} {word} {least}{figures.exact_bytes(size)}")
        if entries:
            gap = "  " if cells else ""
            # Words that belong together are not parted by the end of a line.
            cells += [
                Cell(f"{gap}{sign}\u00a0{entries:,}", role),
                Cell(f"\u00a0{least}{figures.size(size)}".replace(" ", "\u00a0"), Role.NUMBER),
            ]
    return Fact("Changes", tuple(cells) or (Cell("none", Role.MUTED),), exact="  ".join(exact))


def _total_sections(
    stack: FileStack, waste: Waste | None
) -> tuple[tuple[Section, ...], tuple[Section, ...], tuple[Section, ...]]:
    """The whole image: stored, visible, wasted; what would make it smaller; which paths waste most."""
    title = "The container and its image" if stack.writable else "The image"
    if waste is None:
        return (Section(title, (Fact("", (Cell("counting what is wasted…", Role.MUTED),)),)),), (), ()
    facts = list(waste_words.total_facts(waste))
    if not waste.wasted_bytes:
        facts.append(Fact("", (Cell(waste_words.NO_WASTE, Role.MUTED),)))
    sentences = waste_words.advice_facts(_image_alone(stack, waste), stack.layers)
    advice = (Section("What would make it smaller", sentences),) if sentences else ()
    offenders = (Section("What wastes most", _offender_facts(waste)),) if waste.offenders else ()
    return (Section(title, tuple(facts)),), advice, offenders


def _image_alone(stack: FileStack, waste: Waste) -> Waste:
    """Without what a container hides: nobody can build its image so that it doesn't."""
    if not stack.writable:
        return waste
    top = len(stack.layers) - 1
    return waste._replace(losses=tuple(loss for loss in waste.losses if loss.hidden_by < top))


def _offender_facts(waste: Waste) -> tuple[Fact, ...]:
    shown, left = waste.offenders[:MOST_OFFENDERS], waste.offenders[MOST_OFFENDERS:]
    facts = [
        Fact(
            figures.size(offender.wasted_bytes),
            waste_words.offender_row(offender).left,
        )
        for offender in shown
    ]
    if left:
        rest = sum(offender.wasted_bytes for offender in left)
        words = f"in {figures.count(len(left), 'more path')}"
        facts.append(Fact(figures.size(rest), (Cell(words, Role.MUTED),)))
    return tuple(facts)


def summary_line(stack: FileStack, waste: Waste | None, paths: int | None, *, brief: bool = False) -> Line:
    """The right of the first line: how much there is of everything; ``brief`` says only the bytes."""
    cells: list[Cell] = []
    if not brief:
        cells.append(Cell(f"{figures.count(len(stack.layers), 'layer')}  ", Role.MUTED))
        if paths is not None:
            cells.append(Cell(f"{figures.count(paths, 'path')}  ", Role.MUTED))
    if waste is not None:
        cells += [
            Cell(figures.size(waste.stored_bytes), Role.NUMBER),
            Cell(" stored  ", Role.MUTED),
            Cell(figures.size(waste.wasted_bytes), Role.WARNING if waste.wasted_bytes else Role.GOOD),
            Cell(" wasted ", Role.MUTED),
        ]
    return tuple(cells)


def touch_row(stack: FileStack, touch: Touch, path: str) -> RowText:
    """What one layer did to a path: sign, layer, command; size, mode and owner of what it put there."""
    sign, role = SIGNS[touch.status]
    left: list[Cell] = [
        Cell(f"{sign} ", role),
        Cell(f"layer {touch.layer + 1:<3} ", Role.STRONG),
        Cell(f"{_WHAT.get(touch.status, ''):<8} ", role),
        *what_made(stack, touch.layer),
    ]
    if touch.entry is None:
        with_folder = touch.by != path
        return RowText(tuple(left), (Cell(f"with {shown_path(touch.by)}", Role.MUTED),) if with_folder else ())
    entry = touch.entry
    size = figures.size(entry.size_bytes) if entry.kind in {Kind.FILE, Kind.UNKNOWN} else KIND_WORDS[entry.kind]
    return RowText(
        tuple(left), (Cell(f"{mode_text(entry)} {owner_text(entry):>9} ", Role.MUTED), Cell(f"{size:>9}", Role.NUMBER))
    )


def touches_words(path: str, touches: Sequence[Touch]) -> Line:
    """How many layers it was, above the list of them."""
    return (
        Cell(shown_path(path), Role.ACCENT),
        Cell(f"  {figures.count(len(touches), 'layer')} touched it", Role.MUTED),
    )


def files_words(stack: FileStack, layer: int, *, alone: bool) -> Line:
    """What the tree shows, for its title."""
    top = layer == len(stack.layers) - 1
    if alone:
        return (Cell("What "), Cell(_layer_name(stack, layer), Role.STRONG), Cell(" did"))
    if top:
        return (Cell("Files of the container" if stack.writable else "Files of the whole image"),)
    return (Cell("Files up to "), Cell(_layer_name(stack, layer), Role.STRONG))


def _layer_name(stack: FileStack, layer: int) -> str:
    return "the writable layer" if is_writable(stack, layer) else f"layer {layer + 1}"
