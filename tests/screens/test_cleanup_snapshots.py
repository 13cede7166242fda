"""Pictures of a cleanup: the plan, the run, the receipt, and the history."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.journeys.explorer import Explorer
from tests.journeys.test_cleanup_plan import container, open_plan, receipt
from tests.screens.demo_picture import LIGHT, MONO, NOW, SMALL, USUAL, Act, SnapCompare, picture
from tui.cleaning.history import History, read_history
from tui.engine.errors import ConflictError
from tui.model.cleanup_progress import CleanupProgress
from tui.model.journal_record import SessionRecord
from tui.model.mark import Kind, Mark
from tui.present.history import journal_words
from tui.screens.history_screen import HistoryScreen
from tui.screens.plan_screen import PlanScreen

SIZES = pytest.mark.parametrize("size", [SMALL, USUAL], ids=["80x24", "120x40"])
JOURNAL = "~/.local/state/orlop/journal.jsonl"


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ages, dates and what took how long read the same on every day, in every time zone, on every machine."""
    monkeypatch.setattr("tui.present.figures.now", lambda: NOW)
    monkeypatch.setattr("tui.present.cleanup_progress.elapsed_text", lambda _seconds: "2 s")
    monkeypatch.setattr("tui.present.history.elapsed_text", lambda _seconds: "2 s")
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


def some(user: Explorer) -> list[Mark]:
    """Something of every kind, some of it grave, some of it blocked."""
    tags = user.app.main.inventory.images_by_tag
    names = ("golang:1.23-bookworm", "alpine:3.21", "debian:12-slim")
    images = [Mark(Kind.IMAGE, tags[name].id, name) for name in names]
    containers = [Mark(Kind.CONTAINER, container(user, name).id) for name in ("nightly-report", "toolbox")]
    volumes = [Mark(Kind.VOLUME, name) for name in ("npm-cache", "pg-upgrade-backup", "shop_db-data")]
    return [*images, *containers, *volumes]


def plan(*keys: str) -> Act:
    async def act(user: Explorer) -> None:
        await open_plan(user, *some(user))
        screen = user.app.screen
        assert isinstance(screen, PlanScreen)
        await user.until(lambda: bool(screen.offered) and user.app.main.sight is not None)
        await user.press(*keys)

    return act


@SIZES
def test_plan(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, plan(), size)


@SIZES
def test_plan_on_a_step_exact(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, plan("x", "down", "down"), size)


@pytest.mark.parametrize("theme", [LIGHT, MONO])
def test_plan_in_other_themes(snap_compare: SnapCompare, theme: str) -> None:
    assert picture(snap_compare, plan("down"), USUAL, theme)


async def blocked_and_protected(user: Explorer) -> None:
    user.app.main._protect = ("pg-*",)
    user.app.main.lifted = frozenset({(Kind.VOLUME, "pg-upgrade-backup")})
    await plan()(user)
    user.app.main.lifted = frozenset()
    await user.see("your rule pg-* keeps it")
    screen = user.app.screen
    assert isinstance(screen, PlanScreen)
    screen.outline.move_to(next(n for n, row in enumerate(screen.outline.rows) if "shop_db-data" in row.node.key))
    await user.see("What would help")


@SIZES
def test_plan_with_blocked_and_protected_steps(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, blocked_and_protected, size)


@SIZES
def test_question_before_it_goes(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, plan("c", "d", "e", "l"), size)


async def run(user: Explorer) -> None:
    """As far as the second step, which is being removed."""
    await open_plan(user, *some(user))
    user.engine.hang("remove_image")
    await user.press("B", "c")
    await user.type("delete")
    await user.press("enter", "enter")
    await user.see("removing", "2 of 7 steps")


@SIZES
def test_run(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, run, size)


async def over(user: Explorer) -> None:
    user.engine.fail_next("remove_container", ConflictError("Its file system is busy."))
    await open_plan(user, *some(user))
    screen = user.app.screen
    assert isinstance(screen, PlanScreen)
    screen.journal_path = JOURNAL
    await user.press("c")
    await user.type("delete")
    await user.press("enter", "enter")
    await receipt(user)
    progress = user.app.main.cleanup
    assert isinstance(progress, CleanupProgress)


@SIZES
def test_receipt(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, over, size)


def at_one_time(session: SessionRecord, path: str) -> SessionRecord:
    """The same cleanup at a time, and with backups in a place, that is the same in every picture."""
    steps = tuple(
        replace(
            one,
            time=NOW - 90,
            lost=replace(one.lost, backup_path=path) if one.lost.backup_path else one.lost,
        )
        for one in session.steps
    )
    return replace(session, time=NOW - 100, steps=steps)


@pytest.fixture
def placeless_history(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the journal of a demo lies is another place every time, and so is when it was written."""

    async def read(path: Path | None) -> History:
        told = await read_history(path)
        backup = "~/.local/state/orlop/backups/npm-cache-20261118T084500Z.tar"
        return History(tuple(at_one_time(one, backup) for one in told.sessions), told.problems)

    def words(_path: str, number: int, problems: tuple[str, ...]) -> object:
        return journal_words(JOURNAL, number, problems)

    monkeypatch.setattr("tui.screens.history_screen.read_history", read)
    monkeypatch.setattr("tui.screens.history_screen.journal_words", words)


def history(row: str) -> Act:
    async def act(user: Explorer) -> None:
        golang = user.app.main.inventory.images_by_tag["golang:1.23-bookworm"]
        stopped = Mark(Kind.CONTAINER, container(user, "nightly-report").id)
        marks = (Mark(Kind.IMAGE, golang.id, "golang:1.23-bookworm"), Mark(Kind.VOLUME, "npm-cache"))
        await open_plan(user, *marks, stopped)
        await user.press("B", "c")
        await user.type("delete")
        await user.press("enter", "enter")
        await receipt(user)
        await user.press("escape", "J")
        await user.see("3 removed")
        screen = user.app.screen
        assert isinstance(screen, HistoryScreen)
        words = ["".join(cell.text for cell in screen.describe(one.node).left) for one in screen.outline.rows]
        screen.outline.move_to(next(n for n, said in enumerate(words) if re.search(row, said)))

    return act


@SIZES
@pytest.mark.parametrize("row", ["3 removed", "nightly-report", "npm-cache"], ids=["session", "container", "volume"])
@pytest.mark.usefixtures("placeless_history")
def test_history(snap_compare: SnapCompare, size: tuple[int, int], row: str) -> None:
    assert picture(snap_compare, history(row), size)
