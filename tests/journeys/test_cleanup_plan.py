"""From marks to a receipt: the plan, what it lets happen, and what it says of what has happened."""

from __future__ import annotations

from tests.journeys.explorer import Explorer, explorer
from tui.commands.plan_desk import Stage
from tui.engine.errors import ConflictError
from tui.model.cleanup_progress import RunState, StepState
from tui.model.container import Container
from tui.model.mark import Kind, Mark
from tui.screens.plan_screen import PlanScreen

GOLANG = "tag golang:1.23-bookworm"


def plan_screen(user: Explorer) -> PlanScreen:
    screen = user.app.screen
    assert isinstance(screen, PlanScreen)
    return screen


def container(user: Explorer, name: str) -> Container:
    return next(one for one in user.app.main.inventory.containers if one.name == name)


async def open_plan(user: Explorer, *marks: Mark) -> PlanScreen:
    """Mark, and open the plan once every layer has been read."""
    main = user.app.main
    await user.until(lambda: main.inventory.usage is not None)
    main.add_marks(marks)
    await user.until(lambda: not main.holdings.unread(main.inventory))
    await user.press("D")
    await user.see("─ Plan")
    return plan_screen(user)


async def to(user: Explorer, text: str) -> None:
    """Put the cursor on the row whose key has ``text`` in it."""
    outline = plan_screen(user).outline
    outline.move_to(next(n for n, row in enumerate(outline.rows) if text in row.node.key))
    await user.pilot.pause()


async def go(user: Explorer) -> None:
    """Carry out a plan that takes no word."""
    await user.press("c")
    await user.see("Nothing that is not in the plan is touched")
    await user.press("tab", "enter")


def progress_of(user: Explorer) -> dict[str, StepState]:
    progress = user.app.main.cleanup
    assert progress is not None
    return {one.step.name: one.state for one in progress.steps}


async def receipt(user: Explorer) -> None:
    """Wait until it is over and measured."""
    main = user.app.main
    await user.until(lambda: main.cleanup is not None and main.cleanup.over and not main.cleanup.measuring)
    await user.see("Receipt")


async def test_disk_is_full_from_start_to_receipt_in_ten_keys() -> None:
    async with explorer() as user:
        before = (await user.engine.disk_usage()).layers_size_bytes
        await user.until(lambda: user.app.main.inventory.usage is not None)
        await user.press("1", "slash", "g", "o", "enter", "asterisk")
        await user.see("marked: 1 image")
        await user.press("D")
        await user.see("golang:1.23-bookworm", "1 step frees")
        await user.press("c", "tab", "enter")
        await receipt(user)
        await user.see("1 of 1 thing removed")
        after = (await user.engine.disk_usage()).layers_size_bytes
        assert before is not None
        assert after is not None
        await user.see(f"({before - after:,} B) freed", "journal.jsonl")


async def test_marks_of_all_panes_go_in_the_order_that_works() -> None:
    async with explorer() as user:
        web = container(user, "nightly-report")
        marks = [Mark(Kind.VOLUME, "npm-cache"), Mark(Kind.CONTAINER, web.id)]
        golang = user.app.main.inventory.images_by_tag["golang:1.23-bookworm"]
        screen = await open_plan(user, *marks, Mark(Kind.IMAGE, golang.id, "golang:1.23-bookworm"))
        kinds = [step.kind for step in screen.plan.ready]
        assert kinds == [Kind.CONTAINER, Kind.IMAGE, Kind.VOLUME]
        await user.see("3 steps free", "deletes 1 named volume", "npm-cache  no backup")
        await user.press("c")
        await user.see("To go on, type delete", "without a backup")
        button = user.app.screen.query_one("#go")
        assert button.disabled
        await user.press("enter")  # Cancel is preselected
        await user.see_no_more("To go on")
        assert user.app.main.cleanup is None
        await user.press("c")
        await user.type("delete")
        await user.press("enter", "enter")
        await receipt(user)
        assert set(progress_of(user).values()) == {StepState.DONE}
        assert "npm-cache" not in {volume.name for volume in await user.engine.volumes()}
        assert web.id not in {one.id for one in await user.engine.containers()}


async def test_word_has_to_be_right() -> None:
    async with explorer() as user:
        await open_plan(user, Mark(Kind.VOLUME, "npm-cache"))
        await user.press("c")
        await user.type("delet")
        await user.press("enter", "tab", "enter")
        assert user.app.main.cleanup is None
        assert "npm-cache" in {volume.name for volume in await user.engine.volumes()}


