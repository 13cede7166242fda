"""What a receipt says of the difference between what was planned and what came back."""

from __future__ import annotations

from dataclasses import replace

from tui.model.cleanup_plan import CleanupPlan, Step
from tui.model.cleanup_progress import CleanupProgress, EngineFigures, RunState, StepProgress, StepState
from tui.model.estimate import Certainty, Doubt, Estimate
from tui.model.mark import Kind, Mark
from tui.present.cleanup_progress import bar_line, difference, over_role, over_sentence, receipt_sections
from widgets.cell import Role

BEFORE = EngineFigures(10_000, 500, 4_000, 1_000)


def volume(name: str, freed: int) -> Step:
    return Step(Kind.VOLUME, name, name, (Mark(Kind.VOLUME, name),), freed=Estimate(freed), named_volume=True)


def told(first: StepState, second: StepState, *, left: int | None, freed: Estimate | None = None) -> CleanupProgress:
    """Two volumes of 1000 and 500 bytes; ``left`` is what the volumes take afterwards."""
    steps = (volume("one", 1_000), volume("two", 500))
    return CleanupProgress(
        CleanupPlan(steps, freed or Estimate(1_500)),
        tuple(StepProgress(step, state) for step, state in zip(steps, (first, second), strict=True)),
        RunState.FINISHED,
        before=BEFORE,
        after=None if left is None else replace(BEFORE, volumes_bytes=left),
    )


def said(progress: CleanupProgress) -> str:
    facts = [fact for section in receipt_sections(progress, "journal") for fact in section.facts]
    return "\n".join(fact.label + " " + "".join(cell.text for cell in fact.value) for fact in facts)


def test_what_was_planned_came_back_to_the_byte() -> None:
    progress = told(StepState.DONE, StepState.DONE, left=2_500)
    assert list(difference(progress)) == ["To the byte what was planned."]
    assert over_sentence(progress) == "2 of 2 things removed, 1.5 kB (1,500 B) freed."
    assert over_role(progress) is Role.GOOD
    assert "Volumes 4.0 kB → 2.5 kB  (1.5 kB (1,500 B) less)" in said(progress)


def test_skipped_step_explains_what_is_missing() -> None:
    progress = told(StepState.DONE, StepState.SKIPPED, left=3_000)
    first, second = difference(progress)
    assert first == "1 step was not carried out: 500 B less."
    assert second == "The others freed to the byte what was planned of them."
    assert over_role(progress) is Role.WARNING
    assert "– two skipped" in said(progress)


def test_what_else_happened_meanwhile_is_not_claimed() -> None:
    progress = told(StepState.DONE, StepState.DONE, left=2_600)
    first, second = difference(progress)
    assert first == "That is 100 B less than the steps that are done were to free."
    assert "something else may have been written" in second


def test_what_somebody_else_removed_is_not_ours() -> None:
    """Another orlop carries the same plan out: all that was planned comes back, and we have done half of it."""
    first, second, third = difference(told(StepState.DONE, StepState.SKIPPED, left=2_500))
    assert first == "1 step was not carried out: 500 B less."
    assert second == "That is 500 B more than the steps that are done were to free."
    assert "something else has removed something meanwhile, too" in third


def test_doubts_of_the_plan_are_repeated() -> None:
    freed = Estimate(1_500, Certainty.UP_TO, (Doubt.BUILD_CACHE,))
    assert "build cache may keep" in "".join(difference(told(StepState.DONE, StepState.DONE, left=2_600, freed=freed)))


def test_nothing_is_said_of_what_is_not_known_yet() -> None:
    progress = replace(told(StepState.DONE, StepState.FAILED, left=None), measuring=True)
    assert list(difference(progress)) == []
    assert "measuring…" in said(progress)
    assert over_role(progress) is Role.BAD
    assert "measuring what came back…" in over_sentence(progress)


def test_what_was_not_begun_is_counted() -> None:
    progress = replace(told(StepState.DONE, StepState.WAITING, left=3_000), state=RunState.STOPPED)
    assert over_sentence(progress).startswith("Stopped: 1 of 2 things removed, 1 not begun")
    assert "1 step not begun when it was stopped." in said(progress)


def test_bar_goes_with_the_backup() -> None:
    step = volume("one", 1_000)
    step = replace(step, reviewed=step.reviewed._replace(size_bytes=1_000))
    plan = CleanupPlan((step,), Estimate(1_000))
    filled = []
    for state, done in ((StepState.BACKING_UP, 1), (StepState.BACKING_UP, 1_000), (StepState.VERIFYING, 1_000)):
        line = bar_line(CleanupProgress(plan, (StepProgress(step, state, done_bytes=done),)), 60)
        filled.append(len(line[1].text))
    assert filled == sorted(set(filled))
