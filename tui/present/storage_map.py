"""The storage map: its sections and rows, and which command and path belong to each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tui.model.disk_account import AccountLine
from tui.model.docker_commands import shell_words
from tui.model.host import CONTAINERD_STORE
from tui.model.storage_commands import CommandGroup, StorageCommand, commands_for, own_command
from tui.model.storage_map import MappedFolder, MappedLog, StorageMap
from tui.model.storage_places import PLATFORMS, DiskPlace, PlatformPlaces, places_of
from tui.present import figures
from widgets.node import Node


class Heading(NamedTuple):
    """A section's own row."""

    name: str
    words: str = ""
    """What stands on its right."""
    columns: tuple[str, str, str] | None = None
    """In place of words: what stands above the columns of the totals."""


class EngineSpot(NamedTuple):
    """Something the engine is: ``driver``, ``store``, ``platform`` or ``logs``."""

    about: str
    label: str
    value: str
    command: str


class AccountSpot(NamedTuple):
    """A line of ``docker system df``."""

    line: AccountLine


class LogTotalSpot(NamedTuple):
    """All logs, which that leaves out."""

    total_bytes: int | None


class FolderSpot(NamedTuple):
    """A folder of the engine's data."""

    folder: MappedFolder
    whole_bytes: int | None
    """What the bar is measured against."""


class LogSpot(NamedTuple):
    """A container's log."""

    log: MappedLog
    whole_bytes: int


class NoteSpot(NamedTuple):
    """A row that only says something."""

    words: str


class PlatformSpot(NamedTuple):
    """A platform."""

    places: PlatformPlaces
    here: bool


class PlaceSpot(NamedTuple):
    """A place of a platform."""

    place: DiskPlace
    places: PlatformPlaces


class CommandSpot(NamedTuple):
    """A command."""

    command: StorageCommand


class GroupSpot(NamedTuple):
    """Commands about one kind of thing."""

    group: CommandGroup


Spot = (
    Heading | EngineSpot | AccountSpot | LogTotalSpot | FolderSpot | LogSpot | NoteSpot | PlatformSpot | PlaceSpot
    | CommandSpot | GroupSpot
)  # fmt: skip

ENGINE, TOTALS, FOLDERS, LOGS, PLATFORMS_TITLE, COMMANDS_TITLE = (
    "This engine",
    "What docker system df counts",
    "Docker Root Dir, folder by folder",
    "Container logs",
    "Where engines keep their data",
    "Commands to check it with",
)
_TOTAL_COLUMNS = ("size", "df says", "prune -a frees")


# -- the tree -------------------------------------------------------------------------------------


def map_nodes(map_: StorageMap, *, measuring: bool = False) -> tuple[Node, ...]:
    """The whole map as an outline."""
    return (
        _section(Heading(ENGINE, map_.finding.platform), _engine(map_)),
        _section(Heading(_titled(TOTALS, map_), columns=_TOTAL_COLUMNS), _totals(map_)),
        _section(Heading(_folders_title(map_), _measured_words(map_, measuring=measuring)), _folders(map_)),
        _section(Heading(LOGS, figures.size(map_.logs_bytes) if map_.logs_bytes is not None else ""), _logs(map_)),
        _section(Heading(PLATFORMS_TITLE), _platforms(map_)),
        _section(Heading(COMMANDS_TITLE), _commands(map_), opened=False),
    )


def _section(heading: Heading, rows: Iterable[Node], *, opened: bool = True) -> Node:
    return Node(f"section {heading.name}", heading, tuple(rows), open=opened)


def _titled(title: str, map_: StorageMap) -> str:
    return title if map_.host.product == "Docker" else title.replace("docker", map_.host.product.lower())


def _folders_title(map_: StorageMap) -> str:
    return FOLDERS if map_.host.product in {"", "Docker"} else "graphroot, folder by folder"


def _measured_words(map_: StorageMap, *, measuring: bool) -> str:
    if measuring:
        return "measuring…"
    if map_.report is None:
        return "u measures them"
    return "can't be measured" if map_.report.reason and not map_.report.folders else "on the disk"


def _engine(map_: StorageMap) -> Iterable[Node]:
    host = map_.host
    yield Node("root", FolderSpot(map_.root, None))
    store = "containerd's store" if host.image_store == CONTAINERD_STORE else "classic store"
    driver = f"{host.storage_driver or 'unknown'}, {store}"
    for spot in (
        EngineSpot("driver", "Storage driver", driver, own_command("docker info -f '{{.Driver}}'", host)),
        EngineSpot(
            "platform",
            "Platform",
            f"{map_.finding.platform}{'' if map_.finding.sure else ', probably'}",
            own_command("docker info -f '{{.OperatingSystem}} {{.KernelVersion}}'", host),
        ),
        EngineSpot(
            "logs",
            "Log driver",
            map_.log_driver or "not told",
            own_command("docker info -f '{{.LoggingDriver}}'", host),
        ),
    ):
        yield Node(f"engine {spot.about}", spot)


