"""The world changes between the review and the execution, or in the middle of it: what changed is left alone.

Each test holds what is there afterwards against what was there before: nothing may be missing that was not reviewed.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.cleaning.reviewed import (
    Run,
    Trapped,
    cache_step,
    container_step,
    everything,
    image_step,
    only,
    plan_of,
    states,
    volume_step,
)
from tests.engine.lab import Lab, VolumeMount
from tui.engine.port import Engine
from tui.model.cleanup_progress import StepState
from tui.model.mark import Kind

MOMENTS = pytest.mark.parametrize("late", [False, True], ids=["after the review", "after the check"])
"""When it happens: long before the step, or between the last look and the removal itself."""


async def test_a_container_that_was_started_stays(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    image = await lab.create_image("race/start:1")
    container = await lab.create_container(image, name="race-start")
    plan = await plan_of(engine, await container_step(engine, container))
    await engine.start(container)
    before = await everything(engine)
    step = only(await Run(engine, plan, tmp_path).to_the_end())
    assert step.state is StepState.SKIPPED
    assert step.sentence == "Container race-start was started after the review."
    assert await everything(engine) == before
    assert (await engine.container_detail(container)).state == "running"


async def test_a_container_that_was_renamed_stays(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    container = await lab.create_container(await lab.create_image("race/name:1"), name="race-before", state="exited")
    plan = await plan_of(engine, await container_step(engine, container))
    await engine.rename(container, "race-after")
    step = only(await Run(engine, plan, tmp_path).to_the_end())
    assert step.state is StepState.SKIPPED
    assert step.sentence == "Container race-before was renamed after the review: it is called race-after now."
    assert container in {one.id for one in await engine.containers()}


async def test_a_container_that_was_started_after_the_check_stays(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    image = await lab.create_image("race/start:1")
    container = await lab.create_container(image)
    plan = await plan_of(engine, await container_step(engine, container))
    trapped = Trapped(engine, before={"remove_container": lambda: engine.start(container)})
    step = only(await Run(trapped.engine, plan, tmp_path).to_the_end())
    assert step.state is StepState.SKIPPED
    assert "started after the review" in step.sentence
    assert (await engine.container_detail(container)).state == "running"


async def test_force_is_only_for_what_was_reviewed_as_running(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    """A step that asks for force, though the container was not running: somebody edited a saved plan."""
    image = await lab.create_image("race/force:1")
    container = await lab.create_container(image)
    plan = await plan_of(engine, await container_step(engine, container, force=True))
    await engine.start(container)
    assert only(await Run(engine, plan, tmp_path).to_the_end()).state is StepState.SKIPPED
    assert (await engine.container_detail(container)).state == "running"


async def test_a_running_container_that_was_stopped_goes_without_force(
    lab: Lab, engine: Engine, tmp_path: Path
) -> None:
    image = await lab.create_image("race/stop:1")
    container = await lab.create_container(image, state="running")
    plan = await plan_of(engine, await container_step(engine, container, force=True))
    await lab.stop_container(container)
    assert only(await Run(engine, plan, tmp_path).to_the_end()).state is StepState.DONE
    assert (Kind.CONTAINER, container) not in await everything(engine)


async def test_anonymous_volumes_of_a_killed_container_stay(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    image = await lab.create_image("race/anonymous:1")
    container = await lab.create_container(image, state="running", mounts=[VolumeMount("", "/data")])
    plan = await plan_of(engine, await container_step(engine, container, force=True))
    before = await everything(engine)
    assert only(await Run(engine, plan, tmp_path).to_the_end()).state is StepState.DONE
    assert before - await everything(engine) == {(Kind.CONTAINER, container)}


@pytest.mark.parametrize("tags", [1, 3])
async def test_an_image_whose_tag_moved_stays(lab: Lab, engine: Engine, tmp_path: Path, tags: int) -> None:
    names = [f"race/moved:{number}" for number in range(tags)]
    image, other = await lab.create_image(names[0]), await lab.create_image("race/other:1")
    for name in names[1:]:
        await lab.tag_image(image, name)
    plan = await plan_of(engine, await image_step(engine, image))
    await lab.tag_image(other, names[-1])
    before = await everything(engine)
    step = only(await Run(engine, plan, tmp_path).to_the_end())
    assert step.state is StepState.SKIPPED
    assert names[-1] in step.sentence
    assert await everything(engine) == before


@pytest.mark.parametrize("tags", [1, 2])
async def test_an_image_with_one_more_tag_stays(lab: Lab, engine: Engine, tmp_path: Path, tags: int) -> None:
    image = await lab.create_image("race/added:1")
    if tags > 1:
        await lab.tag_image(image, "race/added:2")
    plan = await plan_of(engine, await image_step(engine, image))
    await lab.tag_image(image, "keep/me:1")
    before = await everything(engine)
    step = only(await Run(engine, plan, tmp_path).to_the_end())
    assert step.state is StepState.SKIPPED
    assert "keep/me:1" in step.sentence
    assert await everything(engine) == before


async def test_a_tag_added_after_the_check_keeps_the_image(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    image = await lab.create_image("race/late:1")
    plan = await plan_of(engine, await image_step(engine, image))
    trapped = Trapped(engine, before={"remove_image": lambda: lab.tag_image(image, "keep/me:1")})
    step = only(await Run(trapped.engine, plan, tmp_path).to_the_end())
    assert step.state is StepState.SKIPPED
    assert set((await engine.image_detail(image)).tags) == {"race/late:1", "keep/me:1"}


async def test_a_tag_that_moves_among_several_ends_the_step(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    names = [f"race/several:{number}" for number in range(3)]
    image, other = await lab.create_image(names[0]), await lab.create_image("race/other:1")
    for name in names[1:]:
        await lab.tag_image(image, name)
    plan = await plan_of(engine, await image_step(engine, image))
    trapped = Trapped(engine, after={"remove_image": lambda: lab.tag_image(other, names[1])})
    step = only(await Run(trapped.engine, plan, tmp_path).to_the_end())
    assert step.state is StepState.FAILED
    assert f"The tag {names[1]} no longer points" in step.sentence
    assert names[0] in step.sentence
    assert (await engine.image_detail(image)).tags == (names[2],)
    assert set((await engine.image_detail(other)).tags) == {"race/other:1", names[1]}


@pytest.mark.parametrize("tags", [1, 2])
@MOMENTS
async def test_an_image_that_came_into_use_stays(
    lab: Lab, engine: Engine, tmp_path: Path, tags: int, late: bool
) -> None:
    image = await lab.create_image("race/used:1")
    if tags > 1:
        await lab.tag_image(image, "race/used:2")
    plan = await plan_of(engine, await image_step(engine, image))

    async def use() -> None:
        if not [one for one in await engine.containers() if one.name == "race-user"]:
            await lab.create_container(image, name="race-user")

    trapped = Trapped(engine, before={"remove_image": use})
    if not late:
        await use()
    step = only(await Run(trapped.engine if late else engine, plan, tmp_path).to_the_end())
    if late and tags > 1:
        # One of two tags is away by then; the image keeps the other, and its container.
        assert step.state is StepState.FAILED
        assert (await engine.image_detail(image)).tags == ("race/used:2",)
    else:
        assert step.state is StepState.SKIPPED
        assert "race-user" in step.sentence
        assert len((await engine.image_detail(image)).tags) == tags


@MOMENTS
async def test_a_volume_that_came_into_use_stays(lab: Lab, engine: Engine, tmp_path: Path, late: bool) -> None:
    image = await lab.create_image("race/volume:1")
    volume = await lab.create_volume("race-volume")
    plan = await plan_of(engine, await volume_step(engine, volume))

    async def use() -> None:
        await lab.create_container(image, name="race-user", mounts=[VolumeMount(volume, "/data")])

    trapped = Trapped(engine, before={"remove_volume": use})
    if not late:
        await use()
    step = only(await Run(trapped.engine if late else engine, plan, tmp_path).to_the_end())
    assert step.state is StepState.SKIPPED
    assert step.sentence == "Volume race-volume is in use: container race-user mounts it."
    assert (Kind.VOLUME, volume) in await everything(engine)


async def test_another_volume_of_the_same_name_stays(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    volume = await lab.create_volume("race-again")
    plan = await plan_of(engine, await volume_step(engine, volume))
    await engine.remove_volume(volume)
    reviewed = plan.steps[0].reviewed.created
    while (await engine.volume_detail(await lab.create_volume("race-again"))).volume.created == reviewed:
        # An engine tells the second in which a volume was made, and no less.
        await engine.remove_volume("race-again")
    step = only(await Run(engine, plan, tmp_path).to_the_end())
    assert step.state is StepState.SKIPPED
    assert "not as it was reviewed" in step.sentence
    assert (Kind.VOLUME, volume) in await everything(engine)


async def test_what_somebody_else_removed_is_skipped(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    image = await lab.create_image("race/gone:1")
    container = await lab.create_container(image)
    volume = await lab.create_volume("race-gone")
    (record,) = await lab.create_cache_chain(1)
    plan = await plan_of(
        engine,
        await container_step(engine, container),
        await image_step(engine, image),
        await volume_step(engine, volume),
        cache_step(record),
    )
    await engine.remove_container(container)
    await engine.remove_image(image)
    await engine.remove_volume(volume)
    await engine.prune_cache_record(record)
    before = await everything(engine)
    progress = await Run(engine, plan, tmp_path).to_the_end()
    assert states(progress) == [StepState.SKIPPED] * 4
    assert all("no longer there" in one.sentence for one in progress.steps)
    assert await everything(engine) == before


async def test_what_goes_between_the_check_and_the_removal_is_skipped(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    image = await lab.create_image("race/gone:1")
    container = await lab.create_container(image)
    volume = await lab.create_volume("race-gone")
    plan = await plan_of(
        engine,
        await container_step(engine, container),
        await image_step(engine, image),
        await volume_step(engine, volume),
    )
    trapped = Trapped(
        engine,
        before={
            "remove_container": lambda: engine.remove_container(container),
            "remove_image": lambda: engine.remove_image(image),
            "remove_volume": lambda: engine.remove_volume(volume),
        },
    )
    progress = await Run(trapped.engine, plan, tmp_path).to_the_end()
    assert states(progress) == [StepState.SKIPPED] * 3


async def test_a_cache_record_that_others_were_built_on_stays(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    first, second = await lab.create_cache_chain(2)
    plan = await plan_of(engine, cache_step(first))
    step = only(await Run(engine, plan, tmp_path).to_the_end())
    assert step.state is StepState.FAILED
    assert {(Kind.CACHE_RECORD, first), (Kind.CACHE_RECORD, second)} <= await everything(engine)


async def test_a_part_of_an_id_never_finds_anything(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    """Engines complete IDs, and find containers by name: a step that holds neither a whole ID finds nothing."""
    image = await lab.create_image("race/short:1")
    container = await lab.create_container(image, name="race-short")
    whole = await container_step(engine, container)
    picture = await image_step(engine, image)
    steps = [replace(whole, id=container[:12]), replace(whole, id="race-short"), replace(picture, id=image[:19])]
    before = await everything(engine)
    progress = await Run(engine, await plan_of(engine, *steps), tmp_path).to_the_end()
    assert states(progress) == [StepState.SKIPPED] * 3
    assert await everything(engine) == before


async def test_a_tag_that_moves_in_the_very_moment_is_said(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    """The one thing that can't be kept from happening: no engine takes a name away from one image only."""
    image, other = await lab.create_image("race/moment:1"), await lab.create_image()
    await lab.tag_image(image, "race/moment:2")
    plan = await plan_of(engine, await image_step(engine, image))
    trapped = Trapped(engine, before={"remove_image": lambda: lab.tag_image(other, "race/moment:1")})
    step = only(await Run(trapped.engine, plan, tmp_path).to_the_end())
    assert step.state is StepState.FAILED
    assert other in step.sentence
    assert (await engine.image_detail(image)).tags == ("race/moment:2",)


