"""What screens and panes wish for. The app, which owns the engine, grants it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from tui.engine.port import ExecRequest
from tui.model.mark import Kind
from tui.model.selection import Sort
from tui.present.details import Subject

if TYPE_CHECKING:
    # For annotations only, and down the stairs: plans are made long after the first screen is shown.
    from tui.model.cleanup_plan import CleanupPlan
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


class FilesRequested(Message):
    """What lies in the layers of an image or a container is wanted.

    ``kind`` is ``image`` or ``container``, ``object_id`` its whole ID, ``layer`` the number of the layer to begin with
    (0 is the lowest; ``None``: the topmost), ``title`` what the user knows it by (empty: whatever it is called),
    ``path`` the file to begin with (empty: none).
    """

    def __init__(self, kind: str, object_id: str, layer: int | None = None, title: str = "", path: str = "") -> None:
        super().__init__()
        self.kind = kind
        self.object_id = object_id
        self.title = title
        self.layer = layer
        self.path = path


class ComparisonRequested(Message):
    """Two images are to be compared: their whole IDs, and what the user knows them by."""

    def __init__(self, left_id: str, left_title: str, right_id: str, right_title: str) -> None:
        super().__init__()
        self.left_id = left_id
        self.left_title = left_title
        self.right_id = right_id
        self.right_title = right_title


class LayerTreeRequested(Message):
    """The layer tree across images is wanted, with the cursor on an image's top layer (empty: on the first row)."""

    def __init__(self, image_id: str) -> None:
        super().__init__()
        self.image_id = image_id


class StorageMapRequested(Message):
    """The map of where the engine keeps everything is wanted."""


class PlanRequested(Message):
    """The plan is wanted: what is marked, step by step; or the cleanup that is under way, or its receipt."""


class CandidatesRequested(Message):
    """What could be marked, by rules, is wanted."""


class HistoryRequested(Message):
    """What was removed before, and the ways back, are wanted."""


class UsageRequested(Message):
    """What takes up the engine's disk, as one bar, is wanted."""


class DiskSightRequested(Message):
    """How full the disks are is wanted, and what the logs of these containers take."""

    def __init__(self, container_ids: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.container_ids = container_ids


class CleanupRequested(Message):
    """A reviewed plan is to be carried out. ``back_up`` names the volumes that are backed up before they go."""

    def __init__(self, plan: CleanupPlan, back_up: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self.plan = plan
        self.back_up = back_up


class CleanupSteered(Message):
    """The cleanup that is under way is to do something else.

    ``verb`` is one of ``pause``, ``resume``, ``stop``, and, once it is over, ``retry`` and ``drop`` (the failed step
    ``key``), ``retry_all`` and ``forget`` (the receipt has been seen).
    """

    def __init__(self, verb: str, key: tuple[Kind, str] | None = None) -> None:
        super().__init__()
        self.verb = verb
        self.key = key


class ThemeRequested(Message):
    """The next theme, please."""


class RedrawRequested(Message):
    """The whole screen is to be drawn again, whatever the terminal shows."""


class QuitRequested(Message):
    """orlop is to be left."""


class RefusalsSeen(Message):
    """The user has seen what the engine refused; it need not stand beside the objects any longer."""


class ChangesFollowed(Message):
    """The changes of a container are on the screen from now on; an empty ID: of none."""

    def __init__(self, container_id: str, running: bool) -> None:
        super().__init__()
        self.container_id = container_id
        self.running = running


class PathsRequested(Message):
    """What is at these paths of a container is needed; others that were asked for before no longer are."""

    def __init__(self, container_id: str, paths: tuple[str, ...]) -> None:
        super().__init__()
        self.container_id = container_id
        self.paths = paths


class ContentsRequested(Message):
    """What lies in an image's layers is of interest, if somebody has read it before: nothing is to be read for it."""

    def __init__(self, image_id: str) -> None:
        super().__init__()
        self.image_id = image_id
