"""One whole look at an engine: everything listed, measured and read, so that every figure is as exact as it gets."""

from __future__ import annotations

from dataclasses import dataclass

from tui.cleaning.disk_look import disk_of
from tui.cleaning.figures import usage_of
from tui.engine.port import Engine
from tui.keeper.details import Details
from tui.model.engine_disk import EngineDisk
from tui.model.holdings import Holdings
from tui.model.inventory import Inventory

ALL = frozenset({"images", "containers", "volumes"})


@dataclass(frozen=True, slots=True)
class World:
    """What an engine stores, at one moment."""

    inventory: Inventory
    holdings: Holdings
    disk: EngineDisk
    """How full its disk is, and what the logs of all containers take."""


async def read_world(engine: Engine) -> World:
    """Ask an engine for all of it. Raises EngineError."""
    host = await engine.host()
    inventory = Inventory(host, await engine.images(), await engine.containers(), await engine.volumes(), ALL)
    inventory = inventory.with_usage(await usage_of(engine))
    disk = await disk_of(engine, inventory.containers_by_id)
    return World(inventory, await Details(engine).read_holdings(inventory), disk)
