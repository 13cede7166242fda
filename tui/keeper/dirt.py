"""Which parts of the picture an event makes out of date."""

from __future__ import annotations

from enum import Flag, auto

from tui.model.event import EngineEvent


class Part(Flag):
    """The parts of an Inventory that are read separately."""

    NONE = 0
    IMAGES = auto()
    CONTAINERS = auto()
    VOLUMES = auto()
    USAGE = auto()

    LISTS = IMAGES | CONTAINERS | VOLUMES


_CONTAINER_USAGE = frozenset({"create", "die", "destroy", "remove", "commit"})
_CONTAINER_SILENT = frozenset({"attach", "detach", "resize", "kill", "top", "export", "copy"})


def dirtied(event: EngineEvent) -> Part:
    """The parts that ``event`` makes out of date. Events that change no list give ``Part.NONE``.

    ``kill`` is left out because the ``die`` or ``stop`` that follows says what came of it; volume
    ``mount`` and ``unmount`` because containers' own events come with them.
    """
    kind, action = event.kind, event.action.partition(":")[0]
    if kind == "container":
        if action in _CONTAINER_SILENT or action.startswith("exec_"):
            return Part.NONE
        usage = Part.USAGE if action in _CONTAINER_USAGE else Part.NONE
        return Part.CONTAINERS | usage | (Part.IMAGES if action == "commit" else Part.NONE)
    if kind == "image":
        return Part.NONE if action in {"save", "push"} else Part.IMAGES | Part.USAGE
    if kind == "volume":
        return Part.VOLUMES | Part.USAGE if action in {"create", "destroy", "remove", "prune"} else Part.NONE
    if kind == "network":
        return Part.CONTAINERS if action in {"connect", "disconnect"} else Part.NONE
    if kind == "builder":
        return Part.IMAGES | Part.USAGE
    return Part.NONE
