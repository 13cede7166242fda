"""What could go, as a user picks from it."""

from __future__ import annotations

from tests.journeys.explorer import Explorer, explorer
from tui.engine.demo.world import World
from tui.model.candidates import Rule
from tui.model.mark import Kind, Mark, going
from tui.model.marked_sum import marked_sum
from tui.screens.candidates_screen import CandidatesScreen
from tui.screens.plan_screen import PlanScreen


def candidates_screen(user: Explorer) -> CandidatesScreen:
    screen = user.app.screen
    assert isinstance(screen, CandidatesScreen)
    return screen


async def open_candidates(user: Explorer) -> CandidatesScreen:
    """Open them once everything has been read."""
    main = user.app.main
    await user.until(lambda: main.inventory.usage is not None)
    await user.press("X")
    await user.see("─ Candidates", "Images without a tag")
    await user.until(lambda: not main.holdings.unread(main.inventory))
    await user.see_no_more("still being read")
    return candidates_screen(user)


async def to(user: Explorer, key: str) -> None:
    """Put the cursor on a row."""
    outline = candidates_screen(user).outline
    outline.move_to(next(n for n, row in enumerate(outline.rows) if row.node.key == key))
    await user.pilot.pause()


def marks_of(screen: CandidatesScreen, rule: Rule) -> frozenset[Mark]:
    return next(one.marks for one in screen.sets if one.rule is rule)


async def test_all_but_named_volumes_go_to_the_plan_in_three_keys() -> None:
    async with explorer() as user:
        main = user.app.main
        await user.until(lambda: main.inventory.usage is not None)
        await user.press("X", "asterisk", "D")
        await user.see("─ Plan", "Containers", "Build cache")
        screen = user.app.screen
        assert isinstance(screen, PlanScreen)
        volumes = main.inventory.volumes_by_name
        gone = going(main.marks, main.inventory)
        assert gone.volumes
        assert all(volumes[name].anonymous for name in gone.volumes)
        assert gone.images
        assert gone.containers
        assert not screen.plan.named_volumes
        await user.press("escape")
        assert user.app.screen is main


async def test_sum_counts_what_is_in_several_sets_once() -> None:
    async with explorer() as user:
        screen = await open_candidates(user)
        await to(user, f"rule {Rule.UNUSED}")
        await user.press("space")
        alone = marked_sum(user.app.main.inventory, user.app.main.holdings, marks_of(screen, Rule.UNUSED))
        await user.see(f"{alone.total} images ticked", f"({alone.freed.bytes:,} B)")
        assert screen.spot == screen.outline.rows[screen.outline.cursor].node.data
        assert screen.outline.node is not None
        assert screen.outline.node.key == f"rule {Rule.OLD}"  # it has moved on
        await to(user, f"rule {Rule.DANGLING}")
        assert "[✓] ▸    1  Images without a tag" in user.screen
        await to(user, f"rule {Rule.OLD}")
        await user.press("space")  # takes those away again
        await user.see("[–] ", f"{alone.total - len({m.id for m in marks_of(screen, Rule.OLD)})} images ticked")


async def test_enter_marks_and_says_how_many() -> None:
    async with explorer() as user:
        screen = await open_candidates(user)
        await user.press("enter")
        await user.see("Nothing is ticked: Space")
        await to(user, f"rule {Rule.STOPPED}")
        await user.press("space", "enter")
        assert user.app.screen is user.app.main
        stopped = marks_of(screen, Rule.STOPPED)
        assert user.app.main.marks == stopped
        await user.see(f"{len(stopped)} things marked; D shows the plan.")
        again = await open_candidates(user)
        await user.see(f"{len(stopped)} marks made before stay")
        await user.press("asterisk", "enter")
        await user.see(f"{len(stopped)} had been before")
        assert again.main.marks > stopped


