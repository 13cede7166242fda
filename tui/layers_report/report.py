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
    platform: str = ""
    """What machine it is for, such as ``linux/arm64``; empty when nobody says."""
    other_platforms: tuple[str, ...] = ()
    """For which other machines an archive holds the same image."""


class Report(NamedTuple):
    """A subject, and what is to be said of it."""

    subject: Subject
    waste: Waste
    paths: int
    """How many different paths its layers name, each counted once; folders that none names are among them."""
    verdicts: tuple[Verdict, ...]
    """One for each rule that was asked for, the disabled ones included; empty when there are no rules."""

    @property
    def passes(self) -> bool:
        """False when a rule fails."""
        return not any(verdict.status is Status.FAIL for verdict in self.verdicts)


def report_on(subject: Subject, limits: Mapping[Rule, Limit]) -> Report:
    """Count what the image wastes, and hold it to ``limits``."""
    stack = StackedFiles.of(subject.files)
    waste = waste_of(stack)
    return Report(subject, waste, len(stack) - 1, judge(waste, limits))