async def test_blocked_step_says_why_and_one_key_adds_what_helps() -> None:
    async with explorer() as user:
        volume = next(
            name
            for name, users in user.app.main.inventory.containers_by_volume.items()
            if [one.name for one in users] == ["redis-scratch"]
        )
        screen = await open_plan(user, Mark(Kind.VOLUME, volume))
        await user.see("Can't go", "1 container mounts it", "Could go as well", "0 steps · 1 can't go")
        await user.press("c")
        assert user.app.screen is screen  # there is nothing to carry out
        await to(user, volume)
        await user.see("What would help", "redis-scratch")
        await user.press("a")
        await user.see("1 thing added to the plan", "2 steps free")
        assert screen.plan.ready[0].name == "redis-scratch"
        await to(user, container(user, "redis-scratch").id)
        await user.press("u")
        await user.see("0 steps · 1 can't go")
        assert {mark.id for mark in user.app.main.marks} == {volume}


async def test_suggestion_is_added_with_enter() -> None:
    async with explorer() as user:
        volume = next(
            name
            for name, users in user.app.main.inventory.containers_by_volume.items()
            if [one.name for one in users] == ["redis-scratch"]
        )
        screen = await open_plan(user, Mark(Kind.CONTAINER, container(user, "redis-scratch").id))
        await user.see("1 anonymous volume that the plan leaves")
        await to(user, "could left volumes")
        await user.press("enter")
        await user.see("2 steps free")
        assert volume in {step.id for step in screen.plan.ready}


async def test_protected_step_stays_and_names_its_rule() -> None:
    async with explorer(protect=("npm-*",)) as user:
        user.app.main.lifted = frozenset({(Kind.VOLUME, "npm-cache")})
        screen = await open_plan(user, Mark(Kind.VOLUME, "npm-cache"), Mark(Kind.VOLUME, "pg-upgrade-backup"))
        assert len(screen.plan.ready) == 2
        user.app.main.lifted = frozenset()
        await user.see(
            "Protected", "kept by your rule npm-*", "1 protected", "can't go any more: your rule npm-* keeps it"
        )
        assert [step.id for step in screen.plan.ready] == ["pg-upgrade-backup"]


async def test_world_that_changes_changes_the_plan_and_is_said() -> None:
    async with explorer() as user:
        image = user.app.main.inventory.images_by_tag["golang:1.23-bookworm"]
        await open_plan(user, Mark(Kind.IMAGE, image.id, "golang:1.23-bookworm"), Mark(Kind.VOLUME, "npm-cache"))
        await user.press("c")
        await user.see("To go on, type delete")
        await user.engine.remove_image("golang:1.23-bookworm")
        await user.see_no_more("To go on, type delete")
        await user.see("The plan has changed while you were asked", "1 step frees")
        assert user.app.main.cleanup is None


async def test_what_was_started_behind_the_back_is_skipped_and_said() -> None:
    async with explorer() as user:
        stopped = container(user, "nightly-report")
        await open_plan(user, Mark(Kind.CONTAINER, stopped.id))
        user.engine.hang("disk_usage")
        await go(user)
        await user.see("Cleanup under way")
        await user.engine.start(stopped.id)
        user.engine.release("disk_usage")
        await user.see("1 skipped", "was started after the review")
        assert stopped.id in {one.id for one in await user.engine.containers()}


async def test_pause_and_stop_leave_what_has_not_been_begun() -> None:
    async with explorer() as user:
        names = ("nightly-report", "shop-migrate-1", "import-catalogue")
        await open_plan(user, *(Mark(Kind.CONTAINER, container(user, name).id) for name in names))
        user.engine.hang("remove_container")
        await go(user)
        await user.see("Cleanup under way", "removing", "p pause")
        await user.press("p")
        await user.see("Pausing once")
        user.engine.release("remove_container")
        await user.see("Paused: nothing is removed now", "1 of 3 steps")
        await user.press("escape")
        assert user.app.screen is user.app.main  # the app stays usable
        await user.press("D")
        await user.see("Paused: nothing is removed now", "p go on")
        await user.press("s")
        await user.see("Stopped: 1 of 3 things removed, 2 not begun")
        left = {one.name for one in await user.engine.containers()}
        assert len(left.intersection(names)) == 2


async def test_pause_and_going_on_ends_well_and_is_said_on_the_main_screen() -> None:
    async with explorer() as user:
        names = ("nightly-report", "shop-migrate-1")
        await open_plan(user, *(Mark(Kind.CONTAINER, container(user, name).id) for name in names))
        user.engine.hang("remove_container")
        await go(user)
        await user.see("removing")
        await user.press("p", "p", "escape")
        assert user.app.screen is user.app.main
        user.engine.release("remove_container")
        await user.see("Cleanup over: 2 of 2 things removed")
        progress = user.app.main.cleanup
        assert progress is not None
        assert progress.state is RunState.FINISHED


