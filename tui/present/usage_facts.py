"""The disk usage: what every row means, what of it would come back, and what ``docker system df`` says of it."""

from __future__ import annotations

from collections.abc import Iterable

from tui.model.disk_account import AccountLine, Kept, command_name
from tui.model.engine_disk import EngineDisk
from tui.model.inventory import Inventory
from tui.model.usage_parts import DiskParts, Group, Part, UsageGroup, UsagePart
from tui.present import figures
from tui.present.removal import freed_text
from tui.present.usage import LogsUnreadSpot, PartSpot, RoomSpot, door_of
from widgets.cell import Cell, Fact, Role, Section

_NOUNS = {
    Group.IMAGES: ("layer", "layers"),
    Group.CONTAINERS: ("container", "containers"),
    Group.VOLUMES: ("volume", "volumes"),
    Group.CACHE: ("record", "records"),
    Group.LOGS: ("container", "containers"),
}

_MEANINGS = {
    Part.LAYERS_UNREAD: "It is being read which image has which layer. Until then this is the engine's own total, each "
    "layer counted once.",
    Part.LAYERS_USED: "Layers of images that a container stands on, running or not. Other images may have them too. "
    "They stay as long as the container does, whatever happens to the image's tags.",
    Part.LAYERS_SHARED: "Layers that several images have, and no container. Such a layer goes with the last image "
    "that has it: removing one of them frees nothing of this.",
    Part.LAYERS_ALONE: "Layers that a single image has, which no container stands on: what only its tags keep. They "
    "come back when that image goes.",
    Part.LAYERS_DANGLING: "Layers that only images without a tag have: mostly older builds, whose tag has moved on to "
    "a newer one.",
    Part.LAYERS_OTHER: "What the engine counts besides the layers of listed images and of containers: steps of the "
    "classic builder that were left behind, or layers of images that were removed by force.",
    Part.WRITTEN_RUNNING: "What running containers (and paused or restarting ones) have written into their writable "
    "layers. It goes with the container, and with it what was written.",
    Part.WRITTEN_STOPPED: "What containers that don't run have written into their writable layers. It comes back when "
    "they are removed, and is lost then. The images below them may then go, too.",
    Part.VOLUMES_USED: "Volumes that a container mounts, running or not. The engine does not remove them.",
    Part.VOLUMES_UNUSED: "Volumes with a name that no container mounts: often the data of something that is only "
    "stopped for now. Look before you remove one: there is no way back without a backup.",
    Part.VOLUMES_ANONYMOUS: "Volumes whose name the engine made up, left behind by containers that are gone.",
    Part.CACHE_IN_USE: "Records that a build is using right now. They can go once it is over.",
    Part.CACHE_PRIVATE: "Records that no image has a layer of. The next build makes again what is missing.",
    Part.CACHE_SHARED: "Records whose layers an image has, too. Their bytes lie on the disk once and are counted with "
    "the images; they come back when both are gone.",
    Part.LOGS: "What containers have written to stdout and stderr, as the engine keeps it. docker system df leaves it "
    "out. It goes with the container.",
}

_GROUPS = {
    Group.IMAGES: "The read-only layers of images. Each lies on the disk once, however many images have it.",
    Group.CONTAINERS: "What containers changed of their image's files: their writable layers.",
    Group.VOLUMES: "Data that outlives containers.",
    Group.CACHE: "What BuildKit keeps so that builds need not do everything again.",
    Group.LOGS: _MEANINGS[Part.LOGS],
}

_DIFFERENCES = {
    Kept.IMAGES: "Its RECLAIMABLE takes only what images with containers have alone off the total: layers that two of "
    "them share count as reclaimable, though they can't go.",
    Kept.CONTAINERS: "It leaves logs out.",
    Kept.VOLUMES: "Its RECLAIMABLE counts every volume that nothing mounts, those with names too.",
    Kept.BUILD_CACHE: "It leaves out what is shared with images.",
}


def usage_sections(spot: object, parts: DiskParts, inventory: Inventory) -> tuple[Section, ...]:
    """The explanation of a row."""
    match spot:
        case PartSpot():
            return (*_part(spot, parts), *_df(spot.group.line, inventory), _door(spot, inventory))
        case UsageGroup(group=Group.LOGS):
            return (*_part(PartSpot(spot.parts[0], spot), parts), _text("m goes to the storage map: log by log."))
        case UsageGroup():
            return (*_group(spot, parts), *_df(spot.line, inventory), _door(spot, inventory))
        case LogsUnreadSpot():
            why = spot.reason or "Nobody has measured them yet: m goes to the storage map, u there measures them."
            return (Section(str(Group.LOGS), (_line(_MEANINGS[Part.LOGS]),)), _text(why))
        case RoomSpot(disk=disk):
            return _room(disk, inventory)
        case _:
            return ()


