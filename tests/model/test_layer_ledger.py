"""Counting holders: what one removal after the other releases, and that it can all be taken back."""

from __future__ import annotations

from collections.abc import Callable, Collection

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.model.marked_worlds import Case, cases
from tests.model.worlds import container, holdings, host, image, image_id, world
from tui.model.holdings import Holdings
from tui.model.layer_ledger import LayerCounts, LayerLedger, Released

A, B = image_id("a"), image_id("b")
LAYERS = holdings({"a": {"base": 1000, "a-top": 10}, "b": {"base": 1000, "b-top": None}})


def test_a_layer_is_released_with_its_last_holder() -> None:
    ledger = LayerLedger(world([image("a"), image("b")], [container("1", "b")]), LAYERS)
    assert ledger.remove_images([A]) == Released(("a-top",), 10)
    assert ledger.holders_of("base") == 1
    assert ledger.remove_images([B]) == Released(), "the container still holds it"
    assert ledger.remove_containers(["1" * 64]) == Released(("base", "b-top"), 1000, sizes_known=False)
    assert ledger.holders_of("base") == 0


def test_what_is_not_there_or_gone_already_releases_nothing() -> None:
    ledger = LayerLedger(world([image("a")]), LAYERS)
    assert ledger.remove_images([B]) == ledger.remove_containers(["x"]) == Released()
    assert ledger.remove_images([A]).chain_ids
    assert ledger.remove_images([A]) == Released()
    for _ in range(4):
        ledger.take_back()
    assert ledger.holders_of("base") == 1
    with pytest.raises(LookupError, match="Nothing has been removed"):
        ledger.take_back()


def test_unread_layers_are_told_apart_from_those_that_can_never_be_read() -> None:
    inventory = world([image("a"), image("c")], [container("1", "b")])
    ledger = LayerLedger(inventory, Holdings(LAYERS.layers, {}, frozenset({image_id("c")}))._replace(layers={}))
    assert (ledger.holders_unread, ledger.holders_gone) == (True, True)
    assert ledger.remove_images([A]) == Released(unread=(A,))
    assert ledger.remove_images([image_id("c")]) == Released(unread=(image_id("c"),))
    assert (ledger.holders_unread, ledger.holders_gone) == (True, False)
    assert ledger.remove_containers(["1" * 64]) == Released(unread=(B,))
    assert not ledger.holders_unread
    ledger.take_back()
    assert ledger.holders_unread


def test_containerds_store_keeps_the_builders_steps() -> None:
    known = holdings({"a": {"x": 4, "y": 5}, "b": {"x": 4}}, parents={"a": "b"})
    ledger = LayerLedger(world([image("a")], engine=host("containerd")), known)
    assert ledger.remove_images([A]) == Released(("y",), 5)
    assert ledger.holders_of("x") == 1
    ledger.take_back()
    assert (ledger.holders_of("x"), ledger.holders_of("y")) == (2, 1)
    both = LayerLedger(world([image("a"), image("b")], engine=host("containerd")), known)
    assert both.remove_images([B]) == Released()
    assert both.remove_images([A]) == Released(("x", "y"), 9)


def test_the_counts_of_one_photograph_are_made_once() -> None:
    inventory = world([image("a")])
    counts = LayerCounts.of(inventory, LAYERS)
    LayerLedger(inventory, LAYERS).remove_images([A])
    assert LayerCounts.of(inventory, LAYERS) is counts
    assert counts.holders == {"base": 1, "a-top": 1}
    assert LayerCounts.of(inventory, Holdings()) is not counts


@settings(max_examples=examples(200), deadline=None)
@given(cases(cache=False), st.data())
def test_taking_back_leaves_everything_as_it_was(case: Case, data: st.DataObject) -> None:
    ledger = LayerLedger(case.inventory, case.holdings)
    removers: list[tuple[Callable[[Collection[str]], Released], str]] = [
        (ledger.remove_images, one.id) for one in case.inventory.images
    ]
    removers += [(ledger.remove_containers, one.id) for one in case.inventory.containers]
    order = data.draw(st.permutations(removers))
    split = data.draw(st.integers(0, len(order)))
    first = [remove([one]) for remove, one in order[:split]]
    rest = [remove([one]) for remove, one in order[split:]]
    released = [layer for step in (*first, *rest) for layer in step.chain_ids]
    assert len(released) == len(set(released)), "no layer goes twice"
    assert set(released) == LayerCounts.of(case.inventory, case.holdings).holders.keys(), "all go in the end"
    for _ in rest:
        ledger.take_back()
    assert [remove([one]) for remove, one in order[split:]] == rest
