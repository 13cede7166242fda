"""Carrying a plan out in the background: one at a time, steered, never left by accident."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.journeys.explorer import Explorer, explorer
from tui import messages
from tui.cleanup_errand import CleanupErrand, KeptFiles
from tui.engine.demo.engine import DemoEngine
from tui.engine.errors import ConflictError
from tui.model.cleanup_plan import CleanupPlan
from tui.model.cleanup_planning import plan_cleanup
from tui.model.cleanup_progress import CleanupProgress, RunState, StepState
from tui.model.mark import Kind, Mark, marks_of_image

GOLANG, HELLO = "golang:1.23-bookworm", "hello-world:latest"


async def plan_of(user: Explorer, *tags: str) -> CleanupPlan:
    """The plan that removes images by their tags, everything known."""
    inventory = user.app.main.inventory
    holdings = await user.app.keeper.details.read_holdings(inventory)
    marks = {mark for tag in tags for mark in marks_of_image(inventory, inventory.images_by_tag[tag].id)}
    return plan_cleanup(inventory, holdings, frozenset(marks))


def progress_of(user: Explorer) -> CleanupProgress:
    progress = user.app.main.cleanup
    assert progress is not None
    return progress


async def test_plan_is_carried_out_and_the_marks_go_with_what_went() -> None:
    async with explorer() as user:
        main = user.app.main
        inventory = main.inventory
        main.add_marks(marks_of_image(inventory, inventory.images_by_tag[GOLANG].id))
        main.add_marks(marks_of_image(inventory, inventory.images_by_tag["alpine:3.21"].id))
        main.post_message(messages.CleanupRequested(await plan_of(user, GOLANG)))
        await user.until(lambda: main.cleanup is not None and main.cleanup.state is RunState.FINISHED)
        await user.until(lambda: GOLANG not in main.inventory.images_by_tag)
        assert {mark.tag for mark in main.marks} == {"alpine:3.21", "alpine:latest"}
        await user.until(lambda: progress_of(user).freed_bytes is not None)
        assert progress_of(user).freed_bytes == progress_of(user).planned.bytes
        main.set_marks(())
        await user.see("1 of 1 thing removed", "freed. D shows the receipt.")
        journal = user.app.cleanup.journal.path
        assert journal is not None
        kinds = [json.loads(line)["kind"] for line in journal.read_text(encoding="ascii").splitlines()]
        assert kinds[:3] == ["begun", "step", "outcome"]
        main.post_message(messages.CleanupSteered("forget"))
        await user.until(lambda: "receipt" not in user.marked_line)
        assert main.cleanup is None
    assert not journal.exists(), "nothing of a made-up world is kept"


async def test_read_only_removes_nothing() -> None:
    async with explorer(read_only=True) as user:
        user.app.main.post_message(messages.CleanupRequested(await plan_of(user, GOLANG)))
        await user.see("orlop was started read-only: it removes nothing.")
        assert user.app.main.cleanup is None


async def test_only_one_cleanup_at_a_time() -> None:
    async with explorer() as user:
        first, second = await plan_of(user, GOLANG), await plan_of(user, HELLO)
        user.engine.hang("remove_image")
        user.app.main.post_message(messages.CleanupRequested(first))
        await user.until(lambda: user.app.cleanup.under_way)
        user.app.main.post_message(messages.CleanupRequested(second))
        await user.see("Another cleanup is under way", "Cleaning up, 0 of 1 step over: removing golang:1.23-bookworm.")
        user.engine.release("remove_image")
        await user.until(lambda: progress_of(user).over)
        assert progress_of(user).plan is first
        assert HELLO in {tag for image in await user.engine.images() for tag in image.tags}
        user.app.main.post_message(messages.CleanupRequested(second))
        await user.until(lambda: progress_of(user).plan is second and progress_of(user).over)


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_leaving_asks_first_and_then_finishes_the_step(key: str) -> None:
    async with explorer() as user:
        user.engine.hang("remove_image")
        user.app.main.post_message(messages.CleanupRequested(await plan_of(user, GOLANG, HELLO)))
        await user.until(lambda: bool(user.app.main.cleanup and progress_of(user).in_state(StepState.REMOVING)))
        await user.press(key)
        await user.see("A cleanup is under way", "Finish this step and quit")
        await user.press("enter")
        await user.see_no_more("A cleanup is under way")
        assert user.app.cleanup.under_way, "Cancel is preselected"
        await user.press(key, "tab", "enter")
        await user.see("Finishing the step under way, then quitting")
        user.engine.release("remove_image")
        await user.until(lambda: not user.app.is_running or user.app._exit)
        states = [one.state for one in progress_of(user).steps]
        assert states == [StepState.DONE, StepState.WAITING]
    left = {tag for image in await DemoEngine(world=user.world).images() for tag in image.tags}
    assert HELLO in left or GOLANG in left


async def test_leaving_does_not_ask_when_all_is_done() -> None:
    async with explorer() as user:
        user.app.main.post_message(messages.CleanupRequested(await plan_of(user, GOLANG)))
        await user.until(lambda: user.app.main.cleanup is not None and progress_of(user).over)
        await user.press("q")
        await user.until(lambda: not user.app.is_running or user.app._exit)


async def test_failed_step_is_tried_again_or_dropped() -> None:
    async with explorer() as user:
        plan = await plan_of(user, GOLANG)
        user.engine.fail_next("remove_image", ConflictError("The engine says no.", ""))
        user.app.main.post_message(messages.CleanupRequested(plan))
        await user.until(lambda: bool(user.app.main.cleanup and progress_of(user).over))
        assert [one.state for one in progress_of(user).steps] == [StepState.FAILED]
        user.app.main.post_message(messages.CleanupSteered("retry", plan.ready[0].key))
        await user.until(lambda: progress_of(user).steps[0].state is StepState.DONE)


async def test_without_a_home_the_journal_is_missing_and_nothing_goes() -> None:
    async with explorer() as user:
        told: list[CleanupProgress | None] = []
        errand = CleanupErrand(user.engine, told.append, lambda: None, KeptFiles(None, None))
        assert errand.begin(await plan_of(user, GOLANG), frozenset())
        await errand.finish()
        last = told[-1]
        assert last is not None
        assert last.state is RunState.STOPPED
        assert "ORLOP_STATE_DIR" in last.sentence
        assert GOLANG in {tag for image in await user.engine.images() for tag in image.tags}


async def test_ending_waits_for_the_step_under_way(tmp_path: Path) -> None:
    async with explorer() as user:
        told: list[CleanupProgress | None] = []
        files = KeptFiles(tmp_path / "journal.jsonl", tmp_path / "backups")
        errand = CleanupErrand(user.engine, told.append, lambda: None, files)
        errand.begin(await plan_of(user, GOLANG, HELLO), frozenset())
        await errand.close()
        last = told[-1]
        assert last is not None
        assert last.state is RunState.STOPPED
        assert all(one.state in {StepState.DONE, StepState.WAITING} for one in last.steps)
        assert Mark(Kind.IMAGE, last.steps[-1].step.id, last.steps[-1].step.name) in plan_marks(last.plan)


def plan_marks(plan: CleanupPlan) -> set[Mark]:
    return {mark for step in plan.steps for mark in step.marks}
