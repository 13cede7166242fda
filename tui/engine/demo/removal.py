"""What may be removed, what stands in the way, and what goes with it: the engine's rules.

Images follow moby's ``daemon/images/image_delete.go``: *hard* conflicts (child images, a running
container) can't be forced, *soft* ones (more tags, a stopped container) can.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from tui.engine.demo.container_life import end_for_removal
from tui.engine.demo.contents import with_tag
from tui.engine.demo.objects import DemoContainer, DemoImage
from tui.engine.demo.world import World
from tui.engine.errors import BadRequestError, ConflictError, NotFoundError
from tui.engine.port import ImageRemoval
from tui.model.image import Reference, is_image_id
from tui.model.leftovers import HELPER_LABEL
from tui.model.volume import ANONYMOUS_LABEL

_RECORD = re.compile(r"[0-9a-z]{25}", re.ASCII)
"""What the ID of a record of the build cache is made of."""


class _Obstacle(NamedTuple):
    error: ConflictError
    hard: bool
    used: bool
    """A container is what stands in the way."""


def remove_image(world: World, reference: str, *, force: bool = False) -> ImageRemoval:
    """Remove an image by ID, or one of its tags (and the image with its last one)."""
    with world.lock:
        image = world.image(reference)
        untagged: list[str] = []
        if is_image_id(reference):
            if _of_one_repository(image):
                _refuse(_obstacles(world, image, tags=False), force=force)
                untagged += _untag(world, image, [*image.tags, *image.digests])
            deleted = _delete(world, image, untagged, force=force, quiet=False)
            return ImageRemoval(tuple(untagged), tuple(deleted))
        if not force and _of_one_repository(image) and (users := world.users_of_image(image)):
            raise ConflictError(
                f"The tag {reference} is the last one of an image that container {_named(users[0])} uses.",
                "Remove that container first, or force the removal: the image then stays without a name.",
            )
        tag = reference if reference in image.digests else with_tag(reference)
        untagged += _untag(world, image, [tag])
        repository = Reference.parse(tag).repository
        if not any(Reference.parse(other).repository == repository for other in image.tags):
            untagged += _untag(world, image, [d for d in image.digests if d.startswith(f"{repository}@")])
        if image.tags or image.digests:
            return ImageRemoval(tuple(untagged))
        deleted = _delete(world, image, untagged, force=force, quiet=True)
        return ImageRemoval(tuple(untagged), tuple(deleted))


def remove_container(world: World, reference: str, *, force: bool = False, anonymous_volumes: bool = False) -> None:
    """Remove a container; a living one only by force, which kills it."""
    with world.lock:
        container = world.container(reference)
        if container.alive:
            if not force:
                first = "Unpause and stop it" if container.state == "paused" else "Stop it"
                raise ConflictError(
                    f"Container {_named(container)} is {container.state}, so it can't be removed.",
                    f"{first} first, or force the removal, which kills it.",
                )
            end_for_removal(world, container)
        del world.containers[container.id]
        world.emit_container("destroy", container)
        if anonymous_volumes:
            _remove_anonymous_volumes(world, container)


def remove_volume(world: World, name: str, *, force: bool = False) -> None:
    """Remove a volume that no container mounts. ``force`` only forgives one that is not there."""
    with world.lock:
        if force and name not in world.volumes:
            return
        volume = world.volume(name)
        users = world.users_of_volume(name)
        if users:
            raise ConflictError(
                f"Volume {name} is in use by {', '.join(map(_named, users))}.",
                "Remove the containers that mount it first; even stopped ones hold it.",
            )
        del world.volumes[name]
        world.emit("volume", "destroy", name, {"driver": volume.driver})


def prune_cache_record(world: World, record_id: str) -> int:
    """Remove one record of the build cache; return what the engine says that frees.

    It says the size of a shared record too, though an image still holds the bytes: so do the real ones.
    """
    with world.lock:
        if not _RECORD.fullmatch(record_id):
            raise BadRequestError(
                f"{record_id or 'Nothing'} is not the whole ID of a record of the build cache.",
                "Name a record by its 25 letters and digits.",
            )
        entry = next((entry for entry in world.build_cache if entry.key == record_id), None)
        if entry is None:
            raise NotFoundError(
                f"There is no record {record_id} in the build cache.", "It may have been removed meanwhile: refresh."
            )
        children = [child.key for child in world.build_cache if record_id in child.parents]
        freed = entry.layer.size_bytes if entry.layer else entry.own_bytes
        stays = entry.in_use or bool(children)
        # Also of a call that removed nothing the real ones tell.
        world.emit("builder", "prune", "", {"reclaimed": "0" if stays else str(freed)})
        failed = f"The record {record_id} of the build cache could not be removed"
        if entry.in_use:
            raise ConflictError(f"{failed}: a build is using it.", "Wait until that build has ended.")
        if children:
            raise ConflictError(
                f"{failed}: {len(children)} other record(s) build on it.", f"Remove {', '.join(children)} first."
            )
        world.build_cache.remove(entry)
        return freed


def remove_leftovers(world: World, spare: Collection[str] = ()) -> int:
    """Remove what an orlop left behind: nothing of that kind is in use, since the demo needs no helpers."""
    with world.lock:
        containers = [c.id for c in world.containers.values() if HELPER_LABEL in c.labels and c.id not in spare]
        for container_id in containers:
            remove_container(world, container_id, force=True)
        images = [
            i.id
            for i in world.images.values()
            if HELPER_LABEL in i.config.labels and i.id not in spare and not world.users_of_image(i)
        ]
        for image_id in images:
            remove_image(world, image_id, force=True)
        return len(containers) + len(images)


def _remove_anonymous_volumes(world: World, container: DemoContainer) -> None:
    for mount in container.mounts:
        volume = world.volumes.get(mount.name) if mount.type == "volume" else None
        if volume is not None and ANONYMOUS_LABEL in volume.labels and not world.users_of_volume(volume.name):
            remove_volume(world, volume.name)


def _of_one_repository(image: DemoImage) -> bool:
    """True when its names are at most one tag, with digests of the same repository (moby's ``isSingleReference``)."""
    repositories = {Reference.parse(name).repository for name in (*image.tags, *image.digests)}
    return len(image.tags) <= 1 and len(repositories) <= 1


def _obstacles(world: World, image: DemoImage, *, tags: bool = True) -> list[_Obstacle]:
    """What stands in the way of deleting ``image``, in the engine's order."""
    found: list[_Obstacle] = []
    users, short = world.users_of_image(image), image.id[7:19]
    if children := world.children_of(image):
        error = ConflictError(
            f"Image {short} can't be removed, not even by force: {len(children)} other image(s) were built on it.",
            f"Remove {', '.join(child.tags[0] if child.tags else child.id[7:19] for child in children)} first.",
        )
        found.append(_Obstacle(error, hard=True, used=False))
    for user in (user for user in users if user.alive):
        error = ConflictError(
            f"Image {short} can't be removed, not even by force: container {_named(user)} is {user.state} on it.",
            "Stop that container first.",
        )
        found.append(_Obstacle(error, hard=True, used=True))
    if tags and image.tags:
        error = ConflictError(
            f"Image {short} has {len(image.tags)} tags: {', '.join(sorted(image.tags))}.",
            "Remove the tags one by one, or force the removal of all of them with the image.",
        )
        found.append(_Obstacle(error, hard=False, used=False))
    for user in (user for user in users if not user.alive):
        error = ConflictError(
            f"Image {short} is used by container {_named(user)}, which is {user.state}.",
            "Remove that container first, or force the removal: the container stays and keeps the layers.",
        )
        found.append(_Obstacle(error, hard=False, used=True))
    return found


def _refuse(obstacles: list[_Obstacle], *, force: bool) -> None:
    for obstacle in obstacles:
        if obstacle.hard or not force:
            raise obstacle.error


def _delete(world: World, image: DemoImage, untagged: list[str], *, force: bool, quiet: bool) -> list[str]:
    """Delete the image, then the unnamed parents only it had; ``quiet``: leave what something stands in the way of."""
    obstacles = [o for o in _obstacles(world, image) if o.hard or not force]
    if obstacles:
        bare = not image.tags and not image.digests and not world.children_of(image)
        if quiet and (not bare or obstacles[0].used):
            return []
        raise obstacles[0].error
    held = set(world.chains())
    untagged += _untag(world, image, [*image.tags, *image.digests])
    del world.images[image.id]
    world.emit("image", "delete", image.id, {"name": image.id, **image.config.labels})
    freed = held - set(world.chains())
    deleted = [image.id, *(chain for chain in reversed(image.chain_ids) if chain in freed)]
    parent = world.images.get(image.parent_id)
    if parent is not None:
        deleted += _delete(world, parent, untagged, force=False, quiet=True)
    return deleted


def _untag(world: World, image: DemoImage, names: list[str]) -> list[str]:
    for name in names:
        (image.digests if name in image.digests else image.tags).remove(name)
        world.emit("image", "untag", image.id, {"name": image.id, **image.config.labels})
    return names


def _named(container: DemoContainer) -> str:
    return container.name or container.id[:12]
