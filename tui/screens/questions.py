"""What is asked before a wish is passed on: deletions, names, commands, the shell.

Loaded with the first question: nothing of it is needed to show the first screen.
"""

from __future__ import annotations

from typing import Any, Protocol

from textual.app import App
from textual.message import Message

from tui import messages
from tui.engine.port import ExecRequest
from tui.keeper.details import Details
from tui.model.container import Container
from tui.model.holdings import Holdings
from tui.model.inventory import Inventory
from tui.model.mark import Kind
from tui.model.place import ContainerPlace, ImagePlace, Place, VolumePlace
from tui.model.removal import Removal
from tui.model.removal_plan import plan_container_removal, plan_image_removal, plan_volume_removal
from tui.present import figures
from tui.present.container import container_name
from tui.screens.question_dialogs import ChoiceDialog, CommandDialog, RenameDialog
from tui.screens.removal_dialog import RemovalDialog
from widgets.cell import Cell, Role


class Asked(Protocol):
    """The screen that is asked on: what is highlighted there, and where wishes go."""

    inventory: Any
    image_details: Details

    @property
    def app(self) -> App[Any]:
        """The app, for its dialogs."""
        ...

    @property
    def place(self) -> Place | None:
        """What is highlighted."""
        ...

    @property
    def place_key(self) -> str:
        """The key of the row that is highlighted."""
        ...

    @property
    def container(self) -> Container | None:
        """The container that is highlighted, as itself or through something of its."""
        ...

    def post_message(self, message: Message) -> bool:
        """Pass a wish on."""
        ...


class Questions:
    """Turns wishes about the place under the cursor into dialogs, and answers into messages."""

    def __init__(self, screen: Asked) -> None:
        self._screen = screen

    @property
    def _inventory(self) -> Inventory:
        inventory: Inventory = self._screen.inventory
        return inventory

    # -- deleting ---------------------------------------------------------------------------------

    def ask_to_remove(self) -> None:
        """Say what removing the highlighted object would do, and ask."""
        removal = self._plan(self._screen.place)
        if removal is not None:
            key = self._screen.place_key
            self._screen.app.push_screen(
                RemovalDialog(
                    removal,
                    lambda plan, force, volumes: self._confirmed(plan, key, force=force, anonymous_volumes=volumes),
                )
            )
            if removal.kind is not Kind.VOLUME:
                self._screen.post_message(messages.NeighboursRequested())

    def _plan(self, place: Place | None) -> Removal | None:
        holdings = Holdings.of(self._screen.image_details.images.values())
        try:
            match place:
                case ImagePlace():
                    return plan_image_removal(self._inventory, place.image.id, place.tag or None, holdings)
                case ContainerPlace():
                    return plan_container_removal(self._inventory, place.container.id, holdings)
                case VolumePlace():
                    return plan_volume_removal(self._inventory, place.volume.name)
                case _:
                    return None
        except LookupError:
            # It went away between the key and here; the refresh that is under way takes it off the screen.
            return None

    def renew_removal(self) -> None:
        """More is known about the images: an open removal dialog says more exactly what comes back."""
        dialog = self._screen.app.screen
        if isinstance(dialog, RemovalDialog):
            removal = self._plan(self._screen.place)
            if removal is not None and (removal.kind, removal.id) == (dialog.removal.kind, dialog.removal.id):
                dialog.renew(removal)

    def _confirmed(self, removal: Removal, key: str, *, force: bool, anonymous_volumes: bool) -> None:
        self._screen.post_message(
            messages.RemovalRequested(removal, key, force=force, anonymous_volumes=anonymous_volumes)
        )

    # -- containers -------------------------------------------------------------------------------

    def act(self, verb: str) -> None:
        """Do something to the container."""
        if self._screen.container is not None:
            self._screen.post_message(messages.ActionRequested(self._screen.container.id, verb))

    def ask_to_kill(self) -> None:
        """Ask before killing the container."""
        container = self._screen.container
        if container is not None:
            words = "Its processes end at once, without a chance to save anything. Stopping (S) asks them first."
            self._screen.app.push_screen(
                ChoiceDialog(
                    (Cell("Kill container ", Role.STRONG), *self._named(container)),
                    ((Cell(words),),),
                    (("Kill", lambda: self._act_on(container.id, "kill")),),
                )
            )

    def _act_on(self, container_id: str, verb: str) -> None:
        self._screen.post_message(messages.ActionRequested(container_id, verb))

    def ask_for_name(self) -> None:
        """Ask for the container's new name."""
        container = self._screen.container
        if container is not None:
            self._screen.app.push_screen(
                RenameDialog(
                    container_name(container),
                    lambda name: self._renamed(container.id, name),
                )
            )

    def _renamed(self, container_id: str, name: str) -> None:
        self._screen.post_message(messages.RenameRequested(container_id, name))

    # -- the shell --------------------------------------------------------------------------------

    def open_shell(self) -> None:
        """Open a shell, or say why that can't be done and what can."""
        container = self._screen.container
        if container is not None and self._can_run_in(container):
            self._screen.post_message(messages.ShellRequested(container.id))

    def ask_for_command(self) -> None:
        """Ask what to run in the container."""
        container = self._screen.container
        if container is not None and self._can_run_in(container):
            self._screen.app.push_screen(
                CommandDialog(
                    container_name(container),
                    lambda words, user, folder: self._command(container.id, words, user, folder),
                )
            )

    def _command(self, container_id: str, words: tuple[str, ...], user: str, folder: str) -> None:
        request = ExecRequest(container_id, words, user=user, working_dir=folder)
        self._screen.post_message(messages.ShellRequested(container_id, request))

    def _can_run_in(self, container: Container) -> bool:
        """True when it runs; otherwise a dialog offers what would make it run."""
        if container.state == "running":
            return True
        verb = {"paused": "unpause", "created": "start", "exited": "start"}.get(container.state, "")
        words = {
            "paused": "It is paused: its processes are frozen, and nothing can be run in it until it goes on.",
            "created": "It has never been started, so there is nothing to open a shell in.",
            "exited": "It is stopped. Its files can be looked at with a shell only while it runs.",
        }.get(container.state, f"It is {container.state or 'in an unknown state'}; wait until it runs.")
        choices = [(verb.capitalize(), lambda: self._act_on(container.id, verb))] if verb else []
        title = (Cell("No shell in ", Role.STRONG), *self._named(container))
        self._screen.app.push_screen(ChoiceDialog(title, ((Cell(words),),), choices))
        return False

    def say_no_shell(self, container: Container) -> None:
        """The container has no shell that orlop knows."""
        lines = (
            (Cell("It has no bash, sh or ash: images made from scratch often hold nothing but a program."),),
            (),
            (Cell("E runs another command in it, if it has one you know."),),
        )
        title = (Cell("No shell in ", Role.STRONG), *self._named(container))
        self._screen.app.push_screen(ChoiceDialog(title, lines, (("Run a command…", self.ask_for_command),)))

    def _named(self, container: Container) -> tuple[Cell, ...]:
        return (
            Cell(container_name(container), Role.ACCENT),
            Cell(f" ({figures.short_id(container.id)})", Role.MUTED),
        )