def _totals(map_: StorageMap) -> Iterable[Node]:
    for line in map_.lines:
        yield Node(f"total {line.kept}", AccountSpot(line))
    yield Node("total logs", LogTotalSpot(map_.logs_bytes))


def _folders(map_: StorageMap) -> Iterable[Node]:
    if map_.report is not None and map_.report.reason:
        yield Node("folders reason", NoteSpot(map_.report.reason))
    whole = map_.root.measured.disk_bytes if map_.root.measured else None
    for folder in map_.folders:
        yield Node(f"folder {folder.path}", FolderSpot(folder, whole))


def _logs(map_: StorageMap) -> Iterable[Node]:
    if map_.report is None:
        yield Node("logs note", NoteSpot("u measures them: docker system df does not count them"))
    elif not map_.logs:
        yield Node("logs note", NoteSpot(map_.report.reason or "no container has a log file here"))
    whole = map_.logs[0].size_bytes if map_.logs else 0
    for log in map_.logs:
        yield Node(f"log {log.container_id}", LogSpot(log, whole))


def _platforms(map_: StorageMap) -> Iterable[Node]:
    ours = map_.finding.platform
    for places in (places_of(ours), *(one for one in PLATFORMS if one.platform is not ours)):
        children = tuple(
            Node(f"place {places.platform} {place.path}", PlaceSpot(place, places)) for place in places.places
        )
        here = places.platform is ours
        yield Node(f"platform {places.platform}", PlatformSpot(places, here), children, open=here)


def _commands(map_: StorageMap) -> Iterable[Node]:
    for group in commands_for(map_.host):
        rows = tuple(Node(f"command {one.command}", CommandSpot(one)) for one in group.commands)
        yield Node(f"commands {group.name}", GroupSpot(group), rows, open=True)


# -- what y and Y copy ----------------------------------------------------------------------------


def command_of(spot: object, map_: StorageMap) -> str:
    """The command that shows what the row says; empty when there is none."""
    match spot:
        case EngineSpot():
            return spot.command
        case AccountSpot():
            return own_command("docker system df", map_.host)
        case LogTotalSpot() | LogSpot():
            return log_command(spot.log if isinstance(spot, LogSpot) else None, map_)
        case FolderSpot():
            return folder_commands(spot.folder, map_)[0]
        case PlatformSpot() if spot.places.commands:
            return spot.places.commands[0][0]
        case PlaceSpot():
            return ""
        case CommandSpot():
            return spot.command.command
        case _:
            return ""


def path_of(spot: object) -> str:
    """The path that the row is about; empty when it is about none."""
    match spot:
        case FolderSpot():
            return spot.folder.path
        case PlaceSpot():
            return spot.place.path
        case PlatformSpot() if spot.places.places:
            return spot.places.places[0].path
        case _:
            return ""


def folder_commands(folder: MappedFolder, map_: StorageMap) -> tuple[str, ...]:
    """Commands for a folder: what it takes first, then what else shows it."""
    path = shell_words((folder.path,))
    measure = f"sudo du -xsh {path}"
    if map_.host.os_type == "windows":
        measure = f"Get-ChildItem -Recurse -Force {_powershell_word(folder.path)} | Measure-Object -Sum Length"
    check = folder.purpose.check
    first = (own_command(check, map_.host).replace("{path}", path),) if check else ()
    return (*first, measure) if folder is map_.root else (measure, *first)


def log_command(log: MappedLog | None, map_: StorageMap) -> str:
    """What shows the size of one container's log, or of all."""
    if log is None:
        # Not by a pattern: only root may look into that folder, so it would take a second shell and its quotes.
        folder = shell_words((f"{map_.root.path.rstrip('/')}/containers",))
        return f"sudo find {folder} -name '*-json.log*' -print0 | sudo du -ch --files0-from=-"
    path = own_command("docker inspect -f '{{.LogPath}}'", map_.host)
    return f'sudo du -h "$({path} {log_name(log)})"'


def log_name(log: MappedLog | None) -> str:
    """What a command calls a log's container: one word of a shell, whatever it is called."""
    if log is None:
        return "CONTAINER"
    return shell_words((log.container.name if log.container and log.container.name else log.container_id,))


_POWERSHELL_QUOTES = str.maketrans({quote: quote * 2 for quote in "'\u2018\u2019\u201a\u201b"})
"""What ends a text in single quotes there, unless it stands twice. Source: ``SpecialCharacters.IsSingleQuote`` in
https://github.com/PowerShell/PowerShell/blob/master/src/System.Management.Automation/engine/parser/CharTraits.cs"""


def _powershell_word(text: str) -> str:
    """``text`` as one word of PowerShell. No path there holds what can't be shown: that becomes U+FFFD."""
    shown = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
    return f"'{shown.translate(_POWERSHELL_QUOTES)}'"
