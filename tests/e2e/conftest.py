"""A world to look at, and the command to look at it with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.orlop import COMMAND, Orlop
from tests.e2e.world import World
from tests.engine.private_dockerd import PrivateDockerd

Open = Callable[..., Orlop]
"""Starts orlop with these arguments (see :class:`tests.e2e.orlop.Orlop`); it is ended after the test."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder runs the installed command."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(autouse=True)
def _own_corner(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of whoever runs the tests: no engine, no preferences, no docker contexts."""
    for name in ("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    for name in ("ORLOP_PLAIN_OUTPUT", "TEXTUAL_DRIVER", "TEXTUAL", "TMUX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))
    monkeypatch.setenv("ORLOP_CONFIG_DIR", str(tmp_path / "config"))


@pytest.fixture
def open_orlop() -> Iterator[Open]:
    """Opens orlop in a terminal."""
    assert COMMAND.exists(), f"the command is not installed: there is no {COMMAND}"
    with ExitStack() as opened:

        def start(*arguments: str, **terminal: object) -> Orlop:
            return opened.enter_context(Orlop(*arguments, **terminal))  # type: ignore[arg-type]

        yield start


@pytest.fixture
def world(dockerd: PrivateDockerd) -> Iterator[World]:
    """A world to change from outside; empty again afterwards."""
    made = World(dockerd)
    yield made
    made.close()


@pytest.fixture
def mortal_dockerd(dockerd: PrivateDockerd) -> Iterator[PrivateDockerd]:
    """An engine of this test's own, to be killed and hung. (That ``dockerd`` runs says that one can be had.)"""
    own = PrivateDockerd.from_environment()
    yield own
    own.stop()
