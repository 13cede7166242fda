"""What a command is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Generic, TypeAlias, TypeVar

from tui.commands.desk import Desk, Situation

DeskT_contra = TypeVar("DeskT_contra", contravariant=True)
"""What the commands of a screen may ask of it."""
SituationT_contra = TypeVar("SituationT_contra", contravariant=True)
"""What they may know of it."""


class KeyCommand(ABC, Generic[DeskT_contra, SituationT_contra]):
    """One thing the user can do with a key. Footer, palette, help and README are made from these."""

    keys: ClassVar[tuple[str, ...]]
    """Textual key names; the first one is shown."""
    shown: ClassVar[str]
    """How the key is written for people."""
    title: ClassVar[str]
    """Two or three words, for the footer and the palette."""
    help: ClassVar[str]
    """One sentence."""
    group: ClassVar[str]
    """The heading it stands under in the help."""
    footer: ClassVar[bool] = False
    """Whether the footer shows it where it applies."""
    footer_if_room: ClassVar[bool] = False
    """Whether the footer shows it on terminals that have room for more than the keys above."""

    changes: ClassVar[bool] = False
    """Whether it removes something, or is about a removal: the help of a read-only orlop leaves it out."""

    where: ClassVar[str] = ""
    """What it works on, as "a container": told when its key is pressed elsewhere. Empty: nothing is told."""

    comes_and_goes: ClassVar[bool] = False
    """Whether it hangs on what is highlighted: such keys stand on the right of the footer, so that those
    that always apply keep their places (and cost nothing when the cursor moves)."""

    @classmethod
    def applies(cls, situation: SituationT_contra) -> bool:
        """True when the command makes sense here."""
        return True

    @classmethod
    def label(cls, situation: SituationT_contra) -> str:
        """The title for this situation."""
        return cls.title

    @classmethod
    def elsewhere(cls, situation: SituationT_contra) -> str:
        """One sentence on why nothing comes of its key here; empty when that goes without saying."""
        return f"{cls.shown} ({cls.title}) works on {cls.where}." if cls.where else ""

    @classmethod
    @abstractmethod
    def run(cls, desk: DeskT_contra, situation: SituationT_contra) -> None:
        """Do it."""


Command: TypeAlias = KeyCommand[Desk, Situation]
"""A command of the main screen."""
