"""The cleanup screens over names that are out to harm: shown as they are, copied as one word, and doing nothing."""

from __future__ import annotations

import base64
import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.journeys.explorer import Explorer, explorer
from tests.journeys.test_hostile_world import harmful
from tui.cleaning.journal_lines import VERSION
from tui.engine.demo.hostile import ODD_TEXTS, hostile_world
from tui.engine.demo.objects import CacheEntry, DemoVolume
from tui.engine.demo.world import World
from tui.model.mark import Kind, Mark
from tui.screens.candidates_screen import CandidatesScreen
from tui.screens.history_screen import HistoryScreen
from tui.screens.plan_screen import PlanScreen
from tui.screens.two_sided_screen import TwoSidedScreen
from tui.screens.usage_screen import UsageScreen

SHELLS = ("$(touch HARM)", "; touch HARM #", "`touch HARM`", "a' 'b", "x\ntouch HARM\n", "\x1b[201~touch HARM\r", "-rf")
LONG = "z" * 10_000
SIZES = (pytest.param((120, 40), marks=pytest.mark.slow), (80, 24))


def hostile_cleanup_world() -> World:
    """The hostile world with volumes named for a shell and one that only points somewhere odd, and nothing running."""
    world = hostile_world()
    moment = world.clock.now()
    for name in (*SHELLS, LONG):
        world.volumes[name] = DemoVolume(name, moment)
    odd = ODD_TEXTS["ansi"]
    world.volumes["points"] = DemoVolume("points", moment, options={"type": "none", "o": "bind", "device": f"/{odd}"})
    world.build_cache.append(CacheEntry("c" * 25, "regular", LONG, moment, None, 1, 1_000))
    world.volumes[ODD_TEXTS["surrogates"]].files.clear()  # no tar that the demo could write has such a name
    for number, container in enumerate(world.containers.values()):
        if number % 2:
            container.state = "exited"
    return world


class Terminal:
    """What the app writes past its screen, to the terminal itself."""

    def __init__(self, user: Explorer, monkeypatch: pytest.MonkeyPatch) -> None:
        self.written: list[str] = []
        driver = user.app._driver
        assert driver is not None
        monkeypatch.setattr(driver, "write", self.written.append)

    def copied(self) -> str:
        """What was put on the clipboard last; every sequence that put it there is base64 and nothing else."""
        for sequence in self.written:
            assert re.fullmatch(r"\x1b\](52;c;[A-Za-z0-9+/]*=*|22;[a-z-]+)\x07", sequence)  # or the pointer's shape
        clipboard = [sequence for sequence in self.written if sequence.startswith("\x1b]52")]
        return base64.b64decode(clipboard[-1][7:-1]).decode() if clipboard else ""


async def look_at_every_row(user: Explorer) -> int:
    """Go through all rows of a two-sided screen, everything opened; how many there are."""
    screen = user.app.screen
    assert isinstance(screen, TwoSidedScreen)
    screen.fold_all(opened=True)
    await user.pilot.pause()
    for number, row in enumerate(screen.outline.rows):
        if row.node.selectable:
            screen.outline.move_to(number)
            await user.pilot._wait_for_screen()
            user.app.screen._on_timer_update()
            assert not harmful(user.screen), row.node.key
    return len(screen.outline.rows)


def history_screen(user: Explorer) -> HistoryScreen:
    screen = user.app.screen
    assert isinstance(screen, HistoryScreen)
    return screen


async def ready(user: Explorer) -> None:
    main = user.app.main
    await user.until(lambda: main.inventory.usage is not None)


def everything(user: Explorer) -> frozenset[Mark]:
    inventory = user.app.main.inventory
    marks = {Mark(Kind.IMAGE, image.id, tag) for image in inventory.images for tag in image.tags or ("",)}
    marks |= {Mark(Kind.CONTAINER, one.id) for one in inventory.containers}
    marks |= {Mark(Kind.VOLUME, one.name) for one in inventory.volumes}
    return frozenset(marks | {Mark(Kind.CACHE_RECORD, one) for one in inventory.cache_records_by_id})


async def settled(user: Explorer) -> None:
    main = user.app.main
    await user.until(lambda: not main.holdings.unread(main.inventory))


@pytest.mark.parametrize("size", SIZES)
async def test_candidates_and_marked_line(size: tuple[int, int]) -> None:
    async with explorer(hostile_cleanup_world(), size=size) as user:
        await ready(user)
        await user.press("X")
        await user.see("Candidates")
        screen = user.app.screen
        assert isinstance(screen, CandidatesScreen)
        assert await look_at_every_row(user) > 20
        await user.press("asterisk", "enter")
        await user.see("marked")
        assert not harmful(user.screen)


