"""What was found in layers: rows of the four lists, what was compared or searched, and the facts about one row."""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from tui.contents.source import FileStack
from tui.model.file_search import Compared, SameFiles, SameFilesSearch
from tui.model.file_stack import StackedFiles, Status, Touch
from tui.model.known_paths import Holder, KnownSearch
from tui.model.layer_files import Entry, Kind, LayerFiles
from tui.model.storage import Phase, Reading
from tui.present import figures
from tui.present.files import KIND_WORDS, SIGNS, file_name, mode_text, modified_text, owner_text
from tui.present.layer_stack import is_writable, what_made
from tui.present.reading import elapsed_text
from widgets.cell import Cell, Fact, Line, Role, RowText, Section

WASTED = "wasted"
_WITH_SIZE = frozenset({Kind.FILE, Kind.UNKNOWN})
_IMAGE_WIDTH = 22
_MOST_NAMED = 5
_WIDE = 100
"""Cells from which owners and dates are shown."""


class FoundSpot(NamedTuple):
    """One place where something was found."""

    path: str
    entry: Entry | None
    """What is there; ``None`` where a layer deletes it."""
    layer: int | None
    """The layer's number in the stack that is looked at; ``None`` when the layer isn't one of it."""
    wasted: bool = False
    """True when it is a file that is not seen in the final filesystem."""
    diff_id: str = ""
    holders: tuple[Holder, ...] = ()
    """Which images have the layer, where all images were searched."""


def entry_in(files: LayerFiles, path: str) -> Entry | None:
    """The entry of a layer at ``path``."""
    index = bisect_left(files.paths, path)
    return files.entry(index) if index < len(files.paths) and files.paths[index] == path else None


# -- rows -----------------------------------------------------------------------------------------


def spot_row(spot: FoundSpot, stacked: StackedFiles, *, width: int, exact: bool) -> RowText:
    """A place: what its layer did there, path, mode, layer, size."""
    status = _status(spot, stacked)
    sign, role = SIGNS[status]
    figures_cells = _figures(spot, width, wasted=spot.wasted or _is_wasted(spot, stacked), exact=exact)
    return RowText(_path_cells(spot, role), figures_cells, gutter=(Cell(f"{sign} ", role),))


def spot_heads(*, width: int, exact: bool, elsewhere: bool = False) -> Line:
    """What stands above the columns of places."""
    words = f"{'#':>4} {'size':>{_size_width(exact=exact)}} "
    if elsewhere:
        words = f"{'image':<{_IMAGE_WIDTH}}{words}"
    else:
        words = f"{'mode':<10}{words}"
        if width >= _WIDE:
            words = f"{'modified':<10} {'uid:gid':>9} {words}"
    return (Cell(words, Role.MUTED),)


def _path_cells(spot: FoundSpot, role: Role) -> Line:
    name = file_name(spot.path)
    folder = f"/{spot.path[: len(spot.path) - len(name)]}"
    slash = "/" if spot.entry is not None and spot.entry.kind is Kind.FOLDER else ""
    link: Line = ()
    if spot.entry is not None and spot.entry.link:
        arrow = " = /" if spot.entry.kind is Kind.HARD_LINK else " → "
        link = (Cell(f"{arrow}{spot.entry.link}", Role.MUTED),)
    return (Cell(folder, Role.MUTED), Cell(f"{name}{slash}", role), *link)


def _figures(spot: FoundSpot, width: int, *, wasted: bool, exact: bool) -> Line:
    entry, cells = spot.entry, []
    if wasted:
        cells.append(Cell(f"{WASTED} ", Role.WARNING))
    if spot.layer is None or spot.holders:
        more = f" +{len(spot.holders) - 1}" if len(spot.holders) > 1 else ""
        title = spot.holders[0].title if spot.holders else "no image any more"
        room = _IMAGE_WIDTH - len(more)
        title = title if len(title) <= room else f"{title[: room - 1]}…"
        cells.append(Cell(title + more, Role.LINK if spot.holders else Role.MUTED))
        cells.append(Cell(" " * (_IMAGE_WIDTH - len(title + more))))  # apart: a link is underlined
        number = spot.holders[0].layer if spot.holders else None
    else:
        number = spot.layer
        if entry is not None:
            if width >= _WIDE:
                cells.append(Cell(f"{modified_text(entry, exact=False):<10} {owner_text(entry):>9} ", Role.MUTED))
            cells.append(Cell(mode_text(entry), Role.WARNING if _is_special(entry) else Role.MUTED))
    cells.append(Cell(f"{'' if number is None else number + 1:>4} ", Role.MUTED))
    cells.append(Cell(f"{_size(entry, exact=exact):>{_size_width(exact=exact)}}", Role.NUMBER))
    return tuple(cells)