def _room(disk: EngineDisk, inventory: Inventory) -> tuple[Section, ...]:
    host, room = inventory.host, disk.room
    where = f" of {host.root_dir}" if host is not None and host.root_dir else ""
    if room is None:
        return (
            Section("Free on the disk", (_line(f"How full the disk{where} is can't be seen from here."),)),
            _text(disk.reason),
        )
    facts = [_bytes("Free", room.free_bytes), _bytes("Disk", room.total_bytes)]
    if room.reserved_bytes:
        facts.append(_bytes("For root", room.reserved_bytes))
        facts.append(_line("The file system keeps that free for root alone, on top of what is free for everybody."))
    what = f"The file system that the engine's data folder{where} lies on, as df shows it; other things lie there too."
    return (Section("Free on the disk", (_line(what), *facts)),)


def _part(spot: PartSpot, parts: DiskParts) -> tuple[Section, ...]:
    part = spot.part
    facts = [_line(_MEANINGS[part.part]), _bytes("Size", part.bytes), *_share(part.bytes, parts)]
    if part.part not in {Part.LAYERS_OTHER, Part.LAYERS_UNREAD}:
        facts.append(Fact("Made of", (Cell(figures.count(part.things, *_NOUNS[spot.group.group])),)))
    if part.unsized:
        words = f"{part.unsized:,} of them: the size is not known, and not in the figure"
        facts.append(Fact("Unknown", (Cell(words, Role.WARNING),)))
    if part.elsewhere_bytes:
        facts.append(_bytes("With images", part.elsewhere_bytes))
    title = f"{spot.group.group}: {part.part}"
    return (Section(title, tuple(facts)), Section("What of it comes back", (_line(_comes_back(part)),)))


def _comes_back(part: UsagePart) -> str:
    match part.part:
        case Part.LAYERS_USED:
            return "Nothing, before the containers on these images go."
        case Part.LAYERS_SHARED:
            return f"When all images without containers go: {_lowered(freed_text(part.comes_back))}"
        case Part.WRITTEN_RUNNING:
            return "Nothing, while they run."
        case Part.VOLUMES_USED:
            return "Nothing, before the containers that mount them go."
        case Part.CACHE_IN_USE:
            return "Nothing, while the build runs."
        case Part.CACHE_SHARED:
            return "Nothing by itself: only together with the images that have the same layers."
        case Part.LOGS | Part.LAYERS_OTHER | Part.LAYERS_UNREAD:
            return "That can't be told from here."
        case _:
            return freed_text(part.comes_back)


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _group(group: UsageGroup, parts: DiskParts) -> tuple[Section, ...]:
    facts = (_line(_GROUPS[group.group]), _bytes("Size", group.bytes), *_share(group.bytes, parts))
    prunes = group.line.prunes if group.line is not None else ()
    made = [
        Section(
            prune.command, (_line(f"Removes {prune.takes}: {prune.objects:,} now."), _line(freed_text(prune.freed)))
        )
        for prune in prunes
    ]
    return (Section(str(group.group), facts), *made)


def _df(line: AccountLine | None, inventory: Inventory) -> tuple[Section, ...]:
    if line is None:
        return ()
    facts = (
        _bytes("SIZE", line.size_bytes),
        _bytes("RECLAIMABLE", line.reclaimable_bytes),
        _line(_DIFFERENCES[line.kept]),
    )
    return (Section(f"{command_name(inventory)} system df: {line.kept}", facts),)


def _door(spot: object, inventory: Inventory) -> Section:
    door = door_of(spot, inventory)
    if door is None:
        return Section("")
    filtered = f", filtered by “{door.selection.query}”" if door.selection.query else ""
    return _text(f"Enter goes to the {'build cache' if door.pane == 'cache' else door.pane}{filtered}, largest first.")


def _share(part: int | None, parts: DiskParts) -> Iterable[Fact]:
    share = figures.share(part, parts.total_bytes)
    return (Fact("Share", (Cell(f"{share} of {figures.size(parts.total_bytes)}"),)),) if share else ()


def _bytes(label: str, count: int | None) -> Fact:
    return Fact(label, (Cell(figures.size(count), Role.NUMBER),), exact=figures.exact_bytes(count))


def _line(words: str) -> Fact:
    return Fact("", (Cell(words),))


def _text(words: str) -> Section:
    return Section("", (Fact("", (Cell(words, Role.MUTED),)),))
