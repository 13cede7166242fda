"""Which bytes come back: the rules one by one, and all together against a model that simulates the engine."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.model.worlds import container, holdings, host, image, image_id, usage, volume_mount, world
from tui.model.container import Container
from tui.model.estimate import NOTHING, Certainty, Doubt, Estimate
from tui.model.holdings import Holdings
from tui.model.image import Image, ImageDetail
from tui.model.inventory import Inventory
from tui.model.layer import Layer
from tui.model.reclaim import Reckoning, device_of, freed_bytes
from tui.model.volume import Volume

A, B = image_id("a"), image_id("b")
SHARED = holdings({"a": {"base": 1000, "a-top": 10}, "b": {"base": 1000, "b-top": 7}})


def exact(count: int) -> Estimate:
    return Estimate(count, Certainty.EXACT, ())


def test_a_shared_layer_stays_while_one_holder_stays() -> None:
    inventory = world([image("a", "a:1"), image("b", "b:1")])
    assert freed_bytes(inventory, SHARED, images=[A]) == exact(10)
    assert freed_bytes(inventory, SHARED, images=[A, B]) == exact(1017)


def test_a_container_that_stays_holds_its_image_and_one_that_goes_does_not() -> None:
    inventory = world([image("a", "a:1"), image("b", "b:1")], [container("1", "a", size=3)])
    assert freed_bytes(inventory, SHARED, images=[A]) == NOTHING
    assert freed_bytes(inventory, SHARED, images=[A], containers=["1" * 64]) == exact(13)
    assert freed_bytes(inventory, SHARED, containers=["1" * 64]) == exact(3)


def test_the_last_container_on_an_image_that_is_no_longer_listed_takes_its_layers_along() -> None:
    both = [container("1", "a", size=3), container("2", "a", size=4)]
    inventory = world([image("b", "b:1")], both)
    assert freed_bytes(inventory, SHARED, containers=["1" * 64]) == exact(3)
    assert freed_bytes(inventory, SHARED, containers=["1" * 64, "2" * 64]) == exact(17)


def test_the_same_files_on_another_base_are_another_layer() -> None:
    layers = holdings({"a": {"base1": 5, "base1+x": 9}, "b": {"base2": 5, "base2+x": 9}})
    inventory = world([image("a", "a:1"), image("b", "b:1")])
    assert freed_bytes(inventory, layers, images=[A]) == exact(14)


def test_nothing_removed_frees_nothing_whatever_is_unknown() -> None:
    inventory = world([image("a", size=None)], [container("1", "a", size=None)], [Volume("v")])
    assert freed_bytes(inventory, Holdings()) == NOTHING


def test_unread_layers_of_what_goes_are_bounded_by_its_size() -> None:
    inventory = world([image("a", "a:1", size=500)])
    assert freed_bytes(inventory, Holdings(), images=[A]) == Estimate(500, Certainty.UP_TO, (Doubt.LAYERS_UNREAD,))
    unsized = world([image("a", "a:1", size=None)])
    assert freed_bytes(unsized, Holdings(), images=[A]) == Estimate(None, Certainty.UNKNOWN, (Doubt.LAYERS_UNREAD,))


def test_unread_layers_of_an_image_that_is_gone_are_bounded_by_its_containers_size() -> None:
    held = container("1", "a", size=3)._replace(size_root_fs_bytes=103)
    estimate = freed_bytes(world([], [held]), Holdings(), containers=[held.id])
    assert estimate == Estimate(103, Certainty.UP_TO, (Doubt.LAYERS_UNREAD,))
    without = freed_bytes(world([], [container("1", "a", size=3)]), Holdings(), containers=[held.id])
    assert without == Estimate(3, Certainty.AT_LEAST, (Doubt.LAYERS_UNREAD,))


def test_unread_layers_of_what_stays_may_be_the_same_ones() -> None:
    inventory = world([image("a", "a:1"), image("b", "b:1")])
    only_a = holdings({"a": {"base": 1000}})
    assert freed_bytes(inventory, only_a, images=[A]) == Estimate(1000, Certainty.UP_TO, (Doubt.HOLDERS_UNREAD,))
    empty = holdings({"a": {"base": 0}})
    assert freed_bytes(inventory, empty, images=[A]) == NOTHING


def test_unknown_sizes_make_it_a_lower_bound() -> None:
    inventory = world(
        [image("a", "a:1")], [container("1", "a", size=None), container("2", "a", size=8)], [Volume("v"), Volume("w")]
    )
    ones = freed_bytes(inventory, SHARED, containers=["1" * 64, "2" * 64], volumes=["v"])
    assert ones == Estimate(8, Certainty.AT_LEAST, (Doubt.WRITABLE_SIZE, Doubt.VOLUME_SIZE))
    layer = freed_bytes(world([image("a")]), holdings({"a": {"x": None, "y": 4}}), images=[A])
    assert layer == Estimate(4, Certainty.AT_LEAST, (Doubt.LAYER_SIZE,))


def test_a_size_known_from_another_image_serves_for_both() -> None:
    layers = holdings({"a": {"x": None}, "b": {"x": 4}})
    assert freed_bytes(world([image("a"), image("b")]), layers, images=[A, B]) == exact(4)


def test_the_build_cache_may_keep_layers() -> None:
    shared = world([image("a")], disk=usage(shared_cache=True))
    layers = holdings({"a": {"x": 4}})
    assert freed_bytes(shared, layers, images=[A]) == Estimate(4, Certainty.UP_TO, (Doubt.BUILD_CACHE,))
    unread = replace(shared, usage=None)
    assert freed_bytes(unread, layers, images=[A]) == Estimate(4, Certainty.UP_TO, (Doubt.BUILD_CACHE_UNREAD,))
    no_layers = freed_bytes(
        world([], [container("1", "a", size=2)], disk=usage(shared_cache=True)),
        holdings({"a": {}}),
        containers=["1" * 64],
    )
    assert no_layers == exact(2), "the writable layer is no business of the build cache"


def test_what_a_shared_record_frees_after_the_images_is_not_known() -> None:
    layers = holdings({"a": {"x": 4}})
    alone = Reckoning(world([image("a")], disk=usage(shared_cache=True)), layers)
    assert alone.add_cache_records(("c",)) == exact(0), "the image holds those bytes all the same"
    both = Reckoning(world([image("a")], disk=usage(shared_cache=True)), layers)
    assert both.add_images((A,)) == Estimate(4, Certainty.UP_TO, (Doubt.BUILD_CACHE,))
    assert both.add_cache_records(("c",)) == Estimate(None, Certainty.UNKNOWN, (Doubt.BUILD_CACHE,))
    assert both.total() == exact(4), "together they free the layer, whichever of them it was"


@pytest.mark.parametrize(
    ("image_store", "product", "doubt"),
    [("containerd", "Docker", Doubt.CONTAINERD_STORE), ("classic", "Podman", Doubt.OTHER_ENGINE)],
)
def test_other_stores_give_an_estimate(image_store: str, product: str, doubt: Doubt) -> None:
    inventory = world([image("a")], engine=host(image_store, product))
    assert freed_bytes(inventory, holdings({"a": {"x": 4}}), images=[A]) == Estimate(4, Certainty.ABOUT, (doubt,))
    both = world([image("a"), image("b")], [container("1", "a", size=7)], engine=host(image_store, product))
    same = holdings({"a": {"x": 4}, "b": {"x": 4}})
    assert freed_bytes(both, same, images=[B]) == Estimate(0, Certainty.ABOUT, (doubt,))
    assert freed_bytes(both, same, containers=["1" * 64]) == Estimate(7, Certainty.ABOUT, (doubt,))
    assert freed_bytes(replace(both, volumes=(Volume("v", size_bytes=3),)), same, volumes=["v"]) == exact(3)


def test_the_containerd_store_keeps_the_classic_builders_steps() -> None:
    layers = holdings({"a": {"x": 4, "y": 5}, "b": {"x": 4}}, parents={"a": "b"})
    on_containerd = world([image("a")], engine=host("containerd"))
    assert freed_bytes(on_containerd, layers, images=[A]).bytes == 5
    assert freed_bytes(world([image("a")]), layers, images=[A]) == exact(9)


def test_an_image_forced_away_from_under_a_container_is_a_doubt_of_its_own() -> None:
    held = container("1", "b", size=3)._replace(size_root_fs_bytes=103)
    known = holdings({"a": {"x": 4}})._replace(gone=frozenset({B}))
    inventory = world([image("a")], [held])
    assert freed_bytes(inventory, known, images=[A]) == Estimate(4, Certainty.UP_TO, (Doubt.IMAGE_GONE,))
    assert freed_bytes(inventory, known, containers=[held.id]) == Estimate(103, Certainty.UP_TO, (Doubt.IMAGE_GONE,))


def test_volumes_count_once_and_those_that_only_point_elsewhere_not_at_all() -> None:
    bind = Volume("srv", options={"type": "none", "o": "bind", "device": "/srv"}, size_bytes=99)
    ram = Volume("ram", options={"type": "tmpfs", "device": "tmpfs"}, size_bytes=5)
    inventory = world(volumes=[Volume("v", size_bytes=7), bind, ram])
    assert freed_bytes(inventory, Holdings(), volumes=["v", "v", "srv", "gone"]) == exact(7)
    assert (device_of(bind), device_of(ram), device_of(Volume("v"))) == ("/srv", "", "")


LETTERS = "abcdefgh"
CHAINS = [f"chain-{n}" for n in range(12)]


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Inventory, Holdings, set[str], set[str]]:
    """Images over a common stock of layers, some of them no longer listed; containers on any; a set of both to go."""
    sizes = {chain: draw(st.integers(0, 1000)) for chain in CHAINS}
    layers = {
        letter: {chain: sizes[chain] for chain in draw(st.lists(st.sampled_from(CHAINS), unique=True, max_size=6))}
        for letter in LETTERS
    }
    listed = draw(st.lists(st.sampled_from(LETTERS), unique=True))
    under = draw(st.lists(st.tuples(st.sampled_from(LETTERS), st.integers(0, 50)), max_size=8))
    containers = [container(str(n), letter, size=size) for n, (letter, size) in enumerate(under)]
    inventory = world([image(letter, f"{letter}:1") for letter in listed], containers)
    going_images = {image_id(letter) for letter in listed if draw(st.booleans())}
    going_containers = {c.id for c in containers if draw(st.booleans())}
    return inventory, holdings({k: dict(v) for k, v in layers.items()}), going_images, going_containers


def disk_of(inventory: Inventory, known: Holdings, images: list[Image], containers: list[Container]) -> int:
    """What a world takes: every layer that an image or a container holds, once, and the writable layers."""
    held: dict[str, int] = {}
    for holder in [one.id for one in images] + [one.image_id for one in containers]:
        held.update({chain: size or 0 for chain, size in known.layers[holder]})
    return sum(held.values()) + sum(one.size_rw_bytes or 0 for one in containers)


@settings(max_examples=examples(400), deadline=None)
@given(worlds())
def test_the_figure_is_the_difference_between_the_disk_before_and_after(
    case: tuple[Inventory, Holdings, set[str], set[str]],
) -> None:
    inventory, known, images, containers = case
    before = disk_of(inventory, known, list(inventory.images), list(inventory.containers))
    after = disk_of(
        inventory,
        known,
        [i for i in inventory.images if i.id not in images],
        [c for c in inventory.containers if c.id not in containers],
    )
    assert freed_bytes(inventory, known, images=images, containers=containers) == exact(before - after)


@settings(max_examples=examples(200), deadline=None)
@given(worlds(), st.sets(st.sampled_from(LETTERS)))
def test_what_is_not_read_never_turns_a_bound_around(
    case: tuple[Inventory, Holdings, set[str], set[str]], unread: set[str]
) -> None:
    inventory, known, images, containers = case
    truth = freed_bytes(inventory, known, images=images, containers=containers).bytes or 0
    # An image's own size is all of its layers.
    sized = replace(
        inventory,
        images=tuple(
            i._replace(size_bytes=sum(size or 0 for _c, size in known.layers[i.id])) for i in inventory.images
        ),
    )
    partial = Holdings({k: v for k, v in known.layers.items() if k not in {image_id(letter) for letter in unread}})
    estimate = freed_bytes(sized, partial, images=images, containers=containers)
    said = estimate.bytes or 0
    match estimate.certainty:
        case Certainty.EXACT:
            assert said == truth
        case Certainty.AT_LEAST:
            assert said <= truth
        case Certainty.UP_TO:
            assert said >= truth
        case Certainty.UNKNOWN:
            assert estimate.bytes is None
        case Certainty.ABOUT:
            assert estimate.doubts


def detail(letter: str, parent: str = "", *layers: Layer) -> ImageDetail:
    return ImageDetail(
        id=image_id(letter),
        tags=(),
        digests=(),
        parent_id=image_id(parent) if parent else "",
        created="",
        architecture="amd64",
        os="linux",
        variant="",
        author="",
        comment="",
        size_bytes=None,
        entrypoint=(),
        command=(),
        environment=(),
        user="",
        working_dir="",
        exposed_ports=(),
        volumes=(),
        labels={},
        diff_ids=(),
        history=(),
        layers=layers,
        raw=json.loads("{}"),
        raw_history=(),
    )


def test_holdings_say_what_is_still_to_be_read_down_to_unlisted_parents() -> None:
    inventory = world([image("c", "c:1", parent="b"), image("d", "d:1")], [container("1", "e")])
    known = Holdings()
    assert known.unread(inventory) == tuple(image_id(x) for x in "cdeb")
    known = known.with_details([detail("c", "b"), detail("b", "a"), detail("d")], gone=[image_id("e")])
    assert known.unread(inventory) == (image_id("a"),)
    known = known.with_details([detail("a")])
    assert known.unread(inventory) == ()
    assert list(known.ancestors(image_id("c"), inventory)) == [image_id("b"), image_id("a")]


def test_holdings_take_layers_from_details_and_never_run_in_a_circle() -> None:
    layer = Layer(0, "sha256:d", "sha256:c", 12, None, "RUN x")
    known = Holdings.of([detail("a", "b", layer), detail("b", "a")])
    assert known.layers[A] == (("sha256:c", 12),)
    assert list(known.ancestors(A, world([]))) == [B]


def test_a_thousand_images_are_summed_in_good_time() -> None:
    chains = {f"{n:064x}": {f"base-{n % 20}": 10, f"mid-{n % 200}": 5, f"top-{n}": 1} for n in range(1000)}
    images = [Image("sha256:" + key, (f"r:{n}",)) for n, key in enumerate(chains)]
    known = Holdings({"sha256:" + key: tuple(value.items()) for key, value in chains.items()})
    inventory = world(
        images, [container("1", "a")._replace(image_id=images[n].id, id=f"{n:064x}") for n in range(1000)]
    )
    going = [one.id for one in images[:500]]
    started = time.perf_counter()
    estimate = freed_bytes(inventory, known, images=going, containers=[f"{n:064x}" for n in range(500)])
    assert time.perf_counter() - started < 0.2, "a mark must not be felt: the goal is 20 ms on an idle machine"
    assert estimate == exact(500), "every base and every middle layer has another holder"


def test_volume_mounts_do_not_keep_layers() -> None:
    inventory = world([image("a")], [container("1", "b", mounts=[volume_mount("v")])], [Volume("v", size_bytes=2)])
    assert freed_bytes(inventory, SHARED, images=[A], volumes=["v"]) == exact(12)
