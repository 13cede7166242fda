"""The engine, for the header line."""

from __future__ import annotations

from collections.abc import Iterable

from tui.model.host import Endpoint
from tui.model.inventory import Inventory
from tui.present import figures
from widgets.cell import Cell, Line, Role


def engine_line(endpoint: Endpoint, inventory: Inventory | None, *, read_only: bool) -> Line:
    """Which engine this is: its context or address, product and version, storage driver."""
    line: list[Cell] = [Cell(" orlop ", Role.ACCENT), Cell(f" {endpoint.label}", Role.STRONG)]
    if endpoint.context and not endpoint.url.startswith("demo"):
        line.append(Cell(f" {endpoint.url}", Role.MUTED))
    host = inventory.host if inventory else None
    if host is not None:
        store = " (containerd store)" if host.image_store == "containerd" else ""
        line.append(Cell(f"  {host.product} {host.server_version}", Role.NORMAL))
        line.append(Cell(f"  {host.storage_driver}{store}", Role.MUTED))
    if read_only:
        line.append(Cell("  read-only", Role.WARNING))
    return tuple(line)


def totals_line(inventory: Inventory | None, *, brief: bool = False) -> Line:
    """How much there is of everything; ``brief`` for narrow terminals."""
    if inventory is None:
        return (Cell("connecting… ", Role.MUTED),)
    usage = inventory.usage
    running = sum(container.state == "running" for container in inventory.containers)
    layers = figures.size(usage.layers_size_bytes) if usage else figures.UNKNOWN
    volumes = figures.size(_sum(volume.size_bytes for volume in inventory.volumes)) if usage else figures.UNKNOWN
    if brief:
        return (
            Cell(f"{layers}", Role.NUMBER),
            Cell(f" · {running}/{len(inventory.containers)} up · ", Role.MUTED),
            Cell(f"{volumes} ", Role.NUMBER),
        )
    return (
        Cell(figures.count(len(inventory.images), "image")),
        Cell(f" {layers}", Role.NUMBER),
        Cell(" · ", Role.MUTED),
        Cell(f"{running}/{len(inventory.containers)} running"),
        Cell(" · ", Role.MUTED),
        Cell(figures.count(len(inventory.volumes), "volume")),
        Cell(f" {volumes} ", Role.NUMBER),
    )


def lost_line(reason: str, retry_in: int) -> Line:
    """What the header says while the connection is lost."""
    when = f"retrying in {retry_in} s" if retry_in else "retrying now"
    return (Cell(f" connection lost, {when} ", Role.BAD), Cell(f"{reason} ", Role.MUTED))


def _sum(sizes: Iterable[int | None]) -> int:
    return sum(size for size in sizes if size is not None)
