"""Volumes: rows of their tree, and the facts about them."""

from __future__ import annotations

from collections.abc import Mapping

from tui.model.place import VolumeGroupPlace, VolumePlace
from tui.model.volume import Volume, VolumeDetail
from tui.present import figures
from tui.present.container import container_name, state_cells
from tui.present.image import IN_USE, UNUSED
from widgets.cell import Cell, Fact, Line, Role, RowText, Section

_GROUPS = {
    "in use": "Named volumes that a container mounts, running or not.",
    "unused": "Named volumes that no container mounts. Their files are kept until someone removes them.",
    "anonymous": "Volumes whose name the engine made up, because a container asked for one without naming it.",
}


def volume_name(volume: Volume) -> str:
    """Its name; the made-up name of an anonymous volume is shortened like an ID."""
    return figures.short_id(volume.name) if volume.anonymous and len(volume.name) == 64 else volume.name


def group_row(place: VolumeGroupPlace) -> RowText:
    """A group of volumes, with how many there are."""
    return RowText((Cell(place.group, Role.STRONG),), (Cell(figures.count(len(place.volumes), "volume"), Role.MUTED),))


def volume_row(place: VolumePlace, *, by_age: bool = False) -> RowText:
    """A volume, marked when a container mounts it."""
    mark = Cell(IN_USE, Role.GOOD) if place.users else Cell(UNUSED, Role.MUTED)
    in_use: Line = (Cell("  in use", Role.GOOD),) if place.users else ()
    size: Line = (Cell(figures.size(place.volume.size_bytes), Role.NUMBER),)
    if by_age:
        size = (Cell(f"{figures.brief_age(place.volume.created)}  ", Role.MUTED), *size)
    return RowText((mark, Cell(volume_name(place.volume)), *in_use), size)


def group_sections(place: VolumeGroupPlace) -> tuple[Section, ...]:
    """A group in facts."""
    sizes = [volume.size_bytes for volume in place.volumes]
    known = None if None in sizes else sum(size for size in sizes if size is not None)
    facts = (
        Fact("", (Cell(_GROUPS[place.group]),)),
        Fact("Volumes", (Cell(str(len(place.volumes)), Role.NUMBER),)),
        Fact("Together", (Cell(figures.size(known), Role.NUMBER),), exact=figures.exact_bytes(known)),
    )
    return (Section(place.group.capitalize(), facts),)


def volume_sections(place: VolumePlace, detail: VolumeDetail | None) -> tuple[Section, ...]:
    """A volume in plain words."""
    volume = place.volume
    kind = "anonymous: the engine made its name up" if volume.anonymous else "named"
    facts = (
        Fact("Name", (Cell(volume.name, Role.STRONG),)),
        Fact("Kind", (Cell(kind),)),
        Fact(
            "Size", (Cell(figures.size(volume.size_bytes), Role.NUMBER),), exact=figures.exact_bytes(volume.size_bytes)
        ),
        Fact("Created", (Cell(figures.age(volume.created)),), exact=figures.date(volume.created)),
        Fact("Driver", (Cell(f"{volume.driver}, scope {volume.scope}"),)),
        Fact("On the host", (Cell(volume.mountpoint or "the driver does not say"),)),
    )
    sections = [Section("", facts), Section("Used by", users_facts(place))]
    if volume.options:
        sections.append(Section("Driver options", _pairs(volume.options)))
    if detail is not None and detail.status:
        sections.append(Section("Status", _pairs({name: str(value) for name, value in detail.status.items()})))
    return tuple(sections)


def users_facts(place: VolumePlace) -> tuple[Fact, ...]:
    """The containers that mount the volume, with their state and where they mount it."""
    facts = []
    for container in place.users:
        for mount in container.mounts:
            if mount.type == "volume" and mount.name == place.volume.name:
                access = " (read only)" if mount.read_only else ""
                where = Cell(f"  at {mount.destination}{access}", Role.MUTED)
                name = Cell(f"  {container_name(container)}", Role.LINK)
                facts.append(Fact("", (*state_cells(container.state), name, where)))
    return tuple(facts) or (Fact("", (Cell("no container", Role.MUTED),)),)


def _pairs(values: Mapping[str, str]) -> tuple[Fact, ...]:
    return tuple(Fact(name, (Cell(value),)) for name, value in sorted(values.items()))
