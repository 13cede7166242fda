"""The layer tree's rows: what is folded, what stands at which depth, what a filter leaves; and the total in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tests.model.test_layer_forest import details, layers, with_layers_size
from tests.model.worlds import container, host, image, image_id, usage, world
from tui.model.holdings import Holdings
from tui.model.image import ImageDetail
from tui.model.inventory import Inventory
from tui.model.layer_forest import LayerForest, layer_forest
from tui.model.selection import Sort
from tui.present.layer_forest import (
    ForestView,
    LayerSpot,
    RunSpot,
    describe_spot,
    forest_nodes,
    layer_of,
    standing_link,
    standing_nodes,
    standing_row,
)
from tui.present.layer_forest_facts import spot_sections, total_line, whole_section
from widgets.cell import Line, Section
from widgets.node import Node

KNOWN = details(
    a=layers(("base", 100), *((f"python{number}", 10) for number in range(5)), ("app", 5)),
    b=layers(("base", 100), ("node", 50), ("web", 3)),
    c=layers(("base", 100), ("node", 50), ("web", 3), ("more", 1)),
    d=layers(("alone", 7)),
)
WORLD = world(
    [image("a", "shop/app:1", "shop/app:2"), image("b", "shop/web:1"), image("c"), image("d", "tool:10")],
    [container("x", "b", name="web-1")],
)


def text(line: Line) -> str:
    return "".join(cell.text for cell in line)


def drawn(nodes: Iterable[Node], inventory: Inventory = WORLD, *, opened: bool = False, depth: int = 0) -> list[str]:
    """Each row's indent and text."""
    rows = []
    for node in nodes:
        assert isinstance(node.data, LayerSpot | RunSpot)
        rows.append("  " * depth + text(describe_spot(node.data, inventory).left))
        if node.open or opened:
            rows += drawn(node.offspring(), inventory, opened=opened, depth=depth + 1)
    return rows


def rows(view: ForestView | None = None, *, opened: bool = False, inventory: Inventory = WORLD) -> list[str]:
    return drawn(
        forest_nodes(layer_forest(inventory, KNOWN), view or ForestView(), inventory), inventory, opened=opened
    )


def test_a_chain_stands_at_one_depth_and_what_nothing_ends_in_is_folded() -> None:
    assert rows() == [
        "─ RUN base",
        "  ┌ 5 layers  … RUN python4",
        "  └ shop/app:1 +1  RUN app",
        "  ┌ RUN node",
        "  ├ shop/web:1  RUN web",
        f"  └ <dangling {'c' * 12}>  RUN more",
        "─ tool:10  RUN alone",
    ]


def test_folded_layers_open_one_by_one() -> None:
    assert rows(opened=True)[1:8] == [
        "  ┌ 5 layers  … RUN python4",
        *(f"    │ RUN python{number}" for number in range(5)),
        "  └ shop/app:1 +1  RUN app",
    ]


def test_forty_layers_need_no_forty_indents() -> None:
    known = details(a=layers(*((f"l{number}", 1) for number in range(40))))
    inventory = world([image("a", "deep:1")])
    nodes = forest_nodes(layer_forest(inventory, known), ForestView(), inventory)
    assert drawn(nodes, inventory) == ["┌ 39 layers  … RUN l38", "└ deep:1  RUN l39"]


def test_images_that_end_one_on_another_stay_at_one_depth() -> None:
    letters = "abcdefgh"
    known = details(**{one: layers(*((f"l{n}", 1) for n in range(1, at + 2))) for at, one in enumerate(letters)})
    inventory = world([image(letter, f"v:{letter}") for letter in letters])
    nodes = forest_nodes(layer_forest(inventory, known), ForestView(), inventory)
    assert all(not node.children for node in nodes)
    assert drawn(nodes, inventory)[0] == "┌ v:a  RUN l1"
    assert drawn(nodes, inventory)[-1] == "└ v:h  RUN l8"


def test_order_by_size_and_by_name() -> None:
    assert next(row for row in rows() if "shop" in row or "tool" in row).endswith("RUN app")
    by_name = rows(ForestView(sort=Sort.NAME), inventory=world([image("d", "aaa:1"), *WORLD.images[:3]]))
    assert by_name[0].endswith("RUN alone")


def test_a_filter_keeps_what_the_matches_stand_on() -> None:
    assert rows(ForestView("shop/web")) == ["┌ RUN base", "├ RUN node", "└ shop/web:1  RUN web"]
    assert rows(ForestView("web-1"))[-1] == "└ shop/web:1  RUN web"
    assert rows(ForestView("python3"))[-1].endswith("RUN python3")
    assert rows(ForestView(KNOWN[image_id("d")].layers[0].chain_id)) == ["─ tool:10  RUN alone"]
    assert rows(ForestView("nothing like it")) == []


