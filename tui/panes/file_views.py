"""The views of a stack of layers that have been looked at: made once, in a thread when that takes its time."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from tui.model.file_stack import StackedFiles
from tui.model.file_view import FileView

MANY = 5_000
"""Paths from which on a view is made in a thread: 50,000 take some 50 ms, in which no key would be heard."""
_KEPT = 8
"""A view of 50,000 paths takes about 3 MB."""


class FileViews:
    """Views by layer, and by whether the layer is looked at alone."""

    def __init__(self, stack: StackedFiles) -> None:
        self.stack = stack
        self._kept: OrderedDict[tuple[int, bool], FileView] = OrderedDict()

    def at_once(self, layer: int, *, alone: bool) -> FileView | None:
        """A view that is here or quickly made; else ``None``."""
        if (layer, alone) in self._kept or len(self.stack.paths) < MANY:
            return self.now(layer, alone=alone)
        return None

    def now(self, layer: int, *, alone: bool) -> FileView:
        """A view, whatever it takes."""
        view = self._kept.get((layer, alone)) or _make(self.stack, layer, alone)
        return self._keep(view)

    async def fetch(self, layer: int, *, alone: bool) -> FileView:
        """A view, made in a thread."""
        return self._keep(await asyncio.to_thread(_make, self.stack, layer, alone))

    def _keep(self, view: FileView) -> FileView:
        key = (view.layer, view.alone)
        # Of two that were made at the same time one is kept, so that what is shown stays the same object.
        view = self._kept.setdefault(key, view)
        self._kept.move_to_end(key)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return view


def _make(stack: StackedFiles, layer: int, alone: bool) -> FileView:
    view = FileView.of(stack, layer, alone=alone)
    view.changes()  # counted here, in the thread: it is remembered
    return view
