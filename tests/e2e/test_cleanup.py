"""The cleanup session at a terminal, on a real engine: mark, look at the plan, let it go, read the receipt."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.e2e.conftest import Open
from tests.e2e.orlop import Orlop
from tests.e2e.world import World
from tui.cleaning.history import read_history
from tui.model.journal_record import SessionRecord
from tui.model.mark import Kind

SIZES = pytest.mark.parametrize(("rows", "columns"), [(40, 120), (24, 80)], ids=["120x40", "80x24"])


@pytest.fixture(autouse=True)
def state_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the journal and the backups go."""
    folder = tmp_path / "state"
    monkeypatch.setenv("ORLOP_STATE_DIR", str(folder))
    return folder


def sessions(folder: Path) -> tuple[SessionRecord, ...]:
    """What the journal tells, latest first; it has no broken line."""
    history = asyncio.run(read_history(folder / "journal.jsonl"))
    assert history.problems == ()
    return history.sessions


def mark(orlop: Orlop, pane: str, text: str, so_far: int) -> None:
    """Mark a row, and see that as many as that are marked then."""
    orlop.go_to(pane, text)
    orlop.press("space")
    orlop.see(f" {so_far} marked")


@SIZES
def test_from_marks_to_the_receipt(world: World, open_orlop: Open, state_folder: Path, rows: int, columns: int) -> None:
    oak = world.image("timber/oak:3.1")
    world.image("timber/elm:1")
    barge = world.container("timber/oak:3.1", "barge", "exited")
    world.container("timber/elm:1", "wherry", "created")
    world.volume("ballast")
    world.volume("cargo")
    (world.mountpoint("ballast") / "stones").write_bytes(bytes(12_345))
    before = world.disk_usage()["LayersSize"]
    frees = world.facts(oak)["Size"] + 12_345
    orlop = open_orlop("--host", world.url, rows=rows, columns=columns)
    mark(orlop, "images", "3.1", 1)
    mark(orlop, "containers", "barge", 2)
    mark(orlop, "volumes", "ballast", 3)
    orlop.see("3 marked: 1 image, 1 container, 1 volume · frees ", f"({frees:,} B)")
    orlop.press("D")
    orlop.see("─ Plan", "barge", "timber/oak:3.1", "ballast")
    orlop.press("c")
    orlop.see_dialog("Remove these 3 things?", "without a backup: ballast", "To go on, type delete:", "‹ Cancel ›")
    orlop.press("enter")
    orlop.see_no_dialog()
    assert world.has_volume("ballast"), "Cancel was preselected"
    assert sessions(state_folder) == ()
    orlop.press("c")
    orlop.see_dialog("‹ Cancel ›")
    orlop.type("delete")
    orlop.see_dialog("type delete: delete")
    orlop.press("enter")
    orlop.see_dialog("‹ Remove ›")
    assert world.has_volume("ballast"), "Enter after the word removes nothing yet"
    orlop.press("enter")
    orlop.see("Receipt", "3 of 3 things removed", "freed")
    assert not world.has_container(barge)
    assert not world.has_image(oak)
    assert not world.has_volume("ballast")
    assert before - world.disk_usage()["LayersSize"] + 12_345 == frees
    assert world.has_container("wherry")
    assert world.has_image("timber/elm:1")
    assert world.has_volume("cargo")
    (session,) = sessions(state_folder)
    assert [(one.lost.kind, one.lost.name, one.outcome) for one in session.steps] == [
        (Kind.CONTAINER, "barge", "done"),
        (Kind.IMAGE, "timber/oak:3.1", "done"),
        (Kind.VOLUME, "ballast", "done"),
    ]
    world.becomes(lambda: sessions(state_folder)[0].freed_bytes == frees, "the journal has what came back")
    assert session.ended == "finished"
    orlop.press("D")
    orlop.see_no_row("barge")
    orlop.see_row("wherry")
    orlop.press("J")
    orlop.see("─ History", "barge", "timber/oak:3.1", "ballast")
    orlop.press("J")
    orlop.see_no_more("─ History")
    assert orlop.quit() == 0


@SIZES
def test_a_volume_is_backed_up_and_comes_back(
    world: World, open_orlop: Open, state_folder: Path, rows: int, columns: int
) -> None:
    world.image("timber/oak:3.1")
    world.container("timber/oak:3.1", "barge", "running", volumes={"ballast": "/hold"})
    world.run("barge", "sh", "-c", "echo stones > /hold/stones")
    world.remove_container("barge")
    orlop = open_orlop("--host", world.url, rows=rows, columns=columns)
    mark(orlop, "volumes", "ballast", 1)
    orlop.press("D")
    orlop.see("─ Plan", "ballast")
    orlop.press("B", "c")
    orlop.see_dialog("Backed up and verified first, then deleted: ballast", "type delete:")
    orlop.type("delete")
    orlop.see_dialog("type delete: delete")
    orlop.press("enter")
    orlop.see_dialog("‹ Remove ›")
    orlop.press("enter")
    orlop.see("Receipt", "1 of 1 thing removed")
    assert not world.has_volume("ballast")
    (session,) = sessions(state_folder)
    (step,) = session.steps
    assert step.outcome == "done"
    assert Path(step.lost.backup_path).is_relative_to(state_folder)
    orlop.press("D", "J")
    orlop.see("─ History", "ballast")
    orlop.press("end", "w")
    orlop.see_dialog("ballast")
    orlop.press("tab", "enter")
    world.becomes(lambda: world.has_volume("ballast"), "the volume is back")
    world.becomes(lambda: bool(sessions(state_folder)[0].steps[0].restored_as), "the journal says so")
    assert (world.mountpoint("ballast") / "stones").read_bytes() == b"stones\n"
    assert [name for name in world.volumes() if name != "ballast"] == []


def test_a_start_while_it_is_asked_withdraws_the_question(world: World, open_orlop: Open, state_folder: Path) -> None:
    world.image("timber/oak:3.1")
    for name in ("barge", "wherry"):
        world.container("timber/oak:3.1", name, "created")
    orlop = open_orlop("--host", world.url)
    mark(orlop, "containers", "barge", 1)
    mark(orlop, "containers", "wherry", 2)
    orlop.press("D")
    orlop.see("─ Plan", "barge", "wherry")
    orlop.press("c")
    orlop.see_dialog("Remove these 2 things?")
    world.api.start("barge")
    orlop.see_no_dialog()
    orlop.see("─ Plan", "has changed while you were asked")
    assert world.state("barge") == "running"
    assert world.has_container("wherry")
    assert not sessions(state_folder)
