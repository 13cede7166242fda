"""What was found, in words: rows, what was compared, and the fate of a file."""

from __future__ import annotations

import pytest

from tests.model.stacks import layer
from tui.contents.source import FileStack
from tui.model.file_search import Compared, SameFiles, SameFilesSearch, StoredFile, same_size_groups
from tui.model.file_stack import StackedFiles
from tui.model.known_paths import Holder, KnownSearch
from tui.model.layer import Layer, chain_ids
from tui.model.storage import Phase, Reading
from tui.present.find import (
    FoundSpot,
    biggest_words,
    comparing_words,
    duplicates_words,
    entry_in,
    group_facts,
    group_row,
    paths_words,
    searching_words,
    setuid_words,
    spot_facts,
    spot_heads,
    spot_row,
)
from widgets.cell import Line, Section

FILES = (
    layer("etc/", "etc/a 500", "etc/old 40 :4755", "etc/l -> a"),
    layer("etc/a 700", hide=["etc/old"]),
)
_IDS = ("sha256:" + "1" * 64, "sha256:" + "2" * 64)
STACK = FileStack(
    tuple(
        Layer(index, diff_id, chain, 1, None, f"RUN step {index}")
        for index, (diff_id, chain) in enumerate(zip(_IDS, chain_ids(_IDS), strict=True))
    ),
    FILES,
)
STACKED = StackedFiles.of(FILES)


def read(line: Line) -> str:
    return "".join(cell.text for cell in line)


def facts(sections: tuple[Section, ...]) -> dict[str, str]:
    return {fact.label: read(fact.value) for section in sections for fact in section.facts}


def spot(path: str, number: int) -> FoundSpot:
    return FoundSpot(path, entry_in(FILES[number], path), number)


def row(found: FoundSpot, *, width: int = 80, exact: bool = False) -> tuple[str, str, str]:
    shown = spot_row(found, STACKED, width=width, exact=exact)
    return read(shown.gutter), read(shown.left), " ".join(read(shown.right).split())


def test_rows_have_sign_path_mode_layer_and_size() -> None:
    assert row(spot("etc/a", 1)) == ("~ ", "/etc/a", "-rw-r--r-- 2 700 B")
    assert row(spot("etc/a", 0)) == ("+ ", "/etc/a", "wasted -rw-r--r-- 1 500 B")
    assert row(spot("etc", 0)) == ("+ ", "/etc/", "drwxr-xr-x 1")
    assert row(spot("etc/l", 0)) == ("+ ", "/etc/l → a", "lrwxrwxrwx 1")
    assert row(FoundSpot("etc/old", None, 1)) == ("− ", "/etc/old", "2")
    assert row(spot("etc/a", 1), width=120, exact=True)[2] == "- 0:0 -rw-r--r-- 2 700"


def test_rows_of_other_images_name_them() -> None:
    holders = (Holder("id", "alpine:3.21", 0), Holder("id2", "nginx", 2), Holder("id3", "redis", 1))
    found = FoundSpot("etc/a", entry_in(FILES[0], "etc/a"), None, diff_id="sha256:9", holders=holders)
    assert row(found) == ("  ", "/etc/a", "alpine:3.21 +2 1 500 B")
    assert row(found._replace(holders=())) == ("  ", "/etc/a", "no image any more 500 B")
    known = facts(spot_facts(found, STACK, STACKED))
    assert known["Images"] == "alpine:3.21 (layer 1), nginx (layer 3), redis (layer 2)"
    assert known["Diff ID"] == "sha256:9"
    many = found._replace(holders=tuple(Holder("id", f"tag{number}", 0) for number in range(9)))
    assert facts(spot_facts(many, STACK, STACKED))["Images"].endswith("tag4 (layer 1) and 4 others")
    assert "gone" in facts(spot_facts(found._replace(holders=()), STACK, STACKED))["Image"]
    long = found._replace(holders=(Holder("id", "x" * 60, 0),))
    assert f"{'x' * 21}…" in row(long)[2]


@pytest.mark.parametrize(
    ("found", "fate"),
    [
        (spot("etc/a", 1), "seen"),
        (spot("etc/a", 0), "not seen: layer 2 replaces it"),
        (spot("etc/old", 0), "not seen: layer 2 deletes it"),
        (FoundSpot("etc/old", None, 1), "deleted here"),
    ],
)
def test_what_becomes_of_it(found: FoundSpot, fate: str) -> None:
    assert facts(spot_facts(found, STACK, STACKED))["In the end"] == fate


