"""``orlop df``: what the engine keeps, exactly, beside what ``docker system df`` says of it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from argparse import Namespace
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tui import exit_codes
from tui.engine.errors import BadEndpointError, EngineError
from tui.headless.engine_access import open_engine
from tui.headless.output import complain, write
from tui.headless.world import World, read_world
from tui.model.disk_account import AccountLine, Kept, account, command_name
from tui.model.reclaim import Estimate
from tui.present import figures
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
    together = _together(lines)
    least = "" if together.whole else "at least "
    yield f"{'Together':14}{_size(together.bytes):>14}   {least}{figures.exact_bytes(together.bytes)}"
    doubts = dict.fromkeys(doubt for line in lines for doubt in line.freed.doubts)
    for doubt in doubts:
        yield f"  not certain: {DOUBTS[doubt]}"
    yield ""
    yield "What would make room (orlop plan says what exactly would go):"
    for line in lines:
        for prune in line.prunes:
            yield f"  {amount(prune.freed):>12}  {prune.command:26} {prune.objects:,}: {prune.takes}"


class _Together(NamedTuple):
    """All of it, each byte once."""

    bytes: int
    whole: bool
    """False when a part is not known: then it is at least so much."""


def _together(lines: tuple[AccountLine, ...]) -> _Together:
    # What the build cache shares with images is counted with the images.
    parts = [line.size_bytes if line.kept is Kept.BUILD_CACHE else line.exact_bytes for line in lines]
    known = [part for part in parts if part is not None]
    return _Together(sum(known), len(known) == len(parts))


def _size(count: int | None) -> str:
    """``1.2 GB``; ``?`` when nobody knows: nothing more will be read here."""
    return "?" if count is None else figures.size(count)


def document(world: World) -> Mapping[str, Any]:
    """The same as JSON takes it; sizes are bytes, and ``null`` where nobody knows."""
    lines = account(world.inventory, world.holdings)
    host = world.inventory.host
    together = _together(lines)
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
        "total": {"bytes": together.bytes, "certainty": "exact" if together.whole else "at least"},
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


def estimate_document(freed: Estimate) -> Mapping[str, Any]:
    """How many bytes come back, how certain that is, and why it is not more certain."""
    return {
        "bytes": freed.bytes,
        "certainty": freed.certainty.value,
        "doubts": [DOUBTS[doubt] for doubt in freed.doubts],
    }
