"""Rows of a file tree: sign, name, link, and as many columns of figures as there is room for."""

from __future__ import annotations

import re
import stat
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len

from tui.model.container import Mount
from tui.model.file_stack import Status
from tui.model.file_view import ShownFiles
from tui.model.layer_files import Entry, Kind
from tui.present import figures
from widgets.cell import Cell, Line, Role, RowText
from widgets.literal import literal

SIGNS: Mapping[Status, tuple[str, Role]] = {
    Status.ADDED: ("+", Role.GOOD),
    Status.MODIFIED: ("~", Role.WARNING),
    Status.REMOVED: ("−", Role.BAD),
    Status.UNCHANGED: (" ", Role.NORMAL),
}
"""What became of a file, as a sign and as a colour: either alone says it."""

_WORDS = {
    Status.ADDED: "Added",
    Status.MODIFIED: "Modified",
    Status.REMOVED: "Removed",
    Status.UNCHANGED: "Unmodified",
}
_IMPLIED_MODE = 0o755
_KIND_LETTERS = {
    Kind.FILE: "-",
    Kind.HARD_LINK: "-",
    Kind.FOLDER: "d",
    Kind.SYMLINK: "l",
    Kind.CHARACTER_DEVICE: "c",
    Kind.BLOCK_DEVICE: "b",
    Kind.FIFO: "p",
    Kind.SOCKET: "s",
    Kind.UNKNOWN: "?",
}
_NO_BODY = frozenset(Kind) - {Kind.FILE, Kind.FOLDER, Kind.UNKNOWN}
KIND_WORDS = {
    Kind.FILE: "file",
    Kind.FOLDER: "folder",
    Kind.SYMLINK: "symbolic link",
    Kind.HARD_LINK: "file with several names",
    Kind.CHARACTER_DEVICE: "character device",
    Kind.BLOCK_DEVICE: "block device",
    Kind.FIFO: "named pipe",
    Kind.SOCKET: "socket",
    Kind.UNKNOWN: "entry that has not been looked at",
}
_NOT_UTF8 = re.compile("[\ud800-\udfff]")
_LEAST_NAME = 30
"""Cells that are kept for indent and name before a column of figures is shown."""


class Columns(NamedTuple):
    """Which figures stand beside the names; the size always does."""

    layer: bool = False
    """Which layer the entry comes from."""
    modified: bool = False
    mode: bool = False
    owner: bool = False
    exact: bool = False
    """Sizes to the byte, dates to the second."""

    @property
    def size_width(self) -> int:
        """Cells of the size's column."""
        return 15 if self.exact else 9

    @property
    def date_width(self) -> int:
        """Cells of the date's column."""
        return 19 if self.exact else 10

    @property
    def width(self) -> int:
        """Cells of all columns, and the gaps before them."""
        width = 1 + self.size_width
        for shown, cells in ((self.owner, 9), (self.mode, 10), (self.modified, self.date_width), (self.layer, 3)):
            width += cells + 1 if shown else 0
        return width


