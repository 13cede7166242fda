"""Waste: the cases that dive gets wrong, the rules one by one, and the sum against a plain replay."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from tests.examples import examples
from tests.model.stacks import STACKS, bodies, is_below, layer, states
from tui.model.file_stack import StackedFiles
from tui.model.layer_files import Kind, LayerBuilder, LayerFiles
from tui.model.waste import Loss, Offender, Waste, user_wasted_percent, waste_of


def waste(*layers: LayerFiles) -> Waste:
    return waste_of(StackedFiles.of(layers))


def as_dive_counts(*layers: LayerFiles) -> tuple[float, int]:
    """Efficiency and wasted bytes by the rules of dive's ``Efficiency`` and ``Analyze``, as the module tells them."""
    copies: dict[str, list[int]] = {}
    truth = states(layers)
    for number, files in enumerate(layers):
        for entry in files:
            if not any(is_below(other.path, entry.path) for other in files):
                copies.setdefault(entry.path, []).append(entry.size_bytes or 0)
        for path in files.whiteouts:
            below = [seen.entry.size_bytes or 0 for one, seen in truth[number - 1].items() if is_below(one, path)]
            copies.setdefault(path, []).append(sum(below))
    smallest, all_of_them = sum(map(min, copies.values())), sum(map(sum, copies.values()))
    return smallest / all_of_them, sum(sum(sizes) for sizes in copies.values() if len(sizes) > 1)


def test_the_copy_that_is_kept_is_no_waste() -> None:
    """dive counts it, though it agrees on the efficiency."""
    assert as_dive_counts(layer("f 10"), layer("f 10")) == (0.5, 20)
    found = waste(layer("f 10"), layer("f 10"))
    assert (found.stored_bytes, found.visible_bytes, found.wasted_bytes, found.efficiency) == (20, 10, 10, 0.5)
    assert found.offenders == (Offender("f", 10, 2, (0,), (1,), deleted=False),)
    assert found.losses == (Loss(0, 1, deleted=False, wasted_bytes=10, files=1, folder="", stored_again_bytes=10),)


def test_what_is_stored_again_with_its_size_and_time_was_only_given_another_owner_or_mode() -> None:
    base = layer("a 10", "b 20", "c 40", "d 80", "e 160", "f => e", modified=5)
    chowned = LayerBuilder()
    for path, size, modified in (("a", 10, 5), ("b", 21, 5), ("c", 40, 6)):
        chowned.add(path, Kind.FILE, size, 0o600, 7, 7, modified)
    chowned.hide("d")
    chowned.add("e", Kind.FILE, 160, 0o600, 0, 0, 5)
    chowned.add("f", Kind.HARD_LINK, 0, 0o600, 0, 0, 5, "e")
    by_kind = {loss.deleted: loss for loss in waste(base, chowned.build()).losses}
    assert (by_kind[False].wasted_bytes, by_kind[False].stored_again_bytes) == (230, 170)
    assert (by_kind[True].wasted_bytes, by_kind[True].stored_again_bytes) == (80, 0)


def test_a_folder_deleted_by_a_later_layer_is_all_waste() -> None:
    """dive meets the whiteout as one leaf, the files as leaves of other paths, and no path twice."""
    layers = [
        layer("keep 100"),
        layer("tmp/", "tmp/build/", "tmp/build/a 300", "tmp/build/o/", "tmp/build/o/b 74"),
        layer("etc/", "etc/x 26"),
        layer(hide=["tmp/build"]),
    ]
    assert as_dive_counts(*layers) == (1.0, 0)
    found = waste(*layers)
    assert (found.stored_bytes, found.visible_bytes, found.wasted_bytes) == (500, 126, 374)
    assert found.efficiency == pytest.approx(126 / 500)
    assert found.losses == (Loss(1, 3, deleted=True, wasted_bytes=374, files=2, folder="tmp/build"),)
    assert found.per_layer_wasted == (0, 374, 0, 0)
    assert found.per_layer_stored == (100, 374, 26, 0)
    assert [(one.path, one.wasted_bytes, one.deleted) for one in found.offenders] == [
        ("tmp/build/a", 300, True), ("tmp/build/o/b", 74, True),
    ]  # fmt: skip


def test_a_loss_names_the_deepest_folder_that_holds_all_of_it() -> None:
    def folder(*lines: str) -> str:
        (loss,) = waste(layer(*lines), layer(opaque=[""])).losses
        return loss.folder

    assert folder("a/b/c 1") == "a/b"
    assert folder("a/b/c 1", "a/b/d 1") == "a/b"
    assert folder("a/b/c 1", "a/d 1") == "a"
    assert folder("a/b/c 1", "a/b-c/d 1") == "a"
    assert folder("a/b 1", "c 1") == ""


def test_efficiency_goes_by_the_copy_that_is_seen_not_by_the_smallest() -> None:
    assert as_dive_counts(layer("f 1"), layer("f 100"))[0] == pytest.approx(1 / 101)
    assert waste(layer("f 1"), layer("f 100")).efficiency == pytest.approx(100 / 101)


