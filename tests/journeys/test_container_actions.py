"""Starting, stopping and renaming, with progress and result."""

from __future__ import annotations

from tests.journeys.explorer import Explorer, explorer
from tui.engine.errors import EngineFaultError


async def on(user: Explorer, name: str) -> str:
    """Put the cursor on a container by name; its ID."""
    found = next(c for c in user.app.main.inventory.containers if c.name == name)
    await user.go_to("containers", f"container {found.id}")
    return found.id


def state(user: Explorer, identity: str) -> str:
    """The state the screen's inventory has for a container."""
    return user.app.main.inventory.containers_by_id[identity].state


async def until_state(user: Explorer, identity: str, wanted: str) -> None:
    """Wait for a state."""
    for _ in range(500):
        if state(user, identity) == wanted:
            return
        await user.pilot.pause(0.02)
    raise AssertionError(f"{state(user, identity)} never became {wanted}")


async def test_stop_and_start() -> None:
    async with explorer() as user:
        identity = await on(user, "shop-web-1")
        assert "S stop" in user.footer
        await user.press("S")
        await until_state(user, identity, "exited")
        await user.see("S start")
        await user.press("S")
        await until_state(user, identity, "running")


async def test_pause_and_unpause() -> None:
    async with explorer() as user:
        identity = await on(user, "shop-web-1")
        await user.press("p")
        await until_state(user, identity, "paused")
        await user.press("p")
        await until_state(user, identity, "running")


async def test_kill_asks_first() -> None:
    async with explorer() as user:
        identity = await on(user, "shop-web-1")
        await user.press("K")
        await user.see("Kill container", "at once")
        await user.press("enter")
        assert state(user, identity) == "running"
        await user.press("K", "right", "enter")
        await until_state(user, identity, "exited")


async def test_restart_shows_progress() -> None:
    async with explorer() as user:
        identity = await on(user, "shop-web-1")
        user.engine.hang("restart")
        await user.press("R")
        await user.see("restarting…")
        user.engine.release("restart")
        await user.see_no_more("restarting…")
        assert state(user, identity) == "running"


async def test_rename_and_a_name_that_is_taken() -> None:
    async with explorer() as user:
        identity = await on(user, "shop-web-1")
        await user.press("n")
        await user.see("Rename container")
        await user.press("end", *["backspace"] * len("shop-web-1"))
        await user.type("front")
        await user.press("enter")
        await user.see("front")
        assert user.app.main.inventory.containers_by_id[identity].name == "front"
        await user.press("n", "end", *["backspace"] * len("front"))
        await user.type("shop-db-1")
        await user.press("enter")
        await user.see("✗")
        assert user.app.main.inventory.containers_by_id[identity].name == "front"


async def test_failure_is_told() -> None:
    async with explorer() as user:
        await on(user, "import-catalogue")
        user.engine.fail_next("start", EngineFaultError("The port 80 is taken.", "Free it first."))
        await user.press("S")
        await user.see("import-catalogue", "✗ The port 80", "starting: The port 80 is taken. Free it first.")


async def test_shell_on_stopped_container_offers_to_start_it() -> None:
    async with explorer() as user:
        identity = await on(user, "import-catalogue")
        await user.press("e")
        await user.see("No shell in", "It is stopped")
        await user.press("right", "enter")
        await until_state(user, identity, "running")


async def test_container_without_a_shell_says_so() -> None:
    async with explorer() as user:
        await on(user, "monitoring-agent-1")
        await user.press("e")
        await user.see("It has no bash, sh or ash")


async def test_command_dialog_checks_its_input() -> None:
    async with explorer() as user:
        await on(user, "shop-web-1")
        await user.press("E")
        await user.see("Run a command in")
        await user.type("echo 'unfinished")
        await user.press("enter", "enter", "enter")
        await user.see("can't be split into words")
        await user.press("escape")
        await user.see_no_more("Run a command in")
