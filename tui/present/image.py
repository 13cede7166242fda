"""Images: rows of their tree, and the facts about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tui.model.image import Image, ImageDetail, Reference
from tui.model.inventory import Inventory
from tui.model.place import ImagePlace, RepositoryPlace
from tui.present import figures
from widgets.cell import Cell, Fact, Line, Role, RowText, Section

IN_USE, UNUSED = "● ", "○ "


def image_name(image: Image) -> str:
    """Its first tag, or its short ID when it has none."""
    return image.tags[0] if image.tags else figures.short_id(image.id)


def repository_row(place: RepositoryPlace) -> RowText:
    """A repository, with how many tags it holds."""
    name = Cell("<dangling>" if place.dangling else place.repository, Role.STRONG)
    many = figures.count(len(place.images), "image" if place.dangling else "tag")
    return RowText((name,), (Cell(many, Role.MUTED),))


def image_row(place: ImagePlace, *, by_age: bool = False, whole: bool = False) -> RowText:
    """A tag (or a dangling image), marked when a container uses the image; ``whole`` with its repository."""
    mark = Cell(IN_USE, Role.GOOD) if place.users else Cell(UNUSED, Role.MUTED)
    tag = place.tag if whole else Reference.parse(place.tag).tag
    tag = tag or figures.short_id(place.image.id)
    in_use: Line = (Cell("  in use", Role.GOOD),) if place.users else ()
    size: Line = (Cell(figures.size(place.image.size_bytes), Role.NUMBER),)
    if by_age:
        size = (Cell(f"{figures.brief_age(place.image.created)}  ", Role.MUTED), *size)
    return RowText((mark, Cell(tag), *in_use), size)


def repository_sections(place: RepositoryPlace) -> tuple[Section, ...]:
    """A repository in facts."""
    distinct = {image.id: image for image in place.images}
    if place.dangling:
        words = "Images that no tag points at: old builds whose tag moved on, or layers left by a build."
        head: tuple[Fact, ...] = (Fact("", (Cell(words),)),)
    else:
        head = (Fact("Repository", (Cell(place.repository, Role.STRONG),)),)
    sizes = [image.size_bytes for image in distinct.values()]
    known = sum(size for size in sizes if size is not None)
    facts = (
        *head,
        Fact("Images", (Cell(str(len(distinct)), Role.NUMBER),)),
        Fact(
            "Sizes added up",
            (
                Cell(figures.size(known), Role.NUMBER),
                Cell("  layers they share are counted more than once", Role.MUTED),
            ),
            exact=figures.exact_bytes(known),
        ),
    )
    return (Section("", facts),)


def image_sections(place: ImagePlace, inventory: Inventory, detail: ImageDetail | None) -> tuple[Section, ...]:
    """An image in plain words; what only an inspect tells is added once ``detail`` is there."""
    image = place.image
    tags = tuple(
        Fact("Tag" if number == 0 else " ", (Cell(tag, Role.STRONG if tag == place.tag else Role.NORMAL),))
        for number, tag in enumerate(image.tags)
    ) or (Fact("Tag", (Cell("none: a dangling image", Role.WARNING),)),)
    identity = (
        *tags,
        Fact("Image ID", (Cell(figures.short_id(image.id)),), exact=image.id),
        Fact("Size", (Cell(figures.size(image.size_bytes), Role.NUMBER),), exact=figures.exact_bytes(image.size_bytes)),
        Fact("Created", (Cell(figures.age(image.created)),), exact=figures.date(image.created)),
    )
    sections = [Section("", identity), Section("Used by", tuple(_users(place, inventory)))]
    if detail is not None:
        sections.append(Section("What it runs", tuple(_configuration(detail))))
    if image.digests:
        digests = tuple(Fact("", (Cell(digest, Role.MUTED),)) for digest in image.digests)
        sections.append(Section("Known to registries as", digests))
    return tuple(sections)


def _users(place: ImagePlace, inventory: Inventory) -> Iterable[Fact]:
    if not place.users:
        yield Fact("", (Cell("no container", Role.MUTED),))
    for container in place.users:
        name = container.name or figures.short_id(container.id)
        yield Fact("", (Cell(name, Role.LINK), Cell(f"  {container.state}", Role.MUTED)))
    for child in inventory.children_by_image.get(place.image.id, ()):
        yield Fact("", (Cell(image_name(child), Role.LINK), Cell("  is built on it", Role.MUTED)))


def _configuration(detail: ImageDetail) -> Iterable[Fact]:
    platform = detail.platform
    yield Fact("Platform", (Cell(platform or "not said"),))
    layers = figures.count(len(detail.layers), "layer")
    yield Fact(
        "Layers", (Cell(layers), Cell(f"  from {figures.count(len(detail.history), 'instruction')}", Role.MUTED))
    )
    yield from _words(
        ("Entrypoint", " ".join(detail.entrypoint)),
        ("Command", " ".join(detail.command)),
        ("User", detail.user or "root (none is set)"),
        ("Working folder", detail.working_dir or "/ (none is set)"),
        ("Ports", ", ".join(detail.exposed_ports)),
        ("Volumes", ", ".join(detail.volumes)),
        ("Author", detail.author),
        ("Comment", detail.comment),
    )


def _words(*pairs: tuple[str, str]) -> Iterable[Fact]:
    for label, text in pairs:
        if text:
            yield Fact(label, (Cell(text),))


def environment_sections(environment: Iterable[str]) -> tuple[Section, ...]:
    """``NAME=value`` strings as facts, in their own order."""
    facts = []
    for entry in environment:
        name, _, value = entry.partition("=")
        facts.append(Fact("", (Cell(name, Role.ACCENT), Cell("="), Cell(value))))
    return (Section("", tuple(facts)),) if facts else nothing("No environment variables are set.")


def label_sections(labels: Mapping[str, str]) -> tuple[Section, ...]:
    """Labels as facts, by name."""
    facts = tuple(Fact("", (Cell(name, Role.ACCENT), Cell("="), Cell(value))) for name, value in sorted(labels.items()))
    return (Section("", facts),) if facts else nothing("It has no labels.")


def nothing(sentence: str) -> tuple[Section, ...]:
    """A sheet that says why it is empty."""
    return (Section("", (Fact("", (Cell(sentence, Role.MUTED),)),)),)
