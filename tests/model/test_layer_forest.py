"""The forest of layers: what is shared, who stands on it, what it takes in all, and what is not known."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.model.test_reclaim import detail
from tests.model.worlds import container, image, image_id, usage, world
from tui.model.image import Image, ImageDetail
from tui.model.inventory import Inventory
from tui.model.layer import Layer, chain_ids
from tui.model.layer_forest import LayerForest, LayerNode, layer_forest

A, B, C, D = map(image_id, "abcd")


def layers(*sized: tuple[str, int | None], told: bool = True) -> tuple[Layer, ...]:
    """Layers from (diff ID, bytes), lowest first."""
    chains = chain_ids([diff_id for diff_id, _size in sized])
    return tuple(
        Layer(index, diff_id, chains[index], size, None, f"RUN {diff_id}" if told else "")
        for index, (diff_id, size) in enumerate(sized)
    )


def details(**by_letter: tuple[Layer, ...]) -> dict[str, ImageDetail]:
    return {image_id(letter): detail(letter, "", *stack) for letter, stack in by_letter.items()}


def drawn(nodes: Iterable[LayerNode]) -> list[object]:
    """``[name, own, tree, [children]]`` for each."""
    return [[node.diff_id, node.own_bytes, node.tree_bytes, drawn(node.children)] for node in nodes]


def everything(forest: LayerForest) -> list[LayerNode]:
    found, waiting = [], list(forest.roots)
    while waiting:
        found.append(waiting.pop())
        waiting += found[-1].children
    return found


def with_layers_size(inventory: Inventory, size: int) -> Inventory:
    return replace(inventory, usage=usage()._replace(layers_size_bytes=size))


KNOWN = details(
    a=layers(("base", 100), ("python", 30)),
    b=layers(("base", 100), ("node", 50), ("app", 5)),
    c=layers(("base", 100)),
    d=layers(("python", 30)),
)


def test_shared_bases_are_the_trunk_and_images_branch_where_they_part() -> None:
    forest = layer_forest(world([image(letter, f"{letter}:1") for letter in "abcd"]), KNOWN)
    assert drawn(forest.roots) == [
        ["base", 100, 185, [["node", 50, 55, [["app", 5, 5, []]]], ["python", 30, 30, []]]],
        ["python", 30, 30, []],
    ], "the same diff ID on another base is another layer"
    assert (forest.total_bytes, forest.image_bytes) == (215, 215)
    assert (forest.unread, forest.unknown_sizes, forest.empty, forest.gap_bytes) == ((), (), (), None)


def test_every_node_tells_which_images_and_containers_stand_on_it() -> None:
    inventory = world(
        [image("a", "a:1", "a:2"), image("b", "b:1"), image("c")], [container("1", "b"), container("2", "b")]
    )
    base = layer_forest(inventory, KNOWN).roots[0]
    assert (base.image_ids, base.top_of, base.container_ids) == ((A, B, C), (C,), ("1" * 64, "2" * 64))
    node, python = base.children
    assert (node.image_ids, node.top_of, len(node.container_ids)) == ((B,), (), 2)
    assert (python.image_ids, python.top_of, python.container_ids) == ((A,), (A,), ())
    assert [one.depth for one in (base, node, node.children[0])] == [0, 1, 2]
    assert (base.created_by, base.chain_id) == ("RUN base", "base")


def test_an_image_forced_away_from_under_a_container_still_takes_its_layers() -> None:
    inventory = with_layers_size(world([image("a", "a:1")], [container("1", "b")]), 130)
    forest = layer_forest(inventory, KNOWN)
    base = forest.roots[0]
    assert (base.image_ids, base.container_ids) == ((A,), ("1" * 64,))
    held = base.children[0]
    assert (held.diff_id, held.image_ids, held.top_of, held.container_ids) == ("node", (), (), ("1" * 64,))
    assert (forest.total_bytes, forest.image_bytes, forest.gap_bytes) == (185, 130, 0)


def test_what_is_not_read_or_has_no_layers_is_said() -> None:
    known = {**KNOWN, image_id("e"): detail("e")}
    inventory = with_layers_size(
        world([image("a"), image("e"), image("f")], [container("1", "g"), container("2", "f")]), 500
    )
    forest = layer_forest(inventory, known)
    assert (forest.unread, forest.empty) == ((image_id("f"), image_id("g")), (image_id("e"),))
    assert (forest.total_bytes, forest.gap_bytes) == (130, 370)


def test_a_detail_of_an_image_that_is_no_longer_there_takes_no_part() -> None:
    assert layer_forest(world([image("d")]), KNOWN).total_bytes == 30
    assert layer_forest(world(), KNOWN) == LayerForest((), 0, 0, (), (), (), None)


def test_what_one_image_cannot_tell_of_a_layer_another_can() -> None:
    known = details(
        a=layers(("base", None), ("x", None), told=False), b=layers(("base", 100), ("y", 7)), c=layers(("base", None))
    )
    forest = layer_forest(world([image(letter) for letter in "abc"]), known)
    (base,) = forest.roots
    assert (base.own_bytes, base.created_by, base.tree_bytes, base.unknown) == (100, "RUN base", 107, 1)
    assert forest.unknown_sizes == (chain_ids(["base", "x"])[1],)
    assert [(node.own_bytes, node.unknown, node.created_by) for node in base.children] == [
        (7, 0, "RUN y"), (None, 1, ""),
    ]  # fmt: skip


def test_the_order_is_the_same_whatever_the_order_of_the_listing() -> None:
    known = details(a=layers(("p", 5), ("q", 1)), b=layers(("p", 5), ("r", 1)), c=layers(("o", 7)), d=layers(("n", 7)))
    shapes = {
        str(drawn(layer_forest(world([image(letter) for letter in order]), known).roots))
        for order in ("abcd", "dcba", "cadb")
    }
    assert shapes == {
        "[['n', 7, 7, []], ['o', 7, 7, []], ['p', 5, 7, [['q', 1, 1, []], ['r', 1, 1, []]]]]",
    }


LETTERS = "abcdefgh"


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Inventory, Mapping[str, ImageDetail]]:
    """Images from a common stock of diff IDs, some unlisted; containers on any of them; some details not read."""
    sizes = {diff_id: draw(st.integers(0, 99)) for diff_id in "uvwxyz"}
    stacks = {letter: draw(st.lists(st.sampled_from("uvwxyz"), max_size=5)) for letter in LETTERS}
    known = details(**{letter: layers(*((one, sizes[one]) for one in stack)) for letter, stack in stacks.items()})
    for letter in draw(st.sets(st.sampled_from(LETTERS), max_size=2)):
        del known[image_id(letter)]
    listed = draw(st.lists(st.sampled_from(LETTERS), unique=True))
    under = draw(st.lists(st.sampled_from(LETTERS), max_size=6))
    return world([image(one) for one in listed], [container(str(n), one) for n, one in enumerate(under)]), known


@settings(max_examples=examples(300), deadline=None)
@given(worlds())
def test_the_forest_is_the_union_of_all_chains(case: tuple[Inventory, Mapping[str, ImageDetail]]) -> None:
    inventory, known = case
    forest = layer_forest(inventory, known)
    nodes = everything(forest)
    assert len({node.chain_id for node in nodes}) == len(nodes)

    def chains(ids: Iterable[str]) -> dict[str, int]:
        stacks = [known[one].layers for one in ids if one in known]
        return {layer.chain_id: layer.size_bytes or 0 for stack in stacks for layer in stack}

    listed, held = list(inventory.images_by_id), [one.image_id for one in inventory.containers]
    assert {node.chain_id for node in nodes} == set(chains([*listed, *held]))
    assert forest.total_bytes == sum(chains([*listed, *held]).values())
    assert forest.image_bytes == sum(chains(listed).values())
    assert set(forest.unread) == {one for one in (*listed, *held) if one not in known}
    for node in nodes:
        assert node.tree_bytes == (node.own_bytes or 0) + sum(child.tree_bytes for child in node.children)
        assert set(node.image_ids) == {one for one in listed if node.chain_id in chains([one])}
        assert sorted(node.container_ids) == sorted(
            one.id for one in inventory.containers if node.chain_id in chains([one.image_id])
        )
        tops = {one for one in listed if one in known and known[one].layers[-1:] and
                known[one].layers[-1].chain_id == node.chain_id}  # fmt: skip
        assert set(node.top_of) == tops


def test_a_thousand_images_at_once() -> None:
    known: dict[str, ImageDetail] = {}
    images: list[Image] = []
    template = detail("a")
    for number in range(1000):
        one = Image(f"sha256:{number:064x}", (f"app-{number}:1",))
        images.append(one)
        stack = [(f"base-{number % 7}", 100), *((f"{number % 50}-{step}", step) for step in range(6)), (str(number), 1)]
        known[one.id] = template._replace(id=one.id, layers=layers(*stack))
    inventory = world(images, [container("1", "b")._replace(image_id=one.id, id=one.id[7:]) for one in images])
    spent = []
    for _ in range(5):
        begun = time.process_time()
        forest = layer_forest(inventory, known)
        spent.append(time.process_time() - begun)
    assert len(forest.roots) == 7
    assert min(spent) < 0.2, "0.02 s where it was measured"
