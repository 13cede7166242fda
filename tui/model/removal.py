"""What removing one image, tag, container or volume would do, and what stands in the way: the records.

Codes and data only. They are filled in by :mod:`tui.model.removal_plan` and put into words by
:mod:`tui.present.removal`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tui.model.container import Container
from tui.model.estimate import NOTHING, Estimate
from tui.model.image import Image
from tui.model.inventory import Inventory
from tui.model.mark import Kind


class Outcome(StrEnum):
    """One thing that will happen, or will not."""

    UNTAGGED = "untagged"
    """``names``: the tag that is taken away."""
    IMAGE_STAYS_AS = "image stays as"
    """``names``: the tags it still has."""
    IMAGE_GOES = "image goes"
    """``names``: all its tags; ``count``: its layers; ``bytes``: its size with shared layers."""
    LAYERS_STAY = "layers stay"
    """``count``: how many of its layers something else holds."""
    WRITABLE_LAYER_GOES = "writable layer goes"
    """``bytes``: its size."""
    VOLUMES_STAY = "volumes stay"
    """``names``: volumes of the container that are kept whatever is chosen."""
    ANONYMOUS_VOLUMES = "anonymous volumes"
    """``names``: stay behind, or go along when that is chosen."""
    FOLDERS_STAY = "folders stay"
    """``names``: bind-mounted folders of the host."""
    IMAGE_STAYS = "image stays"
    """``names``: what the container's image is called."""
    FILES_GO = "files go"
    """``bytes``: the size of the volume."""
    DEVICE_STAYS = "device stays"
    """``names``: the folder or share that the volume only points to."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing the removal does or leaves alone; which fields count, :class:`Outcome` says."""

    outcome: Outcome
    names: tuple[str, ...] = ()
    count: int | None = None
    bytes: int | None = None


class Hindrance(StrEnum):
    """Why the engine would refuse."""

    RUNNING_CONTAINERS = "running containers"
    """Hard. ``containers`` run (or are paused) on the image."""
    STOPPED_CONTAINERS = "stopped containers"
    """``containers`` stand on the image and do not run."""
    SEVERAL_NAMES = "several names"
    """``names`` all point to the image, and it is asked for by ID."""
    CHILD_IMAGES = "child images"
    """Hard. ``images`` were built on the image by the classic builder."""
    ALIVE = "alive"
    """The container runs, is paused or restarts."""
    BEING_REMOVED = "being removed"
    """Hard. The engine is already at it."""
    VOLUME_USED = "volume used"
    """Hard. ``containers`` mount the volume, running or not."""
    CACHE_IN_USE = "cache in use"
    """Hard. A build uses the record of the build cache just now."""
    CACHE_CHILDREN = "cache children"
    """Hard. ``names`` are the IDs of records of the build cache that were made from it."""
    NOT_LISTED = "not listed"
    """Hard, for now. What uses the thing has not been listed yet, so nobody knows what else stands in the way."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason for which the engine would refuse."""

    hindrance: Hindrance
    hard: bool
    """True when force does not help either."""
    containers: tuple[Container, ...] = ()
    images: tuple[Image, ...] = ()
    names: tuple[str, ...] = ()
    certain: bool = True
    """False when it only looks so: the engine may turn out to allow it."""


class Consequence(StrEnum):
    """What force does on top of the removal."""

    KILLED = "killed"
    """The container's processes are killed, without a chance to finish."""
    CONTAINERS_KEEP_LAYERS = "containers keep layers"
    """The image's names go; the stopped containers still start, and its layers stay until they are gone."""
    ALL_NAMES_GO = "all names go"
    """Every tag of the image goes."""


@dataclass(frozen=True, slots=True)
class Removal:
    """A plan to remove one thing. It does nothing by itself."""

    kind: Kind
    id: str
    """Whole ID; for a volume its name, which is its identity."""
    name: str
    """What people call it: the tag, the container's name, the volume's name; empty when it has none."""
    reference: str
    """What to hand to the engine: the whole ID, or the tag when only a tag goes."""
    expects_id: str = ""
    """When ``reference`` is a tag: the image ID it must still point to. Check just before removing."""
    state: str = ""
    """A container's state."""
    created: float | None = None
    """When a volume was made: another one may have its name by now."""
    effects: tuple[Effect, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    force: tuple[Consequence, ...] = ()
    """What force would do besides; empty when it isn't needed or doesn't help."""
    type_name: bool = False
    """True when the user is to type ``name`` first."""
    freed: Estimate = NOTHING
    """What comes back, with force if it takes force."""
    anonymous_volumes: tuple[str, ...] = ()
    """Volumes that would go along if that is chosen (containers only)."""
    freed_with_volumes: Estimate = NOTHING
    """What comes back if they go along; the same as ``freed`` when there are none."""

    @property
    def untags_only(self) -> bool:
        """True when one tag goes and the image stays."""
        return bool(self.expects_id)

    @property
    def possible(self) -> bool:
        """True when nothing stands in the way, force or no force."""
        return all(not obstacle.certain for obstacle in self.obstacles)

    @property
    def forcible(self) -> bool:
        """True when it isn't possible as it is and force would make it so."""
        return bool(self.force) and not self.possible

    def still_holds(self, inventory: Inventory) -> bool:
        """True when ``inventory`` still has the thing, and a tag still points where it did."""
        if self.expects_id:
            image = inventory.images_by_tag.get(self.reference)
            return image is not None and image.id == self.expects_id
        known: dict[Kind, Iterable[str]] = {
            Kind.IMAGE: inventory.images_by_id,
            Kind.CONTAINER: inventory.containers_by_id,
            Kind.VOLUME: inventory.volumes_by_name,
        }
        return self.id in known[self.kind]
