"""Counts the requests an engine gets by asking the engine itself: dockerd writes each into its debug log."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from typing import Self

from tests.engine.private_dockerd import PrivateDockerd

_CALL = re.compile(rb"Calling (?:[A-Z]+) |handling (?:[A-Z]+) request")
"""How an engine logs a request: "Calling GET /v1.41/info" up to 26, "handling GET request" since."""


class RequestLog:
    """Switches a private dockerd's debug log on for as long as the context lasts; nothing is slowed down outside."""

    def __init__(self, dockerd: PrivateDockerd) -> None:
        self._dockerd = dockerd
        self._log = dockerd.root / "log"
        self._config = dockerd.root / "daemon.json"
        self._before = self._config.read_text()

    def __enter__(self) -> Self:
        self._reload(json.dumps({**json.loads(self._before), "debug": True}))
        return self

    def __exit__(self, *_error: object) -> None:
        self._reload(self._before)

    def count(self) -> int:
        """Requests logged so far; only differences mean anything."""
        return len(_CALL.findall(self._log.read_bytes()))

    def wait_quiet(self, seconds: float, timeout: float = 60.0) -> int:
        """Wait until no request has come for *seconds*, and return the count."""
        deadline = time.monotonic() + timeout
        count, since = self.count(), time.monotonic()
        while time.monotonic() - since < seconds:
            if time.monotonic() > deadline:
                raise TimeoutError(f"requests still come after {timeout:g} s")
            time.sleep(0.1)
            now = self.count()
            if now != count:
                count, since = now, time.monotonic()
        return count

    def _reload(self, config: str) -> None:
        seen = self._log.stat().st_size
        self._config.write_text(config)
        os.kill(self._dockerd.pid, signal.SIGHUP)
        deadline = time.monotonic() + 10
        while b"Reloaded configuration" not in self._log.read_bytes()[seen:]:
            if time.monotonic() > deadline:
                raise TimeoutError(f"dockerd does not reload its configuration: {self._dockerd.log_tail()}")
            time.sleep(0.02)
