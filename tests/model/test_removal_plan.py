"""What a removal would do and what stands in its way: the engine's rules, as met on 20.10 and 28."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.model.worlds import container, holdings, host, image, image_id, usage, volume_mount, world
from tui.model.container import Mount
from tui.model.estimate import NOTHING, Certainty, Estimate
from tui.model.inventory import Inventory
from tui.model.removal import Consequence, Effect, Hindrance, Obstacle, Outcome, Removal
from tui.model.removal_plan import plan_container_removal, plan_image_removal, plan_volume_removal
from tui.model.volume import ANONYMOUS_LABEL, Volume

A = image_id("a")


def hindrances(removal: Removal) -> list[tuple[Hindrance, bool]]:
    return [(obstacle.hindrance, obstacle.hard) for obstacle in removal.obstacles]


def outcomes(removal: Removal) -> list[Outcome]:
    return [effect.outcome for effect in removal.effects]


class TestImage:
    def test_an_unused_image_goes_by_its_whole_id(self) -> None:
        plan = plan_image_removal(
            world([image("a", "web:1", size=15)]), A, "web:1", holdings({"a": {"base": 10, "top": 5}})
        )
        assert (plan.reference, plan.expects_id, plan.id, plan.name) == (A, "", A, "web:1")
        assert plan.possible
        assert not plan.force
        assert not plan.untags_only
        assert plan.effects == (Effect(Outcome.IMAGE_GOES, ("web:1",), count=2, bytes=15),)
        assert plan.freed == Estimate(15)
        assert not plan.type_name

    def test_layers_that_others_hold_are_counted(self) -> None:
        inventory = world([image("a", "web:1"), image("b", "api:1")])
        plan = plan_image_removal(inventory, A, None, holdings({"a": {"base": 10, "t": 5}, "b": {"base": 10, "u": 1}}))
        assert Effect(Outcome.LAYERS_STAY, count=1) in plan.effects
        assert plan.freed == Estimate(5)

    @pytest.mark.parametrize("state", ["running", "exited", "created", "paused"])
    def test_one_of_several_tags_only_untags_even_when_containers_use_the_image(self, state: str) -> None:
        inventory = world([image("a", "web:1", "web:2", "web:3")], [container("1", "a", state)])
        plan = plan_image_removal(inventory, A, "web:2")
        assert (plan.reference, plan.expects_id, plan.id) == ("web:2", A, A)
        assert plan.untags_only
        assert plan.possible
        assert not plan.obstacles
        assert plan.freed == NOTHING
        assert plan.effects == (
            Effect(Outcome.UNTAGGED, ("web:2",)),
            Effect(Outcome.IMAGE_STAYS_AS, ("web:1", "web:3")),
        )

    def test_a_moved_tag_is_noticed(self) -> None:
        before = world([image("a", "web:1", "web:2")])
        plan = plan_image_removal(before, A, "web:2")
        assert plan.still_holds(before)
        assert not plan.still_holds(world([image("a", "web:1"), image("b", "web:2")]))
        assert not plan.still_holds(world([image("a", "web:1")]))
        whole = plan_image_removal(before, A)
        assert whole.still_holds(world([image("a")]))
        assert not whole.still_holds(world([image("b", "web:1")]))

    @pytest.mark.parametrize("state", ["running", "paused", "restarting"])
    def test_a_running_container_cannot_be_forced(self, state: str) -> None:
        user = container("1", "a", state)
        plan = plan_image_removal(world([image("a", "web:1")], [user]), A, "web:1")
        assert plan.obstacles == (Obstacle(Hindrance.RUNNING_CONTAINERS, hard=True, containers=(user,)),)
        assert not plan.possible
        assert not plan.forcible
        assert plan.force == ()

    @pytest.mark.parametrize("state", ["exited", "created", "dead"])
    def test_a_stopped_container_takes_force_and_keeps_the_layers(self, state: str) -> None:
        inventory = world([image("a", "web:1")], [container("1", "a", state)])
        plan = plan_image_removal(inventory, A, "web:1", holdings({"a": {"base": 10}}))
        assert hindrances(plan) == [(Hindrance.STOPPED_CONTAINERS, False)]
        assert not plan.possible
        assert plan.forcible
        assert plan.force == (Consequence.CONTAINERS_KEEP_LAYERS,)
        assert plan.freed == NOTHING
        assert Effect(Outcome.LAYERS_STAY, count=1) in plan.effects

    def test_stopped_beside_running_is_hard(self) -> None:
        inventory = world([image("a", "web:1")], [container("1", "a", "exited"), container("2", "a", "running")])
        plan = plan_image_removal(inventory, A)
        assert hindrances(plan) == [(Hindrance.RUNNING_CONTAINERS, True), (Hindrance.STOPPED_CONTAINERS, False)]
        assert not plan.forcible

    def test_by_id_with_several_tags_takes_force(self) -> None:
        plan = plan_image_removal(world([image("a", "web:1", "web:2")]), A)
        assert plan.obstacles == (Obstacle(Hindrance.SEVERAL_NAMES, hard=False, names=("web:1", "web:2")),)
        assert plan.force == (Consequence.ALL_NAMES_GO,)
        assert plan.reference == A

    def test_digests_of_the_tags_repository_are_no_second_name(self) -> None:
        own = ("web@sha256:1", "web@sha256:2")
        assert plan_image_removal(world([image("a", "web:1", digests=own)]), A, "web:1").possible
        assert plan_image_removal(world([image("a", digests=own)]), A).possible

    def test_digests_of_another_repository_are(self) -> None:
        foreign = "registry.example:5000/web@sha256:1"
        plan = plan_image_removal(world([image("a", "web:1", digests=("web@sha256:1", foreign))]), A, "web:1")
        assert plan.obstacles == (Obstacle(Hindrance.SEVERAL_NAMES, hard=False, names=("web:1", foreign)),)

    def test_an_image_others_were_built_on_cannot_go(self) -> None:
        child = image("b", "app:1", parent="a")
        plan = plan_image_removal(world([image("a", "base:1"), child]), A, "base:1")
        assert plan.obstacles == (Obstacle(Hindrance.CHILD_IMAGES, hard=True, images=(child,)),)
        assert not plan.possible
        assert not plan.forcible

    def test_a_child_is_found_through_steps_that_are_not_listed(self) -> None:
        child = image("d", "app:1", parent="c")
        inventory = world([image("a", "base:1"), child])
        steps = holdings({"a": {"x": 1}, "d": {"x": 1, "y": 1}}, parents={"c": "b", "b": "a", "a": ""})
        plan = plan_image_removal(inventory, A, "base:1", steps)
        assert plan.obstacles == (Obstacle(Hindrance.CHILD_IMAGES, hard=True, images=(child,)),)

    def test_a_likely_child_is_named_but_does_not_forbid(self) -> None:
        child, sibling = image("d", "app:1", parent="c"), image("e", "other:1")
        inventory = world([image("a", "base:1"), child, sibling])
        unread = holdings({"a": {"x": 1}, "d": {"x": 1, "y": 1}, "e": {"x": 1}})
        plan = plan_image_removal(inventory, A, "base:1", unread)
        assert plan.obstacles == (Obstacle(Hindrance.CHILD_IMAGES, hard=True, images=(child,), certain=False),)
        assert plan.possible

    def test_shared_layers_alone_make_no_child(self) -> None:
        inventory = world([image("a", "base:1"), image("d", "app:1")])
        assert plan_image_removal(inventory, A, None, holdings({"a": {"x": 1}, "d": {"x": 1, "y": 1}})).possible
        elsewhere = world([image("a", "base:1"), image("d", "app:1", parent="c")])
        known = holdings({"a": {"x": 1}, "d": {"x": 1}}, parents={"c": ""})
        assert plan_image_removal(elsewhere, A, None, known).possible

    def test_the_containerd_store_does_not_mind_children(self) -> None:
        inventory = world([image("a", "base:1"), image("b", "app:1", parent="a")], engine=host("containerd"))
        assert plan_image_removal(inventory, A).possible

    def test_parents_in_a_circle_do_no_harm(self) -> None:
        inventory = world([image("a", "x:1", parent="a"), image("b", parent="c"), image("c", parent="b")])
        assert plan_image_removal(inventory, A).possible

    def test_unknown_things_are_lookup_errors(self) -> None:
        with pytest.raises(LookupError):
            plan_image_removal(world(), A)
        with pytest.raises(LookupError):
            plan_image_removal(world([image("a", "web:1")]), A, "web:2")

    def test_nothing_is_removed_before_its_users_are_listed(self) -> None:
        early = Inventory(host=host(), images=(image("a", "web:1"),), listed=frozenset({"images"}), usage=usage())
        plan = plan_image_removal(early, A, None, holdings({"a": {"x": 4}}))
        assert hindrances(plan) == [(Hindrance.NOT_LISTED, True)]
        assert not plan.forcible
        assert plan.freed.certainty is Certainty.UP_TO


class TestContainer:
    def test_a_stopped_one_goes(self) -> None:
        inventory = world([image("a", "web:1")], [container("1", "a", size=7)])
        plan = plan_container_removal(inventory, "1" * 64)
        assert plan.possible
        assert plan.reference == plan.id == "1" * 64
        assert plan.effects == (
            Effect(Outcome.WRITABLE_LAYER_GOES, bytes=7),
            Effect(Outcome.IMAGE_STAYS, ("web:1",)),
        )
        assert plan.freed == plan.freed_with_volumes == Estimate(7)

    @pytest.mark.parametrize("state", ["running", "paused", "restarting"])
    def test_a_live_one_is_killed_by_force(self, state: str) -> None:
        plan = plan_container_removal(world([], [container("1", "a", state)]), "1" * 64)
        assert plan.obstacles == (Obstacle(Hindrance.ALIVE, hard=False),)
        assert plan.force == (Consequence.KILLED,)
        assert plan.forcible
        assert plan.state == state

    def test_one_that_is_going_already_is_left_alone(self) -> None:
        plan = plan_container_removal(world([], [container("1", "a", "removing")]), "1" * 64)
        assert hindrances(plan) == [(Hindrance.BEING_REMOVED, True)]
        assert not plan.forcible

    def test_its_volumes_and_folders(self) -> None:
        anonymous, shared = "f" * 64, "e" * 64
        mounts = [
            volume_mount(anonymous),
            volume_mount(anonymous, "/twice"),
            volume_mount(shared),
            volume_mount("db"),
            volume_mount("made-up"),
            Mount("bind", "", "/srv/www", "/www"),
            Mount("tmpfs", "", "", "/tmp"),
        ]
        volumes = [
            Volume(anonymous, size_bytes=40),
            Volume(shared, size_bytes=50),
            Volume("db", size_bytes=60),
            Volume("made-up", labels={ANONYMOUS_LABEL: ""}, size_bytes=2),
        ]
        users = [
            container("1", "a", size=1, mounts=mounts),
            container("2", "a", mounts=[volume_mount(shared)]),
        ]
        plan = plan_container_removal(world([image("a")], users, volumes), "1" * 64)
        assert plan.anonymous_volumes == (anonymous, "made-up")
        assert Effect(Outcome.ANONYMOUS_VOLUMES, (anonymous, "made-up")) in plan.effects
        assert Effect(Outcome.VOLUMES_STAY, (shared, "db")) in plan.effects
        assert Effect(Outcome.FOLDERS_STAY, ("/srv/www",)) in plan.effects
        assert Effect(Outcome.IMAGE_STAYS, (A,)) in plan.effects
        assert plan.freed == Estimate(1)
        assert plan.freed_with_volumes == Estimate(43)

    def test_the_last_one_on_a_vanished_image_frees_its_layers(self) -> None:
        plan = plan_container_removal(world([], [container("1", "a", size=1)]), "1" * 64, holdings({"a": {"x": 10}}))
        assert plan.freed == Estimate(11)
        assert Outcome.IMAGE_STAYS not in outcomes(plan)

    def test_unknown_is_a_lookup_error(self) -> None:
        with pytest.raises(LookupError):
            plan_container_removal(world(), "1" * 64)


class TestVolume:
    def test_a_named_one_is_to_be_typed(self) -> None:
        plan = plan_volume_removal(world(volumes=[Volume("db", size_bytes=9)]), "db")
        assert plan.possible
        assert plan.type_name
        assert (plan.reference, plan.name) == ("db", "db")
        assert plan.effects == (Effect(Outcome.FILES_GO, bytes=9),)
        assert plan.freed == Estimate(9)

    def test_an_anonymous_one_is_not(self) -> None:
        assert not plan_volume_removal(world(volumes=[Volume("f" * 64)]), "f" * 64).type_name

    @pytest.mark.parametrize("state", ["running", "exited", "created"])
    def test_one_in_use_cannot_go_and_force_does_not_help(self, state: str) -> None:
        user = container("1", "a", state, mounts=[volume_mount("db")])
        plan = plan_volume_removal(world([], [user], [Volume("db")]), "db")
        assert plan.obstacles == (Obstacle(Hindrance.VOLUME_USED, hard=True, containers=(user,)),)
        assert not plan.forcible

    def test_one_that_only_points_elsewhere_frees_nothing(self) -> None:
        volume = Volume("srv", options={"type": "none", "o": "bind", "device": "/srv"})
        plan = plan_volume_removal(world(volumes=[volume]), "srv")
        assert plan.effects == (Effect(Outcome.DEVICE_STAYS, ("/srv",)),)
        assert plan.freed == NOTHING

    def test_before_the_containers_are_listed_it_stays(self) -> None:
        early = replace(world(volumes=[Volume("db")]), listed=frozenset({"volumes"}))
        assert hindrances(plan_volume_removal(early, "db")) == [(Hindrance.NOT_LISTED, True)]

    def test_unknown_is_a_lookup_error(self) -> None:
        with pytest.raises(LookupError):
            plan_volume_removal(world(), "db")
        assert not plan_volume_removal(world(volumes=[Volume("db")]), "db").still_holds(world())
