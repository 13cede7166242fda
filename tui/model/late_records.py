"""Records that only annotations name at the start: ``late_records.LayerFiles`` and so on.

Making a record's class takes up to a millisecond, and the first screen waits for every one. Those that tell what
lies in layers, what a container changed and how a cleanup goes are wanted much later, yet the Engine protocol and
the main screen name them, and so does whoever implements it. They take the names from here, where nothing but the
type checker (and import-linter) looks behind them. Whoever makes such a record imports it from its own module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.model.cleanup_progress import CleanupProgress as CleanupProgress
    from tui.model.engine_disk import DiskSight as DiskSight
    from tui.model.engine_disk import EngineDisk as EngineDisk
    from tui.model.layer_files import LayerFiles as LayerFiles
    from tui.model.protection import Protection as Protection
    from tui.model.storage import Change as Change
    from tui.model.storage import PathStat as PathStat
    from tui.model.storage import Reading as Reading
    from tui.model.storage import StorageReport as StorageReport
    from tui.model.waste_record import Waste as Waste
