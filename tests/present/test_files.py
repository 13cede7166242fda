"""Rows of a file tree."""

from __future__ import annotations

import pytest

from tests.journeys.files_explorer import LayerSketch, shop
from tui.model.file_stack import StackedFiles, Status
from tui.model.file_view import ALL_STATUSES, FileView
from tui.model.layer_files import Entry, Kind
from tui.present.files import (
    Columns,
    columns_for,
    file_row,
    heads_line,
    mode_text,
    modified_text,
    owner_text,
    path_text,
    size_text,
    status_line,
)
from widgets.cell import Line, Role, RowText


def view_of(*sketches: LayerSketch) -> FileView:
    return FileView.of(StackedFiles.of([sketch.build() for sketch in sketches]), len(sketches) - 1)


def text(line: Line) -> str:
    return "".join(cell.text for cell in line)


def row(view: FileView, path: str, columns: Columns | None = None) -> RowText:
    node = view.node(path)
    assert node is not None
    return file_row(view, node, columns or Columns())


@pytest.mark.parametrize(
    ("kind", "mode", "words"),
    [
        (Kind.FOLDER, 0o755, "drwxr-xr-x"),
        (Kind.FOLDER, 0o1777, "drwxrwxrwt"),
        (Kind.FOLDER, 0o1770, "drwxrwx--T"),
        (Kind.FILE, 0o4755, "-rwsr-xr-x"),
        (Kind.FILE, 0o4644, "-rwSr--r--"),
        (Kind.FILE, 0o2755, "-rwxr-sr-x"),
        (Kind.HARD_LINK, 0o644, "-rw-r--r--"),
        (Kind.SYMLINK, 0o777, "lrwxrwxrwx"),
        (Kind.CHARACTER_DEVICE, 0o666, "crw-rw-rw-"),
        (Kind.BLOCK_DEVICE, 0o660, "brw-rw----"),
        (Kind.FIFO, 0o600, "prw-------"),
        (Kind.SOCKET, 0o700, "srwx------"),
        (Kind.UNKNOWN, 0, "??????????"),
    ],
)
def test_modes_read_as_ls_writes_them(kind: Kind, mode: int, words: str) -> None:
    assert mode_text(Entry("x", kind, 0, mode)) == words


def test_implied_folders_and_unknown_owners() -> None:
    assert mode_text(None) == "drwxr-xr-x"
    assert owner_text(None) == "0:0"
    assert owner_text(Entry("x", Kind.FILE, 0, 0o644, -1, -1)) == "?:?"
    assert owner_text(Entry("x", Kind.FILE, 0, 0o644, 1000, 33)) == "1000:33"


def test_columns_go_when_there_is_no_room_owner_and_mode_first() -> None:
    seen = [columns_for(width, exact=False) for width in range(20, 200)]
    assert seen[0] == Columns()
    assert seen[-1] == Columns(layer=True, modified=True, mode=True, owner=True)
    widths = [columns.width for columns in seen]
    assert widths == sorted(widths)
    assert all(columns.width <= width // 2 or columns == Columns() for width, columns in enumerate(seen, 20))
    assert columns_for(79, exact=False).owner
    assert not columns_for(79, exact=False).modified


@pytest.mark.parametrize("width", [30, 50, 66, 79, 110, 160])
@pytest.mark.parametrize("exact", [False, True])
def test_heads_stand_above_their_columns(width: int, exact: bool) -> None:
    columns = columns_for(width, exact=exact)
    right = text(row(view_of(*shop().sketches), "usr/bin/passwd", columns).right)
    # The outline keeps a cell for its scrollbar; the heads end in a blank for it.
    assert len(text(heads_line(columns))) == len(right) + 1
    assert len(right) + 1 == columns.width


def test_sign_and_colour_tell_what_became_of_a_file() -> None:
    view = view_of(*shop().sketches)
    removed, modified = row(view, "var/cache/apt/pkgcache.bin"), row(view, "srv/app/big.log")
    assert (text(removed.gutter), removed.left[0].role) == ("− ", Role.BAD)
    assert (text(modified.gutter), modified.left[0].role) == ("~ ", Role.WARNING)
    untouched = row(view, "etc/passwd")
    assert (text(untouched.gutter), untouched.left[0].role) == ("  ", Role.NORMAL)


def test_names_links_and_other_names() -> None:
    view = view_of(*shop().sketches)
    assert text(row(view, "usr").left) == "usr/"
    assert text(row(view, "srv/app/current").left) == "current → ../app/main.py"
    assert text(row(view, "usr/bin/perl5.36.0").left) == "perl5.36.0 = /usr/bin/perl"


def test_setuid_stands_out() -> None:
    view = view_of(*shop().sketches)
    columns = Columns(mode=True)
    roles = {cell.text.strip(): cell.role for cell in row(view, "usr/bin/passwd", columns).right}
    assert roles["-rwsr-xr-x"] is Role.WARNING
    roles = {cell.text.strip(): cell.role for cell in row(view, "tmp", columns).right}
    assert roles["drwxrwxrwt"] is Role.MUTED


def test_sizes_known_unknown_and_partly_known() -> None:
    view = view_of(
        LayerSketch("").folder("a").file("a/known", 1500).file("a/new", -1).folder("b").file("b/new", -1).folder("c")
    )

    def size(path: str, *, exact: bool = False) -> str:
        node = view.node(path)
        assert node is not None
        return size_text(view, node, exact=exact)

    assert size("a/known") == "1.5 kB"
    assert size("a/known", exact=True) == "1,500"
    assert size("a") == "≥1.5 kB"
    assert size("b") == "…"
    assert size("b/new") == "…"
    assert size("c") == "0 B"


def test_dates() -> None:
    entry = Entry("x", Kind.FILE, 0, 0o644, 0, 0, 1_700_000_000)
    assert modified_text(entry, exact=False)[:7] == "2023-11"
    assert len(modified_text(entry, exact=True)) == 19
    assert modified_text(entry._replace(modified=0), exact=False) == "-"
    assert len(modified_text(entry._replace(modified=10**18), exact=False)) <= 10


def test_status_line_says_which_are_shown_and_shrinks() -> None:
    changes = {Status.ADDED: (1204, 5), Status.REMOVED: (3, 1)}
    line = text(status_line(ALL_STATUSES - {Status.UNCHANGED}, changes, 100))
    assert line.split("  ") == [" [+] Added 1,204", "[~] Modified 0", "[−] Removed 3", "[ ] Unmodified 0 "]
    short = text(status_line(ALL_STATUSES, changes, 40))
    assert short.split() == ["[+]", "A", "1,204", "[~]", "M", "0", "[−]", "R", "3", "[=]", "U", "0"]
    assert "…" in text(status_line(ALL_STATUSES, None, 100))


def test_copied_paths_can_be_encoded() -> None:
    assert path_text("a/b") == "/a/b"
    assert path_text("caf\udce9").encode() == "/caf\ufffd".encode()