def test_columns_show_own_and_tree_bytes_images_and_containers() -> None:
    forest = layer_forest(WORLD, KNOWN)
    base = forest.roots[0]
    right = text(describe_spot(LayerSpot(base, ""), WORLD).right)
    assert right.split() == ["100", "B", "209", "B", "3", "1"]
    exact = text(describe_spot(LayerSpot(base, ""), WORLD, exact=True).right)
    assert exact.split() == ["100", "209"]
    unknown = layer_forest(world([image("a", "a:1")]), details(a=layers(("x", None), ("y", 5)))).roots[0]
    assert text(describe_spot(LayerSpot(unknown, ""), WORLD).right).split() == ["…", "5", "B+", "1", "-"]


def test_who_stands_on_a_layer_leads_to_the_main_screen() -> None:
    base = layer_forest(WORLD, KNOWN).roots[0]
    nodes = standing_nodes(base, WORLD)
    assert [text(standing_row(node.data, base).left) for node in nodes][:2] == ["▣ shop/app:1 +1", "▣ shop/web:1"]
    links = [standing_link(node.data) for node in nodes]
    assert links[0] == ("images", ("repository /shop/app", "tag shop/app:1"))
    assert links[-1] == ("containers", ("project /", f"container {'x' * 64}"))
    assert standing_link("something else") is None


def sentences(sections: Iterable[Section]) -> str:
    return "\n".join(f"{fact.label} {text(fact.value)} {fact.exact}" for section in sections for fact in section.facts)


def test_facts_say_what_would_come_back() -> None:
    holdings = Holdings.of(KNOWN.values())
    node = forest_nodes(layer_forest(WORLD, KNOWN), ForestView(), WORLD)[0]
    assert isinstance(node.data, LayerSpot)
    forest = layer_forest(WORLD, KNOWN)
    told = sentences(spot_sections(node.data, forest, WORLD, holdings))
    assert "3 images and 1 container stand on it." in told
    # The container keeps base, node and web.
    assert "If all 3 images went: frees exactly 56 B" in told
    assert "If this container went with them: frees exactly 209 B" in told
    assert layer_of(node.data).chain_id in told
    assert "docker history shop/app:1" in told
    run = node.children[0].data
    assert isinstance(run, RunSpot)
    assert "5: 2 to 6, counted from the bottom" in sentences(spot_sections(run, forest, WORLD, holdings))


# -- the total ------------------------------------------------------------------------------------


def total(inventory: Inventory, known: dict[str, ImageDetail] = KNOWN) -> str:
    return text(total_line(layer_forest(inventory, known), inventory))


def test_the_total_is_held_against_the_engines_own() -> None:
    forest: LayerForest = layer_forest(WORLD, KNOWN)
    assert forest.image_bytes == 216
    assert total(with_layers_size(WORLD, 216)) == " 216 B in all layers, each once = LayersSize, to the byte"
    assert "LayersSize is 4 B more" in total(with_layers_size(WORLD, 220))
    assert "LayersSize is 6 B less" in total(with_layers_size(WORLD, 210))
    assert "tells no total of its own" in total(WORLD)
    assert "still adding up" in total(replace(WORLD, usage=None))


def test_on_the_containerd_store_it_says_what_is_an_estimate() -> None:
    inventory = replace(with_layers_size(WORLD, 400), host=host("containerd"))
    assert "LayersSize 400 B has compressed copies, too: an estimate" in total(inventory)


def test_what_is_not_read_or_not_known_is_counted() -> None:
    some = {key: value for key, value in KNOWN.items() if key != image_id("a")}
    assert total(WORLD, some) == " read 3 of 4 images;  161 B so far"
    odd = details(a=layers(("x", None), ("y", 5)))
    inventory = replace(world([image("a", "a:1")]), usage=usage()._replace(layers_size_bytes=9))
    assert "LayersSize 9 B: the size of 1 layer is not known" in total(inventory, odd)


def test_layers_that_only_containers_hold_are_told_apart() -> None:
    inventory = world([image("d", "tool:10")], [container("x", "b"), container("y", "z")])
    told = total(with_layers_size(inventory, 7))
    assert "= LayersSize, to the byte; 153 B more held by containers alone" in told
    assert "1 removed image under containers can't be read" in told


def about(inventory: Inventory, known: dict[str, ImageDetail] = KNOWN) -> str:
    return sentences([whole_section(layer_forest(inventory, known), inventory)])


def test_an_exact_total_needs_no_words_and_any_other_gets_them() -> None:
    assert not about(with_layers_size(WORLD, 216))
    assert "images have come or gone since" in about(with_layers_size(WORLD, 220))
    assert "compressed copy" in about(replace(with_layers_size(WORLD, 400), host=host("containerd")))
    assert "can't be held against anything" in about(WORLD)
    assert "The size of 1 layer is not known" in about(WORLD, details(a=layers(("x", None), ("y", 5))))
    forced = world([image("d", "tool:10")], [container("x", "b")])
    assert "153 B are held by containers alone" in about(with_layers_size(forced, 7))
    assert "1 image without any layer" in about(with_layers_size(world([image("e")]), 0), details(e=()))
