"""What removing one thing would do, worked out before trying, from the photograph and the layers read so far.

The rules are those of the engine's
own checks, met on 20.10 and 28 with both image stores:

- an image under a running (or paused) container can't be removed, not even by force;
- under a stopped one it takes force, and that container still starts afterwards;
- by ID with several names it takes force, and all names go;
- taking one of several tags away only untags, whatever uses the image;
- classic store: an image others were built on by the classic builder can't be removed, not even by force;
- a volume that any container mounts can't be removed; "force" does not change that;
- a running, paused or restarting container takes force, which kills it.
"""

from __future__ import annotations

from collections.abc import Iterable

from tui.model.builder_steps import way_is_lost
from tui.model.container import Container
from tui.model.holdings import Holdings
from tui.model.host import CONTAINERD_STORE
from tui.model.image import Image
from tui.model.inventory import Inventory
from tui.model.mark import Kind
from tui.model.reclaim import device_of, freed_bytes
from tui.model.removal import Consequence, Effect, Hindrance, Obstacle, Outcome, Removal
from tui.model.volume import Volume


def plan_image_removal(
    inventory: Inventory, image_id: str, tag: str | None = None, holdings: Holdings | None = None
) -> Removal:
    """Plan to take ``tag`` away from an image, or (with its last tag, or without one) to remove it whole.

    Raises ``LookupError`` when there is no such image, or it does not have that tag.
    """
    image = inventory.images_by_id.get(image_id)
    if image is None:
        raise LookupError(f"There is no image {image_id}.")
    if tag and tag not in image.tags:
        raise LookupError(f"The tag {tag} does not point to image {image_id}.")
    others = tuple(other for other in image.tags if other != tag)
    if tag and others:
        effects = (Effect(Outcome.UNTAGGED, (tag,)), Effect(Outcome.IMAGE_STAYS_AS, others))
        return Removal(Kind.IMAGE, image.id, tag, reference=tag, expects_id=image.id, effects=effects)
    return _whole_image(inventory, image, holdings or Holdings())


def _whole_image(inventory: Inventory, image: Image, holdings: Holdings) -> Removal:
    obstacles = _image_obstacles(inventory, image, holdings)
    consequences = {
        Hindrance.SEVERAL_NAMES: Consequence.ALL_NAMES_GO,
        Hindrance.STOPPED_CONTAINERS: Consequence.CONTAINERS_KEEP_LAYERS,
    }
    force = () if _any_hard(obstacles) else tuple(consequences[o.hindrance] for o in obstacles if o.certain)
    layers = holdings.layers.get(image.id)
    effects = [
        Effect(Outcome.IMAGE_GOES, image.tags, count=None if layers is None else len(layers), bytes=image.size_bytes)
    ]
    kept = _layers_held_elsewhere(inventory, image, holdings)
    if kept:
        effects.append(Effect(Outcome.LAYERS_STAY, count=kept))
    freed = freed_bytes(inventory, holdings, images=(image.id,))
    return Removal(
        Kind.IMAGE,
        image.id,
        image.tags[0] if image.tags else "",
        reference=image.id,
        effects=tuple(effects),
        obstacles=obstacles,
        force=force,
        freed=freed,
        freed_with_volumes=freed,
    )


def plan_container_removal(inventory: Inventory, container_id: str, holdings: Holdings | None = None) -> Removal:
    """Plan to remove a container. Raises ``LookupError`` when there is none with that ID."""
    container = inventory.containers_by_id.get(container_id)
    if container is None:
        raise LookupError(f"There is no container {container_id}.")
    obstacles: tuple[Obstacle, ...] = ()
    if container.state == "removing":
        obstacles = (Obstacle(Hindrance.BEING_REMOVED, hard=True),)
    elif container.alive:
        obstacles = (Obstacle(Hindrance.ALIVE, hard=False),)
    anonymous, kept = _volumes_of(inventory, container)
    effects = [Effect(Outcome.WRITABLE_LAYER_GOES, bytes=container.size_rw_bytes)]
    if anonymous:
        effects.append(Effect(Outcome.ANONYMOUS_VOLUMES, anonymous))
    if kept:
        effects.append(Effect(Outcome.VOLUMES_STAY, kept))
    folders = tuple(dict.fromkeys(m.source for m in container.mounts if m.type == "bind" and m.source))
    if folders:
        effects.append(Effect(Outcome.FOLDERS_STAY, folders))
    image = inventory.image_of(container)
    if image is not None:
        effects.append(Effect(Outcome.IMAGE_STAYS, (image.tags[0] if image.tags else image.id,)))
    read = holdings or Holdings()
    return Removal(
        Kind.CONTAINER,
        container.id,
        container.name,
        reference=container.id,
        state=container.state,
        effects=tuple(effects),
        obstacles=obstacles,
        force=(Consequence.KILLED,) if obstacles and not _any_hard(obstacles) else (),
        freed=freed_bytes(inventory, read, containers=(container.id,)),
        anonymous_volumes=anonymous,
        freed_with_volumes=freed_bytes(inventory, read, containers=(container.id,), volumes=anonymous),
    )


