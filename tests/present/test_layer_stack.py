"""The layers beside a file tree, in words."""

from __future__ import annotations

from tests.journeys.files_explorer import LayerSketch, SketchedSource, shop
from tui.contents.source import FileStack
from tui.model.file_stack import StackedFiles
from tui.model.file_view import FileView
from tui.model.waste import Waste, waste_of
from tui.present.layer_stack import (
    files_words,
    layer_heads,
    layer_line,
    stack_sections,
    stored_bytes,
    summary_line,
    touch_row,
)
from widgets.cell import Line, Section


async def opened(source: SketchedSource) -> tuple[FileStack, StackedFiles, Waste]:
    stack = await source.open(lambda _reading: None)
    stacked = StackedFiles.of(stack.files)
    return stack, stacked, waste_of(stacked)


def text(line: Line) -> str:
    return "".join(cell.text for cell in line)


def facts_of(sections: tuple[Section, ...]) -> dict[str, str]:
    facts: dict[str, str] = {}
    for fact in (fact for section in sections for fact in section.facts):
        facts.setdefault(fact.label, text(fact.value).replace("\u00a0", " "))
    return facts


def container() -> SketchedSource:
    image = LayerSketch("ADD rootfs /").folder("var").file("var/log", 1_200_000)
    own = LayerSketch("").file("var/new", -1, uid=-1, gid=-1).file("var/known", 30).hide("var/log")
    return SketchedSource(image, own, kind="container")


async def test_a_row_has_command_waste_and_size_below_their_heads() -> None:
    stack, _, waste = await opened(shop())
    for exact, width in ((False, 50), (True, 64)):
        row = layer_line(stack, 1, stored_bytes(stack, 1), waste, width=width, exact=exact)
        assert text(row.left).startswith("  2 RUN apt-get update")
        assert len(text(row.right)) + 1 == len(text(layer_heads(width=width, exact=exact)))
    assert text(row.right).split() == ["125,000,000", "158,000,081"]
    for exact, width, size in ((False, 36, "158.0 MB"), (True, 50, "158,000,081")):
        row = layer_line(stack, 1, stored_bytes(stack, 1), waste, width=width, exact=exact)
        assert text(row.right).split() == size.split(), "where there is room for one figure, it is the size"
        assert text(layer_heads(width=width, exact=exact)).split() == ["size"]
    assert "█" in text(layer_line(stack, 1, 158_000_081, waste, width=80, exact=False).right)
    assert "…" not in text(layer_line(stack, 1, 5, None, width=50, exact=False).right).replace("…", "", 1)


async def test_facts_of_a_layer_and_of_the_image() -> None:
    stack, stacked, waste = await opened(shop())
    facts = facts_of(stack_sections(stack, 3, waste, FileView.of(stacked, 3).changes()))
    assert facts["Stored"] == "600.0 kB"
    assert facts["Changes"] == "~ 1 600.0 kB  − 5 126.2 MB"
    assert facts["Command"] == "RUN rm -rf /var/cache/apt /usr/share/doc"
    assert facts["Diff ID"].startswith("sha256:")
    assert facts["Efficiency"].startswith("22.8%")
    assert facts["74.0 MB"].startswith("− /var/cache/apt/pkgcache.bin")


async def test_what_is_being_counted_reads_as_unknown_never_as_nothing() -> None:
    stack, _, _ = await opened(shop())
    facts = facts_of(stack_sections(stack, 3, None, None))
    assert facts["Wasted"] == facts["Changes"] == "…"
    assert facts[""] == "counting what is wasted…"


async def test_writable_layer_says_what_it_is_and_what_is_not_known() -> None:
    stack, stacked, waste = await opened(container())
    sections = stack_sections(stack, 1, waste, FileView.of(stacked, 1).changes())
    facts = facts_of(sections)
    assert facts["Stored"] == "≥30 B"
    assert facts["Changes"] == "+ 2 ≥30 B  − 1 1.2 MB"
    assert "Diff ID" not in facts
    assert "What would make it smaller" not in [section.title for section in sections]
    assert text(layer_line(stack, 1, 30, waste, width=50, exact=False).left).endswith("writable layer")


async def test_many_offenders_are_counted_not_named() -> None:
    lower, upper = LayerSketch("COPY . /"), LayerSketch("RUN rm -rf /d")
    for number in range(150):
        lower.file(f"d/{number:03}", 1000)
    upper.hide("d")
    stack, _, waste = await opened(SketchedSource(lower, upper))
    wasting = next(s for s in stack_sections(stack, 1, waste, None) if s.title == "What wastes most")
    assert len(wasting.facts) == 101
    assert (wasting.facts[-1].label, text(wasting.facts[-1].value)) == ("50.0 kB", "in 50 more paths")


async def test_words_for_what_the_tree_shows() -> None:
    stack, _, _ = await opened(shop())
    assert text(files_words(stack, 3, alone=False)) == "Files of the whole image"
    assert text(files_words(stack, 1, alone=False)) == "Files up to layer 2"
    assert text(files_words(stack, 1, alone=True)) == "What layer 2 did"
    stack, _, _ = await opened(container())
    assert text(files_words(stack, 1, alone=False)) == "Files of the container"
    assert text(files_words(stack, 1, alone=True)) == "What the writable layer did"


async def test_summary_and_touches() -> None:
    stack, stacked, waste = await opened(shop())
    assert text(summary_line(stack, waste, 34)) == "4 layers  34 paths  164.4 MB stored  126.8 MB wasted "
    assert text(summary_line(stack, waste, 34, brief=True)) == "164.4 MB stored  126.8 MB wasted "
    node = stacked.node("var/cache/apt/pkgcache.bin")
    assert node is not None
    added, removed = stacked.touches(node)
    assert text(touch_row(stack, added, "var/cache/apt/pkgcache.bin").right).endswith("  74.0 MB")
    row = touch_row(stack, removed, "var/cache/apt/pkgcache.bin")
    assert text(row.left).startswith("− layer 4   removed  RUN rm -rf")
    assert text(row.right) == "with /var/cache/apt"
