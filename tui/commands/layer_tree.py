"""The commands of the layer tree across images."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from tui.commands.command import KeyCommand
from tui.commands.key_catalogue import KeyCatalogue
from tui.commands.over_main import COMMON, SCREEN, SHOWING, OverDesk


class LayerTreeSituation(NamedTuple):
    """Where the user is on the layer tree."""

    on_layer: bool
    """True when a layer is highlighted, or several that are folded into one row."""
    has_images: bool
    """True when an image stands on it that is still listed."""
    in_standing: bool
    """True when the keys go to the list of those who stand on it."""


class LayerTreeDesk(OverDesk, Protocol):
    """What the layer tree can be asked."""

    def begin_filter(self) -> None:
        """Let the user type a filter."""

    def cycle_sort(self) -> None:
        """Order branches by the next thing."""

    def fold_all(self, *, opened: bool) -> None:
        """Open or close every branch."""

    def copy_id(self) -> None:
        """Copy the diff ID, or the whole ID of the image or container."""

    def copy_name(self) -> None:
        """Copy the chain ID, or the name of the image or container."""

    def show_files(self) -> None:
        """Show the files of the layer."""


class LayerTreeCommand(KeyCommand[LayerTreeDesk, LayerTreeSituation]):
    """A command of this screen."""


class Filter(LayerTreeCommand):
    """Filter."""

    keys, shown, title, group, footer = ("slash",), "/", "filter", SHOWING, True
    help = "Filter the layers as you type, by tag, command, ID or container, keeping what they stand on."

    @classmethod
    def run(cls, desk: LayerTreeDesk, situation: LayerTreeSituation) -> None:
        """Do it."""
        desk.begin_filter()


class CycleSort(LayerTreeCommand):
    """Another order."""

    keys, shown, title, group, footer = ("s",), "s", "sort", SHOWING, True
    help = "Order branches by size or by the names of their images."

    @classmethod
    def run(cls, desk: LayerTreeDesk, situation: LayerTreeSituation) -> None:
        """Do it."""
        desk.cycle_sort()


class OpenAll(LayerTreeCommand):
    """Open everything."""

    keys, shown, title, group = ("plus",), "+", "open all", SHOWING
    help = "Open every branch and every folded row of layers."

    @classmethod
    def run(cls, desk: LayerTreeDesk, situation: LayerTreeSituation) -> None:
        """Do it."""
        desk.fold_all(opened=True)


class CloseAll(LayerTreeCommand):
    """Close everything."""

    keys, shown, title, group = ("minus",), "-", "close all", SHOWING
    help = "Close every branch: only the trunks are left."

    @classmethod
    def run(cls, desk: LayerTreeDesk, situation: LayerTreeSituation) -> None:
        """Do it."""
        desk.fold_all(opened=False)


class Files(LayerTreeCommand):
    """The layer's files."""

    keys, shown, title, group, footer = ("f",), "f", "files", SCREEN, True
    comes_and_goes = True
    help = "Show the files of the layer, in an image that stands on it."

    @classmethod
    def applies(cls, situation: LayerTreeSituation) -> bool:
        """Where an image is left to read it from."""
        return situation.has_images

    @classmethod
    def run(cls, desk: LayerTreeDesk, situation: LayerTreeSituation) -> None:
        """Do it."""
        desk.show_files()


class CopyId(LayerTreeCommand):
    """Copy the ID."""

    keys, shown, title, group = ("y",), "y", "copy ID", SHOWING
    help = "Copy the diff ID of the layer, or the whole ID of the image or container (OSC 52: works over SSH)."

    @classmethod
    def run(cls, desk: LayerTreeDesk, situation: LayerTreeSituation) -> None:
        """Do it."""
        desk.copy_id()


class CopyName(LayerTreeCommand):
    """Copy the name."""

    keys, shown, title, group = ("Y",), "Y", "copy chain ID", SHOWING
    help = "Copy the chain ID of the layer, or the name of the image or container."

    @classmethod
    def run(cls, desk: LayerTreeDesk, situation: LayerTreeSituation) -> None:
        """Do it."""
        desk.copy_name()


class BackWithItsOwnKey(LayerTreeCommand):
    """The key that opened it closes it."""

    keys, shown, title, group = ("T",), "T", "back", SCREEN
    help = "Go back to the main screen: the key that opened this closes it."

    @classmethod
    def run(cls, desk: LayerTreeDesk, situation: LayerTreeSituation) -> None:
        """Do it."""
        desk.go_back()


CURSOR_KEYS: tuple[tuple[str, str], ...] = (
    ("↑ ↓  k j", "Move."),
    ("→ ←  l h", "Open and close a branch or a row of folded layers; out of the tree, to the other side and back."),
    ("Enter", "Go to who stands on the layer; there, go to the image or container on the main screen."),
    ("PgUp PgDn  Ctrl+B Ctrl+F", "A screen up or down."),
    ("Home End  g G", "First and last row."),
)

LAYER_TREE: KeyCatalogue[LayerTreeDesk, LayerTreeSituation] = KeyCatalogue(
    "The layer tree",
    (Files, Filter, CycleSort, OpenAll, CloseAll, CopyId, CopyName, *COMMON, BackWithItsOwnKey),
    "In the layer tree",
    CURSOR_KEYS,
)
