"""Everything a report says, gathered before a word of it is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tui.model.file_stack import StackedFiles
from tui.model.layer import Layer
from tui.model.layer_files import LayerFiles
from tui.model.layer_rules import Limit, Rule, Status, Verdict, judge
from tui.model.waste import Waste, waste_of


class Subject(NamedTuple):
    """What was read: an image of an engine, or one in an archive file."""

    kind: str
    """``image`` or ``archive``."""
    name: str
    """What the user asked for: an image's name, a file's path."""
    place: str
    """Where it is: the engine's address and how that was chosen; of an archive, the image in it."""
    image_id: str
    """Whole ID; empty when an archive does not tell."""
    tags: tuple[str, ...]
    layers: tuple[Layer, ...]
    """What each layer is, lowest first."""
    files: tuple[LayerFiles, ...]
    """What each holds, in the same order."""


class Report(NamedTuple):
    """A subject, and what is to be said of it."""

    subject: Subject
    waste: Waste
    verdicts: tuple[Verdict, ...]
    """One for each rule that was asked for, the disabled ones included; empty when there are no rules."""

    @property
    def passes(self) -> bool:
        """False when a rule fails."""
        return not any(verdict.status is Status.FAIL for verdict in self.verdicts)


def report_on(subject: Subject, limits: Mapping[Rule, Limit]) -> Report:
    """Count what the image wastes, and hold it to ``limits``."""
    waste = waste_of(StackedFiles.of(subject.files))
    return Report(subject, waste, judge(waste, limits))
