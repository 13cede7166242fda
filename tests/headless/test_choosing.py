"""From flags to marks."""

from __future__ import annotations

import time
from argparse import Namespace
from typing import Any

import pytest

from tui.cli import build_parser
from tui.engine.demo.engine import DemoEngine
from tui.headless.choosing import NothingAskedError, asks_for_something, chosen_marks, days_of, settings_of
from tui.headless.world import World, read_world
from tui.model.mark import Kind, Mark
from tui.model.protection import NO_PROTECTION, Protection


@pytest.fixture
async def world() -> World:
    return await read_world(DemoEngine())


def flags(*words: str) -> Namespace:
    return build_parser().parse_args(["plan", *words])


def chosen(world: World, *words: str, rules: tuple[str, ...] = ()) -> frozenset[Mark]:
    arguments = flags(*words)
    protection = Protection.of(rules) if rules else NO_PROTECTION
    return chosen_marks(world, arguments, settings_of(arguments), protection, time.time())


def tags(marks: frozenset[Mark]) -> set[str]:
    return {mark.tag for mark in marks if mark.kind is Kind.IMAGE}


@pytest.mark.parametrize(
    ("text", "days"), [("30d", 30), ("2w", 14), ("7", 7), ("0d", 0), ("24h", 1), ("168h", 7), ("36h", 1.5), ("0h", 0)]
)
def test_ages(text: str, days: float) -> None:
    assert days_of(text) == days


@pytest.mark.parametrize("text", ["", "d", "-1d", "1.5d", "30 d", "1y", "1h30m", "24H", "h", "999999d", "३d"])
def test_no_ages(text: str) -> None:
    with pytest.raises(NothingAskedError, match="such as 36h, 30d or 2w"):
        days_of(text)


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_nothing_is_asked_for(words: tuple[str, ...]) -> None:
    assert not asks_for_something(flags(*words))


@pytest.mark.parametrize(
    "words",
    [("--dangling",), ("--older-than", "1d"), ("--keep", "2"), ("--volume", "x"), ("--cache", "--older-than", "1d")],
)
def test_something_is_asked_for(words: tuple[str, ...]) -> None:
    assert asks_for_something(flags(*words))


async def test_sets_are_added_up(world: World) -> None:
    one, other = chosen(world, "--dangling"), chosen(world, "--stopped")
    assert one
    assert other
    assert chosen(world, "--dangling", "--stopped") == one | other


async def test_named_volumes_only_when_asked_for(world: World) -> None:
    anonymous = chosen(world, "--anonymous-volumes")
    named = chosen(world, "--named-volumes")
    assert {mark.id for mark in named} == {"media", "npm-cache", "pg-upgrade-backup"}
    assert not anonymous & named
    everything_else = chosen(
        world, "--dangling", "--unused", "--stopped", "--never-started", "--anonymous-volumes", "--cache", "--leftovers"
    )
    assert not everything_else & named


async def test_older_than_narrows(world: World) -> None:
    for flag in ("--unused", "--stopped", "--cache"):
        assert chosen(world, flag, "--older-than", "30d") < chosen(world, flag)
    assert chosen(world, "--unused", "--older-than", "720h") == chosen(world, "--unused", "--older-than", "30d")
    assert chosen(world, "--older-than", "30d") == chosen(world, "--unused", "--older-than", "30d")
    # With another set to narrow, it asks for no images of its own.
    assert not tags(chosen(world, "--stopped", "--older-than", "30d"))


async def test_keep_leaves_the_newest_of_every_repository(world: World) -> None:
    unused = tags(chosen(world, "--unused"))
    kept = tags(chosen(world, "--unused", "--keep", "1"))
    assert kept < unused
    assert "" in kept  # untagged images are no tag to keep
    assert "" not in tags(chosen(world, "--keep", "1"))
    assert tags(chosen(world, "--keep", "99")) == set()


def test_keep_nothing_is_refused() -> None:
    with pytest.raises(NothingAskedError, match="1 or more"):
        settings_of(flags("--keep", "0"))


async def test_what_is_protected_is_left_out_of_sets(world: World) -> None:
    found = chosen(world, "--named-volumes", rules=("volume:pg-*",))
    assert {mark.id for mark in found} == {"media", "npm-cache"}


async def test_objects_by_name(world: World) -> None:
    container = next(c for c in world.inventory.containers if c.name == "toolbox")
    image = world.inventory.images_by_tag["alpine:3.21"]
    found = chosen(
        world, "--container", "toolbox", "--container", container.id[:12], "--volume", "media", "--image", "alpine:3.21"
    )
    assert found == {
        Mark(Kind.CONTAINER, container.id), Mark(Kind.VOLUME, "media"), Mark(Kind.IMAGE, image.id, "alpine:3.21"),
    }  # fmt: skip
    whole = chosen(world, "--image", image.id.removeprefix("sha256:")[:12])
    assert {mark.tag for mark in whole} == set(image.tags)
    assert tags(chosen(world, "--image", "hello-world")) == {"hello-world:latest"}


@pytest.mark.parametrize(
    "words", [("--image", "nosuch"), ("--container", "tool"), ("--volume", "medi"), ("--image", "sha256:")]
)
async def test_objects_that_are_not_there(world: World, words: tuple[str, ...]) -> None:
    with pytest.raises(NothingAskedError, match="There is no"):
        chosen(world, *words)


def test_every_flag_of_the_parser_is_understood() -> None:
    """A flag that nobody reads would be a promise not kept."""
    known: dict[str, Any] = vars(flags())
    read = {"dangling", "unused", "stopped", "never_started", "anonymous_volumes", "named_volumes", "cache"}
    read |= {"leftovers", "older_than", "keep", "image", "container", "volume", "json"}
    rest = known.keys() - read
    assert rest == {"host", "context", "demo", "demo_if_no_engine", "read_only", "theme", "command", "run"}
