"""What screens and panes wish for. The app, which owns the engine, grants it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from tui.engine.port import ExecRequest
from tui.model.selection import Sort
from tui.present.details import Subject

if TYPE_CHECKING:
    # For annotations only, and down the stairs: plans are made long after the first screen is shown.
    from tui.model.removal import Removal


class DetailRequested(Message):
    """The inspect answer of an object is needed."""

    def __init__(self, subject: Subject) -> None:
        super().__init__()
        self.subject = subject


class NeighboursRequested(Message):
    """The details of every image are needed, to tell which share layers."""


class RefreshRequested(Message):
    """Everything is to be read again, disk usage included."""


class ActionRequested(Message):
    """Something is to be done to a container.

    ``verb`` is one of ``start``, ``stop``, ``restart``, ``pause``, ``unpause``, ``kill``.
    """

    def __init__(self, container_id: str, verb: str) -> None:
        super().__init__()
        self.container_id = container_id
        self.verb = verb


class RenameRequested(Message):
    """A container is to be called ``name``."""

    def __init__(self, container_id: str, name: str) -> None:
        super().__init__()
        self.container_id = container_id
        self.name = name


class RemovalRequested(Message):
    """A reviewed removal is to be carried out. ``key`` is the row it shows beside."""

    def __init__(self, removal: Removal, key: str, *, force: bool, anonymous_volumes: bool) -> None:
        super().__init__()
        self.removal = removal
        self.key = key
        self.force = force
        self.anonymous_volumes = anonymous_volumes


class ShellRequested(Message):
    """A terminal in a container is wanted: a shell, or the command given."""

    def __init__(self, container_id: str, request: ExecRequest | None = None) -> None:
        super().__init__()
        self.container_id = container_id
        self.request = request


class SelectionRemembered(Message):
    """The order of a pane is to be kept for the next start."""

    def __init__(self, kind: str, sort: Sort) -> None:
        super().__init__()
        self.kind = kind
        self.sort = sort


class ThemeRequested(Message):
    """The next theme, please."""


class RedrawRequested(Message):
    """The whole screen is to be drawn again, whatever the terminal shows."""


class RefusalsSeen(Message):
    """The user has seen what the engine refused; it need not stand beside the objects any longer."""
