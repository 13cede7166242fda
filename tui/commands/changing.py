"""Commands that change what is on the engine, and the shell. Read-only orlop has none of them."""

from __future__ import annotations

from tui.commands.command import Command
from tui.commands.desk import Desk, Situation

CHANGING = "Changing"

_STOPPABLE = frozenset({"running", "restarting", "paused"})


def _nothing_changes(situation: Situation) -> str:
    """Why nothing can be changed at all; empty when things can."""
    if situation.read_only:
        return "orlop was started read-only: it changes nothing."
    return "" if situation.live else "The connection to the engine is lost: r tries it now."


class Delete(Command):
    """Remove an object."""

    keys, shown, title, group, footer = ("d", "delete"), "d", "delete", CHANGING, True
    comes_and_goes = True
    help = "Say what deleting the object would do and what stands in the way, and ask."
    where = "an image, a tag, a container, a volume or a cache record; Space marks whole groups"

    @classmethod
    def applies(cls, situation: Situation) -> bool:
        """On a tag, an image, a container, a volume or a cache record."""
        return situation.may_change and situation.removable

    @classmethod
    def elsewhere(cls, situation: Situation) -> str:
        """It may be that nothing is changed at all."""
        return _nothing_changes(situation) or super().elsewhere(situation)

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.ask_to_remove()


class ContainerCommand(Command):
    """A command on the highlighted container."""

    group, footer, comes_and_goes = CHANGING, True, True
    where = "a container, in its pane"

    @classmethod
    def applies(cls, situation: Situation) -> bool:
        """On a container."""
        return situation.may_change and situation.container is not None and not situation.in_details

    @classmethod
    def elsewhere(cls, situation: Situation) -> str:
        """As for deleting."""
        return _nothing_changes(situation) or super().elsewhere(situation)

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        raise NotImplementedError


class Shell(ContainerCommand):
    """Open a shell."""

    keys, shown, title = ("e",), "e", "shell"
    help = "Open bash, sh or ash in the container on this terminal; exit or Ctrl-D comes back."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.open_shell()


class Execute(ContainerCommand):
    """Run a command."""

    keys, shown, title, footer = ("E",), "E", "run a command", False
    help = "Ask for a command, a user and a working folder, and run it in the container on this terminal."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.ask_for_command()


class StartOrStop(ContainerCommand):
    """Start it when it is stopped, stop it when it runs."""

    keys, shown, title = ("S",), "S", "start or stop"
    help = "Start the container, or stop it: asked to end, and killed after ten seconds."

    @classmethod
    def label(cls, situation: Situation) -> str:
        """What it would do here."""
        running = situation.container is not None and situation.container.state in _STOPPABLE
        return "stop" if running else "start"

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.act(cls.label(situation))


class Restart(ContainerCommand):
    """Stop and start."""

    keys, shown, title, footer = ("R",), "R", "restart", False
    help = "Stop the container and start it again."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.act("restart")


class PauseOrUnpause(ContainerCommand):
    """Freeze its processes, or let them go on."""

    keys, shown, title, footer = ("p",), "p", "pause or unpause", False
    help = "Freeze the container's processes, or let them go on."
    where = "a container that runs or is paused"

    @classmethod
    def applies(cls, situation: Situation) -> bool:
        """On a container that runs or is paused."""
        container = situation.container
        return super().applies(situation) and container is not None and container.state in {"running", "paused"}

    @classmethod
    def label(cls, situation: Situation) -> str:
        """What it would do here."""
        paused = situation.container is not None and situation.container.state == "paused"
        return "unpause" if paused else "pause"

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.act(cls.label(situation))


class Kill(ContainerCommand):
    """End it at once."""

    keys, shown, title, footer = ("K",), "K", "kill", False
    help = "Kill the container's processes at once, after asking."
    where = "a container that runs"

    @classmethod
    def applies(cls, situation: Situation) -> bool:
        """On a container that is alive."""
        container = situation.container
        return super().applies(situation) and container is not None and container.alive

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.ask_to_kill()


class Rename(ContainerCommand):
    """Another name."""

    keys, shown, title, footer = ("n",), "n", "rename", False
    help = "Give the container another name."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.ask_for_name()
