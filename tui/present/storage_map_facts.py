"""The storage map in words: what the highlighted row is, how to check it, and what not to do."""

from __future__ import annotations

from collections.abc import Iterable

from tui.model.disk_account import AccountLine, Kept, Prune
from tui.model.host import CONTAINERD_STORE, DOCKER
from tui.model.storage_commands import StorageCommand, own_command
from tui.model.storage_folders import driver_words
from tui.model.storage_map import MappedFolder, MappedLog, StorageMap
from tui.model.storage_places import DiskPlace, PlatformPlaces, places_of
from tui.present import figures
from tui.present import storage_map as spots
from tui.present.container import container_name
from tui.present.removal import freed_text
from tui.present.storage_map import folder_commands, log_command, log_name
from widgets.cell import Cell, Fact, Role, Section


def spot_sections(spot: object, map_: StorageMap) -> tuple[Section, ...]:
    """Everything about the row under the cursor."""
    match spot:
        case spots.Heading():
            return _heading(spot, map_)
        case spots.EngineSpot():
            return _engine(spot, map_)
        case spots.AccountSpot():
            return _account(spot.line, map_)
        case spots.LogTotalSpot():
            return (_section("", _LOGS), *_log_help(None, map_))
        case spots.FolderSpot():
            return _folder(spot.folder, map_)
        case spots.LogSpot():
            return _log(spot.log, map_)
        case spots.NoteSpot():
            return (_section("", spot.words),)
        case spots.PlatformSpot():
            return _platform(spot.places, map_, here=spot.here)
        case spots.PlaceSpot():
            return _place(spot.place, spot.places)
        case spots.GroupSpot():
            return (_section(spot.group.name, "Words in capitals stand for names. y copies the command of a row."),)
        case spots.CommandSpot():
            return _command(spot.command)
        case _:
            return ()


# -- pieces ---------------------------------------------------------------------------------------


def _text(words: str, role: Role = Role.NORMAL) -> Fact:
    return Fact("", (Cell(words, role),))


def _section(title: str, *sentences: str) -> Section:
    return Section(title, tuple(_text(words) for words in sentences if words))


def _warning(words: str) -> Section:
    return Section("Touching it by hand", (_text(words, Role.WARNING),)) if words else Section("")


def _check(commands: Iterable[str], where: str = "") -> Section:
    facts = [_text(command, Role.ACCENT) for command in commands]
    return Section(f"Check it with{where}", tuple(facts)) if facts else Section("")


def _bytes(label: str, count: int | None, words: str = "") -> Fact:
    value = (Cell(figures.size(count), Role.NUMBER), Cell(f"  {words}" if words else "", Role.MUTED))
    return Fact(label, value, exact=figures.exact_bytes(count))


def _where(map_: StorageMap) -> str:
    """Where commands with sudo are to be run, if not simply here."""
    host = map_.host
    if any(place.inside for place in places_of(map_.finding.platform).places):
        return ", inside the virtual machine"
    if host.endpoint.url.startswith(("ssh:", "tcp:", "http")):
        return f", on {host.name or 'its host'}"
    return ""


# -- this engine ----------------------------------------------------------------------------------

_HEADINGS = {
    spots.PLATFORMS_TITLE: (
        "The same engine keeps its data in different places, depending on what it runs on. Containers need a Linux "
        "kernel: on macOS and Windows all of it lies inside a virtual machine's disk."
    ),
    spots.COMMANDS_TITLE: "What orlop shows can be had from the engine's own command, too. y copies a row's command.",
}
_FOLDERS = (
    "What each folder is for. Their sizes are read only when asked for, with u: on a large disk that takes minutes."
)
_TOTALS = (
    "SIZE and RECLAIMABLE as that command prints them, and beside them what a prune would really free, worked out "
    "layer by layer: all that is unused, as docker image prune -a takes it (docker container prune has no -a). A plain "
    "prune takes less; the details of each row tell both."
)


def _heading(spot: spots.Heading, map_: StorageMap) -> tuple[Section, ...]:
    if spot.name == spots.ENGINE:
        return _platform(places_of(map_.finding.platform), map_, here=True)
    if spot.name == spots.LOGS:
        return (_section("", _LOGS), *_log_help(None, map_))
    if spot.name in _HEADINGS:
        return (_section("", _HEADINGS[spot.name]),)
    if spot.name == spots.TOTALS or spot.name.startswith("What "):
        return (_section("", _TOTALS), _check((own_command("docker system df", map_.host),)))
    command = own_command("sudo du -xsh /var/lib/docker/*", map_.host)
    return (_section("", _FOLDERS), _check((command,), _where(map_)))