def _is_special(entry: Entry) -> bool:
    return bool(entry.mode & 0o6000) and entry.kind is not Kind.FOLDER


def _size(entry: Entry | None, *, exact: bool) -> str:
    if entry is None or not _has_size(entry):
        return ""
    return figures.size(entry.size_bytes) if not exact or entry.size_bytes is None else f"{entry.size_bytes:,}"


def _has_size(entry: Entry) -> bool:
    """False for what holds no bytes: a hard link does where it stands for the body that it keeps."""
    return entry.kind in _WITH_SIZE or (entry.kind is Kind.HARD_LINK and bool(entry.size_bytes))


def _size_width(*, exact: bool) -> int:
    return 15 if exact else 9


def group_row(group: SameFiles, *, exact: bool) -> RowText:
    """Files that are, or may be, the same."""
    size = f"{group.size_bytes:,} B" if exact else figures.size(group.size_bytes)
    same = group.compared is Compared.DIGEST
    spare = f"{group.spare_bytes:,}" if exact else figures.size(group.spare_bytes)
    return RowText(
        (Cell(figures.count(len(group.files), "file"), Role.STRONG), Cell(f" of {size} each")),
        (
            Cell("the same, by SHA-256 " if same else "same size ", Role.WARNING if same else Role.MUTED),
            Cell(f"{spare:>{_size_width(exact=exact)}}", Role.NUMBER),
        ),
    )


def group_heads(*, exact: bool) -> Line:
    """What stands above the groups."""
    return (Cell(f"{'to spare':>{_size_width(exact=exact)}} ", Role.MUTED),)


# -- what was looked for --------------------------------------------------------------------------


def paths_words(query: str, spots: int, search: KnownSearch | None, *, cut_off: bool = False) -> Line:
    """How much was found, and where; ``search`` when all images were asked."""
    if not query:
        return (Cell("/", Role.ACCENT), Cell(" asks for a part of a path, or a glob such as *.pem", Role.MUTED))
    found = f"{'the first ' if cut_off else ''}{figures.count(spots, 'place')} in "
    if search is None:
        return (Cell(f"{found}the layers of this one, what they delete included", Role.MUTED),)
    cells = [Cell(f"{found}{figures.count(search.layers, 'layer')} read so far", Role.MUTED)]
    if search.unread:
        cells.append(Cell(f"; {figures.count(search.unread, 'image')} not read whole", Role.WARNING))
    if search.problem:
        cells.append(Cell(f"; {search.problem}", Role.WARNING))
    return tuple(cells)


def biggest_words(shown: int, *, all_of_them: bool) -> Line:
    """What the list of big files is."""
    words = "every file that a layer stores" if all_of_them else f"the {shown:,} biggest files that layers store"
    return (Cell(f"{words}; ", Role.MUTED), Cell(WASTED, Role.WARNING), Cell(": not seen in the end", Role.MUTED))


def duplicates_words(search: SameFilesSearch, hashed: int) -> Line:
    """What was compared; ``hashed`` is how many files were read for it."""
    least = "" if search.least_bytes <= 1 else f" from {figures.size(search.least_bytes)}"
    if not hashed:
        how = "compared by size only"
    elif search.without_digest:
        how = f"compared by size, {hashed:,} also by SHA-256"
    else:
        how = "compared by size and SHA-256"
    spare = sum(group.spare_bytes for group in search.groups if group.compared is Compared.DIGEST)
    proven = (Cell(f"; {figures.size(spare)} the same", Role.WARNING),) if spare else ()
    return (Cell(f"{figures.count(search.files, 'file')}{least}: {how}", Role.MUTED), *proven)


def setuid_words(count: int) -> Line:
    """What the list of setuid files is."""
    words = "run with their owner's or group's rights" if count else "no file runs with its owner's or group's rights"
    return (Cell(f"{words} (final filesystem)", Role.MUTED),)


def searching_words(done: int, total: int, seconds: float) -> Line:
    """How far a search in all images has come."""
    words = f"searched {done:,} of {total:,} layers" if total else "asking which images have which layers"
    return (Cell(f" {words}: {elapsed_text(seconds)}", Role.WARNING),)


def comparing_words(done: int, total: int, reading: Reading | None, seconds: float) -> Line:
    """How far reading files for their digests has come."""
    words = f"reading file {min(done + 1, total):,} of {total:,}: {elapsed_text(seconds)}"
    if reading is not None and reading.phase is Phase.WAITING:
        words += ", waiting for the engine"
    elif reading is not None and reading.total_bytes:
        words += f", {figures.size(reading.done_bytes)} of {figures.size(reading.total_bytes)}"
    return (Cell(words, Role.WARNING), Cell("  Esc", Role.ACCENT), Cell(" stops it", Role.MUTED))


