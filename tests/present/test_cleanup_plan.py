"""What the plan says of volumes: whose files go, whose are saved first, and whose are elsewhere and stay."""

from __future__ import annotations

from collections.abc import Iterable

from tui.model.cleanup_plan import CleanupPlan, Step
from tui.model.cleanup_progress import CleanupProgress, RunState, StepProgress, StepState
from tui.model.estimate import Estimate
from tui.model.mark import Kind, Mark
from tui.present.cleanup_facts import go_lines, plan_sections
from tui.present.cleanup_plan import grave_words, plan_nodes, plan_row
from tui.present.cleanup_progress import progress_nodes, progress_row, progress_sections
from widgets.cell import Cell, Line, Section

NO_BACKUPS: frozenset[str] = frozenset()
ANONYMOUS = "ab" * 32


def volume(name: str, freed: int = 0, device: str = "") -> Step:
    marks = (Mark(Kind.VOLUME, name),)
    named = name != ANONYMOUS
    return Step(Kind.VOLUME, name, name, marks, freed=Estimate(freed), named_volume=named, device=device)


OWN, OTHER, SHARE = volume("own", 700), volume("other", 5), volume("share", device=":/export/media")
PLAN = CleanupPlan((OWN, OTHER, SHARE), Estimate(705))


def words(cells: Iterable[Cell]) -> str:
    return "".join(cell.text for cell in cells)


def lines_of(lines: Iterable[Line]) -> list[str]:
    return [words(line) for line in lines]


def text_of(sections: Iterable[Section]) -> str:
    return "\n".join(words(fact.value) for section in sections for fact in section.facts)


def test_go_dialog_tells_files_that_go_from_files_that_stay() -> None:
    lines = lines_of(go_lines(PLAN, frozenset({"other"})))
    assert lines.index("  own") == lines.index("Deleted with all their files, and without a backup:") + 1
    assert lines.index("  other") == lines.index("Backed up and verified first, then deleted:") + 1
    at = lines.index("Only the entry goes, the files stay where they are:")
    assert lines[at + 1] == "  share  in :/export/media"


def test_go_dialog_names_anonymous_volumes_too() -> None:
    lines = lines_of(go_lines(CleanupPlan((volume(ANONYMOUS, 9),), Estimate(9)), NO_BACKUPS))
    assert lines[-2:] == ["Deleted with all their files, and without a backup:", "  abababababab"]


def test_grave_is_only_what_loses_files() -> None:
    assert grave_words(PLAN, NO_BACKUPS) == "It deletes 2 named volumes (no backup: b, B)."
    assert grave_words(PLAN, frozenset({"own"})) == "It deletes 2 named volumes (1 of them without a backup: b, B)."
    assert grave_words(PLAN, frozenset({"own", "other"})) == "It deletes 2 named volumes (backed up first)."
    assert not grave_words(CleanupPlan((SHARE,)), NO_BACKUPS)


def test_plan_says_where_the_files_are_and_that_they_stay() -> None:
    (heading,) = plan_nodes(CleanupPlan((SHARE,)), ())
    spot = heading.children[0].data
    row = plan_row(spot, NO_BACKUPS, exact=False)
    assert "only points to :/export/media, whose files stay" in words(row.left)
    assert words(row.right) == "0 B"
    told = text_of(plan_sections(spot, NO_BACKUPS, ()))
    assert "The volume only points to :/export/media. Its entry goes; the files there stay." in told
    assert "Frees no space." in told
    assert "deleted" not in told
    assert "every file" not in text_of(plan_sections(heading.data, NO_BACKUPS, ()))


def test_receipt_says_so_as_well() -> None:
    progress = CleanupProgress(
        CleanupPlan((SHARE,)), (StepProgress(SHARE, StepState.DONE),), RunState.FINISHED, seconds=1.0
    )
    _receipt, node = progress_nodes(progress)
    assert "entry removed, the files in :/export/media stay" in words(progress_row(node.data, exact=False).left)
    assert "the files there are not touched" in text_of(progress_sections(node.data, progress, ""))
