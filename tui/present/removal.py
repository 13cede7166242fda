"""A removal in words: what goes, what stays, what stands in the way, and what comes back.

Written to be read by a tired person at two in the morning: short sentences, the thing named in each
that matters, nothing that has to be worked out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui.model.container import Container
from tui.model.estimate import Certainty, Doubt, Estimate
from tui.model.image import Image, is_image_id
from tui.model.mark import Kind
from tui.model.removal import Consequence, Effect, Hindrance, Obstacle, Outcome, Removal
from tui.present.figures import count, exact_bytes, short_id, size
from widgets.cell import Cell, Line, Role


@dataclass(frozen=True, slots=True)
class RemovalText:
    """A removal, ready to be shown in a modal, part by part."""

    title: Line
    effects: tuple[Line, ...]
    """What will happen, and what is left alone."""
    obstacles: tuple[Line, ...]
    """Why the engine would refuse; empty when it would not."""
    freed: Line
    """What comes back; empty when the removal can't happen."""
    freed_with_volumes: Line
    """The same with the anonymous volumes taken along; empty when there are none."""
    remove: str
    """What the button says."""
    force: str
    """What the choice to use force says; empty when there is none to make."""
    consequences: tuple[Line, ...]
    """What force does besides."""
    volumes_choice: str
    """What the choice to take anonymous volumes along says; empty when there is none to make."""
    typing: Line
    """The request to type the name; empty when that isn't needed."""

    @property
    def lines(self) -> tuple[Line, ...]:
        """Effects, obstacles and bytes one after another, with an empty line between the parts."""
        parts = (self.effects, self.obstacles, (self.freed,) if self.freed else ())
        shown: list[Line] = []
        for part in parts:
            if part and shown:
                shown.append(())
            shown.extend(part)
        return tuple(shown)


def describe(removal: Removal) -> RemovalText:
    """``removal`` in words."""
    can = removal.possible or removal.forcible
    with_volumes = can and bool(removal.anonymous_volumes)
    return RemovalText(
        title=_title(removal),
        effects=tuple(line for effect in removal.effects for line in _effect(effect, removal)) if can else (),
        obstacles=tuple(line for obstacle in removal.obstacles for line in _obstacle(obstacle, removal)),
        freed=_freed(removal.freed) if can else (),
        freed_with_volumes=_freed(removal.freed_with_volumes) if with_volumes else (),
        remove="Remove tag" if removal.untags_only else f"Remove {removal.kind}",
        force=_force_choice(removal),
        consequences=tuple(_consequence(c, removal) for c in removal.force),
        volumes_choice=_volumes_choice(removal) if with_volumes else "",
        typing=_typing(removal) if can and removal.type_name else (),
    )


def _text(text: str, role: Role = Role.NORMAL) -> Cell:
    return Cell(text, role)


def _listed(names: Sequence[str], role: Role = Role.STRONG) -> Line:
    """``a``, ``a and b``, ``a, b and c``."""
    cells: list[Cell] = []
    for position, name in enumerate(names):
        if position:
            cells.append(_text(" and " if position == len(names) - 1 else ", "))
        cells.append(Cell(name, role))
    return tuple(cells)


def _volume_names(names: Sequence[str]) -> tuple[str, ...]:
    """Volume names with the made-up ones (64 hex digits) shortened."""
    return tuple(short_id(name) if len(name) == 64 else name for name in names)


def _subject(removal: Removal) -> Line:
    """``web-1 (3f2a9c1b0d4e)``: the name and the short ID, or what there is of them."""
    if removal.kind is Kind.VOLUME:
        return (_text(_volume_names([removal.name])[0], Role.STRONG),)
    short = short_id(removal.id)
    if not removal.name:
        return (_text(short, Role.STRONG),)
    return (_text(removal.name, Role.STRONG), _text(f" ({short})", Role.MUTED))


def _title(removal: Removal) -> Line:
    verb = "Remove the tag " if removal.untags_only else f"Remove {removal.kind} "
    if removal.possible or removal.forcible:
        end = " and all its files?" if removal.effects and removal.effects[0].outcome is Outcome.FILES_GO else "?"
        return (_text(verb), *_subject(removal), _text(end))
    thing = "The tag " if removal.untags_only else f"{removal.kind.capitalize()} "
    return (_text(thing), *_subject(removal), _text(" can't be removed now"))