@pytest.mark.parametrize("pane", ["images", "containers", "volumes", "cache"])
async def test_why_and_removal_dialogs_and_what_is_copied(pane: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with explorer(hostile_cleanup_world()) as user:
        await ready(user)
        terminal = Terminal(user, monkeypatch)
        outline = user.app.main.panes[pane].outline
        await user.until(lambda: bool(outline.rows))
        for row in list(outline.rows):
            await user.go_to(pane, row.node.key)
            for key in ("w",) if pane == "cache" else ("w", "d"):
                await user.tap(key)
                assert not harmful(user.screen), row.node.key
                await user.tap("escape")
            await user.tap("y")
            await user.tap("Y")
            assert not harmful(user.screen)
            terminal.copied()
        assert terminal.copied()
        assert user.app.is_running


@pytest.mark.parametrize("size", SIZES)
async def test_plan_run_receipt_and_history(size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    async with explorer(hostile_cleanup_world(), size=size) as user:
        await ready(user)
        main = user.app.main
        main.add_marks(everything(user))
        await settled(user)
        assert not harmful(user.screen)
        terminal = Terminal(user, monkeypatch)
        await user.press("D")
        await user.see("─ Plan")
        screen = user.app.screen
        assert isinstance(screen, PlanScreen)
        assert await look_at_every_row(user) > 50
        await user.press("Y")
        words = [shlex.split(line) for line in terminal.copied().splitlines() if "$'" not in line]
        assert ["docker", "volume", "rm", "$(touch HARM)"] in words
        await user.press("B", "c")
        await user.see("To go on, type delete")
        assert not harmful(user.screen)
        await user.type("delete")
        await user.press("enter", "enter")
        await user.until(lambda: main.cleanup is not None and main.cleanup.over and not main.cleanup.measuring)
        await user.see("Receipt")
        await look_at_every_row(user)
        await user.press("escape", "J")
        await user.see("─ History")
        history = history_screen(user)
        await user.until(lambda: bool(history.outline.rows))
        assert await look_at_every_row(user) > 40
        for number in range(len(history.outline.rows)):
            history.outline.move_to(number)
            await user.tap("y")
            await user.tap("Y")
            assert not harmful(user.screen)
            assert terminal.copied()


async def test_commands_for_copying_are_what_a_shell_reads_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with explorer(hostile_cleanup_world()) as user:
        await ready(user)
        user.app.main.add_marks([Mark(Kind.VOLUME, name) for name in SHELLS])
        await settled(user)
        terminal = Terminal(user, monkeypatch)
        await user.press("D")
        await user.see("─ Plan")
        await user.press("Y")
        text = terminal.copied()
        assert len(text.splitlines()) == len(SHELLS)
        assert text.isascii()
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text)
        script = f'docker() {{ printf "%s\\0" "$@"; }}\n{text}\n'
        ran = subprocess.run(["bash", "-c", script], capture_output=True, cwd=tmp_path, check=True, timeout=20)
        words = ran.stdout.decode().split("\0")[:-1]
        names = [word for word in words if word not in {"volume", "rm", "--"}]
        assert sorted(names) == sorted(SHELLS)
        assert not list(tmp_path.glob("HARM*"))


async def test_usage() -> None:
    async with explorer(hostile_cleanup_world()) as user:
        await ready(user)
        await user.press("b")
        await user.see("Disk usage")
        assert isinstance(user.app.screen, UsageScreen)
        assert await look_at_every_row(user) > 8


def journal_of(odd: str) -> str:
    """A journal that somebody else has written: one odd text wherever text may stand."""
    lost = {
        "kind": "volume", "id": odd or "_", "name": odd, "driver": odd, "options": {odd: odd, "device": odd},
        "labels": {odd: odd}, "size_bytes": 3, "backup_path": f"/{odd}", "backup_sha256": odd, "backup_bytes": 3,
        "ways_back": [["docker", "volume", "create", odd]],
    }  # fmt: skip
    container = {
        "kind": "container", "id": "1" * 64, "name": odd, "image": odd, "image_id": odd, "command": [odd, odd],
        "mounts": [odd], "ports": [odd], "ways_back": [["docker", "run", "--name", odd, odd]],
    }  # fmt: skip
    image = {"kind": "image", "id": odd, "name": odd, "tags": [odd, odd], "digests": [odd], "ways_back": [[odd]]}
    begun = {"kind": "begun", "engine": odd, "engine_id": odd, "orlop": odd, "planned_by": odd, "steps": 3}
    lines: list[dict[str, object]] = [begun]
    for number, thing in enumerate((container, image, lost)):
        lines.append({"kind": "step", "number": number, "lost": thing})
        lines.append({"kind": "outcome", "number": number, "outcome": odd or "done", "sentence": odd})
    lines.append({"kind": "ended", "ended": odd, "sentence": odd, "freed_bytes": -5})
    return "".join(json.dumps({"v": VERSION, "session": odd or "s", "time": 1e9, **line}) + "\n" for line in lines)


@pytest.mark.parametrize("key", [*ODD_TEXTS, "shell"])
async def test_a_journal_that_somebody_else_has_written(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = ODD_TEXTS.get(key, "$(touch HARM)\n; touch HARM")
    async with explorer() as user:
        path = user.app.cleanup.journal.path
        assert path is not None
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(journal_of(odd))
        terminal = Terminal(user, monkeypatch)
        await user.press("J")
        await user.see("─ History")
        history = history_screen(user)
        await user.until(lambda: bool(history.outline.rows))
        assert await look_at_every_row(user) >= 2
        for number in range(len(history.outline.rows)):
            history.outline.move_to(number)
            for keys in (("y",), ("Y",), ("w",)):
                await user.press(*keys)
                await user.pilot.pause()
                assert not harmful(user.screen)
                if user.app.screen is not history:
                    await user.press("tab", "tab", "enter", "escape")
                assert user.app.is_running
            terminal.copied()
