"""The part of the main screen that passes wishes on: to dialogs that ask first, or straight to the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.reactive import reactive
from textual.screen import Screen

from tui import messages
from tui.keeper.details import Details
from tui.model.container import Container
from tui.model.inventory import Inventory
from tui.model.place import Place
from tui.present.naming import identity_of, name_of
from widgets.cell import Role
from widgets.json_tree import JsonSpot

if TYPE_CHECKING:
    # For annotations only: see WishingScreen.questions.
    from tui.screens.questions import Questions


class WishingScreen(Screen[None]):
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

    def say(self, sentence: str, role: Role = Role.NORMAL) -> None:
        """Say something until the next key."""
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

    # -- orlop itself -----------------------------------------------------------------------------

    def show_help(self) -> None:
        """Show all keys."""
        from tui.screens.help_dialog import HelpDialog  # noqa: PLC0415 - as above

        self.app.push_screen(HelpDialog(read_only=self.read_only))

    def show_palette(self) -> None:
        """Show the palette of commands."""
        self.app.action_command_palette()

    def refresh_world(self) -> None:
        """Read everything again."""
        self.post_message(messages.RefreshRequested())

    # -- copying and leaving ----------------------------------------------------------------------

    def copy_id(self) -> None:
        """The whole ID, or the value under the cursor in Inspect."""
        spot = self.spot
        self._copy(spot.value_text if spot else identity_of(self.place))

    def copy_name(self) -> None:
        """The name, or the path under the cursor in Inspect."""
        spot = self.spot
        self._copy(spot.path_text if spot else name_of(self.place))

    def _copy(self, text: str) -> None:
        if text:
            self.app.copy_to_clipboard(text)
            self.say(f"Copied {text}", Role.GOOD)
        else:
            self.say("There is nothing to copy here.")

    def next_theme(self) -> None:
        """The next theme."""
        self.post_message(messages.ThemeRequested())

    def redraw(self) -> None:
        """Draw the whole screen again."""
        self.post_message(messages.RedrawRequested())

    def leave(self) -> None:
        """Quit."""
        self.app.exit()