def _effect(effect: Effect, removal: Removal) -> tuple[Line, ...]:
    """The sentences for one effect."""
    names = _listed(_volume_names(effect.names))
    one = len(effect.names) == 1
    known = f" ({size(effect.bytes)})" if effect.bytes is not None else ""
    line: Line
    match effect.outcome:
        case Outcome.IMAGE_GOES:
            return _image_goes(effect)
        case Outcome.LAYERS_STAY:
            line = _layers_stay(effect, removal)
        case Outcome.UNTAGGED:
            line = (_text("Only the name "), *names, _text(" goes. No data is deleted."))
        case Outcome.IMAGE_STAYS_AS:
            line = (_text("The image stays as "), *names, _text("."))
        case Outcome.WRITABLE_LAYER_GOES:
            line = (_text(f"The container goes, with its logs and the files it wrote outside its volumes{known}."),)
        case Outcome.ANONYMOUS_VOLUMES:
            noun = "Its anonymous volume stays" if one else f"Its {len(effect.names)} anonymous volumes stay"
            line = (_text(f"{noun} behind unless you choose otherwise: "), *names, _text("."))
        case Outcome.VOLUMES_STAY:
            noun, verb = ("volume", "stays") if one else ("volumes", "stay")
            line = (_text(f"The {noun} "), *names, _text(f" {verb}, files and all."))
        case Outcome.FOLDERS_STAY:
            noun = "folder" if one else "folders"
            line = (_text(f"Not touched, on the engine's host: the {noun} "), *names, _text("."))
        case Outcome.IMAGE_STAYS:
            line = (_text("Its image stays: "), *_listed([_image_name(effect.names[0])]), _text("."))
        case Outcome.FILES_GO:
            line = (_text(f"Every file in the volume{known} is deleted. This can't be undone.", Role.WARNING),)
        case Outcome.DEVICE_STAYS:
            line = (_text("The volume only points to "), *names, _text(". The files there are not touched."))
    return (line,)


def _image_name(text: str) -> str:
    """A tag as it is; a whole ID, which stands in for a missing tag, shortened."""
    return short_id(text) if is_image_id(text) else text


def _image_goes(effect: Effect) -> tuple[Line, ...]:
    parts = []
    if effect.count is not None:
        parts.append(count(effect.count, "layer"))
    if effect.bytes is not None:
        parts.append(f"{size(effect.bytes)} in all")
    first: Line = (_text(f"The image goes{': ' if parts else ''}{', '.join(parts)}."),)
    if len(effect.names) < 2:
        return (first,)
    return (first, (_text(f"Its {len(effect.names)} tags go: "), *_listed(effect.names), _text(".")))


def _layers_stay(effect: Effect, removal: Removal) -> Line:
    whole = next((e.count for e in removal.effects if e.outcome is Outcome.IMAGE_GOES), None)
    held = effect.count or 0
    if held == whole:
        return (_text("All of its layers stay on the disk, because other images or containers use them."),)
    them, verb = ("it", "stays") if held == 1 else ("them", "stay")
    return (_text(f"{count(held, 'layer')} of these {verb}, because other images or containers use {them}."),)


def _obstacle(obstacle: Obstacle, removal: Removal) -> tuple[Line, ...]:
    """The sentence for one obstacle, and the objects that make it, one a line."""
    items = tuple(_container(c) for c in obstacle.containers) + tuple(_image(i) for i in obstacle.images)
    if obstacle.hindrance is Hindrance.SEVERAL_NAMES:
        items = tuple((_text("  "), _text(name, Role.STRONG)) for name in obstacle.names)
    role = Role.BAD if obstacle.hard and obstacle.certain else Role.WARNING
    return ((_text(_reason(obstacle, removal), role),), *items)


def _reason(obstacle: Obstacle, removal: Removal) -> str:
    """Why the engine would refuse, and what to do about it; force is named only where it helps."""
    number = len(obstacle.containers) or len(obstacle.images)
    one = number == 1
    them = "it" if one else "them"
    or_force = ", or use force" if removal.forcible else ""
    match obstacle.hindrance:
        case Hindrance.RUNNING_CONTAINERS:
            verb = "is" if one else "are"
            reason = f"{count(number, 'container')} {verb} running from this image. Stop and remove {them} first."
        case Hindrance.STOPPED_CONTAINERS:
            verb = "was" if one else "were"
            reason = f"{count(number, 'stopped container')} {verb} made from this image. Remove {them} first{or_force}."
        case Hindrance.SEVERAL_NAMES:
            reason = f"The image has several names. Remove them one by one{or_force}."
        case Hindrance.CHILD_IMAGES if obstacle.certain:
            verb = "was" if one else "were"
            reason = f"{count(number, 'image')} {verb} built on this one. Remove {them} first."
        case Hindrance.CHILD_IMAGES:
            them_or_not = "it was" if one else "they were"
            reason = f"{count(number, 'image')} may be built on this one. If {them_or_not}, the engine will refuse."
        case Hindrance.ALIVE:
            doing, first = _ALIVE.get(removal.state, ("is running", "Stop"))
            reason = f"The container {doing}. {first} it first{or_force}."
        case Hindrance.BEING_REMOVED:
            reason = "The engine is already removing this container. Wait for it to finish."
        case Hindrance.NOT_LISTED:
            reason = "What uses it is still being listed. Try again in a moment."
        case Hindrance.VOLUME_USED:
            verb = "mounts" if one else "mount"
            reason = f"{count(number, 'container')} {verb} this volume. Remove {them} first."
        case Hindrance.CACHE_IN_USE:
            reason = "A build is using this record of the build cache. Wait for it to finish."
        case Hindrance.CACHE_CHILDREN:
            number = len(obstacle.names)
            verb, them = ("was", "it") if number == 1 else ("were", "them")
            reason = f"{count(number, 'record')} {verb} made from this one. Remove {them} first."
    return reason


