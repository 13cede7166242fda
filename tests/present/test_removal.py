"""A removal in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.model.worlds import container, holdings, image, image_id, volume_mount, world
from tui.model.container import Container, Mount
from tui.model.estimate import Certainty, Doubt, Estimate
from tui.model.inventory import Inventory
from tui.model.mark import Kind
from tui.model.removal import Consequence, Effect, Hindrance, Obstacle, Outcome, Removal
from tui.model.removal_plan import plan_container_removal, plan_image_removal, plan_volume_removal
from tui.model.volume import Volume
from tui.present.removal import RemovalText, describe, freed_text
from widgets.cell import Line, Role

A = image_id("a")


def read(line: Line) -> str:
    return "".join(cell.text for cell in line)


def lines(text: RemovalText) -> list[str]:
    return [read(line) for line in text.lines]


def image_text(inventory: Inventory, tag: str | None = None, **layers: dict[str, int | None]) -> RemovalText:
    return describe(plan_image_removal(inventory, A, tag, holdings(layers)))


def test_an_unused_image() -> None:
    text = image_text(
        world([image("a", "web:1", size=1_243_112_448), image("b")]),
        "web:1",
        a={"base": 1_000, "t": 1_243_111_448},
        b={"base": 1_000},
    )
    assert read(text.title) == "Remove image web:1 (aaaaaaaaaaaa)?"
    assert lines(text) == [
        "The image goes: 2 layers, 1.2 GB in all.",
        "1 layer of these stays, because other images or containers use it.",
        "",
        "Frees exactly 1.2 GB (1,243,111,448 B).",
    ]
    assert (text.remove, text.force, text.volumes_choice, text.typing) == ("Remove image", "", "", ())


def test_one_of_several_tags() -> None:
    text = image_text(world([image("a", "web:1", "web:2", "web:3")], [container("1", "a", "running")]), "web:1")
    assert read(text.title) == "Remove the tag web:1 (aaaaaaaaaaaa)?"
    assert lines(text) == [
        "Only the name web:1 goes. No data is deleted.",
        "The image stays as web:2 and web:3.",
        "",
        "Frees no space.",
    ]
    assert text.remove == "Remove tag"


def test_an_image_in_use_by_running_containers() -> None:
    users = [container("1", "a", "running", name="web"), container("2", "a", "paused", name="job")]
    text = image_text(world([image("a", "web:1")], users), "web:1")
    assert read(text.title) == "Image web:1 (aaaaaaaaaaaa) can't be removed now"
    assert lines(text) == [
        "2 containers are running from this image. Stop and remove them first.",
        "  web (111111111111) running",
        "  job (222222222222) paused",
    ]
    assert text.obstacles[0][0].role is Role.BAD
    assert not text.freed
    assert not text.force


def test_an_image_in_use_by_a_stopped_container() -> None:
    text = image_text(world([image("a", "web:1")], [container("1", "a", name="old")]), "web:1", a={"x": 1000})
    assert lines(text) == [
        "The image goes: 1 layer, 100 B in all.",
        "All of its layers stay on the disk, because other images or containers use them.",
        "",
        "1 stopped container was made from this image. Remove it first, or use force.",
        "  old (111111111111) exited",
        "",
        "Frees no space.",
    ]
    assert text.force == "Remove by force"
    assert [read(line) for line in text.consequences] == [
        "Force takes the image's name away but not the containers: they still start, no new one can be made from "
        "the image, and its layers stay on the disk until those containers are removed."
    ]


def test_force_is_not_offered_where_something_else_forbids() -> None:
    users = [container("1", "a", "running"), container("2", "a")]
    text = image_text(world([image("a", "web:1", "web:2")], users))
    said = " ".join(lines(text))
    assert "force" not in said
    assert text.force == ""
    assert text.consequences == ()


def test_several_names_by_id() -> None:
    text = image_text(world([image("a", "web:1", "web:2")]), a={"x": 5})
    assert "The image has several names. Remove them one by one, or use force." in lines(text)
    assert "Its 2 tags go: web:1 and web:2." in lines(text)
    assert [read(line) for line in text.consequences] == ["Force removes its 2 names, and then the image."]


def test_child_images() -> None:
    text = image_text(world([image("a", "base:1"), image("b", "app:1", parent="a"), image("c", parent="a")]))
    assert lines(text) == [
        "2 images were built on this one. Remove them first.",
        "  app:1 (bbbbbbbbbbbb)",
        "  cccccccccccc untagged",
    ]
    likely = image_text(world([image("a", "base:1"), image("b", "app:1", parent="d")]), a={"x": 1}, b={"x": 1})
    assert "1 image may be built on this one. If it was, the engine will refuse." in lines(likely)
    assert read(likely.title).endswith("?")


def test_an_untagged_image_is_called_by_its_id() -> None:
    assert read(image_text(world([image("a")])).title) == "Remove image aaaaaaaaaaaa?"


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("running", "The container is running. Stop it first, or use force."),
        ("paused", "The container is paused. Unpause and stop it first, or use force."),
        ("restarting", "The container keeps restarting. Stop it first, or use force."),
        ("removing", "The engine is already removing this container. Wait for it to finish."),
    ],
)
def test_a_container_that_is_not_at_rest(state: str, sentence: str) -> None:
    text = describe(plan_container_removal(world([], [container("1", "a", state)]), "1" * 64))
    assert sentence in lines(text)
    if state != "removing":
        assert text.force == "Kill it and remove it"
        assert read(text.consequences[0]) == "Force kills its processes at once; what they had not saved is lost."


def test_a_container_and_what_it_leaves_behind() -> None:
    mounts = [volume_mount("f" * 64), volume_mount("db"), volume_mount("logs"), Mount("bind", "", "/srv", "/srv")]
    volumes = [Volume("f" * 64, size_bytes=2000), Volume("db"), Volume("logs")]
    inventory = world([image("a")], [container("1", "a", size=1500, mounts=mounts, name="web")], volumes)
    text = describe(plan_container_removal(inventory, "1" * 64))
    assert read(text.title) == "Remove container web (111111111111)?"
    assert lines(text) == [
        "The container goes, with its logs and the files it wrote outside its volumes (1.5 kB).",
        "Its anonymous volume stays behind unless you choose otherwise: ffffffffffff.",
        "The volumes db and logs stay, files and all.",
        "Not touched, on the engine's host: the folder /srv.",
        "Its image stays: aaaaaaaaaaaa.",
        "",
        "Frees exactly 1.5 kB (1,500 B).",
    ]
    assert text.volumes_choice == "Delete its anonymous volume too"
    assert read(text.freed_with_volumes) == "Frees exactly 3.5 kB (3,500 B)."


def test_a_named_volume() -> None:
    text = describe(plan_volume_removal(world(volumes=[Volume("db", size_bytes=3000)]), "db"))
    assert read(text.title) == "Remove volume db and all its files?"
    assert lines(text)[0] == "Every file in the volume (3.0 kB) is deleted. This can't be undone."
    assert read(text.typing) == "To remove it, type its name: db"


def test_an_anonymous_volume_and_one_that_points_elsewhere() -> None:
    anonymous = describe(plan_volume_removal(world(volumes=[Volume("f" * 64)]), "f" * 64))
    assert read(anonymous.title) == "Remove volume ffffffffffff and all its files?"
    assert anonymous.typing == ()
    assert read(anonymous.freed) == "How much this frees can't be told: the size of a volume is not known yet."
    bind = Volume("srv", options={"o": "bind", "device": "/srv"})
    pointing = describe(plan_volume_removal(world(volumes=[bind]), "srv"))
    assert read(pointing.title) == "Remove volume srv?"
    assert lines(pointing)[0] == "The volume only points to /srv. The files there are not touched."


def test_a_volume_in_use_does_not_ask_for_its_name() -> None:
    user = container("1", "a", "exited", mounts=[volume_mount("db")])
    text = describe(plan_volume_removal(world([], [user], [Volume("db")]), "db"))
    assert lines(text) == [
        "1 container mounts this volume. Remove it first.",
        "  c-1 (111111111111) exited",
    ]
    assert text.typing == ()


def test_odd_records_have_words_too() -> None:
    nameless = Container("9" * 64, image_id=A, state="")
    text = image_text(world([image("a", "web:1")], [nameless]))
    assert "  999999999999 state unknown" in lines(text)


@pytest.mark.parametrize(
    ("estimate", "sentence"),
    [
        (Estimate(0), "Frees no space."),
        (Estimate(12), "Frees exactly 12 B."),
        (
            Estimate(2_000_000, Certainty.UP_TO, (Doubt.BUILD_CACHE,)),
            "Frees up to 2.0 MB (2,000,000 B): the build cache may keep some of it until it is pruned.",
        ),
        (
            Estimate(2_000, Certainty.AT_LEAST, (Doubt.WRITABLE_SIZE, Doubt.VOLUME_SIZE)),
            "Frees at least 2.0 kB (2,000 B): the size of the container's own files is not known yet; "
            "the size of a volume is not known yet.",
        ),
        (
            Estimate(2_000, Certainty.ABOUT, (Doubt.CONTAINERD_STORE,)),
            "Frees about 2.0 kB (2,000 B): the containerd image store does not tell exact sizes.",
        ),
        (
            Estimate(0, Certainty.ABOUT, (Doubt.CONTAINERD_STORE,)),
            "Frees little or nothing: the containerd image store does not tell exact sizes.",
        ),
        (Estimate(None, Certainty.UNKNOWN), "How much this frees can't be told."),
    ],
)
def test_estimates_in_words(estimate: Estimate, sentence: str) -> None:
    assert freed_text(estimate) == sentence


def test_every_code_has_words() -> None:
    for doubt in Doubt:
        assert freed_text(Estimate(5, Certainty.ABOUT, (doubt,))).endswith(".")
    removal = Removal(
        kind=Kind.IMAGE,
        id=A,
        name="web:1",
        reference=A,
        effects=tuple(Effect(outcome, ("x", "y"), count=1, bytes=1) for outcome in Outcome),
        force=tuple(Consequence),
    )
    text = describe(removal)
    assert len(text.effects) >= len(Outcome)
    assert all(read(line).endswith(".") for line in (*text.effects, *text.consequences))
    for hindrance in Hindrance:
        obstacle = Obstacle(hindrance, hard=True, containers=(container("1", "a"),))
        sentence = read(describe(replace(removal, obstacles=(obstacle,))).obstacles[0])
        assert sentence.endswith("."), hindrance


def test_untrusted_names_are_passed_on_as_they_are() -> None:
    text = image_text(world([image("a", "[red]x\x1b[31m:1")]))
    assert text.title[1].text == "[red]x\x1b[31m:1"


def test_a_plan_without_effects_is_described() -> None:
    bare = Removal(kind=Kind.VOLUME, id="v", name="v", reference="v")
    assert read(describe(bare).title) == "Remove volume v?"