def _engine(spot: spots.EngineSpot, map_: StorageMap) -> tuple[Section, ...]:
    host = map_.host
    if spot.about == "driver":
        words = driver_words(host)
        return (
            Section("", (Fact("Driver", (Cell(host.storage_driver, Role.STRONG),)), _text(words.what))),
            _section("What follows from it", *words.implies),
            _check((spot.command,)),
        )
    if spot.about == "platform":
        return _platform(places_of(map_.finding.platform), map_, here=True)
    known = f"New containers log with {map_.log_driver}." if map_.log_driver else "The engine does not tell."
    return (_section("", known, _LOG_DRIVERS.get(map_.log_driver, "")), *_log_help(None, map_))


# -- totals ---------------------------------------------------------------------------------------


def _account(line: AccountLine, map_: StorageMap) -> tuple[Section, ...]:
    said = own_command("docker system df", map_.host)
    facts = (
        Fact("TOTAL", (Cell(f"{line.total:,}"),)),
        Fact("ACTIVE", (Cell(f"{line.active:,}"), Cell(f"  {_ACTIVE[line.kept]}", Role.MUTED))),
        _bytes("SIZE", line.size_bytes),
        _bytes("RECLAIMABLE", line.reclaimable_bytes),
    )
    return (
        Section(f"{line.kept}: what {said} says", facts),
        Section("Added up from the parts", tuple(_added_up(line, map_))),
        *(_prune(prune) for prune in line.prunes),
        Section("Why they differ", tuple(_text(words) for words in _differences(line, map_))),
        _check((said, f"{said} -v", *_CHECKS[line.kept])),
    )


_ACTIVE = {
    Kept.IMAGES: "with a container, running or not",
    Kept.CONTAINERS: "running, paused or restarting",
    Kept.VOLUMES: "mounted by a container, running or not",
    Kept.BUILD_CACHE: "in use by a build",
}
_CHECKS = {
    Kept.IMAGES: ("docker image ls -a", "docker history IMAGE"),
    Kept.CONTAINERS: ("docker ps -a -s",),
    Kept.VOLUMES: ("docker volume ls", "docker volume inspect VOLUME"),
    Kept.BUILD_CACHE: ("docker buildx du",),
}
_PARTS = {
    Kept.IMAGES: "all layers, each chain ID once",
    Kept.CONTAINERS: "what each has written itself",
    Kept.VOLUMES: "the files of each",
    Kept.BUILD_CACHE: "all records, with those that images share",
}


def _added_up(line: AccountLine, map_: StorageMap) -> Iterable[Fact]:
    yield _bytes("Exactly", line.exact_bytes, _PARTS[line.kept])
    if line.exact_bytes is None or line.size_bytes is None or line.kept is Kept.BUILD_CACHE:
        return
    gap = line.size_bytes - line.exact_bytes
    if not gap:
        yield Fact("Against SIZE", (Cell("the same, to the byte", Role.GOOD),))
        return
    less = "less" if gap > 0 else "more"
    why = ""
    if line.kept is Kept.IMAGES and map_.host.image_store == CONTAINERD_STORE:
        why = ": SIZE counts the compressed copies too, whose sizes the engine does not tell layer by layer"
    yield Fact("Against SIZE", (Cell(f"{figures.size(abs(gap))} {less}{why}", Role.WARNING),))


def _prune(prune: Prune) -> Section:
    return Section(
        prune.command,
        (_text(f"Removes {prune.takes}: {prune.objects:,} now."), _text(freed_text(prune.freed), Role.GOOD)),
    )


def _differences(line: AccountLine, map_: StorageMap) -> Iterable[str]:
    over = line.overstated_bytes
    match line.kept:
        case Kept.IMAGES if line.reclaimable_bytes is None:
            yield "This engine does not tell what it counts as reclaimable."
        case Kept.IMAGES:
            if over:
                yield f"RECLAIMABLE is {figures.size(abs(over))} {'too high' if over > 0 else 'too low'}."
            yield (
                "It is SIZE less what each image in use shares with no other image. Layers that images in use share, "
                "with each other or with the steps of a build, count as reclaimable; yet they stay."
            )
            yield "docker image ls counts a shared layer again for every image: its sizes add up to more than SIZE."
        case Kept.CONTAINERS:
            yield "Only what containers wrote to their own layer. Left out: their logs, see below, and their volumes."
        case Kept.VOLUMES:
            yield (
                "A plain docker volume prune takes anonymous volumes only (since 23.0): named ones need -a. Volumes "
                "that only point to a folder elsewhere free nothing."
            )
        case Kept.BUILD_CACHE:
            yield "Records whose bytes images share are left out of SIZE: they are counted as image layers."
            yield "Pruning also lets go of layers that only the cache still holds; those count nowhere above."
    if map_.host.product not in {"", DOCKER}:
        yield f"{map_.host.product} counts in its own way; these are the figures of its Docker-compatible API."


# -- folders and logs -----------------------------------------------------------------------------


