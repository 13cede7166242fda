"""What each rule finds, and what it must never find."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.model.marked_worlds import Case, cases
from tests.model.worlds import container, holdings, image, volume_mount, world
from tui.model.build_cache import BuildCacheRecord
from tui.model.candidates import CandidateSet, CandidateSettings, Rule, candidates
from tui.model.container import Container
from tui.model.estimate import Certainty
from tui.model.holdings import Holdings
from tui.model.host import DiskUsage
from tui.model.image import Image
from tui.model.inventory import Inventory
from tui.model.leftovers import HELPER_LABEL
from tui.model.mark import Kind, Mark, surviving
from tui.model.marked_sum import marked_sum
from tui.model.protection import Protection
from tui.model.storage import ContainerLog
from tui.model.volume import Volume

NOW = 1_795_000_000.0
DAY = 86_400.0


def found(
    inventory: Inventory,
    *,
    settings: CandidateSettings | None = None,
    protect: tuple[str, ...] = (),
    lifted: frozenset[tuple[Kind, str]] = frozenset(),
    logs: tuple[ContainerLog, ...] | None = None,
    known: Holdings | None = None,
) -> dict[Rule, CandidateSet]:
    sets = candidates(
        inventory,
        known or Holdings(),
        now=NOW,
        settings=settings or CandidateSettings(),
        protection=Protection.of(protect),
        lifted=lifted,
        logs=logs,
    )
    return {one.rule: one for one in sets}


def aged_image(letter: str, *tags: str, days: float) -> Image:
    return image(letter, *tags)._replace(created=NOW - days * DAY)


def aged_container(letter: str, state: str, days: float) -> Container:
    return container(letter, "a", state)._replace(created=NOW - days * DAY)


def ids(one: CandidateSet) -> set[str]:
    return {mark.id[-1] if mark.kind is not Kind.VOLUME else mark.id for mark in one.marks}


def tags(one: CandidateSet) -> set[str]:
    return {mark.tag for mark in one.marks}


# -- images ---------------------------------------------------------------------------------------


def test_images_are_dangling_or_unused_only_without_any_container() -> None:
    inventory = world(
        [image("a", "app:1"), image("b"), image("c"), image("d", "old:1", "old:2")],
        [container("1", "a", "exited"), container("2", "c", "created")],
    )
    sets = found(inventory)
    assert sets[Rule.DANGLING].marks == {Mark(Kind.IMAGE, image("b").id)}
    assert ids(sets[Rule.UNUSED]) == {"b", "d"}
    assert tags(sets[Rule.UNUSED]) == {"", "old:1", "old:2"}


def test_old_goes_by_days_and_leaves_out_what_has_no_date() -> None:
    images = [
        aged_image("a", "a:1", days=31),
        aged_image("b", "b:1", days=29),
        image("c", "c:1")._replace(created=None),
        image("d", "d:1")._replace(created=0.0),
        image("e", "e:1")._replace(created=-62_135_596_800.0),
        aged_image("f", "f:1", days=-3),
    ]
    inventory = world(images)
    assert ids(found(inventory)[Rule.OLD]) == {"a"}
    assert ids(found(inventory, settings=CandidateSettings(old_days=0))[Rule.OLD]) == set("abcdef")


def test_newest_tags_of_each_repository_stay() -> None:
    images = [aged_image(letter, f"app:1.{n}", days=n) for n, letter in enumerate("abcde")]
    images.append(aged_image("f", "registry:5000/app:1", days=999))
    sets = found(world(images))
    assert tags(sets[Rule.KEEP_NEWEST]) == {"app:1.3", "app:1.4"}
    assert tags(found(world(images), settings=CandidateSettings(keep=1))[Rule.KEEP_NEWEST]) == {
        "app:1.1",
        "app:1.2",
        "app:1.3",
        "app:1.4",
    }


def test_among_tags_of_one_image_those_with_higher_numbers_stay() -> None:
    inventory = world([aged_image("a", "app:1.9", "app:1.10", "app:1.2", days=1)])
    assert tags(found(inventory, settings=CandidateSettings(keep=1))[Rule.KEEP_NEWEST]) == {"app:1.9", "app:1.2"}


def test_tags_in_use_count_among_the_newest_and_stay() -> None:
    images = [aged_image(letter, f"app:{n}", days=n) for n, letter in enumerate("abc")]
    inventory = world(images, [container("1", "a"), container("2", "c")])
    assert tags(found(inventory, settings=CandidateSettings(keep=1))[Rule.KEEP_NEWEST]) == {"app:1"}


# -- containers, volumes, cache -------------------------------------------------------------------


def test_containers_by_state_and_age() -> None:
    states = ("running", "paused", "restarting", "removing", "exited", "dead", "created")
    containers = [aged_container(str(n), state, days=n) for n, state in enumerate(states)]
    sets = found(world([image("a", "a:1")], containers))
    assert ids(sets[Rule.STOPPED]) == {"4", "5"}
    assert ids(sets[Rule.NEVER_STARTED]) == {"6"}
    older = found(world([image("a", "a:1")], containers), settings=CandidateSettings(stopped_days=4))
    assert ids(older[Rule.STOPPED]) == {"5"}
    assert ids(older[Rule.NEVER_STARTED]) == {"6"}


def test_named_volumes_stand_apart_and_are_never_chosen_with_all() -> None:
    made_up = "a" * 64
    volumes = [Volume("data"), Volume(made_up), Volume("used"), Volume("b" * 64)]
    mounts = (volume_mount("used"), volume_mount("b" * 64))
    sets = found(world([image("a", "a:1")], [container("1", "a", mounts=mounts)], volumes))
    assert ids(sets[Rule.ANONYMOUS_VOLUMES]) == {made_up}
    assert ids(sets[Rule.NAMED_VOLUMES]) == {"data"}
    assert not sets[Rule.NAMED_VOLUMES].chosen_with_all
    assert sets[Rule.ANONYMOUS_VOLUMES].chosen_with_all


def cache_record(name: str, *, used: float | None, made_at: float, in_use: bool = False) -> BuildCacheRecord:
    last = None if used is None else NOW - used * DAY
    return BuildCacheRecord(name, "regular", "", 10, in_use=in_use, created=NOW - made_at * DAY, last_used=last)


def test_cache_goes_by_last_use_and_leaves_what_a_build_is_using() -> None:
    records = (
        cache_record("a", used=1, made_at=99),
        cache_record("b", used=None, made_at=99),
        cache_record("c", used=99, made_at=99, in_use=True),
    )
    inventory = world(disk=DiskUsage(layers_size_bytes=None, volumes={}, containers={}, build_cache=records))
    assert ids(found(inventory)[Rule.CACHE]) == {"a", "b"}
    assert ids(found(inventory, settings=CandidateSettings(cache_days=7))[Rule.CACHE]) == {"b"}


def test_nothing_is_unused_before_everything_is_listed() -> None:
    inventory = replace(world([image("b")], [], [Volume("data")]), listed=frozenset({"images", "volumes"}))
    assert not any(one.marks for one in found(inventory).values())


def test_what_orlop_made_is_a_leftover_after_a_day_and_nothing_else() -> None:
    label = {HELPER_LABEL: "box/1/t"}
    images = [
        aged_image("a", "orlop-helper:a", days=2)._replace(labels=label),
        aged_image("b", "orlop-helper:b", days=0.1)._replace(labels=label),
        image("c")._replace(labels=label),
    ]
    containers = [
        aged_container("1", "created", days=2)._replace(labels=label, image_id="sha256:x"),
        aged_container("2", "exited", days=0.1)._replace(labels=label, image_id="sha256:x"),
    ]
    sets = found(world(images, containers), settings=CandidateSettings(keep=1, old_days=0))
    assert ids(sets[Rule.LEFTOVERS]) == {"a", "1"}
    assert {rule for rule, one in sets.items() if one.marks} == {Rule.LEFTOVERS}


def test_what_orlop_made_is_a_leftover_at_once_when_its_maker_is_gone() -> None:
    def labelled(maker: str) -> dict[str, str]:
        return {HELPER_LABEL: maker}

    images = [
        aged_image("a", "orlop-helper:a", days=0.01)._replace(labels=labelled("box/1/t")),
        aged_image("b", "orlop-helper:b", days=0.01)._replace(labels=labelled("box/2/t")),
        aged_image("c", "other:c", days=9)._replace(labels=labelled("somebody else's")),
    ]
    container = aged_container("1", "created", days=0.01)._replace(labels=labelled("box/1/t"), image_id="sha256:x")
    inventory = world(images, [container])
    sets = candidates(inventory, Holdings(), now=NOW, gone=lambda maker: maker.process == 1)
    assert ids(next(one for one in sets if one.rule is Rule.LEFTOVERS)) == {"a", "1"}


# -- protection, logs, numbers --------------------------------------------------------------------


def test_protected_ones_are_left_out_and_counted_until_that_is_lifted() -> None:
    inventory = world([image("a", "postgres:16"), image("b", "app:1")])
    sets = found(inventory, protect=("postgres",))
    assert ids(sets[Rule.UNUSED]) == {"b"}
    assert sets[Rule.UNUSED].protected == 1
    lifted = found(inventory, protect=("postgres",), lifted=frozenset({(Kind.IMAGE, image("a").id)}))
    assert ids(lifted[Rule.UNUSED]) == {"a", "b"}
    assert not lifted[Rule.UNUSED].protected


def test_image_with_one_protected_tag_is_left_out_whole() -> None:
    inventory = world([image("a", "postgres:16", "mirror:16")])
    sets = found(inventory, protect=("postgres",), settings=CandidateSettings(old_days=0))
    for rule in (Rule.UNUSED, Rule.OLD):
        assert not sets[rule].marks
        assert sets[rule].protected == 1


def test_logs_are_found_by_size_and_never_marked() -> None:
    inventory = world([image("a", "a:1")], [container("1", "a"), container("2", "a"), container("3", "a")])
    logs = tuple(ContainerLog(letter * 64, size) for letter, size in (("1", 10**8), ("2", 3 * 10**8), ("3", 10**8 - 1)))
    one = found(inventory, logs=(*logs, ContainerLog("gone", 10**9)))[Rule.LOGS]
    assert one.logs == (logs[1], logs[0])
    assert not one.marks
    assert not one.chosen_with_all
    assert found(inventory)[Rule.LOGS].logs is None
    assert found(inventory, logs=())[Rule.LOGS].logs == ()


def test_numbers_step_as_people_say_them() -> None:
    settings = CandidateSettings()
    assert settings.stepped(Rule.OLD, 1).old_days == 60
    assert settings.stepped(Rule.OLD, -1).old_days == 14
    assert settings.with_number(Rule.OLD, 20).stepped(Rule.OLD, 1).old_days == 30
    assert settings.stepped(Rule.STOPPED, -1).stopped_days == 0
    assert settings.stepped(Rule.KEEP_NEWEST, -1).keep == 2
    assert settings.with_number(Rule.KEEP_NEWEST, 1).stepped(Rule.KEEP_NEWEST, -1).keep == 1
    assert settings.stepped(Rule.LOGS, 1).log_bytes == 250_000_000
    assert settings.stepped(Rule.UNUSED, 1) == settings
    assert settings.with_number(Rule.UNUSED, 5) == settings
    assert settings.number_of(Rule.UNUSED) is None


def test_unused_and_its_figure_are_exact_when_layers_are_known() -> None:
    inventory = world([image("a", "app:1"), image("b", "app:2")], [container("1", "a")])
    known = holdings({"a": {"base": 10, "x": 1}, "b": {"base": 10, "y": 5}})
    freed = found(inventory, known=known)[Rule.UNUSED].sum.freed
    assert (freed.bytes, freed.certainty) == (5, Certainty.EXACT)


# -- whatever the world ---------------------------------------------------------------------------


def sets_of(case: Case, settings: CandidateSettings) -> dict[Rule, CandidateSet]:
    return found(case.inventory, settings=settings, known=case.holdings)


NUMBERS = st.builds(CandidateSettings, old_days=st.integers(0, 3), keep=st.integers(1, 3))


@given(cases(), NUMBERS)
def test_nothing_in_use_is_ever_found(case: Case, settings: CandidateSettings) -> None:
    inventory = case.inventory
    sets = sets_of(case, settings)
    every = frozenset[Mark]().union(*(one.marks for one in sets.values()))
    assert surviving(every, inventory) is every
    for mark in every:
        match mark.kind:
            case Kind.IMAGE:
                assert mark.id not in {one.image_id for one in inventory.containers}
            case Kind.CONTAINER:
                assert inventory.containers_by_id[mark.id].state in {"exited", "dead", "created"}
            case Kind.VOLUME:
                assert all(mark.id not in one.volume_names for one in inventory.containers)
            case Kind.CACHE_RECORD:
                assert not inventory.cache_records_by_id[mark.id].in_use


@given(cases(), NUMBERS)
def test_sets_lie_in_one_another_as_their_rules_do(case: Case, settings: CandidateSettings) -> None:
    sets = sets_of(case, settings)
    unused = sets[Rule.UNUSED].marks
    for rule in (Rule.DANGLING, Rule.OLD, Rule.KEEP_NEWEST):
        assert sets[rule].marks <= unused
    fewer = sets_of(case, settings.with_number(Rule.OLD, settings.old_days + 1)._replace(keep=settings.keep + 1))
    assert fewer[Rule.OLD].marks <= sets[Rule.OLD].marks
    assert fewer[Rule.KEEP_NEWEST].marks <= sets[Rule.KEEP_NEWEST].marks
    assert sets[Rule.ANONYMOUS_VOLUMES].marks.isdisjoint(sets[Rule.NAMED_VOLUMES].marks)


@given(cases(), NUMBERS)
def test_every_repository_keeps_its_newest(case: Case, settings: CandidateSettings) -> None:
    going = tags(sets_of(case, settings)[Rule.KEEP_NEWEST])
    by_repository: dict[str, set[str]] = {}
    for one in case.inventory.images:
        for reference, tag in zip(one.references, one.tags, strict=True):
            by_repository.setdefault(reference.repository, set()).add(tag)
    for present in by_repository.values():
        assert len(present - going) >= min(settings.keep, len(present))


@given(cases(), st.sampled_from(["image-*", "image-1:0", "container:c*", "volume:v0", "v*"]))
def test_protected_ones_are_never_in_a_set_and_figures_are_those_of_the_marks(case: Case, rule: str) -> None:
    protection = Protection.of((rule,))
    for one in candidates(case.inventory, case.holdings, now=NOW, protection=protection):
        assert not any(protection.rule_for(case.inventory, mark) for mark in one.marks)
        assert one.sum == marked_sum(case.inventory, case.holdings, one.marks)
