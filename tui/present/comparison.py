"""Two images beside each other: their layers, the paths in which they differ, and both sides of one path."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tui.contents.source import FileStack
from tui.model.file_stack import Status
from tui.model.image_comparison import Comparison, Difference, LayerComparison
from tui.model.layer import Layer
from tui.model.layer_files import Entry, Kind
from tui.present import figures
from tui.present.files import KIND_WORDS, SIGNS, file_name, mode_text, modified_text, owner_text, shown_path
from tui.present.layer import command_facts, command_line
from tui.present.layer_stack import stored_bytes
from widgets.cell import Cell, Fact, Line, Role, RowText, Section
from widgets.node import Node

HOW_COMPARED = (
    "By type, size, mode, owner, link and time of change. Contents are not read: a file of which all of that is the "
    "same counts as unmodified."
)
WITHOUT_TIMES = (
    "By type, size, mode, owner and link; the time of change is left out. Contents are not read: a file of which all "
    "of that is the same counts as unmodified."
)
_LEAST_NAME = 24
_WITH_SIZE = frozenset({Kind.FILE, Kind.FOLDER, Kind.UNKNOWN})


class Sides(NamedTuple):
    """The two images, as they were read."""

    left_title: str
    right_title: str
    left: FileStack
    right: FileStack

    @property
    def brief_titles(self) -> tuple[str, str]:
        """What to call them where there is little room."""
        return brief_titles(self.left_title, self.right_title)


def brief_titles(left: str, right: str) -> tuple[str, str]:
    """Two images' names without registry and folders: cut at the end, as names are, they would look the same.

    Names that differ only in what would be left out are left as they are.
    """
    short = left.rpartition("/")[2], right.rpartition("/")[2]
    return short if short[0] != short[1] else (left, right)


class LayerGroup(NamedTuple):
    """Layers that are shared, or lie on one side only."""

    key: str
    """``trunk``, ``elsewhere``, ``left`` or ``right``."""
    layers: tuple[Layer, ...]
    stored: int
    """Bytes of their files."""


class ComparedLayer(NamedTuple):
    """One layer in such a group."""

    group: str
    layer: Layer
    twin: Layer | None
    """The same layer on the right, where both have it."""
    stored: int | None


# -- the layers -----------------------------------------------------------------------------------


def layer_groups(sides: Sides, layers: LayerComparison) -> tuple[LayerGroup, ...]:
    """Shared layers first, then those of one side; groups without layers are left out, but for the two sides."""
    groups = (
        _group("trunk", [shared.left for shared in layers.prefix], sides.left),
        _group("elsewhere", [shared.left for shared in layers.elsewhere], sides.left),
        _group("left", layers.left_only, sides.left),
        _group("right", layers.right_only, sides.right),
    )
    return tuple(group for group in groups if group.layers or group.key != "elsewhere")


def _group(key: str, layers: list[Layer] | tuple[Layer, ...], stack: FileStack) -> LayerGroup:
    return LayerGroup(key, tuple(layers), sum(stored_bytes(stack, layer.index) or 0 for layer in layers))


def layer_nodes(sides: Sides, layers: LayerComparison) -> tuple[Node, ...]:
    """The groups with their layers, the topmost first."""
    twins = {shared.left.index: shared.right for shared in (*layers.prefix, *layers.elsewhere)}
    nodes: list[Node] = []
    for group in layer_groups(sides, layers):
        stack = sides.right if group.key == "right" else sides.left
        shared = group.key in {"trunk", "elsewhere"}
        children = tuple(
            Node(
                f"{group.key} {layer.index}",
                ComparedLayer(
                    group.key, layer, twins[layer.index] if shared else None, stored_bytes(stack, layer.index)
                ),
            )
            for layer in reversed(group.layers)
        )
        nodes.append(Node(group.key, group, children, open=True))
    return tuple(nodes)


def group_title(key: str, sides: Sides) -> Line:
    """What a group of layers is called."""
    match key:
        case "trunk":
            return (Cell("Shared, from the lowest on", Role.STRONG),)
        case "elsewhere":
            return (Cell("Shared, on other layers", Role.STRONG),)
        case "left":
            return (Cell("− Only in ", Role.BAD), Cell(sides.brief_titles[0], Role.STRONG))
        case _:
            return (Cell("+ Only in ", Role.GOOD), Cell(sides.brief_titles[1], Role.STRONG))


def layer_row(data: LayerGroup | ComparedLayer, sides: Sides, *, exact: bool) -> RowText:
    """A group, or a layer in it."""
    if isinstance(data, LayerGroup):
        size = f"{data.stored:,}" if exact else figures.size(data.stored)
        return RowText(
            (*group_title(data.key, sides), Cell(f" {len(data.layers)}", Role.MUTED)), (Cell(size, Role.NUMBER),)
        )
    stored = data.stored
    size = f"{stored:,}" if exact and stored is not None else figures.size(stored)
    return RowText(
        (Cell(f"{data.layer.index + 1:>2} ", Role.MUTED), *command_line(data.layer.created_by)),
        (Cell(size, Role.NUMBER),),
    )


def layer_facts(data: LayerGroup | ComparedLayer | None, sides: Sides) -> tuple[Section, ...]:
    """The layer under the cursor."""
    if isinstance(data, LayerGroup):
        words = {
            "trunk": "Both images stand on these: the engine keeps them once.",
            "elsewhere": "The same files in both, on different layers below: a classic store keeps them twice.",
            "left": f"Layers of {sides.left_title} that {sides.right_title} does not have.",
            "right": f"Layers of {sides.right_title} that {sides.left_title} does not have.",
        }[data.key]
        return (Section("", (Fact("", (Cell(words),)),)),)
    if data is None:
        return ()
    number = f"{data.layer.index + 1}"
    if data.twin is not None and data.twin.index != data.layer.index:
        number += f" on the left, {data.twin.index + 1} on the right"
    facts = (
        Fact("Layer", (Cell(number),)),
        Fact("Stored", (Cell(figures.size(data.stored), Role.NUMBER),), exact=figures.exact_bytes(data.stored)),
        *command_facts(data.layer.created_by),
        Fact("Diff ID", (Cell(data.layer.diff_id, Role.MUTED),)),
    )
    return (Section("", facts),)


def total_facts(comparison: Comparison, sides: Sides, *, times: bool) -> tuple[Section, ...]:
    """Both images, and what differs."""
    groups = {group.key: group for group in layer_groups(sides, comparison.layers)}
    facts = [
        _image_fact("− Left", sides.left_title, sides.left, comparison.left_bytes(0)),
        _image_fact("+ Right", sides.right_title, sides.right, comparison.right_bytes(0)),
    ]
    shared = groups["trunk"]
    facts.append(_bytes_fact("Shared", shared.stored, f"  {figures.count(len(shared.layers), 'layer')}, kept once"))
    changes = comparison.changes()
    for status, label in ((Status.REMOVED, "Only left"), (Status.ADDED, "Only right"), (Status.MODIFIED, "Modified")):
        sign, role = SIGNS[status]
        entries, size = changes.get(status, (0, 0))
        value = (
            Cell(f"{sign} {figures.count(entries, 'path')}  ", role),
            Cell(figures.size(size), Role.NUMBER),
        )
        facts.append(Fact(label, value, exact=f"{sign} {entries:,}  {figures.exact_bytes(size)}"))
    facts.append(Fact("Compared", (Cell(HOW_COMPARED if times else WITHOUT_TIMES, Role.MUTED),)))
    return (Section("Both images", tuple(facts)),)


def _image_fact(label: str, title: str, stack: FileStack, visible: int) -> Fact:
    stored = sum(files.stored_bytes for files in stack.files)
    words = f"  {figures.count(len(stack.layers), 'layer')}, {figures.size(stored)}; {figures.size(visible)} seen"
    exact = f"{figures.exact_bytes(stored)} stored, {figures.exact_bytes(visible)} seen"
    return Fact(label, (Cell(title, Role.ACCENT), Cell(words)), exact=exact)


def _bytes_fact(label: str, size: int, words: str) -> Fact:
    return Fact(label, (Cell(figures.size(size), Role.NUMBER), Cell(words)), exact=figures.exact_bytes(size))


def names_line(left: str, right: str) -> Line:
    """What is compared with what, for the first line."""
    return (
        Cell(" orlop ", Role.ACCENT),
        Cell(" compare "),
        Cell("− ", Role.BAD),
        Cell(left, Role.STRONG),
        Cell(" with "),
        Cell("+ ", Role.GOOD),
        Cell(right, Role.STRONG),
    )


def summary(comparison: Comparison) -> Line:
    """How much differs, for the first line."""
    changes = comparison.changes()
    cells: list[Cell] = []
    for status in (Status.ADDED, Status.MODIFIED, Status.REMOVED):
        sign, role = SIGNS[status]
        entries, size = changes.get(status, (0, 0))
        cells += [Cell(f" {sign}{entries:,}", role), Cell(f" {figures.size(size)} ", Role.NUMBER)]
    return tuple(cells)


# -- the paths ------------------------------------------------------------------------------------


def path_row(files: Comparison, node: int, *, width: int, exact: bool) -> RowText:
    """One row of the tree: sign, name, what it takes on the left, and on the right."""
    entry, status = files.entry(node), files.status(node)
    sign, role = SIGNS[status]
    folder = entry is None or entry.kind is Kind.FOLDER
    name = file_name(files.paths[node])
    link = (Cell(f" → {entry.link}", Role.MUTED),) if entry is not None and entry.kind is Kind.SYMLINK else ()
    return RowText(
        (Cell(f"{name}/" if folder else name, role), *link),
        _both_sizes(files, node, status, width, exact=exact),
        gutter=(Cell(f"{sign} ", role),),
    )


def path_heads(*, width: int, exact: bool) -> Line:
    """What stands above the columns."""
    size = _size_width(exact=exact)
    words = f"{'left':>{size}} → {'right':>{size}} "
    if _has_difference(width, exact=exact):
        words = f"{words[:-1]} {'change':>{size + 1}} "
    return (Cell(words, Role.MUTED),)


def _size_width(*, exact: bool) -> int:
    return 13 if exact else 8


def _has_difference(width: int, *, exact: bool) -> bool:
    # An outline never gives its right half more than half the row.
    needed = 3 * _size_width(exact=exact) + 5
    return needed < width // 2 and needed + _LEAST_NAME < width


def _both_sizes(files: Comparison, node: int, status: Status, width: int, *, exact: bool) -> Line:
    room = _size_width(exact=exact)
    text: Callable[[int], str] = (lambda size: f"{size:,}") if exact else figures.size
    left_entry, right_entry = files.entries(node)
    left, right = files.left_bytes(node), files.right_bytes(node)
    left_text = text(left) if left or _counts(left_entry) else ""
    right_text = text(right) if right or _counts(right_entry) else ""
    cells = [
        Cell(f"{left_text:>{room}}", Role.MUTED if left == right else Role.NUMBER),
        Cell(" → " if status is not Status.UNCHANGED else " = ", Role.MUTED),
        Cell(f"{right_text:>{room}}", Role.NUMBER if left != right else Role.MUTED),
    ]
    if _has_difference(width, exact=exact):
        change = f"{'+' if right > left else '−'}{text(abs(right - left))}" if left != right else ""
        cells.append(Cell(f" {change:>{room + 1}}", Role.GOOD if right > left else Role.BAD))
    return tuple(cells)


def _counts(entry: Entry | None) -> bool:
    """Whether an entry takes bytes, be it none."""
    return entry is not None and entry.kind in _WITH_SIZE


def path_words(files: Comparison, node: int) -> tuple[Line, Line]:
    """The path, and in what both sides differ: for the rule above its facts."""
    status = files.status(node)
    differences = [difference.value for difference in Difference if difference in files.differences(node)]
    if status is Status.ADDED:
        words, role = " only on the right ", Role.GOOD
    elif status is Status.REMOVED:
        words, role = " only on the left ", Role.BAD
    elif differences:
        words, role = f" differs in {', '.join(differences)} ", Role.WARNING
    elif status is Status.MODIFIED:
        words, role = " holds what differs ", Role.WARNING
    else:
        words, role = " the same ", Role.MUTED
    return (Cell(f"─ {shown_path(files.paths[node])} ", Role.MUTED),), (Cell(words, role), Cell("─"))


def path_facts(files: Comparison, node: int) -> tuple[Section, ...]:
    """Both sides of one path, one below the other, with what differs marked."""
    left, right = files.entries(node)
    differences = files.differences(node)
    layers = _layer_number(files, node, left=True), _layer_number(files, node, left=False)
    facts = [
        Fact("− Left", _side(left, files.left_bytes(node), differences, layers[0])),
        Fact("+ Right", _side(right, files.right_bytes(node), differences, layers[1])),
    ]
    return (Section("", tuple(facts)),)


def _layer_number(files: Comparison, node: int, *, left: bool) -> int | None:
    """The layer an entry comes from, in its own image."""
    stack = files.left if left else files.right
    own = stack.node(files.paths[node])
    seen = stack.entry_at(own, stack.top) if own is not None else None
    return seen[0] if seen is not None else None


def _side(entry: Entry | None, size: int, differences: frozenset[Difference], layer: int | None) -> Line:
    if entry is None:
        return (Cell("not there", Role.MUTED),)

    def role(*fields: Difference) -> Role:
        return Role.WARNING if differences & set(fields) else Role.NORMAL

    kind = f"  {KIND_WORDS[entry.kind]}" if Difference.KIND in differences else ""
    shown_size = figures.exact_bytes(size) if entry.kind in _WITH_SIZE or size else ""
    cells = [
        Cell(mode_text(entry), role(Difference.MODE, Difference.KIND)),
        Cell(f"  {owner_text(entry)}", role(Difference.OWNER)),
        Cell(f"  {modified_text(entry, exact=True)}", role(Difference.MODIFIED)),
        Cell(f"  {shown_size}", role(Difference.SIZE)),
        Cell(kind, role(Difference.KIND)),
        Cell("" if layer is None else f"  layer {layer + 1}", Role.MUTED),
    ]
    if entry.kind is Kind.SYMLINK:
        cells.append(Cell(f"  → {entry.link}", role(Difference.LINK)))
    elif entry.device != (0, 0):
        cells.append(Cell(f"  {entry.device[0]}:{entry.device[1]}", role(Difference.LINK)))
    return tuple(cells)
