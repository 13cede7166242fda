"""What a container changed, as engines tell it."""

from __future__ import annotations

import pytest

from tui.engine.container_reading import changes
from tui.engine.errors import EngineFaultError
from tui.model.container import Mount
from tui.model.storage import Change, ChangeKind


def test_kinds_and_order() -> None:
    told = [{"Path": "/var", "Kind": 0}, {"Path": "/etc/new", "Kind": 1}, {"Path": "/opt", "Kind": 2}]
    assert changes(told) == (
        Change("etc/new", ChangeKind.ADDED),
        Change("opt", ChangeKind.DELETED),
        Change("var", ChangeKind.MODIFIED),
    )


@pytest.mark.parametrize("nothing", [None, []])
def test_none_at_all(nothing: object) -> None:
    assert changes(nothing) == ()


def test_mount_points_are_left_out() -> None:
    told = [{"Path": path, "Kind": 1} for path in ("/data", "/data/x", "/database", "/etc/hosts", "/etc/other")]
    mounts = [Mount("volume", "v", "", "/data"), Mount("bind", "", "/x", "/etc/hosts")]
    assert [change.path for change in changes(told, mounts)] == ["database", "etc/other"]


def test_what_makes_no_sense_is_passed_over() -> None:
    told = [{"Path": None, "Kind": 1}, {"Path": "/", "Kind": 0}, {"Path": "/x", "Kind": 7}, {"Path": "/y"}, {"Kind": 1}]
    assert changes(told) == ()
    with pytest.raises(EngineFaultError):
        changes({"message": "no"})