async def test_named_volumes_are_ticked_on_purpose_only_and_warned_of() -> None:
    async with explorer() as user:
        screen = await open_candidates(user)
        await user.see("named to keep what is in them, so * leaves them out")
        await user.press("asterisk")
        named = marks_of(screen, Rule.NAMED_VOLUMES)
        assert named
        assert named.isdisjoint(screen.choice.marks)
        await user.press("U")
        await user.see("Nothing is ticked")
        await user.press("end", "right", "down", "space")
        assert len(screen.choice.marks) == 1
        assert screen.choice.marks < named
        await user.see("1 named volume among them", "[–]")


async def test_number_of_a_rule_changes_what_it_finds_and_stays_ticked() -> None:
    async with explorer() as user:
        screen = await open_candidates(user)
        await to(user, f"rule {Rule.OLD}")
        await user.press("space")
        month = screen.choice.marks
        await to(user, f"rule {Rule.OLD}")
        await user.press("plus", "plus")
        await user.see("made over 90 days ago")
        assert screen.choice.marks == marks_of(screen, Rule.OLD) < month
        await user.press("minus", "minus", "minus")
        await user.see("made over 14 days ago")
        assert screen.choice.marks == marks_of(screen, Rule.OLD) >= month


async def test_world_that_changes_takes_ticks_away_and_gives_none() -> None:
    async with explorer() as user:
        screen = await open_candidates(user)
        await to(user, f"rule {Rule.STOPPED}")
        await user.press("space")
        before = screen.choice.marks
        started = sorted(before)[0]
        await user.engine.start(started.id)
        await user.until(lambda: started not in screen.choice.marks)
        assert screen.choice.marks == before - {started}
        alive = next(one for one in user.app.main.inventory.containers if one.state == "running")
        await user.engine.stop(alive.id)
        await user.until(lambda: Mark(Kind.CONTAINER, alive.id) in marks_of(screen, Rule.STOPPED))
        assert screen.choice.marks == before - {started}
        await user.see("[–]")


async def test_protected_ones_are_left_out_and_counted() -> None:
    async with explorer(protect=("golang",)) as user:
        screen = await open_candidates(user)
        golang = user.app.main.inventory.images_by_tag["golang:1.23-bookworm"]
        await user.see("1 protected")
        await user.press("asterisk")
        assert golang.id not in {mark.id for mark in screen.choice.marks}


async def test_logs_are_measured_by_the_storage_map_and_lead_to_their_container() -> None:
    async with explorer() as user:
        await open_candidates(user)
        await user.see("not measured (m, then u)")
        await to(user, f"rule {Rule.LOGS}")
        await user.press("space")
        await user.see("Logs can't be ticked")
        await user.press("escape", "m")
        await user.see("Storage map")
        await user.press("u")
        await user.see(" measured ")
        await user.press("escape")
        screen = await open_candidates(user)
        await to(user, f"rule {Rule.LOGS}")
        await user.see("As they were when the storage map last")
        await user.press("right", "down")
        await user.see("Log of team-app", "behind the engine's back")
        await user.press("enter")
        assert user.app.screen is user.app.main
        assert user.app.main.container is not None
        assert user.app.main.container.name == "team-app"
        assert not screen.choice.marks


async def test_read_only_it_marks_all_the_same() -> None:
    async with explorer(read_only=True) as user:
        await open_candidates(user)
        await user.press("asterisk", "enter")
        assert user.app.main.marks


async def test_engine_without_anything_has_nothing_to_tick() -> None:
    async with explorer(World()) as user:
        await user.press("X")
        await user.see("─ Candidates", "Nothing is ticked")
        await user.press("asterisk")
        await user.see("There is nothing to tick.")
        await user.press("space", "enter")
        assert isinstance(user.app.screen, CandidatesScreen)
        await user.press("X")
        await user.see_no_more("─ Candidates")


async def test_other_side_has_the_keys_and_exact_figures() -> None:
    async with explorer() as user:
        screen = await open_candidates(user)
        await user.press("x")
        found = next(one for one in screen.sets if one.rule is Rule.UNUSED)
        await user.see(f"{found.sum.freed.bytes:,} B")
        await user.press("asterisk", "tab", "enter")
        assert user.app.screen is user.app.main
        assert user.app.main.marks