async def test_failure_stays_with_its_reason_and_is_tried_again_or_let_be() -> None:
    async with explorer() as user:
        names = ("nightly-report", "shop-migrate-1")
        first, second = (container(user, name) for name in names)
        await open_plan(user, Mark(Kind.CONTAINER, first.id), Mark(Kind.CONTAINER, second.id))
        for _ in names:
            user.engine.fail_next("remove_container", ConflictError("Its file system is busy."))
        await go(user)
        await receipt(user)
        await user.see("2 failed", "failed: Its file system is busy.", "R retry all")
        await to(user, first.id)
        await user.see("r tries it again")
        await user.press("r")
        await user.until(lambda: progress_of(user)[first.name] is StepState.DONE)
        await receipt(user)
        await to(user, second.id)
        await user.press("d")
        await user.until(lambda: progress_of(user)[second.name] is StepState.DROPPED)
        await user.see("1 let be")
        assert second.id in {one.id for one in await user.engine.containers()}
        await user.press("n")
        await user.see("─ Plan", "shop-migrate-1")
        assert user.app.main.cleanup is None


async def test_receipt_is_put_away_with_the_screen_and_kept_while_something_failed() -> None:
    async with explorer() as user:
        one = container(user, "nightly-report")
        await open_plan(user, Mark(Kind.CONTAINER, one.id))
        user.engine.fail_next("remove_container", ConflictError("Its file system is busy."))
        await go(user)
        await receipt(user)
        await user.press("escape", "D")
        await user.see("Receipt", "1 failed")
        await user.press("R")
        await user.see("1 of 1 thing removed")
        await receipt(user)
        await user.press("escape")
        await user.until(lambda: user.app.main.cleanup is None)


async def test_read_only_shows_the_plan_and_starts_nothing() -> None:
    async with explorer(read_only=True) as user:
        await open_plan(user, Mark(Kind.VOLUME, "npm-cache"))
        await user.see("started read-only", "npm-cache")
        assert "c carry out" not in user.footer
        await to(user, "npm-cache")
        await user.press("c", "enter")
        assert plan_screen(user).stage is Stage.PLAN
        await user.see("it removes nothing")


async def test_commands_are_copied_and_figures_are_exact() -> None:
    async with explorer() as user:
        screen = await open_plan(user, Mark(Kind.VOLUME, "npm-cache"), Mark(Kind.VOLUME, "pg-upgrade-backup"))
        await to(user, "npm-cache")
        await user.press("y")
        await user.see("Copied docker volume rm npm-cache")
        await user.press("Y")
        await user.see("Copied 2 docker commands")
        await user.press("x")
        await user.see(*(f"{step.freed.bytes:,} B" for step in screen.plan.ready))


async def test_backups_are_chosen_one_by_one_or_all_and_remembered() -> None:
    async with explorer() as user:
        await open_plan(user, Mark(Kind.VOLUME, "npm-cache"), Mark(Kind.VOLUME, "pg-upgrade-backup"))
        await to(user, "npm-cache")
        await user.press("b")
        await user.see("npm-cache  backed up first", "1 of them without a backup")
        await user.press("B")
        await user.see("pg-upgrade-backup  backed up first")
        await user.press("escape", "D")
        await user.see("npm-cache  backed up first", "pg-upgrade-backup  backed up first")
        await user.press("B")
        await user.see("npm-cache  no backup")


async def test_no_size_breaks_it() -> None:
    for size in ((80, 24), (40, 10), (20, 5)):
        async with explorer(size=size) as user:
            await user.press("2", "asterisk", "D", "plus", "end", "tab", "down", "x", "minus", "question_mark")
            await user.press("escape", "escape", "J", "plus", "end", "x", "question_mark", "escape", "J")
            assert user.app.is_running


async def test_a_lost_engine_takes_the_key_away_and_says_why() -> None:
    async with explorer() as user:
        await open_plan(user, Mark(Kind.VOLUME, "npm-cache"))
        await user.see("c carry out")
        user.engine.go_away()
        await user.see("connection lost")
        await user.until(lambda: "c carry out" not in user.footer)
        await to(user, "npm-cache")
        await user.press("enter")
        await user.see("The engine can't be reached")
        assert user.app.screen is plan_screen(user)


async def test_a_volume_that_only_points_elsewhere_loses_its_entry_and_nobody_says_otherwise() -> None:
    async with explorer() as user:
        await open_plan(user, Mark(Kind.VOLUME, "media"))
        await user.see("1 step frees nothing", "only points to :/export/media")
        assert "deletes" not in user.screen
        await user.press("c")
        await user.see("Only the entry goes, the files stay where they are:", "media  in :/export/media")
        await user.type("delete")
        await user.press("enter", "enter")
        await receipt(user)
        await user.see("media  entry removed, the files in :/export/media stay")
        assert "media" not in {volume.name for volume in await user.engine.volumes()}


async def test_small_terminal_never_loses_the_word_and_the_keys_that_matter() -> None:
    async with explorer(size=(80, 24)) as user:
        main = user.app.main
        await open_plan(
            user,
            *(Mark(Kind.VOLUME, one.name) for one in main.inventory.volumes),
            *(Mark(Kind.CONTAINER, one.id) for one in main.inventory.containers),
        )
        await to(user, "npm-cache")
        for key in ("c carry out", "B back up all", "b back up", "u take off", "Esc back", "? help"):
            assert key in user.footer
        await user.press("c")
        await user.see("To go on, type delete", "Cancel", "Remove")