def test_a_folder_emptied_by_an_opaque_mark_or_replaced_by_a_file_is_waste() -> None:
    base = layer("a/", "a/b 5", "a/c 6")
    assert waste(base, layer("a/", opaque=["a"])).wasted_bytes == 11
    replaced = waste(base, layer("a 1"))
    assert (replaced.wasted_bytes, replaced.losses) == (11, (Loss(0, 1, True, 11, 2, "a"),))


def test_deleted_and_added_again() -> None:
    found = waste(layer("f 5"), layer(hide=["f"]), layer("f 6"), layer("f 7"))
    assert found.offenders == (Offender("f", 11, 3, (0, 2), (1, 3), deleted=False),)
    assert found.losses == (
        Loss(2, 3, deleted=False, wasted_bytes=6, files=1, folder=""),
        Loss(0, 1, deleted=True, wasted_bytes=5, files=1, folder=""),
    )


def test_deleted_and_put_there_again_by_one_layer_is_overwritten() -> None:
    found = waste(layer("d/", "d/f 5"), layer("d/", "d/f 6", hide=["d"]))
    assert found.offenders == (Offender("d/f", 5, 2, (0,), (1,), deleted=False),)


def test_a_file_is_wasted_with_the_last_of_its_names() -> None:
    linked = layer("a 10", "b => a", "c => a")
    assert waste(linked, layer(hide=["a"])).wasted_bytes == 0
    assert waste(linked, layer(hide=["a"]), layer("b 1")).wasted_bytes == 0
    gone = waste(linked, layer(hide=["a"]), layer("b 1"), layer(hide=["c"]))
    assert (gone.stored_bytes, gone.visible_bytes, gone.wasted_bytes) == (11, 1, 10)
    assert gone.offenders == (Offender("a", 10, 1, (0,), (3,), deleted=True),)


def test_a_file_that_a_hundred_layers_write() -> None:
    found = waste(*(layer(f"log {number}") for number in range(1, 101)))
    assert (found.visible_bytes, found.wasted_bytes) == (100, 4950)
    (offender,) = found.offenders
    assert (offender.copies, offender.added_by, offender.hidden_by) == (100, tuple(range(99)), tuple(range(1, 100)))


def test_nothing_stored_is_not_inefficient() -> None:
    assert waste().efficiency == 1.0
    empty = waste(layer("a 0", "b/"), layer(hide=["a"]))
    assert (empty.stored_bytes, empty.efficiency, empty.offenders, empty.losses) == (0, 1.0, (), ())


def test_a_size_that_is_not_known_counts_as_nothing() -> None:
    found = waste(layer("a 5"), layer("a ?"))
    assert (found.stored_bytes, found.visible_bytes, found.wasted_bytes) == (5, 0, 5)


def test_a_changed_mode_alone_stores_and_wastes_the_whole_file() -> None:
    assert waste(layer("f 10"), layer("f 10 :755")).wasted_bytes == 10


@pytest.mark.parametrize(
    ("layers", "ratio"),
    [
        ([layer("base 1000"), layer("a 60"), layer(hide=["a"]), layer("b 40")], 0.6),
        ([layer("base 1000")], 0.0),
        ([layer("base 1000"), layer(hide=["base"])], 1.0),
        ([layer("base 1000"), layer("x/")], 0.0),
        ([], 0.0),
    ],
)
def test_user_waste_is_measured_against_all_layers_but_the_lowest(layers: list[LayerFiles], ratio: float) -> None:
    assert user_wasted_percent(waste(*layers)) == pytest.approx(ratio)


@settings(max_examples=examples(500), deadline=None)
@given(STACKS)
def test_every_stored_byte_is_seen_or_wasted(layers: list[LayerFiles]) -> None:
    found, truth, stored = waste(*layers), states(layers), bodies(layers)
    lost = [body for body in stored if not body.shown_at(truth[len(layers) - 1])]
    assert found.stored_bytes == sum(body.size_bytes for body in stored) == sum(found.per_layer_stored)
    assert found.wasted_bytes == sum(body.size_bytes for body in lost) == sum(found.per_layer_wasted)
    assert found.visible_bytes == sum(body.size_bytes for body in stored if body not in lost)
    assert found.stored_bytes == found.visible_bytes + found.wasted_bytes
    assert found.wasted_bytes == sum(one.wasted_bytes for one in found.offenders)
    assert found.wasted_bytes == sum(one.wasted_bytes for one in found.losses)
    assert len(lost) == sum(one.files for one in found.losses)
    told = {
        (one.path, added, hidden)
        for one in found.offenders
        for added, hidden in zip(one.added_by, one.hidden_by, strict=True)
    }
    assert told == {
        (body.names[0], body.layer, next(k for k in range(body.layer, len(layers)) if not body.shown_at(truth[k])))
        for body in lost
    }
    for one in found.offenders:
        assert one.copies == len([body for body in stored if body.names[0] == one.path])
        last = next(body for body in lost if (body.names[0], body.layer) == (one.path, one.added_by[-1]))
        if len(last.names) == 1:
            assert one.deleted == (one.path not in truth[one.hidden_by[-1]])