# -- facts ----------------------------------------------------------------------------------------


def spot_facts(spot: FoundSpot, stack: FileStack, stacked: StackedFiles, digest: str = "") -> tuple[Section, ...]:
    """All there is to know of one place."""
    facts = [Fact("Path", (Cell(f"/{spot.path}", Role.STRONG),))]
    if spot.entry is not None:
        facts.append(Fact("Entry", _entry_cells(spot.entry)))
    if digest:
        facts.append(Fact("SHA-256", (Cell(digest.removeprefix("sha256:"), Role.MUTED),)))
    if spot.layer is None or spot.holders:
        facts += _holder_facts(spot)
    else:
        number = "writable layer: " if is_writable(stack, spot.layer) else f"{spot.layer + 1} of {len(stack.layers)}: "
        facts.append(Fact("Layer", (Cell(number), *what_made(stack, spot.layer))))
        facts.append(Fact("In the end", _fate(spot, stacked)))
    return (Section("", tuple(facts)),)


def group_facts(group: SameFiles) -> tuple[Section, ...]:
    """What is known of files that are, or may be, the same."""
    facts = [
        Fact("Files", (Cell(f"{len(group.files):,} of {figures.exact_bytes(group.size_bytes)} each"),)),
        Fact("To spare", (Cell(figures.exact_bytes(group.spare_bytes), Role.NUMBER), Cell("  all but one of them"))),
    ]
    if group.compared is Compared.DIGEST:
        facts.append(Fact("Compared", (Cell("size and SHA-256: they hold the same", Role.WARNING),)))
        facts.append(Fact("SHA-256", (Cell(group.digest.removeprefix("sha256:"), Role.MUTED),)))
    else:
        words = (Cell("only their sizes: they may differ. "), Cell("c", Role.ACCENT), Cell(" reads and compares them."))
        facts.append(Fact("Compared", words))
    return (Section("", tuple(facts)),)


def _entry_cells(entry: Entry) -> Line:
    size = f"{figures.exact_bytes(entry.size_bytes)}  " if _has_size(entry) else f"{KIND_WORDS[entry.kind]}  "
    words = f"{mode_text(entry)}  {owner_text(entry)}  {modified_text(entry, exact=True)}"
    link = (Cell(f"  → {entry.link}"),) if entry.link else ()
    return (Cell(size, Role.NUMBER), Cell(words), *link)


def _holder_facts(spot: FoundSpot) -> list[Fact]:
    if spot.holders:
        named = [f"{holder.title} (layer {holder.layer + 1})" for holder in spot.holders[:_MOST_NAMED]]
        more = len(spot.holders) - len(named)
        names = ", ".join(named) + (f" and {figures.count(more, 'other')}" if more else "")
        label = "Image" if len(spot.holders) == 1 else "Images"
    else:
        names, label = "none here has this layer: what it was read from is gone, or was an archive", "Image"
    return [Fact(label, (Cell(names),)), Fact("Diff ID", (Cell(spot.diff_id, Role.MUTED),))]


def _fate(spot: FoundSpot, stacked: StackedFiles) -> Line:
    """Whether it is seen in the final filesystem, and if not, who hid it."""
    later = _later(spot, stacked)
    if spot.entry is None:
        return (Cell("deleted here, and added again later" if later else "deleted here"),)
    if later is None:
        return (Cell("seen", Role.GOOD),)
    how = "deletes" if later.entry is None else "replaces"
    return (Cell(f"not seen: layer {later.layer + 1} {how} it", Role.WARNING),)


def _is_wasted(spot: FoundSpot, stacked: StackedFiles) -> bool:
    """Whether it is a file with a body that a later layer hides."""
    has_body = spot.entry is not None and spot.entry.kind is Kind.FILE and spot.entry.size_bytes
    return bool(has_body) and spot.layer is not None and not spot.holders and _later(spot, stacked) is not None


def _later(spot: FoundSpot, stacked: StackedFiles) -> Touch | None:
    """What the next layer that touches the path does to it."""
    return next((touch for touch in _touches(spot, stacked) if touch.layer > (spot.layer or 0)), None)


def _touches(spot: FoundSpot, stacked: StackedFiles) -> tuple[Touch, ...]:
    node = stacked.node(spot.path)
    return stacked.touches(node) if node is not None else ()


def _status(spot: FoundSpot, stacked: StackedFiles) -> Status:
    """What the layer did at the path."""
    if spot.entry is None:
        return Status.REMOVED
    if spot.layer is None or spot.holders:
        return Status.UNCHANGED  # whether it was there before is not known without the layers below
    return next((touch.status for touch in _touches(spot, stacked) if touch.layer == spot.layer), Status.UNCHANGED)
