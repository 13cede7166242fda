"""What keeps bytes, in words."""

from __future__ import annotations

from dataclasses import replace

from tui.model.estimate import NOTHING, Doubt, Estimate
from tui.model.inventory import Inventory
from tui.model.mark import NO_MARKS, Kind, Mark
from tui.model.why_kept import Kept, LayersShared
from tui.present.why_kept import Keeper, keeper_nodes, why_lines

IMAGE = "sha256:" + "a" * 64
OTHER = "sha256:" + "b" * 64
TAG = Mark(Kind.IMAGE, IMAGE, "web:1")
KEPT = Kept(TAG, NOTHING, 74_800_000, goes=True)


def said(kept: Kept, *, marked: bool = False) -> str:
    return "\n".join("".join(cell.text for cell in line) for line in why_lines(kept, marked=marked))


def rows(kept: Kept, marks: frozenset[Mark] = NO_MARKS) -> list[str]:
    found = []
    for node in keeper_nodes(kept, Inventory(), marks):
        assert isinstance(node.data, Keeper)
        found.append("".join(cell.text for cell in (*node.data.row.left, *node.data.row.right)))
    return found


def test_what_it_frees_of_what_it_takes() -> None:
    assert said(KEPT).startswith("Marked as well, it would free nothing of its 74.8 MB.")
    assert said(KEPT, marked=True).startswith("Of what is marked it frees nothing of its 74.8 MB.")
    all_of_it = replace(KEPT, freed=Estimate(74_800_000))
    assert said(all_of_it, marked=True) == (
        "Of what is marked it frees exactly 74.8 MB (74,800,000 B).\nNothing else keeps them."
    )
    assert said(replace(KEPT, goes=False)).startswith("It can't go, so it frees nothing of its 74.8 MB.")


def test_reasons_that_are_no_other_objects() -> None:
    assert "only points to /srv/files" in said(replace(KEPT, device="/srv/files"))
    assert "A build is using this record." in said(replace(KEPT, in_use=True))
    assert "It goes when both have gone." in said(replace(KEPT, shared=True))
    assert "removing it already" in said(replace(KEPT, being_removed=True))
    assert "Not certain: the build cache" in said(replace(KEPT, doubts=(Doubt.BUILD_CACHE,)))
    assert "It has no bytes of its own." in said(replace(KEPT, whole_bytes=0))


def test_tags_are_rows_that_can_be_marked_and_show_it() -> None:
    kept = replace(KEPT, tags=("web:2",))
    assert rows(kept) == ["It stays under another tag", "  web:2"]
    assert rows(kept, frozenset({Mark(Kind.IMAGE, IMAGE, "web:2")}))[1] == "✓ web:2"
    heading, tag = keeper_nodes(kept, Inventory(), NO_MARKS)
    assert not heading.selectable
    assert isinstance(tag.data, Keeper)
    assert tag.data.mark == Mark(Kind.IMAGE, IMAGE, "web:2")


def test_image_that_only_a_build_knows_has_a_row_and_no_link() -> None:
    kept = replace(KEPT, images=(LayersShared(OTHER, 2, None),))
    assert rows(kept)[1].startswith("  bbbbbbbbbbbb  a step of a build, not listed2 layers")
    _heading, step = keeper_nodes(kept, Inventory(), NO_MARKS)
    assert isinstance(step.data, Keeper)
    assert step.data.mark is None