@lru_cache(maxsize=32)  # asked for every row
def columns_for(width: int, *, exact: bool) -> Columns:
    """The columns that fit into ``width`` cells: owner and mode go first, when there is little room."""
    columns = Columns(exact=exact)
    for name in ("mode", "owner", "layer", "modified"):
        wider = columns._replace(**{name: True})
        # An outline never gives its right half more than half the row.
        if wider.width > min(width - _LEAST_NAME, width // 2):
            break
        columns = wider
    return columns


def heads_line(columns: Columns) -> Line:
    """What stands above the columns."""
    words = f"{'size':>{columns.size_width}}"
    if columns.owner:
        words = f"{'uid:gid':>9} {words}"
    if columns.mode:
        words = f"{'mode':<10} {words}"
    if columns.modified:
        words = f"{'modified':<{columns.date_width}} {words}"
    if columns.layer:
        words = f"  # {words}"
    return (Cell(f"{words} ", Role.MUTED),)


def mode_text(entry: Entry | None) -> str:
    """``drwxr-xr-x``, with setuid, setgid and sticky as ``ls`` writes them; a folder nobody named is ``drwxr-xr-x``."""
    if entry is None:
        return "d" + stat.filemode(_IMPLIED_MODE)[1:]
    if entry.kind is Kind.UNKNOWN:
        return "?" * 10
    return _KIND_LETTERS[entry.kind] + stat.filemode(entry.mode)[1:]


def owner_text(entry: Entry | None) -> str:
    """``uid:gid``; a question mark for one that can't be known."""
    uid, gid = (entry.uid, entry.gid) if entry is not None else (0, 0)
    return f"{uid if uid >= 0 else '?'}:{gid if gid >= 0 else '?'}"


def size_text(files: ShownFiles, node: int, *, exact: bool = False) -> str:
    """What a file takes, or all that is seen below a folder; ``≥`` where not all of it is known."""
    size = files.size_bytes(node)
    entry = files.entry(node)
    if not size and entry is not None and entry.kind in _NO_BODY:
        return ""
    if files.unknown(node):
        if not size:
            return figures.UNKNOWN
        return f"≥{f'{size:,}' if exact else figures.size(size)}"
    return f"{size:,}" if exact else figures.size(size)


def modified_text(entry: Entry | None, *, exact: bool) -> str:
    """The local date of a file's last change, to the second when it is to be exact."""
    if entry is None or not entry.modified:
        return "-"
    return figures.date(entry.modified)[: 19 if exact else 10]


def is_folder(files: ShownFiles, node: int) -> bool:
    """True for a folder, and for what must be one because something lies below it."""
    entry = files.entry(node)
    return entry is None or entry.kind is Kind.FOLDER


def file_name(path: str) -> str:
    """The last part of a path."""
    return path[path.rfind("/") + 1 :]


def mount_words(mounts: Iterable[Mount]) -> Mapping[str, str]:
    """Path in a container -> what is mounted there: none of it lies in a layer."""
    return {mount.destination.strip("/"): f"mounted: {_behind(mount)}" for mount in mounts}


def _behind(mount: Mount) -> str:
    """``volume data``, ``the host's /srv``, ``a tmpfs``."""
    if mount.type == "bind":
        return f"the host's {mount.source}"
    return f"{mount.type} {mount.name}" if mount.name else f"a {mount.type or 'mount'}"


def file_row(files: ShownFiles, node: int, columns: Columns, mounted: str = "") -> RowText:
    """One row of a tree; ``mounted`` are the :func:`mount_words` of its path, if any."""
    entry, status = files.entry(node), files.status(node)
    sign, role = SIGNS[status]
    name = file_name(files.paths[node])
    folder = entry is None or entry.kind is Kind.FOLDER
    left: Line = (Cell(f"{name}/" if folder else name, role), *_link(entry))
    return RowText(
        (*left, Cell(f"  {mounted}", Role.LINK)) if mounted else left,
        _figures(files, node, entry, columns),
        gutter=(Cell(f"{sign} ", role),),
    )


def _link(entry: Entry | None) -> Line:
    if entry is None or not entry.link:
        return ()
    # A hard link is no arrow: both are names of one file.
    return (Cell(f" = /{entry.link}" if entry.kind is Kind.HARD_LINK else f" → {entry.link}", Role.MUTED),)


def _figures(files: ShownFiles, node: int, entry: Entry | None, columns: Columns) -> Line:
    cells: list[Cell] = []
    if columns.layer:
        layer = files.layer_of(node)
        cells.append(Cell(f"{layer + 1 if layer >= 0 else '':>3} ", Role.MUTED))
    if columns.modified:
        cells.append(Cell(f"{modified_text(entry, exact=columns.exact):<{columns.date_width}} ", Role.MUTED))
    if columns.mode:
        special = entry is not None and entry.mode & 0o6000 and entry.kind is not Kind.FOLDER
        cells.append(Cell(f"{mode_text(entry)} ", Role.WARNING if special else Role.MUTED))
    if columns.owner:
        cells.append(Cell(f"{owner_text(entry):>9} ", Role.MUTED))
    cells.append(Cell(f"{size_text(files, node, exact=columns.exact):>{columns.size_width}}", Role.NUMBER))
    return tuple(cells)


def status_line(shown: Collection[Status], changes: Mapping[Status, tuple[int, int]] | None, width: int) -> Line:
    """Which of added, modified, removed and unmodified files are shown, how many there are, and the key that toggles.

    ``[+] Added 1,204`` is shown, ``[ ] Added 1,204`` is not. ``changes`` is ``None`` while it is being counted.
    """
    line = _toggles(shown, changes, short=False)
    if sum(cell_len(cell.text) for cell in line) > width:
        return _toggles(shown, changes, short=True)
    return line


def _toggles(shown: Collection[Status], changes: Mapping[Status, tuple[int, int]] | None, *, short: bool) -> Line:
    cells: list[Cell] = []
    for status, word in _WORDS.items():
        sign, role = SIGNS[status]
        on = status in shown
        mark = ("=" if status is Status.UNCHANGED else sign) if on else " "
        count = figures.UNKNOWN if changes is None else f"{changes.get(status, (0, 0))[0]:,}"
        words = Role.NORMAL if on else Role.MUTED
        cells += [
            Cell(" ["),
            Cell(mark, role),
            Cell("] "),
            Cell(word[0], Role.ACCENT),
            Cell(" " if short else f"{word[1:]} ", words),
            Cell(f"{count} ", Role.MUTED),
        ]
    return tuple(cells)


def path_text(path: str) -> str:
    """A path from the root, as it is copied: what isn't UTF-8 in it is replaced, for no clipboard takes it."""
    return _NOT_UTF8.sub("\ufffd", f"/{path}")


def shown_path(path: str) -> str:
    """A path from the root, safe to put into a sentence."""
    return literal(f"/{path}")