def test_facts_of_a_file() -> None:
    known = facts(spot_facts(spot("etc/old", 0), STACK, STACKED, digest="sha256:abc"))
    assert known["Path"] == "/etc/old"
    assert known["Entry"] == "40 B  -rwsr-xr-x  0:0  -"
    assert known["Layer"] == "1 of 2: RUN step 0"
    assert known["SHA-256"] == "abc"
    writable = STACK._replace(writable=True)
    assert facts(spot_facts(spot("etc/a", 1), writable, STACKED))["Layer"].startswith("writable layer: ")


def test_heads_stand_above_their_columns() -> None:
    for exact in (False, True):
        for width in (80, 120):
            figures = spot_row(spot("etc/a", 1), STACKED, width=width, exact=exact).right
            # The head ends one cell further: there the rows have their scroll bar.
            assert len(read(spot_heads(width=width, exact=exact))) == len(read(figures)) + 1
    found = FoundSpot("a", entry_in(FILES[0], "etc/a"), None, holders=(Holder("id", "alpine", 0),))
    figures = spot_row(found, STACKED, width=80, exact=False).right
    assert len(read(spot_heads(width=80, exact=False, elsewhere=True))) == len(read(figures)) + 1


def test_groups_say_what_was_compared() -> None:
    files = tuple(StoredFile(f"f{number}", 0, 2_000_000, False) for number in range(3))
    sized = SameFiles(2_000_000, Compared.SIZE, "", files)
    hashed = SameFiles(2_000_000, Compared.DIGEST, "sha256:ab", files)
    assert read(group_row(sized, exact=False).left) == "3 files of 2.0 MB each"
    assert read(group_row(sized, exact=False).right).split() == ["same", "size", "4.0", "MB"]
    assert read(group_row(hashed, exact=True).right).split() == ["the", "same,", "by", "SHA-256", "4,000,000"]
    assert facts(group_facts(sized))["Compared"] == "only their sizes: they may differ. c reads and compares them."
    assert facts(group_facts(hashed))["SHA-256"] == "ab"
    assert facts(group_facts(hashed))["To spare"].startswith("4,000,000 B")


def test_what_the_duplicates_were_found_by() -> None:
    stacked = StackedFiles.of([layer("a 5000", "b 5000", "c 700", "d 700", "e 1")])
    by_size = same_size_groups(stacked, 1)
    assert read(duplicates_words(by_size, 0)) == "5 files: compared by size only"
    read_all = {(0, name): "sha256:1" for name in "abcd"}
    words = read(duplicates_words(same_size_groups(stacked, 1, read_all), 4))
    assert words == "5 files: compared by size and SHA-256; 5.7 kB the same"
    some = {(0, "a"): "sha256:1", (0, "b"): "sha256:2"}
    assert read(duplicates_words(same_size_groups(stacked, 600, some), 2)) == (
        "4 files from 600 B: compared by size, 2 also by SHA-256"
    )
    assert read(duplicates_words(SameFilesSearch((), 1, 0, 0, 10_000), 0)).startswith("1 file from 10.0 kB:")


def test_where_paths_were_looked_for() -> None:
    assert read(paths_words("", 0, None)).startswith("/ asks for a part of a path")
    assert read(paths_words("x", 1, None)).startswith("1 place in the layers of this one")
    assert read(paths_words("x", 5000, None, cut_off=True)).startswith("the first 5,000 places")
    search = KnownSearch((), False, 37, 12, 4, "The engine is ill.")
    assert read(paths_words("x", 0, search)) == (
        "0 places in 37 layers read so far; 4 images not read whole; The engine is ill."
    )


def test_how_far_it_is() -> None:
    assert read(searching_words(0, 0, 1.2)) == " asking which images have which layers: 1 s"
    assert read(searching_words(3, 20, 65)) == " searched 3 of 20 layers: 1 min 5 s"
    assert read(comparing_words(1, 4, None, 2)) == "reading file 2 of 4: 2 s  Esc stops it"
    waiting = comparing_words(0, 1, Reading(Phase.WAITING), 2)
    assert read(waiting) == "reading file 1 of 1: 2 s, waiting for the engine  Esc stops it"
    reading = comparing_words(0, 1, Reading(Phase.READING, 1_000_000, 4_000_000), 2)
    assert "1.0 MB of 4.0 MB" in read(reading)


def test_the_other_lists() -> None:
    assert read(biggest_words(1000, all_of_them=False)).startswith("the 1,000 biggest files that layers store")
    assert read(biggest_words(3, all_of_them=True)).startswith("every file that a layer stores")
    assert read(setuid_words(2)).startswith("run with their owner's")
    assert read(setuid_words(0)).startswith("no file runs")