def _folder(folder: MappedFolder, map_: StorageMap) -> tuple[Section, ...]:
    facts = [Fact("Path", (Cell(folder.path, Role.STRONG),)), _text(folder.purpose.holds)]
    measured = folder.measured
    if measured is None:
        facts.append(Fact("On the disk", (Cell("not measured: u measures it", Role.MUTED),)))
    elif measured.disk_bytes is None:
        facts.append(Fact("On the disk", (Cell(measured.reason or "can't be read from here", Role.WARNING),)))
    else:
        facts.append(_bytes("On the disk", measured.disk_bytes, "blocks, each file once"))
        facts.append(_bytes("In files", measured.file_bytes, figures.count(measured.files, "file")))
        if measured.reason:
            facts.append(_text(measured.reason, Role.WARNING))
    if map_.report is not None and map_.report.reason and measured is None:
        facts.append(_text(map_.report.reason, Role.WARNING))
    return (
        Section("", tuple(facts)),
        _check(folder_commands(folder, map_), _where(map_)),
        _warning(folder.purpose.by_hand),
    )


_LOGS = (
    "What containers print is kept in files beside their configuration. docker system df does not count it, and with "
    "the json-file driver it grows without end unless max-size says otherwise."
)
_LOG_DRIVERS = {
    "json-file": "Every line is kept as JSON, in one file a container; nothing is rotated unless max-size is set.",
    "local": "Compressed files of at most 100 MB a container, rotated by themselves.",
    "journald": "The systemd journal keeps them, and has limits of its own: journalctl --disk-usage.",
    "none": "Nothing is kept: docker logs shows nothing.",
    "syslog": "The system's log has them; the engine keeps up to 100 MB a container beside it, for docker logs.",
}


def _log(log: MappedLog, map_: StorageMap) -> tuple[Section, ...]:
    name = container_name(log.container) if log.container else figures.short_id(log.container_id)
    state = log.container.state if log.container else "no longer listed: the folder was left behind"
    facts = (
        Fact("Container", (Cell(name, Role.LINK), Cell(f"  {state}", Role.MUTED))),
        _bytes("Log", log.size_bytes, "rotated files with it"),
        _text("Enter goes to the container." if log.container else ""),
    )
    return (Section("", facts), *_log_help(log, map_))


def _log_help(log: MappedLog | None, map_: StorageMap) -> tuple[Section, ...]:
    inspect = own_command("docker inspect -f '{{.LogPath}}'", map_.host)
    empty = f'sudo truncate -s 0 "$({inspect} {log_name(log)})"'
    todo = (
        _text("Give new containers a limit: docker run --log-opt max-size=10m --log-opt max-file=3 …"),
        _text('Or all of them, in /etc/docker/daemon.json: "log-opts": {"max-size": "10m", "max-file": "3"}'),
        _text("A container keeps the options it was created with: create it anew to change them."),
        _text("To empty one now, what it has printed is lost:"),
        _text(empty, Role.WARNING),
        _text("Deleting the file frees nothing while the container runs: the engine keeps it open."),
    )
    return (Section("What can be done", todo), _check((log_command(log, map_),), _where(map_)))


# -- platforms and commands -----------------------------------------------------------------------


def _platform(places: PlatformPlaces, map_: StorageMap, *, here: bool) -> tuple[Section, ...]:
    sections = []
    if here:
        sure = "This engine" if map_.finding.sure else "This engine, most likely"
        sections.append(Section("", (_text(f"{sure}: {map_.finding.because}.", Role.GOOD),)))
    sections.append(_section(places.platform, places.summary))
    facts = tuple(Fact("", (Cell(place.path), Cell(f"  {_what(place)}", Role.MUTED))) for place in places.places)
    sections.append(Section("Where it lies", facts))
    # Of this engine, they are to find its own folder, wherever that is; of others, the one they have by default.
    commands = tuple(
        Fact(
            "",
            (
                Cell(own_command(command, map_.host) if here else command, Role.ACCENT),
                Cell(f"  {what}", Role.MUTED),
            ),
        )
        for command, what in places.commands
    )
    sections.append(Section("Check it with", commands))
    sections.append(_warning(places.warning))
    return tuple(sections)


def _what(place: DiskPlace) -> str:
    return f"{place.what} (inside the virtual machine)" if place.inside else place.what


def _place(place: DiskPlace, places: PlatformPlaces) -> tuple[Section, ...]:
    facts = (Fact("Path", (Cell(place.path, Role.STRONG),)), _text(_what(place)))
    return (Section(places.platform, facts), _warning(places.warning))


def _command(command: StorageCommand) -> tuple[Section, ...]:
    facts = [_text(command.command, Role.ACCENT), _text(command.what)]
    if command.changes:
        facts.append(_text("It changes what the engine keeps. orlop's d asks first, and says what would be freed."))
    return (Section("", tuple(facts)),)
