"""Fixtures for every room, and the rule for tests that need an engine: loud when there is none, fatal in CI."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.engine.private_dockerd import NoDockerdError, PrivateDockerd
from tests.examples import examples

_NO_DOCKERD = "no dockerd of our own could be started: "


def pytest_configure() -> None:
    """As many examples as this run is to try; and signals as a shell has them for what the tests start.

    A suite that was started in the background inherits that Ctrl-C and others are ignored, and so would all it starts.
    """
    settings.register_profile("orlop", max_examples=examples())
    settings.load_profile("orlop")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGHUP, signal.SIGQUIT):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


@pytest.fixture(scope="session")
def dockerd() -> Iterator[PrivateDockerd]:
    """A private dockerd, one per test process."""
    try:
        found = PrivateDockerd.from_environment()
    except NoDockerdError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{_NO_DOCKERD}{error}", pytrace=False)
        pytest.skip(f"{_NO_DOCKERD}{error}")
    yield found
    found.stop()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever asks for the dockerd needs an engine."""
    for item in items:
        if "dockerd" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.engine)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it where nobody can miss it: a green run without an engine proves little."""
    reasons = [
        str(report.longrepr[2]).partition(_NO_DOCKERD)[2]
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple) and _NO_DOCKERD in str(report.longrepr[2])
    ]
    if reasons:
        terminalreporter.section("THE ENGINE WAS NOT TESTED", red=True, bold=True)
        terminalreporter.line(f"{len(reasons)} tests did not run: {reasons[0]}", red=True)