_ALIVE = {"paused": ("is paused", "Unpause and stop"), "restarting": ("keeps restarting", "Stop")}
"""State -> what the container does, and what to do before it can go."""


def _container(container: Container) -> Line:
    name = container.name or short_id(container.id)
    short = f" ({short_id(container.id)})" if container.name else ""
    return (
        _text("  "),
        _text(name, Role.STRONG),
        _text(short, Role.MUTED),
        _text(f" {container.state or 'state unknown'}"),
    )


def _image(image: Image) -> Line:
    if not image.tags:
        return (_text("  "), _text(short_id(image.id), Role.STRONG), _text(" untagged", Role.MUTED))
    return (_text("  "), *_listed(image.tags), _text(f" ({short_id(image.id)})", Role.MUTED))


DOUBTS = {
    Doubt.LAYERS_UNREAD: "the layers are still being read",
    Doubt.HOLDERS_UNREAD: "other images, not read yet, may use the same layers",
    Doubt.IMAGE_GONE: "an image under a container is gone, so its layers can't be read any more",
    Doubt.LAYER_SIZE: "the engine does not tell the size of every layer",
    Doubt.WRITABLE_SIZE: "the size of the container's own files is not known yet",
    Doubt.VOLUME_SIZE: "the size of a volume is not known yet",
    Doubt.BUILD_CACHE: "the build cache may keep some of it until it is pruned",
    Doubt.CACHE_SIZE: "the engine does not say what all of the build cache holds",
    Doubt.BUILD_CACHE_UNREAD: "the build cache, not read yet, may keep some of it",
    Doubt.CONTAINERD_STORE: "the containerd image store does not tell exact sizes",
    Doubt.OTHER_ENGINE: "this engine's sizes are its own estimate",
}


def freed_text(estimate: Estimate) -> str:
    """An estimate as a sentence: ``Frees up to 1.2 GB (1,243,112,448 B): …``."""
    why = "; ".join(DOUBTS[doubt] for doubt in estimate.doubts)
    if estimate.bytes is None or estimate.certainty is Certainty.UNKNOWN:
        return f"How much this frees can't be told: {why}." if why else "How much this frees can't be told."
    if not estimate.bytes:
        return f"Frees little or nothing: {why}." if why else "Frees no space."
    amount = size(estimate.bytes)
    exact = f" ({exact_bytes(estimate.bytes)})" if estimate.bytes >= 1000 else ""
    if estimate.certainty is Certainty.EXACT:
        return f"Frees exactly {amount}{exact}."
    return f"Frees {estimate.certainty} {amount}{exact}: {why}."


def _freed(estimate: Estimate) -> Line:
    return (_text(freed_text(estimate), Role.GOOD if estimate.bytes else Role.NORMAL),)


def _force_choice(removal: Removal) -> str:
    if not removal.forcible:
        return ""
    if removal.kind is Kind.CONTAINER:
        return "Kill it and remove it"
    return "Remove by force"


def _consequence(consequence: Consequence, removal: Removal) -> Line:
    match consequence:
        case Consequence.KILLED:
            text = "Force kills its processes at once; what they had not saved is lost."
        case Consequence.CONTAINERS_KEEP_LAYERS:
            text = (
                "Force takes the image's name away but not the containers: they still start, no new one can be "
                "made from the image, and its layers stay on the disk until those containers are removed."
            )
        case Consequence.ALL_NAMES_GO:
            number = sum(len(o.names) for o in removal.obstacles if o.hindrance is Hindrance.SEVERAL_NAMES)
            text = f"Force removes its {number} names, and then the image."
    return (_text(text, Role.WARNING),)


def _volumes_choice(removal: Removal) -> str:
    number = len(removal.anonymous_volumes)
    return f"Delete its {'anonymous volume' if number == 1 else f'{number} anonymous volumes'} too"


def _typing(removal: Removal) -> Line:
    return (_text("To remove it, type its name: "), _text(removal.name, Role.STRONG))