async def test_the_last_tag_of_an_image_that_was_to_stay_is_not_taken(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    """Only one of two tags was marked; the other one goes behind our back, between the look and the removal."""
    image = await lab.create_image("race/last:1")
    for tag in ("race/last:2", "race/last:3"):
        await lab.tag_image(image, tag)
    plan = await plan_of(engine, await image_step(engine, image, "race/last:1", "race/last:2"))
    taken = 0

    async def take() -> None:
        nonlocal taken
        taken += 1
        if taken == 1:
            await engine.remove_image("race/last:3")

    trapped = Trapped(engine, after={"remove_image": take})
    step = only(await Run(trapped.engine, plan, tmp_path).to_the_end())
    assert step.state is StepState.FAILED
    assert "is the last tag of the image by now" in step.sentence
    assert (await engine.image_detail(image)).tags == ("race/last:2",)


async def test_stop_before_the_backup_has_begun_gives_it_up(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    name = await lab.create_volume("race-stop")
    plan = await plan_of(engine, await volume_step(engine, name))
    runs: list[Run] = []

    async def stop() -> None:
        runs[0].cleanup.stop()

    trapped = Trapped(engine, before={"volume_detail": stop})
    runs.append(Run(trapped.engine, plan, tmp_path, back_up=[name]))
    step = only(await runs[0].to_the_end())
    assert step.state is StepState.SKIPPED
    assert "volume_archive" not in {called for called, _arguments in trapped.calls}
    assert name in {volume.name for volume in await engine.volumes()}
