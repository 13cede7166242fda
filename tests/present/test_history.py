"""What the history says that each step was to free: what came back then, not how large the thing was."""

from __future__ import annotations

from typing import Any

from tui.cleaning import journal_lines
from tui.model.cleanup_plan import Step
from tui.model.cleanup_progress import StepState
from tui.model.estimate import Certainty, Estimate
from tui.model.journal_record import Lost, StepRecord
from tui.model.mark import Kind, Mark
from tui.present.history import RecordSpot, freed_by, history_row


def record(
    kind: Kind, freed: Estimate | None, *, whole: bool = True, size_bytes: int | None = 65_900_000
) -> StepRecord:
    lost = Lost(kind, "sha256:1", "bk:9", size_bytes=size_bytes)
    return StepRecord(1, lost, freed=freed, whole=whole, outcome=StepState.DONE)


def row(told: StepRecord) -> str:
    text = history_row(RecordSpot("s", told), exact=False)
    return "".join(cell.text for cell in (*text.left, *text.right))


def test_a_tag_frees_nothing_and_is_no_removal() -> None:
    assert row(record(Kind.IMAGE, Estimate(0), whole=False)) == "✓ image bk:9  untagged0 B"


def test_an_image_frees_what_only_it_had() -> None:
    assert row(record(Kind.IMAGE, Estimate(22_000_000))).endswith("removed22.0 MB")
    assert row(record(Kind.IMAGE, Estimate(22_000_000, Certainty.UP_TO))).endswith("removed≤ 22.0 MB")


def test_a_container_frees_what_it_wrote() -> None:
    assert row(record(Kind.CONTAINER, Estimate(4_096), size_bytes=None)).endswith("4.1 kB")


def test_older_journals_say_it_of_volumes_alone() -> None:
    assert freed_by(record(Kind.VOLUME, None)) == Estimate(65_900_000, Certainty.UP_TO)
    assert row(record(Kind.IMAGE, None)).endswith("?")


def test_what_is_written_is_read_again() -> None:
    def line(**changes: Any) -> dict[str, Any]:
        step = Step(Kind.IMAGE, "sha256:1", "bk:9", (Mark(Kind.IMAGE, "sha256:1", "bk:9"),), freed=Estimate(7))
        return {**journal_lines.step("s", 1.0, 1, step, Lost(Kind.IMAGE, "sha256:1", "bk:9")), **changes}

    assert journal_lines.freed_of(line()) == Estimate(7)
    assert journal_lines.freed_of(line(freed_bytes=None)) == Estimate(None, Certainty.UNKNOWN)
    assert journal_lines.freed_of(line(freed_certainty="sure")) is None
    old = line(whole=False)
    del old["freed_certainty"]
    assert journal_lines.freed_of(old) == Estimate(0)
