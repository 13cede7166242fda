"""From marks to a plan: order, readiness, what each step frees, and what would help the others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.model.worlds import container, holdings, host, image, image_id, volume_mount, world
from tui.model.build_cache import BuildCacheRecord
from tui.model.cleanup_plan import CleanupPlan, Reviewed, Standing, Step
from tui.model.cleanup_planning import plan_cleanup, tags_to_take_away
from tui.model.estimate import NOTHING, Estimate
from tui.model.holdings import Holdings
from tui.model.host import DiskUsage, Endpoint
from tui.model.image import Image
from tui.model.inventory import Inventory
from tui.model.mark import Kind, Mark, marks_of_image
from tui.model.protection import Protection
from tui.model.removal import Hindrance
from tui.model.volume import Volume

A, B, C = image_id("a"), image_id("b"), image_id("c")
ONE, TWO = "1" * 64, "2" * 64
NONE = Holdings()


def img(letter: str, tag: str = "") -> Mark:
    return Mark(Kind.IMAGE, image_id(letter), tag)


def con(letter: str) -> Mark:
    return Mark(Kind.CONTAINER, letter * 64)


def vol(name: str) -> Mark:
    return Mark(Kind.VOLUME, name)


def rec(name: str) -> Mark:
    return Mark(Kind.CACHE_RECORD, name)


def plan(inventory: Inventory, *marks: Mark, known: Holdings = NONE) -> CleanupPlan:
    return plan_cleanup(inventory, known, marks)


def only(made: CleanupPlan) -> Step:
    [step] = made.steps
    return step


def cached(*records: BuildCacheRecord) -> Inventory:
    return world(disk=DiskUsage(None, {}, {}, records))


class TestOrder:
    def test_containers_images_volumes_cache(self) -> None:
        disk = DiskUsage(None, {}, {}, (BuildCacheRecord("r", "regular", "RUN x", 5),))
        inventory = world(
            [image("a", "a:1")],
            [container("1", "a", mounts=[volume_mount("db")])],
            [Volume("db", size_bytes=9)],
            disk=disk,
        )
        made = plan(inventory, rec("r"), vol("db"), img("a", "a:1"), con("1"))
        assert [step.kind for step in made.steps] == [Kind.CONTAINER, Kind.IMAGE, Kind.VOLUME, Kind.CACHE_RECORD]
        assert made.ready == made.steps
        assert made.engine_id == "h"

    def test_what_was_built_on_others_goes_first(self) -> None:
        inventory = world([image("a", "a:1"), image("b", "b:1", parent="a"), image("c", "c:1", parent="b")])
        made = plan(inventory, img("a", "a:1"), img("b", "b:1"), img("c", "c:1"))
        assert [step.id for step in made.steps] == [C, B, A]
        assert made.ready == made.steps

    def test_through_steps_that_are_not_listed(self) -> None:
        inventory = world([image("a", "a:1"), image("c", "c:1", parent="b")])
        known = holdings({}, parents={"b": "a", "a": ""})
        assert [step.id for step in plan(inventory, img("a", "a:1"), img("c", "c:1"), known=known).ready] == [C, A]

    def test_cache_records_made_from_others_go_first(self) -> None:
        inventory = cached(
            BuildCacheRecord("one", "regular", "", 1), BuildCacheRecord("two", "regular", "", 2, parents=("one",))
        )
        made = plan(inventory, rec("one"), rec("two"))
        assert [step.id for step in made.ready] == ["two", "one"]
        assert made.freed == Estimate(3)

    def test_parents_in_a_circle_are_blocked_and_nothing_hangs(self) -> None:
        inventory = world([image("a", "a:1", parent="b"), image("b", "b:1", parent="a"), image("c", "c:1", parent="c")])
        made = plan(inventory, img("a", "a:1"), img("b", "b:1"), img("c", "c:1"))
        assert {step.id: step.standing for step in made.steps} == {
            A: Standing.BLOCKED,
            B: Standing.BLOCKED,
            C: Standing.READY,
        }
        assert all(step.helped_by == () for step in made.steps)

    def test_a_thousand_parents_deep(self) -> None:
        ids = [f"sha256:{number:064x}" for number in range(1000)]
        chain = [Image(own, (f"x:{n}",), parent_id=ids[n - 1] if n else "") for n, own in enumerate(ids)]
        inventory = world(chain)
        made = plan(inventory, *(mark for own in ids for mark in marks_of_image(inventory, own)))
        assert [step.id for step in made.ready] == ids[::-1]


class TestImages:
    def test_one_of_several_tags_is_only_taken_away(self) -> None:
        inventory = world([image("a", "web:1", "web:2", "web:3")], [container("1", "a", "running")])
        step = only(plan(inventory, img("a", "web:3"), img("a", "web:1")))
        assert (step.standing, step.removes_object, step.freed) == (Standing.READY, False, NOTHING)
        assert step.untags == ("web:1", "web:3")
        assert step.marks == (img("a", "web:1"), img("a", "web:3"))
        assert step.commands == (("docker", "rmi", "web:1", "web:3"),)

    def test_with_all_its_tags_it_goes_and_one_name_goes_with_it(self) -> None:
        inventory = world([image("a", "web:2", "web:1")])
        step = only(plan(inventory, img("a", "web:1"), img("a", "web:2"), known=holdings({"a": {"x": 7}})))
        assert step.removes_object
        assert step.untags == ("web:1",)
        assert step.freed == Estimate(7)
        assert step.reviewed == Reviewed(tags=("web:1", "web:2"))
        assert step.commands == (("docker", "rmi", "web:1"), ("docker", "rmi", A))
        assert not step.force

    def test_a_dangling_one_goes_by_its_id(self) -> None:
        step = only(plan(world([image("a")]), img("a")))
        assert (step.name, step.untags, step.commands) == ("", (), (("docker", "rmi", A),))

    @pytest.mark.parametrize(
        ("tags", "digests", "names"),
        [
            (("web:1",), ("web@sha256:1", "web@sha256:2"), ()),
            (("web:1", "web:2"), ("web@sha256:1",), ("web:2",)),
            (("web:1", "r/web:1"), ("web@sha256:1", "r/web@sha256:1"), ("r/web:1",)),
            (("web:1",), ("web@sha256:1", "r/web@sha256:1"), ("r/web@sha256:1",)),
            ((), ("web@sha256:1", "r/web@sha256:1", "web@sha256:2"), ("r/web@sha256:1",)),
            ((), (), ()),
        ],
    )
    def test_which_names_go_one_by_one(
        self, tags: tuple[str, ...], digests: tuple[str, ...], names: tuple[str, ...]
    ) -> None:
        assert tags_to_take_away(Image(A, tags, digests)) == names

    def test_marks_of_tags_that_moved_on_count_for_nothing(self) -> None:
        inventory = world([image("a"), image("b", "web:2"), image("c", "web:3")])
        assert plan(inventory, img("a", "web:1"), img("b", "web:9"), img("d", "web:1"), img("c")).steps == ()

    def test_containers_that_stay_block_it_and_are_what_helps(self) -> None:
        inventory = world([image("a", "a:1")], [container("1", "a", "running"), container("2", "a")])
        step = only(plan(inventory, img("a", "a:1")))
        assert step.standing is Standing.BLOCKED
        assert [(o.hindrance, o.containers[0].id) for o in step.obstacles] == [
            (Hindrance.RUNNING_CONTAINERS, ONE),
            (Hindrance.STOPPED_CONTAINERS, TWO),
        ]
        assert step.helped_by == (con("1"), con("2"))
        assert (step.freed, step.commands) == (NOTHING, ())
        assert only(plan(inventory, img("a", "a:1"))) == step

    def test_a_container_that_goes_frees_its_image(self) -> None:
        inventory = world([image("a", "a:1")], [container("1", "a", "running", size=4)])
        made = plan(inventory, img("a", "a:1"), con("1"), known=holdings({"a": {"x": 7}}))
        assert [(step.kind, step.freed, step.force) for step in made.ready] == [
            (Kind.CONTAINER, Estimate(4), True),
            (Kind.IMAGE, Estimate(7), False),
        ]
        assert made.kills == made.ready[:1]

    def test_what_helps_is_asked_all_the_way_up(self) -> None:
        inventory = world(
            [image("a", "a:1"), image("b", "b:1", "b:2", parent="a"), image("c", "c:1", parent="b")],
            [container("1", "c", "running")],
        )
        step = plan(inventory, img("a", "a:1"), img("b", "b:1")).steps[-1]
        assert (step.id, step.standing) == (A, Standing.BLOCKED)
        assert set(step.helped_by) == {img("b", "b:2"), img("c", "c:1"), con("1")}
        added = plan(inventory, img("a", "a:1"), img("b", "b:1"), *step.helped_by)
        assert added.ready == added.steps

    def test_a_container_on_an_unlisted_step_keeps_what_is_below(self) -> None:
        inventory = world([image("a", "a:1"), image("d", "d:1", parent="b")], [container("1", "b", "exited")])
        known = holdings({}, parents={"b": "a", "a": ""})
        step = plan(inventory, img("a", "a:1"), img("d", "d:1"), known=known).steps[-1]
        assert [(o.hindrance, o.images) for o in step.obstacles] == [(Hindrance.CHILD_IMAGES, (Image(B),))]
        assert step.helped_by == (con("1"),)
        assert plan(inventory, img("a", "a:1"), img("d", "d:1"), con("1"), known=known).ready

    def test_an_image_that_was_forced_away_from_under_a_container_keeps_nothing_below(self) -> None:
        inventory = world([image("a", "a:1")], [container("1", "b", "exited")])
        known = holdings({}, parents={"b": "a", "a": ""})
        assert only(plan(inventory, img("a", "a:1"), known=known)).standing is Standing.READY, "nothing stands on it"
        lost = world([*inventory.images, image("d", "d:1", parent="c")], inventory.containers)
        assert only(plan(lost, img("a", "a:1"), known=known)).standing is Standing.BLOCKED, "d may stand on it"
        gone = known._replace(gone=frozenset({B}))
        assert only(plan(lost, img("a", "a:1"), known=gone)).standing is Standing.READY

    def test_a_likely_child_does_not_block_but_goes_first(self) -> None:
        inventory = world([image("a", "a:1"), image("d", "d:1", parent="c")])
        known = holdings({"a": {"x": 1}, "d": {"x": 1, "y": 1}})
        step = only(plan(inventory, img("a", "a:1"), known=known))
        assert step.standing is Standing.READY
        assert [(o.hindrance, o.certain) for o in step.obstacles] == [(Hindrance.CHILD_IMAGES, False)]
        both = plan(inventory, img("a", "a:1"), img("d", "d:1"), known=known)
        assert [step.id for step in both.ready] == [image_id("d"), A]
        assert not both.ready[1].obstacles

    def test_the_containerd_store_does_not_mind_children(self) -> None:
        inventory = world([image("a", "a:1"), image("b", "b:1", parent="a")], engine=host("containerd"))
        assert only(plan(inventory, img("a", "a:1"))).standing is Standing.READY

    def test_nothing_goes_before_its_users_are_listed(self) -> None:
        early = replace(world([image("a", "a:1")], volumes=[Volume("db")]), listed=frozenset({"images", "volumes"}))
        for step in plan(early, img("a", "a:1"), vol("db")).steps:
            assert [obstacle.hindrance for obstacle in step.obstacles] == [Hindrance.NOT_LISTED]
            assert (step.standing, step.helped_by) == (Standing.BLOCKED, ())


class TestOthers:
    def test_a_container_that_is_being_removed_is_left_alone_and_keeps_its_image(self) -> None:
        inventory = world([image("a", "a:1")], [container("1", "a", "removing")])
        made = plan(inventory, con("1"), img("a", "a:1"))
        assert [step.standing for step in made.steps] == [Standing.BLOCKED, Standing.BLOCKED]
        assert made.steps[0].obstacles[0].hindrance is Hindrance.BEING_REMOVED
        assert [step.helped_by for step in made.steps] == [(), ()]

    def test_a_volume_waits_for_the_containers_that_mount_it(self) -> None:
        users = [container("1", "a", mounts=[volume_mount("db")]), container("2", "a", mounts=[volume_mount("db")])]
        inventory = world([], users, [Volume("db", size_bytes=9, created=3.0)])
        step = plan(inventory, vol("db"), con("1")).steps[-1]
        assert (step.standing, step.named_volume, step.helped_by) == (Standing.BLOCKED, True, (con("2"),))
        assert [user.id for user in step.obstacles[0].containers] == [TWO]
        made = plan(inventory, vol("db"), con("1"), con("2"))
        assert made.ready[-1].reviewed == Reviewed(created=3.0, size_bytes=9, driver="local")
        assert made.ready[-1].commands == (("docker", "volume", "rm", "db"),)
        assert made.asks_for_word

    def test_a_volume_that_only_points_to_a_folder_frees_nothing_and_says_where_its_files_are(self) -> None:
        bind = Volume("bind", options={"type": "none", "o": "bind", "device": "/srv/x"}, size_bytes=7)
        own = Volume("own", options={"type": "tmpfs", "device": "tmpfs"}, size_bytes=9)
        made = plan(world(volumes=[bind, own]), vol("bind"), vol("own"))
        assert [(step.device, step.freed.bytes) for step in made.ready] == [("/srv/x", 0), ("", 9)]
        assert made.freed == Estimate(9)
        assert [step.id for step in made.pointing] == ["bind"]
        assert [step.id for step in made.emptied] == ["own"]

    def test_an_anonymous_volume_has_no_name(self) -> None:
        assert not only(plan(world(volumes=[Volume("f" * 64)]), vol("f" * 64))).named_volume

    def test_cache_in_use_and_cache_with_children(self) -> None:
        inventory = cached(
            BuildCacheRecord("low", "regular", "", 1),
            BuildCacheRecord("mid", "regular", "", 2, parents=("low",)),
            BuildCacheRecord("top", "regular", "", 4, parents=("mid",)),
            BuildCacheRecord("busy", "regular", "", 8, in_use=True),
        )
        busy, low = plan(inventory, rec("low"), rec("busy")).steps[::-1]
        assert [busy.obstacles[0].hindrance, busy.helped_by] == [Hindrance.CACHE_IN_USE, ()]
        assert (low.obstacles[0].hindrance, low.obstacles[0].names) == (Hindrance.CACHE_CHILDREN, ("mid",))
        assert low.helped_by == (rec("mid"), rec("top"))

    def test_the_commands_go_where_orlop_was_pointed(self) -> None:
        pointed = host()._replace(endpoint=Endpoint("ssh://box", source="--host"))
        step = only(plan(world(volumes=[Volume("db")], engine=pointed), vol("db")))
        assert step.commands == (("docker", "--host", "ssh://box", "volume", "rm", "db"),)


class TestProtection:
    RULES = Protection.of(["postgres:*", "container:keep*"])

    def test_what_a_rule_keeps_is_never_ready_and_does_not_count_as_going(self) -> None:
        inventory = world([image("a", "a:1")], [container("1", "a", name="keeper")])
        made = plan_cleanup(inventory, NONE, [con("1"), img("a", "a:1")], self.RULES)
        kept, held = made.steps
        assert (kept.standing, kept.protected_by) == (Standing.PROTECTED, "container:keep*")
        assert (kept.commands, kept.freed) == ((), NOTHING)
        assert (held.standing, held.helped_by) == (Standing.BLOCKED, ())
        assert made.ready == ()

    def test_lifted_it_goes(self) -> None:
        inventory = world([image("a", "postgres:16")])
        assert plan_cleanup(inventory, NONE, [img("a", "postgres:16")], self.RULES).ready == ()
        lifted = frozenset({(Kind.IMAGE, A)})
        assert plan_cleanup(inventory, NONE, [img("a", "postgres:16")], self.RULES, lifted).ready

    def test_one_protected_tag_keeps_the_whole_step_and_the_others_may_go_alone(self) -> None:
        inventory = world([image("a", "postgres:16", "mine:1")])
        both = plan_cleanup(inventory, NONE, [img("a", "postgres:16"), img("a", "mine:1")], self.RULES)
        assert only(both).standing is Standing.PROTECTED
        one = plan_cleanup(inventory, NONE, [img("a", "mine:1")], self.RULES)
        assert only(one).untags == ("mine:1",)
        assert not only(one).removes_object
