"""Which event makes what out of date."""

from __future__ import annotations

import pytest

from tui.keeper.dirt import Part, dirtied
from tui.model.event import EngineEvent


@pytest.mark.parametrize(
    ("kind", "action", "parts"),
    [
        ("container", "create", Part.CONTAINERS | Part.USAGE),
        ("container", "start", Part.CONTAINERS),
        ("container", "rename", Part.CONTAINERS),
        ("container", "health_status: healthy", Part.CONTAINERS),
        ("container", "destroy", Part.CONTAINERS | Part.USAGE),
        ("container", "exec_create: sh", Part.NONE),
        ("container", "exec_die", Part.NONE),
        ("container", "top", Part.NONE),
        ("container", "commit", Part.CONTAINERS | Part.IMAGES | Part.USAGE),
        ("image", "tag", Part.IMAGES | Part.USAGE),
        ("image", "untag", Part.IMAGES | Part.USAGE),
        ("image", "save", Part.NONE),
        ("volume", "create", Part.VOLUMES | Part.USAGE),
        ("volume", "mount", Part.NONE),
        ("volume", "destroy", Part.VOLUMES | Part.USAGE),
        ("network", "connect", Part.CONTAINERS),
        ("network", "create", Part.NONE),
        ("builder", "prune", Part.IMAGES | Part.USAGE),
        ("daemon", "reload", Part.NONE),
        ("something new", "happened", Part.NONE),
    ],
)
def test_parts(kind: str, action: str, parts: Part) -> None:
    assert dirtied(EngineEvent(kind, action, "x")) == parts