def plan_volume_removal(inventory: Inventory, name: str) -> Removal:
    """Plan to remove a volume and its files. Raises ``LookupError`` when there is none of that name."""
    volume = inventory.volumes_by_name.get(name)
    if volume is None:
        raise LookupError(f"There is no volume {name}.")
    users = inventory.containers_by_volume.get(name, ())
    obstacles = (Obstacle(Hindrance.VOLUME_USED, hard=True, containers=users),) if users else ()
    freed = freed_bytes(inventory, Holdings(), volumes=(name,))
    return Removal(
        Kind.VOLUME,
        name,
        name,
        reference=name,
        created=volume.created,
        effects=(_files_effect(volume),),
        obstacles=_not_listed(inventory, "containers") + obstacles,
        type_name=not volume.anonymous,
        freed=freed,
        freed_with_volumes=freed,
    )


def _files_effect(volume: Volume) -> Effect:
    device = device_of(volume)
    return Effect(Outcome.DEVICE_STAYS, (device,)) if device else Effect(Outcome.FILES_GO, bytes=volume.size_bytes)


def _not_listed(inventory: Inventory, *parts: str) -> tuple[Obstacle, ...]:
    """The obstacle that ``parts`` of the photograph are still missing, if they are."""
    return () if inventory.listed.issuperset(parts) else (Obstacle(Hindrance.NOT_LISTED, hard=True),)


def _any_hard(obstacles: Iterable[Obstacle]) -> bool:
    return any(obstacle.hard and obstacle.certain for obstacle in obstacles)


def _image_obstacles(inventory: Inventory, image: Image, holdings: Holdings) -> tuple[Obstacle, ...]:
    users = inventory.containers_by_image.get(image.id, ())
    running = tuple(c for c in users if c.alive)
    stopped = tuple(c for c in users if not c.alive)
    found = list(_not_listed(inventory, "images", "containers"))
    if running:
        found.append(Obstacle(Hindrance.RUNNING_CONTAINERS, hard=True, containers=running))
    if inventory.host is None or inventory.host.image_store != CONTAINERD_STORE:
        children, likely = _children(inventory, image, holdings)
        if children:
            found.append(Obstacle(Hindrance.CHILD_IMAGES, hard=True, images=children))
        elif likely:
            found.append(Obstacle(Hindrance.CHILD_IMAGES, hard=True, images=likely, certain=False))
    if not goes_by_one_name(image):
        tagged = {reference.repository for reference in image.references}
        foreign = tuple(digest for digest in image.digests if digest.partition("@")[0] not in tagged)
        found.append(Obstacle(Hindrance.SEVERAL_NAMES, hard=False, names=image.tags + foreign))
    if stopped:
        found.append(Obstacle(Hindrance.STOPPED_CONTAINERS, hard=False, containers=stopped))
    return tuple(found)


def goes_by_one_name(image: Image) -> bool:
    """Whether the engine takes the image's names away by itself when it is removed by ID.

    That is: at most one tag, and digests of one repository only, the tag's.
    Source: ``isSingleReference`` in moby's ``daemon/images/image_delete.go``.
    """
    if len(image.tags) > 1:
        return False
    repositories = {digest.partition("@")[0] for digest in image.digests}
    repositories.update(reference.repository for reference in image.references)
    return len(repositories) <= 1


def _children(inventory: Inventory, image: Image, holdings: Holdings) -> tuple[tuple[Image, ...], tuple[Image, ...]]:
    """Listed images built on ``image``: those that surely are, and those that seem to be.

    Steps of the classic builder are not listed, so the way from a child down to ``image`` may lead
    through images known only once their details are read. Until then a child whose way is lost, and
    whose layers begin with all of ``image``'s, is likely one.
    """
    own = tuple(chain_id for chain_id, _size in holdings.layers.get(image.id, ()))
    sure, likely = [], []
    for other in inventory.images:
        if other.id == image.id or not other.parent_id:
            continue
        way = list(holdings.ancestors(other.id, inventory))
        if image.id in way:
            sure.append(other)
            continue
        lost = way_is_lost(other, inventory, holdings)
        chains = tuple(chain_id for chain_id, _size in holdings.layers.get(other.id, ()))
        if lost and own and chains[: len(own)] == own:
            likely.append(other)
    return tuple(sure), tuple(likely)


def _layers_held_elsewhere(inventory: Inventory, image: Image, holdings: Holdings) -> int:
    """How many layers of ``image`` another listed image or a container holds, as far as they are read."""
    layers = holdings.layers.get(image.id, ())
    if inventory.containers_by_image.get(image.id):
        return len(layers)
    others = (set(inventory.images_by_id) | {c.image_id for c in inventory.containers}) - {image.id}
    wanted = {chain_id for chain_id, _size in layers}
    held = {chain_id for other in others for chain_id, _size in holdings.layers.get(other, ()) if chain_id in wanted}
    return len(held)


def _volumes_of(inventory: Inventory, container: Container) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The container's volumes: anonymous ones that can go along, and the others, which stay.

    The engine takes along what the container was given without a name, unless another container
    mounts it too. It does not tell which those were; the volumes whose name it made up are them.
    """
    anonymous: list[str] = []
    kept: list[str] = []
    for name in dict.fromkeys(container.volume_names):
        volume = inventory.volumes_by_name.get(name, Volume(name))
        alone = len(inventory.containers_by_volume.get(name, ())) <= 1
        (anonymous if volume.anonymous and alone else kept).append(name)
    return tuple(anonymous), tuple(kept)
