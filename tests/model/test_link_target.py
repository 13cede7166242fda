"""Links lead where they would inside the image."""

from __future__ import annotations

import pytest

from tui.model.file_stack import StackedFiles
from tui.model.layer_files import Kind, LayerBuilder
from tui.model.link_target import link_target


def stack() -> StackedFiles:
    builder = LayerBuilder()
    for path in ("usr", "usr/bin", "etc"):
        builder.add(path, Kind.FOLDER, 0, 0o755, 0, 0, 0)
    for path in ("usr/bin/dash", "etc/passwd"):
        builder.add(path, Kind.FILE, 10, 0o755, 0, 0, 0)
    for path, target in {
        "bin": "usr/bin",
        "sh": "bin/dash",
        "usr/bin/sh": "dash",
        "usr/bin/up": "../../etc/passwd",
        "usr/bin/absolute": "/etc/passwd",
        "usr/bin/chain": "/sh",
        "usr/bin/out": "../../../../../etc/passwd",
        "usr/bin/root": "/",
        "dots": "./usr/./bin//dash",
        "one": "two",
        "two": "one",
        "self": "self/x",
        "lost": "/nowhere",
    }.items():
        builder.add(path, Kind.SYMLINK, 0, 0o777, 0, 0, 0, target)
    upper = LayerBuilder()
    upper.hide("etc/passwd")
    return StackedFiles.of([builder.build(), upper.build()])


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("usr/bin/sh", "usr/bin/dash"),
        ("usr/bin/up", "etc/passwd"),
        ("usr/bin/absolute", "etc/passwd"),
        ("usr/bin/chain", "usr/bin/dash"),
        ("usr/bin/out", "etc/passwd"),
        ("usr/bin/root", ""),
        ("dots", "usr/bin/dash"),
        ("bin", "usr/bin"),
        ("etc/passwd", "etc/passwd"),
    ],
)
def test_leads_there(path: str, target: str) -> None:
    stacked = stack()
    node = link_target(stacked, 0, path)
    assert node is not None
    assert stacked.paths[node] == target


@pytest.mark.parametrize("path", ["one", "self", "lost", "no/such/path"])
def test_leads_nowhere(path: str) -> None:
    assert link_target(stack(), 0, path) is None


def test_what_a_later_layer_removed_is_not_there() -> None:
    stacked = stack()
    assert link_target(stacked, 0, "usr/bin/up") is not None
    assert link_target(stacked, 1, "usr/bin/up") is None
