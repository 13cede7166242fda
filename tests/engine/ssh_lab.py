"""An ``ssh`` of the tests' own, put first on PATH: see ``fake_ssh.py`` for what it does."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FAKE_SSH = Path(__file__).with_name("fake_ssh.py")


class Ssh:
    """The fake ssh: the environment to run it in, and what it was called with."""

    def __init__(self, folder: Path) -> None:
        (folder / "bin").mkdir()
        (folder / "run").mkdir()
        command = folder / "bin" / "ssh"
        command.write_text(f'#!/bin/sh\nexec {sys.executable} {_FAKE_SSH} "$@"\n')
        command.chmod(0o755)
        self.log = folder / "calls"
        self.runtime = folder / "run"
        self.environ = {
            **os.environ,
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
            "FAKE_SSH_LOG": str(self.log),
            "XDG_RUNTIME_DIR": str(self.runtime),
        }

    def calls(self) -> list[list[str]]:
        """Its arguments, one list a call."""
        return [json.loads(line)[1:] for line in self.log.read_text().splitlines()]

    def alive(self) -> list[int]:
        """Process ids of those that still run."""
        found = [json.loads(line)[0] for line in self.log.read_text().splitlines()]
        return [pid for pid in found if _alive(pid)]


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def fake_ssh() -> Iterator[Ssh]:
    """A fake ssh in a folder of its own, for as long as this is entered."""
    # Not below pytest's folder: a unix socket's path must be short.
    folder = Path(tempfile.mkdtemp(prefix="ssh-"))
    try:
        yield Ssh(folder)
    finally:
        shutil.rmtree(folder)
