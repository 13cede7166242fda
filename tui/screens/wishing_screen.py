"""The part of the main screen that passes wishes on: to dialogs that ask first, or straight to the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.reactive import reactive

from tui import messages
from tui.keeper.details import Details
from tui.model.container import Container
from tui.model.image import Image
from tui.model.inventory import Inventory
from tui.model.place import ContainerImagePlace, ContainerPlace, ImagePlace, LayerPlace, Place, UserPlace
from tui.present.naming import identity_of, name_of, name_of_image
from tui.screens.command_screen import CommandScreen
from widgets.cell import Role
from widgets.json_tree import JsonSpot

if TYPE_CHECKING:
    # For annotations only: see WishingScreen.questions.
    from tui.screens.questions import Questions


class WishingScreen(CommandScreen):
    """Knows what is highlighted, and what can be wished for about it.

    Args:
        details: what has been read of images.
        read_only: whether changing is out of the question.
    """

    inventory: reactive[Inventory] = reactive(Inventory, init=False)

    def __init__(self, details: Details, *, read_only: bool) -> None:
        super().__init__()
        self.image_details = details
        self.read_only = read_only
        self._questions: Questions | None = None
        self._compared: tuple[str, str] | None = None
        """ID and name of the image that waits for another one to be compared with."""

    @property
    def place(self) -> Place | None:
        """What is highlighted."""
        raise NotImplementedError

    @property
    def place_key(self) -> str:
        """The key of the row that is highlighted."""
        raise NotImplementedError

    @property
    def container(self) -> Container | None:
        """The container that is highlighted, as itself or through something of its."""
        raise NotImplementedError

    @property
    def spot(self) -> JsonSpot | None:
        """The value under the cursor, while the keys go to Inspect."""
        raise NotImplementedError

    # -- what is asked first ----------------------------------------------------------------------

    @property
    def questions(self) -> Questions:
        """The dialogs' room, entered for the first time when the first question comes up."""
        if self._questions is None:
            # Here, not at the top: the first screen need not wait for dialogs that few starts will see.
            from tui.screens.questions import Questions  # noqa: PLC0415

            self._questions = Questions(self)
        return self._questions

    def renew_questions(self) -> None:
        """More is known: an open question says it."""
        if self._questions is not None:
            self._questions.renew_removal()

    def ask_to_remove(self) -> None:
        """Say what removing the highlighted object would do, and ask."""
        self.questions.ask_to_remove()

    def open_shell(self) -> None:
        """Open a shell, or say why that can't be done."""
        self.questions.open_shell()

    def ask_for_command(self) -> None:
        """Ask what to run in the container."""
        self.questions.ask_for_command()

    def act(self, verb: str) -> None:
        """Do something to the container."""
        self.questions.act(verb)

    def ask_to_kill(self) -> None:
        """Ask before killing the container."""
        self.questions.ask_to_kill()

    def ask_for_name(self) -> None:
        """Ask for the container's new name."""
        self.questions.ask_for_name()

    # -- screens over this one --------------------------------------------------------------------

    @property
    def chosen_layer(self) -> int | None:
        """The number of the layer that is highlighted, in a tree or among the details."""
        place = self.place
        return place.layer.index if isinstance(place, LayerPlace) else None

    def open_files(self) -> None:
        """What lies in the layers of the image, from the highlighted one on, or in the container."""
        match self.place:
            case (ImagePlace() | LayerPlace()) as place:
                tag = place.tag if isinstance(place, ImagePlace) else ""
                self.post_message(messages.FilesRequested("image", place.image.id, self.chosen_layer, tag))
            case ContainerImagePlace(image=Image() as image) as place:
                self.post_message(messages.FilesRequested("image", image.id, title=place.container.image))
            case (ContainerPlace() | UserPlace()) as place:
                self.post_message(messages.FilesRequested("container", place.container.id))
            case _:
                self.say("There are no files to show here: go to an image, a layer or a container.")

    @property
    def image_here(self) -> tuple[str, str] | None:
        """ID and name of the image that is highlighted: as itself, through a layer, or under a container."""
        match self.place:
            case ImagePlace(image=image, tag=tag):
                return image.id, tag or name_of_image(image)
            case LayerPlace(image=image) | ContainerImagePlace(image=Image() as image):
                return image.id, name_of_image(image)
            case _:
                return None

    @property
    def comparing(self) -> str:
        """What the image is called that waits for another one; empty when none does."""
        return self._compared[1] if self._compared is not None else ""

    def compare(self) -> None:
        """Take the highlighted image as one side, or compare it with the one that was taken."""
        here, taken = self.image_here, self._compared
        if here is None:
            self.say(f"Go to another image to compare {self.comparing} with; Esc forgets it.", Role.WARNING)
        elif taken is None:
            self._compared = here
            self.say(f"Compare {here[1]} with: c on another image, Esc forgets it.")
        elif taken[0] == here[0]:
            self.say(f"That is {taken[1]} itself: c on another image, Esc forgets it.", Role.WARNING)
        else:
            self._compared = None
            self.show_keys()
            self.post_message(messages.ComparisonRequested(*taken, *here))

    def forget_comparison(self) -> bool:
        """Let go of the image that waits for another one; False when none does."""
        waited, self._compared = self._compared is not None, None
        return waited

    def show_layer_tree(self) -> None:
        """The layer tree across images, at the image that is highlighted."""
        place = self.place
        self.post_message(messages.LayerTreeRequested(place.image.id if isinstance(place, ImagePlace) else ""))

    def show_storage_map(self) -> None:
        """Where the engine keeps everything."""
        self.post_message(messages.StorageMapRequested())

    # -- orlop itself -----------------------------------------------------------------------------

    def show_help(self) -> None:
        """Show all keys."""
        from tui.screens.help_dialog import HelpDialog  # noqa: PLC0415 - as above

        self.app.push_screen(HelpDialog(read_only=self.read_only))

    # -- copying ----------------------------------------------------------------------------------

    def copy_id(self) -> None:
        """The whole ID, or the value under the cursor in Inspect."""
        spot = self.spot
        self.copy(spot.value_text if spot else identity_of(self.place))

    def copy_name(self) -> None:
        """The name, or the path under the cursor in Inspect."""
        spot = self.spot
        self.copy(spot.path_text if spot else name_of(self.place))
