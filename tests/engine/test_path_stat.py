"""What the engine says of one path of a container, decoded."""

from __future__ import annotations

import base64
import json

import pytest

from tui.engine.path_stat import path_stat
from tui.model.layer_files import Kind
from tui.model.storage import PathStat


def header(**told: object) -> str:
    return base64.b64encode(json.dumps(told).encode()).decode()


@pytest.mark.parametrize(
    ("mode", "kind", "permissions"),
    [
        (0o644, Kind.FILE, 0o644),
        (0o755 | 1 << 23, Kind.FILE, 0o4755),
        (0o755 | 1 << 22, Kind.FILE, 0o2755),
        (0o777 | 1 << 31 | 1 << 20, Kind.FOLDER, 0o1777),
        (0o777 | 1 << 27, Kind.SYMLINK, 0o777),
        (0o660 | 1 << 26, Kind.BLOCK_DEVICE, 0o660),
        (0o666 | 1 << 26 | 1 << 21, Kind.CHARACTER_DEVICE, 0o666),
        (0o600 | 1 << 25, Kind.FIFO, 0o600),
        (0o755 | 1 << 24, Kind.SOCKET, 0o755),
        (0o644 | 1 << 19, Kind.UNKNOWN, 0o644),
    ],
)
def test_the_mode_is_go_s(mode: int, kind: Kind, permissions: int) -> None:
    found = path_stat(header(name="x", size=7, mode=mode, mtime="2020-09-13T12:26:40.5Z", linkTarget="/there"))
    assert found is not None
    assert (found.kind, found.mode, found.modified) == (kind, permissions, 1_600_000_000.5)
    assert found.size_bytes == (7 if kind is Kind.FILE else 0)
    assert found.link == ("/there" if kind is Kind.SYMLINK else "")


def test_nanoseconds_and_zones() -> None:
    found = path_stat(header(mode=0, size=0, mtime="2020-09-13T14:26:40.123456789+02:00"))
    assert found is not None
    assert found.modified == pytest.approx(1_600_000_000.123456)


def test_what_is_missing_is_neutral() -> None:
    assert path_stat(header(mode=0o600)) == PathStat(Kind.FILE, 0, 0o600, 0.0, "")
    assert path_stat(header(mode=0o600, size=-1, mtime="0001-01-01T00:00:00Z", linkTarget=None)) == PathStat(
        Kind.FILE, 0, 0o600, 0.0, ""
    )


@pytest.mark.parametrize(
    "damaged", [None, "", "%%%", header(), header(mode="0644"), header(mode=True), "bnVsbA==", "WzFd"]
)
def test_what_is_damaged_is_nothing(damaged: str | None) -> None:
    assert path_stat(damaged) is None
