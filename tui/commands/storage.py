"""Commands that open the screens about storage."""

from __future__ import annotations

from tui.commands.command import Command
from tui.commands.desk import Desk, Situation
from tui.model.place import ContainerImagePlace, ContainerPlace, ImagePlace, LayerPlace, UserPlace

STORAGE = "Storage"


class Files(Command):
    """What lies in the layers."""

    keys, shown, title, group, footer = ("f",), "f", "files", STORAGE, True
    comes_and_goes = True
    help = "Show the files in every layer of the image, or all files of the container: which layer wastes what."
    where = "an image, a layer or a container"

    @classmethod
    def applies(cls, situation: Situation) -> bool:
        """On an image, a layer or a container, the image of one included."""
        return isinstance(situation.place, ImagePlace | LayerPlace | ContainerImagePlace | ContainerPlace | UserPlace)

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.open_files()


_ON_IMAGE = (ImagePlace, LayerPlace, ContainerImagePlace)


class Compare(Command):
    """One side of a comparison."""

    keys, shown, title, group = ("c",), "c", "compare", STORAGE
    help = "Compare two images: press it on the one, then on the other; Esc forgets the first."
    where = "an image"

    @classmethod
    def applies(cls, situation: Situation) -> bool:
        """On an image, while none has been taken."""
        return not situation.comparing and isinstance(situation.place, _ON_IMAGE)

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.compare()


class CompareWith(Compare):
    """The other side."""

    title, footer = "compare with", True
    help = "Compare the image with the one that was taken: which layers they share, and which files differ."

    @classmethod
    def applies(cls, situation: Situation) -> bool:
        """Wherever the cursor is, so that it can be seen that something was taken."""
        return bool(situation.comparing)

    @classmethod
    def label(cls, situation: Situation) -> str:
        """With which."""
        return f"with {situation.comparing}"


class LayerTree(Command):
    """The layer tree across images."""

    keys, shown, title, group, footer_if_room = ("T",), "T", "layer tree", STORAGE, True
    help = "Show all images as one tree of layers: what they share, where they part, and who stands on each layer."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.show_layer_tree()


class StorageMap(Command):
    """The storage map."""

    keys, shown, title, group, footer_if_room = ("m",), "m", "storage map", STORAGE, True
    help = "Show where the engine keeps everything, what that takes, and with which commands to check it."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.show_storage_map()
