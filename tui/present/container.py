"""Containers: rows of their tree, and the facts about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tui.model.container import Container, ContainerDetail, Mount, Port
from tui.model.inventory import Inventory
from tui.model.place import ContainerImagePlace, MountPlace, NetworkPlace, ProjectPlace, UserPlace
from tui.present import figures
from tui.present.image import image_name, nothing
from widgets.cell import Cell, Fact, Line, Role, RowText, Section

_STATES = {
    "running": ("▶", Role.GOOD),
    "paused": ("‖", Role.WARNING),
    "restarting": ("↻", Role.WARNING),
    "created": ("+", Role.MUTED),
    "exited": ("■", Role.MUTED),
    "removing": ("×", Role.WARNING),
    "dead": ("†", Role.BAD),
}


def container_name(container: Container) -> str:
    """Its name, or its short ID when it has none."""
    return container.name or figures.short_id(container.id)


def state_cells(state: str) -> Line:
    """A state as an icon and a role, and the word beside it: never colour alone."""
    icon, role = _STATES.get(state, ("?", Role.WARNING))
    return (Cell(icon, role), Cell(f" {state or 'unknown'}", role))


def container_row(container: Container, *, by: str = "") -> RowText:
    """A container: icon, name, state; its writable layer's size, or its age when sorted by age."""
    icon, word = state_cells(container.state)
    right: Line = (word,)
    if by == "age":
        right = (word, Cell(f" {figures.brief_age(container.created):>4}", Role.MUTED))
    elif by == "size":
        right = (word, Cell(f" {figures.size(container.size_rw_bytes):>8}", Role.NUMBER))
    name = container_name(container)
    return RowText((icon, Cell(f" {name}", Role.NORMAL)), right)


def project_row(place: ProjectPlace) -> RowText:
    """A Compose project, or the standalone containers, with how many are running."""
    running = sum(container.state == "running" for container in place.containers)
    name = Cell(place.project or "standalone", Role.STRONG)
    return RowText((name,), (Cell(f"{running} of {len(place.containers)} running", Role.MUTED),))


def user_row(place: UserPlace) -> RowText:
    """A container seen from what it uses."""
    icon, word = state_cells(place.container.state)
    where = ", ".join(f"{mount.destination}{' (ro)' if mount.read_only else ''}" for mount in place.mounts)
    at: Line = (Cell(f"  at {where}", Role.MUTED),) if where else ()
    return RowText((icon, Cell(" "), Cell(container_name(place.container), Role.LINK), *at), (word,))


def container_image_row(place: ContainerImagePlace) -> RowText:
    """The image a container was made from."""
    gone: Line = () if place.image else (Cell("  no longer listed", Role.WARNING),)
    return RowText((Cell("image ", Role.MUTED), Cell(image_label(place), Role.LINK), *gone))


def image_label(place: ContainerImagePlace) -> str:
    """How the container's image is called: by the name it was created with, when that still holds."""
    name = place.container.image
    if place.image is None:
        return name or figures.short_id(place.container.image_id)
    return name if name in place.image.tags else image_name(place.image)


def mount_row(place: MountPlace) -> RowText:
    """A mount: what shows through, and where."""
    mount = place.mount
    what = Cell(mount.name, Role.LINK) if mount.name else Cell(mount.source or mount.type)
    mode = " (ro)" if mount.read_only else ""
    return RowText((Cell(f"{mount.type} ", Role.MUTED), what, Cell(f" → {mount.destination}{mode}", Role.MUTED)))


def network_row(place: NetworkPlace) -> RowText:
    """A network it is on, or a port of it."""
    if place.port is not None:
        return RowText((Cell("port ", Role.MUTED), Cell(port_text(place.port))))
    return RowText((Cell("network ", Role.MUTED), Cell(place.network)))


def port_text(port: Port) -> str:
    """``0.0.0.0:8080 → 80/tcp``, or ``80/tcp (not published)``."""
    inside = f"{port.private}/{port.protocol}"
    if port.public is None:
        return f"{inside} (not published)"
    host = f"[{port.address}]" if ":" in port.address else port.address
    return f"{host or '*'}:{port.public} → {inside}"


def project_sections(place: ProjectPlace) -> tuple[Section, ...]:
    """A project in facts."""
    title = "Compose project" if place.project else "Containers"
    what = place.project or "standalone: they belong to no Compose project"
    states = Counter(container.state for container in place.containers)
    # Not the containers one by one: they are the rows below, and a page of them would go over the line.
    counts = tuple(
        Fact("", (*state_cells(state), Cell(f"  {count:,}", Role.NUMBER))) for state, count in states.items()
    )
    return (Section("", (Fact(title, (Cell(what, Role.STRONG),)),)), Section("Containers", counts))


