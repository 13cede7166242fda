"""``orlop df``: what the engine keeps, exactly, beside what ``docker system df`` says of it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from argparse import Namespace
from collections.abc import Iterator, Mapping
from typing import Any

from tui import exit_codes
from tui.engine.errors import BadEndpointError, EngineError
from tui.headless.engine_access import open_engine
from tui.headless.output import complain, write
from tui.headless.world import World, read_world
from tui.model.disk_account import AccountLine, account, command_name
from tui.model.engine_disk import EngineDisk
from tui.model.estimate import Estimate
from tui.model.usage_parts import DiskParts, Group, disk_parts
from tui.present import figures
from tui.present.cleanup_disk import room_words
from tui.present.cleanup_plan import amount
from tui.present.removal import DOUBTS
from tui.signals import OrderlyExit
from widgets.literal import literal

FORMAT = "orlop disk usage"
VERSION = 1


def run(arguments: Namespace) -> int:
    """Report the disk usage of the engine that ``arguments`` name."""
    try:
        world = _read(arguments)
    except EngineError as error:
        wrong_usage = isinstance(error, BadEndpointError) and arguments.host is not None
        return complain(str(error), exit_codes.USAGE if wrong_usage else exit_codes.NOT_READ)
    if arguments.json:
        return write((json.dumps(document(world), indent=2), "\n"), exit_codes.OK)
    return write((f"{line}\n" for line in text(world)), exit_codes.OK)


def _read(arguments: Namespace) -> World:
    async def read() -> World:
        try:
            return await read_world(engine)
        finally:
            await engine.close()

    with OrderlyExit(), contextlib.ExitStack() as stack:
        engine = open_engine(arguments, stack)
        return asyncio.run(read())


def text(world: World) -> Iterator[str]:
    """The report for people."""
    cli = command_name(world.inventory)
    lines = account(world.inventory, world.holdings)
    host = world.inventory.host
    if host is not None:
        yield literal(f"{host.product} {host.server_version} on {host.name}, {host.root_dir}")
        yield ""
    yield f"{'':14}{'':>14} {cli + ' system df':>25}   {'comes back':>14}"
    yield f"{'':14}{'exact':>14} {'size':>12} {'reclaimable':>12}   {'by pruning':>14}  objects"
    for line in lines:
        objects = f"{line.total:,}, {line.active:,} in use"
        exact, said, reclaimable = map(_size, (line.exact_bytes, line.size_bytes, line.reclaimable_bytes))
        yield f"{line.kept.value:14}{exact:>14} {said:>12} {reclaimable:>12}   {amount(line.freed):>14}  {objects}"
    parts = disk_parts(world.inventory, world.holdings)
    least = "" if parts.complete else "at least "
    yield f"{'Together':14}{_size(parts.total_bytes):>14}   {least}{figures.exact_bytes(parts.total_bytes)}"
    yield from (f"  {why}" for why in _unknown(parts))
    yield from _disk_text(world)
    doubts = dict.fromkeys(doubt for line in lines for doubt in line.freed.doubts)
    for doubt in doubts:
        yield f"  what comes back is not certain: {DOUBTS[doubt]}"
    yield ""
    yield "What would make room (orlop plan says what exactly would go):"
    for line in lines:
        for prune in line.prunes:
            yield f"  {amount(prune.freed):>12}  {prune.command:26} {prune.objects:,}: {prune.takes}"


def _unknown(parts: DiskParts) -> Iterator[str]:
    """Why the total is only a lower bound, in sentences."""
    for group in parts.groups:
        unsized = sum(part.unsized for part in group.parts)
        if unsized:
            things = sum(part.things for part in group.parts)
            yield f"not in it: {unsized:,} of {things:,} {_NOUNS[group.group]} whose size the engine does not tell"
        elif any(part.bytes is None for part in group.parts):
            yield f"not in it: {_NOUNS[group.group]}, whose size is not known"


_NOUNS = {
    Group.IMAGES: "image layers",
    Group.CONTAINERS: "containers' own files",
    Group.VOLUMES: "volumes",
    Group.CACHE: "records of the build cache",
    Group.LOGS: "container logs",
}


def _disk_text(world: World) -> Iterator[str]:
    """What lies beside all that: the logs, which no figure of the engine's counts; and how full the disk is."""
    disk = world.disk
    if disk.logs is not None:
        stopped = sum(disk.logs.get(one.id, 0) for one in world.inventory.containers if not one.alive)
        total = sum(disk.logs.values())
        yield f"{'Logs':14}{_size(total):>14}   besides: {figures.size(stopped)} of containers that do not run"
    if disk.room is not None:
        yield f"{'Free on disk':14}{_size(disk.room.free_bytes):>14}   {room_words(disk.room, exact=True)}"
    if disk.reason:
        what = "logs" if disk.room is not None else "logs and free room"
        yield literal(f"  {what} not measured: {disk.reason}")


def _size(count: int | None) -> str:
    """``1.2 GB``; ``?`` when nobody knows: nothing more will be read here."""
    return "?" if count is None else figures.size(count)


def document(world: World) -> Mapping[str, Any]:
    """The same as JSON takes it; sizes are bytes, and ``null`` where nobody knows."""
    lines = account(world.inventory, world.holdings)
    host = world.inventory.host
    parts = disk_parts(world.inventory, world.holdings)
    return {
        "format": FORMAT,
        "version": VERSION,
        "engine": None
        if host is None
        else {
            "id": host.id,
            "name": host.name,
            "endpoint": host.endpoint.url,
            "product": host.product,
            "version": host.server_version,
            "storage_driver": host.storage_driver,
            "image_store": host.image_store,
            "root_dir": host.root_dir,
        },
        "total": {
            "bytes": parts.total_bytes,
            "certainty": "exact" if parts.complete else "at least",
            "doubts": list(_unknown(parts)),
        },
        "logs": {
            "bytes": None if world.disk.logs is None else sum(world.disk.logs.values()),
            "stopped_bytes": None
            if world.disk.logs is None
            else sum(world.disk.logs.get(one.id, 0) for one in world.inventory.containers if not one.alive),
        },
        "disk": disk_document(world.disk),
        "lines": [_line(line) for line in lines],
    }


def _line(line: AccountLine) -> Mapping[str, Any]:
    return {
        "type": line.kept.value,
        "total": line.total,
        "active": line.active,
        "exact_bytes": line.exact_bytes,
        "df_size_bytes": line.size_bytes,
        "df_reclaimable_bytes": line.reclaimable_bytes,
        "prunes": [
            {
                "command": prune.command,
                "takes": prune.takes,
                "objects": prune.objects,
                "frees": estimate_document(prune.freed),
            }
            for prune in line.prunes
        ],
    }


def disk_document(disk: EngineDisk | None) -> Mapping[str, Any]:
    """How full the engine's disk is; ``null`` where that can't be seen from here, and ``reason`` says why."""
    room = disk.room if disk is not None else None
    return {
        "total_bytes": room.total_bytes if room else None,
        "free_bytes": room.free_bytes if room else None,
        "reserved_for_root_bytes": room.reserved_bytes if room else None,
        "reason": disk.reason if disk is not None else "",
    }


def estimate_document(freed: Estimate) -> Mapping[str, Any]:
    """How many bytes come back, how certain that is, and why it is not more certain."""
    return {
        "bytes": freed.bytes,
        "certainty": freed.certainty.value,
        "doubts": [DOUBTS[doubt] for doubt in freed.doubts],
    }
