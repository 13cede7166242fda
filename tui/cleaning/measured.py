"""The engine's figures that steps hang on, read when they are needed and not oftener: that may take it minutes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Collection, Iterable

from tui.cleaning.figures import usage_of, usage_unless
from tui.engine.errors import EngineError
from tui.engine.port import Engine
from tui.model.cleanup_plan import Step
from tui.model.host import DiskUsage
from tui.model.mark import Kind


class Measured:
    """What the engine has said of its disk during one run.

    How much volumes hold is read before the first step, before what failed is tried again, and after a pause: not
    before every volume. A volume that is backed up needs none: its backup holds whatever it holds by then.

    Args:
        engine: what to ask.
        back_up: names of the volumes that are backed up before they go.
        usage: what it has just said, if it has been asked.
    """

    def __init__(self, engine: Engine, back_up: Collection[str], usage: DiskUsage | None) -> None:
        self._engine = engine
        self._back_up = frozenset(back_up)
        self.before = usage
        """Read before anything goes, or goes on."""
        self._in_vain = False
        """The engine was asked for that and did not tell: it is not asked before every step."""
        self._cache: DiskUsage | None = None
        """Read once for all cache records that follow each other."""

    def forget(self) -> None:
        """It was read long ago."""
        self.before, self._cache, self._in_vain = None, None, False

    def lacks(self, steps: Iterable[Step], *, always: bool) -> bool:
        """Whether the figures have to be read before these steps, or ``always`` unless they are known."""
        if self.before is not None or self._in_vain:
            return False
        return always or any(step.reviewed.size_bytes is not None and self._goes_bare(step) for step in steps)

    def _goes_bare(self, step: Step) -> bool:
        return step.kind is Kind.VOLUME and step.id not in self._back_up

    async def read(self, given_up: asyncio.Event) -> None:
        """Read them, unless that is given up."""
        self.before = await usage_unless(given_up, self._engine)
        self._in_vain = self.before is None

    async def for_step(self, step: Step) -> DiskUsage | None:
        """What ``step`` is held against. It may ask the engine, for a cache record.

        A record that has come into use since is the engine's to refuse, and its ID is never given to another.
        """
        if step.kind is not Kind.CACHE_RECORD:
            return self.before if step.kind is Kind.VOLUME else None
        if self._cache is None:
            with contextlib.suppress(EngineError):  # it is asked again, and the step says what it answered
                self._cache = await usage_of(self._engine)
        return self._cache