def container_sections(
    container: Container, inventory: Inventory, detail: ContainerDetail | None
) -> tuple[Section, ...]:
    """A container in plain words; what only an inspect tells is added once ``detail`` is there."""
    image = inventory.image_of(container)
    image_place = ContainerImagePlace(container, image)
    others = tuple(Fact("Also named", (Cell(name),)) for name in container.names[1:])
    facts = (
        Fact("Name", (Cell(container_name(container), Role.STRONG),)),
        *others,
        Fact("Container ID", (Cell(figures.short_id(container.id)),), exact=container.id),
        Fact("State", (*state_cells(container.state), *_status(container, detail))),
        Fact("Image", (Cell(image_label(image_place), Role.LINK),), exact=container.image_id),
        Fact("Command", (Cell(container.command),)),
        Fact("Created", (Cell(figures.age(container.created)),), exact=figures.date(container.created)),
    )
    storage = (
        Fact(
            "Writable layer",
            (Cell(figures.size(container.size_rw_bytes), Role.NUMBER), Cell("  goes when it is removed", Role.MUTED)),
            exact=figures.exact_bytes(container.size_rw_bytes),
        ),
        Fact(
            "With its image",
            (Cell(figures.size(container.size_root_fs_bytes), Role.NUMBER),),
            exact=figures.exact_bytes(container.size_root_fs_bytes),
        ),
        Fact("Mounts", (Cell(figures.count(len(container.mounts), "mount")),)),
    )
    project = container.compose_project
    if project:
        service = f"service {container.compose_service} of project {project}"
        facts = (*facts, Fact("Compose", (Cell(service),)))
    sections = [Section("", facts), Section("Storage", storage)]
    if detail is not None:
        sections.append(Section("How it runs", tuple(_running(detail))))
    sections.append(Section("Network", tuple(_network(container, detail))))
    return tuple(section for section in sections if section.facts)


def _status(container: Container, detail: ContainerDetail | None) -> Line:
    if detail is None or detail.state != container.state:
        return ()
    words = []
    if detail.state == "exited" and detail.exit_code is not None:
        words.append(f"exit code {detail.exit_code}")
    if detail.oom_killed:
        words.append("killed for want of memory")
    if detail.health:
        words.append(detail.health)
    role = Role.BAD if detail.oom_killed or detail.health == "unhealthy" else Role.MUTED
    return (Cell("  " + ", ".join(words), role),) if words else ()


def _running(detail: ContainerDetail) -> Iterable[Fact]:
    for label, text in (
        ("Started", detail.started),
        ("Finished", "" if detail.state == "running" else detail.finished),
    ):
        moment = figures.moment_of(text)
        if moment is not None:
            yield Fact(label, (Cell(figures.age(moment)),), exact=figures.date(moment))
    pairs = (
        ("Error", detail.error),
        ("Entrypoint", " ".join(detail.entrypoint)),
        ("User", detail.user or "root (none is set)"),
        ("Working folder", detail.working_dir),
        ("Hostname", detail.hostname),
        ("Terminal", "yes" if detail.tty else ""),
        ("Restart policy", detail.restart_policy),
        ("Restarts", str(detail.restart_count) if detail.restart_count else ""),
        ("Log driver", detail.log_driver),
        ("Log file", detail.log_path),
        ("Storage driver", detail.storage_driver),
    )
    yield from (Fact(label, (Cell(text),)) for label, text in pairs if text)


def _network(container: Container, detail: ContainerDetail | None) -> Iterable[Fact]:
    addresses = detail.networks if detail else {}
    for name in container.networks:
        address = addresses.get(name, "")
        yield Fact("Network", (Cell(name), Cell(f"  {address}" if address else "", Role.MUTED)))
    for port in container.ports:
        yield Fact("Port", (Cell(port_text(port)),))


def mount_sections(mounts: Iterable[Mount]) -> tuple[Section, ...]:
    """Each mount of a container: what it is, where it comes from, where it shows."""
    sections = tuple(
        Section(
            mount.destination or "(no path)",
            tuple(
                Fact(label, (Cell(text),))
                for label, text in (
                    ("Type", mount.type),
                    ("Volume", mount.name),
                    ("On the host", mount.source),
                    ("Driver", mount.driver),
                    ("Access", "read only" if mount.read_only else "read and write"),
                )
                if text
            ),
        )
        for mount in mounts
    )
    return sections or nothing("It has no mounts: all it writes goes to its writable layer.")
