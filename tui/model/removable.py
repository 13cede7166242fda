"""Of all that is marked: what the engine would let go, and what stays however much it is marked.

The rules are those of :mod:`tui.model.removal_plan` for a whole set at once, with containers going first:

- a container goes, running or not, unless the engine is already removing it;
- an image stays under a container that stays, and on the classic store below an image that stays and was built on it
  by the classic builder, listed or not: a step that isn't stays as long as a container is on it;
- a volume stays while a container that stays mounts it;
- neither goes before everything that may use it has been listed;
- a record of the build cache stays while a build uses it, or while a record made from it stays. BuildKit lets a child
  hold its parents, and prunes only what nothing holds (moby/buildkit ``cache/manager.go``, ``prune``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from collections.abc import Set as AbstractSet

from tui.model.builder_steps import steps_under_containers
from tui.model.holdings import Holdings
from tui.model.host import CONTAINERD_STORE
from tui.model.inventory import Inventory
from tui.model.mark import Going

BEING_REMOVED = "removing"
"""The state of a container that the engine is removing."""


def removable(inventory: Inventory, holdings: Holdings, wanted: Going) -> Going:
    """What of ``wanted`` can go when all of it that can goes. Tags can always be taken away from what stays."""
    containers = removable_containers(inventory, wanted.containers)
    return wanted._replace(
        images=removable_images(inventory, holdings, wanted.images, containers),
        containers=containers,
        volumes=removable_volumes(inventory, wanted.volumes, containers),
        cache_records=removable_cache_records(inventory, wanted.cache_records),
    )


def removable_containers(inventory: Inventory, containers: Iterable[str]) -> frozenset[str]:
    """Those of ``containers`` that can go."""
    by_id = inventory.containers_by_id
    return frozenset(i for i in containers if i in by_id and by_id[i].state != BEING_REMOVED)


def removable_images(
    inventory: Inventory, holdings: Holdings, images: AbstractSet[str], containers: AbstractSet[str]
) -> frozenset[str]:
    """Those of ``images`` that can go, after ``containers`` have gone."""
    if not inventory.listed.issuperset({"images", "containers"}):
        return frozenset()
    held = {container.image_id for container in inventory.containers if container.id not in containers}
    free = inventory.images_by_id.keys() & (images - held)
    if inventory.host is None or inventory.host.image_store != CONTAINERD_STORE:
        built_on = inventory.parents_by_image
        for image_id in built_on.keys() - free:
            free.difference_update(holdings.ancestors(image_id, inventory))
        for step, users in steps_under_containers(inventory, holdings).items():
            if any(user.id not in containers for user in users):
                free.difference_update(holdings.ancestors(step, inventory))
    return frozenset(free)


def removable_volumes(inventory: Inventory, volumes: AbstractSet[str], containers: AbstractSet[str]) -> frozenset[str]:
    """Those of ``volumes`` that can go, after ``containers`` have gone."""
    if not inventory.listed.issuperset({"volumes", "containers"}):
        return frozenset()
    users = inventory.containers_by_volume
    free = inventory.volumes_by_name.keys() & volumes
    free -= {name for name in free & users.keys() if any(user.id not in containers for user in users[name])}
    return frozenset(free)


def removable_cache_records(inventory: Inventory, records: Collection[str]) -> frozenset[str]:
    """Those of ``records`` that can go, children before their parents."""
    if not records:
        return frozenset()
    by_id = inventory.cache_records_by_id
    free = {record_id for record_id in records if record_id in by_id and not by_id[record_id].in_use}
    kept = [parent for record in by_id.values() if record.id not in free for parent in record.parents]
    while kept:
        record_id = kept.pop()
        if record_id in free:
            free.discard(record_id)
            kept.extend(by_id[record_id].parents)
    return frozenset(free)
