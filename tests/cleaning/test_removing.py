"""The deletion of a single thing: reviewed, checked and written down like a whole plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cleaning.reviewed import Trapped
from tests.engine.lab import Lab, VolumeMount
from tui.cleaning.history import read_history
from tui.cleaning.journal import Journal
from tui.engine.errors import ConflictError, EngineError, NotFoundError
from tui.engine.port import Engine
from tui.model.inventory import Inventory
from tui.model.removal_plan import plan_container_removal, plan_image_removal, plan_volume_removal
from tui.removing import carry_out


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal.jsonl")


async def _inventory(engine: Engine) -> Inventory:
    return Inventory(
        await engine.host(), await engine.images(), await engine.containers(), await engine.volumes(),
        frozenset({"images", "containers", "volumes"}),
    )  # fmt: skip


async def _written(journal: Journal) -> list[tuple[str, str]]:
    sessions, problems = await read_history(journal.path)
    assert problems == ()
    return [(step.lost.name or step.lost.id, step.outcome) for session in sessions for step in session.steps]


async def test_a_volume_goes_and_is_written_down(lab: Lab, engine: Engine, journal: Journal) -> None:
    name = await lab.create_volume("single-volume")
    removal = plan_volume_removal(await _inventory(engine), name)
    await carry_out(engine, removal, force=False, anonymous_volumes=False, journal=journal)
    assert name not in {volume.name for volume in await engine.volumes()}
    assert await _written(journal) == [(name, "done")]


async def test_another_volume_of_that_name_stays(lab: Lab, engine: Engine, journal: Journal) -> None:
    name = await lab.create_volume("single-again")
    removal = plan_volume_removal(await _inventory(engine), name)
    await engine.remove_volume(name)
    while (await engine.volume_detail(await lab.create_volume(name))).volume.created == removal.created:
        await engine.remove_volume(name)
    with pytest.raises(ConflictError, match="made anew"):
        await carry_out(engine, removal, force=False, anonymous_volumes=False, journal=journal)
    assert name in {volume.name for volume in await engine.volumes()}
    assert await _written(journal) == []


async def test_a_volume_that_was_written_to_stays(lab: Lab, engine: Engine, journal: Journal) -> None:
    name = await lab.create_volume("single-grown")
    inventory = (await _inventory(engine)).with_usage(await engine.disk_usage())
    removal = plan_volume_removal(inventory, name)
    await lab.write_volume_file(name, "file", 3_000_000)
    with pytest.raises(ConflictError, match="written to or emptied meanwhile") as raised:
        await carry_out(engine, removal, force=False, anonymous_volumes=False, journal=journal)
    assert raised.value.next_step
    assert name in {volume.name for volume in await engine.volumes()}
    assert await _written(journal) == []


async def test_a_container_that_was_renamed_stays(engine: Engine, journal: Journal, lab: Lab) -> None:
    container = await lab.create_container(await lab.create_image("single/r:1"), name="single-before")
    removal = plan_container_removal(await _inventory(engine), container)
    await engine.rename(container, "single-after")
    with pytest.raises(ConflictError, match="it is called single-after now"):
        await carry_out(engine, removal, force=False, anonymous_volumes=False, journal=journal)
    assert container in {one.id for one in await engine.containers()}


async def test_a_container_that_was_started_stays(lab: Lab, engine: Engine, journal: Journal) -> None:
    container = await lab.create_container(await lab.create_image("single/c:1"))
    removal = plan_container_removal(await _inventory(engine), container)
    await engine.start(container)
    with pytest.raises(ConflictError, match="started after the review"):
        await carry_out(engine, removal, force=False, anonymous_volumes=False, journal=journal)
    assert (await engine.container_detail(container)).state == "running"


async def test_only_reviewed_anonymous_volumes_go_along(lab: Lab, engine: Engine, journal: Journal) -> None:
    image = await lab.create_image("single/c:1")
    mounts = [VolumeMount("", "/one"), VolumeMount("", "/two"), VolumeMount("single-named", "/three")]
    container = await lab.create_container(image, name="single-c", state="running", mounts=mounts)
    removal = plan_container_removal(await _inventory(engine), container)
    assert len(removal.anonymous_volumes) == 2
    taken, kept = removal.anonymous_volumes
    await lab.create_container(image, mounts=[VolumeMount(kept, "/data")])
    with pytest.raises(ConflictError, match="1 of its volumes stayed"):
        await carry_out(engine, removal, force=True, anonymous_volumes=True, journal=journal)
    left = {volume.name for volume in await engine.volumes()}
    assert taken not in left
    assert {kept, "single-named"} <= left
    assert await _written(journal) == [("single-c", "done"), (taken, "done"), (kept, "failed")]


async def test_an_image_with_another_tag_by_now_stays_even_by_force(lab: Lab, engine: Engine, journal: Journal) -> None:
    image = await lab.create_image("single/i:1")
    await lab.tag_image(image, "single/i:2")
    removal = plan_image_removal(await _inventory(engine), image)
    await lab.tag_image(image, "keep/me:1")
    with pytest.raises(ConflictError, match="keep/me:1"):
        await carry_out(engine, removal, force=True, anonymous_volumes=False, journal=journal)
    assert len((await engine.image_detail(image)).tags) == 3


async def test_all_names_go_by_force_that_was_agreed_to(lab: Lab, engine: Engine, journal: Journal) -> None:
    image = await lab.create_image("single/i:1")
    await lab.tag_image(image, "single/i:2")
    removal = plan_image_removal(await _inventory(engine), image)
    await carry_out(engine, removal, force=True, anonymous_volumes=False, journal=journal)
    with pytest.raises(NotFoundError):
        await engine.image_detail(image)


async def test_a_tag_is_taken_away_only_from_the_reviewed_image(lab: Lab, engine: Engine, journal: Journal) -> None:
    image, other = await lab.create_image("single/t:1"), await lab.create_image("single/o:1")
    await lab.tag_image(image, "single/t:2")
    removal = plan_image_removal(await _inventory(engine), image, "single/t:1")
    await lab.tag_image(other, "single/t:1")
    with pytest.raises(ConflictError, match="no longer points"):
        await carry_out(engine, removal, force=False, anonymous_volumes=False, journal=journal)
    assert set((await engine.image_detail(other)).tags) == {"single/o:1", "single/t:1"}


async def test_a_tag_that_has_become_the_last_one_stays(lab: Lab, engine: Engine, journal: Journal) -> None:
    """It was said that the image stays under its other name."""
    image = await lab.create_image("single/l:1")
    await lab.tag_image(image, "single/l:2")
    removal = plan_image_removal(await _inventory(engine), image, "single/l:1")
    await engine.remove_image("single/l:2")
    with pytest.raises(ConflictError, match="lost a tag"):
        await carry_out(engine, removal, force=False, anonymous_volumes=False, journal=journal)
    assert (await engine.image_detail(image)).tags == ("single/l:1",)


async def test_without_a_journal_nothing_goes(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    name = await lab.create_volume("single-volume")
    removal = plan_volume_removal(await _inventory(engine), name)
    trapped = Trapped(engine)
    with pytest.raises(EngineError, match="journal"):
        await carry_out(trapped.engine, removal, force=False, anonymous_volumes=False, journal=Journal(tmp_path))
    assert "remove_volume" not in [called for called, _ in trapped.calls]


async def test_a_refusal_is_written_down_in_the_engines_words(lab: Lab, engine: Engine, journal: Journal) -> None:
    name = await lab.create_volume("single-used")
    removal = plan_volume_removal(await _inventory(engine), name)
    await lab.create_container(await lab.create_image("single/c:1"), mounts=[VolumeMount(name, "/data")])
    with pytest.raises(ConflictError):
        await carry_out(engine, removal, force=False, anonymous_volumes=False, journal=journal)
    assert await _written(journal) == [(name, "failed")]
