"""What has to go before a thing can go, and what stands in its way: the engine's rules as a graph.

The rules are those of :mod:`tui.model.removal_plan`, for a whole set at once and without any force: an image waits for
its containers and (on the classic store) for the images built on it, a volume for the containers that mount it, a
record of the build cache for the records made from it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypeVar

from tui.model.builder_steps import steps_under_containers, way_is_lost
from tui.model.container import Container
from tui.model.holdings import Holdings
from tui.model.host import CONTAINERD_STORE
from tui.model.image import Image
from tui.model.inventory import Inventory
from tui.model.mark import Kind, Mark, marks_of_image
from tui.model.removable import BEING_REMOVED
from tui.model.removal import Hindrance, Obstacle

Item = TypeVar("Item")

Thing = tuple[Kind, str]
"""One object: its kind and whole ID (of a volume, its name)."""

_USERS_IN = {Kind.IMAGE: frozenset({"images", "containers"}), Kind.VOLUME: frozenset({"containers"})}
"""Which parts of the photograph have to be there before anybody knows what uses a thing."""


class Needs:
    """The graph for one photograph. Nothing here depends on what is marked."""

    def __init__(self, inventory: Inventory, holdings: Holdings) -> None:
        self._inventory = inventory
        self._holdings = holdings
        self._children: dict[str, tuple[Image, ...]] = {}
        self._step_users: dict[str, tuple[Container, ...]] = {}
        """Image ID -> containers on steps of the classic builder between it and the next listed image above."""
        self._likely: dict[str, tuple[Image, ...]] = {}
        if inventory.host is None or inventory.host.image_store != CONTAINERD_STORE:
            self._children = self._built_on()
            self._step_users = self._on_steps()
            self._likely = self._maybe_built_on()

    def before(self, thing: Thing) -> Iterator[Thing]:
        """What has to go first, one way down; what that waits for in its turn has to be asked for."""
        kind, identity = thing
        match kind:
            case Kind.IMAGE:
                for container in self._users(identity):
                    yield Kind.CONTAINER, container.id
                for image in self._children.get(identity, ()):
                    yield Kind.IMAGE, image.id
            case Kind.VOLUME:
                for container in self._inventory.containers_by_volume.get(identity, ()):
                    yield Kind.CONTAINER, container.id
            case Kind.CACHE_RECORD:
                for record in self._inventory.cache_children_by_id.get(identity, ()):
                    yield Kind.CACHE_RECORD, record.id
            case Kind.CONTAINER:
                return

    def sooner(self, thing: Thing) -> list[Thing]:
        """What of its own kind is better removed before it: what has to be, and what may turn out to have to."""
        kind, identity = thing
        if kind is Kind.IMAGE:
            images = self._children.get(identity, ()) + self._likely.get(identity, ())
            return [(kind, image.id) for image in images]
        return list(self.before(thing)) if kind is Kind.CACHE_RECORD else []

    def never(self, thing: Thing) -> Hindrance | None:
        """Why it can't go whatever else goes; ``None`` when it can."""
        kind, identity = thing
        if kind is Kind.CONTAINER:
            going = self._inventory.containers_by_id[identity].state == BEING_REMOVED
            return Hindrance.BEING_REMOVED if going else None
        if kind is Kind.CACHE_RECORD:
            return Hindrance.CACHE_IN_USE if self._inventory.cache_records_by_id[identity].in_use else None
        return None if self._inventory.listed.issuperset(_USERS_IN[kind]) else Hindrance.NOT_LISTED

    def marks_of(self, thing: Thing) -> tuple[Mark, ...]:
        """The marks that let it go whole."""
        kind, identity = thing
        return marks_of_image(self._inventory, identity) if kind is Kind.IMAGE else (Mark(kind, identity),)

    def obstacles(self, thing: Thing, ready: Collection[Thing]) -> tuple[Obstacle, ...]:
        """What stands in its way once everything that is ``ready`` has gone."""
        kind, identity = thing
        never = self.never(thing)
        found = [Obstacle(never, hard=True)] if never else []
        match kind:
            case Kind.IMAGE:
                found += self._of_image(identity, ready)
            case Kind.VOLUME:
                users = self._left(self._inventory.containers_by_volume.get(identity, ()), ready)
                if users:
                    found.append(Obstacle(Hindrance.VOLUME_USED, hard=True, containers=users))
            case Kind.CACHE_RECORD:
                names = tuple(record for _kind, record in self.before(thing) if (kind, record) not in ready)
                if names:
                    found.append(Obstacle(Hindrance.CACHE_CHILDREN, hard=True, names=names))
            case Kind.CONTAINER:
                pass
        return tuple(found)

    def _of_image(self, image_id: str, ready: Collection[Thing]) -> Iterator[Obstacle]:
        users = self._left(self._inventory.containers_by_image.get(image_id, ()), ready)
        running = tuple(container for container in users if container.alive)
        stopped = tuple(container for container in users if not container.alive)
        if running:
            yield Obstacle(Hindrance.RUNNING_CONTAINERS, hard=True, containers=running)
        if stopped:
            yield Obstacle(Hindrance.STOPPED_CONTAINERS, hard=False, containers=stopped)
        steps = dict.fromkeys(user.image_id for user in self._left(self._step_users.get(image_id, ()), ready))
        children = self._staying(self._children.get(image_id, ()), ready) + tuple(Image(step) for step in steps)
        likely = self._staying(self._likely.get(image_id, ()), ready)
        if children:
            yield Obstacle(Hindrance.CHILD_IMAGES, hard=True, images=children)
        elif likely:
            yield Obstacle(Hindrance.CHILD_IMAGES, hard=True, images=likely, certain=False)

    def _users(self, image_id: str) -> tuple[Container, ...]:
        """Containers on the image, and on what the classic builder made of it on the way to another image."""
        return self._inventory.containers_by_image.get(image_id, ()) + self._step_users.get(image_id, ())

    @staticmethod
    def _left(containers: Iterable[Container], ready: Collection[Thing]) -> tuple[Container, ...]:
        return tuple(container for container in containers if (Kind.CONTAINER, container.id) not in ready)

    @staticmethod
    def _staying(images: Iterable[Image], ready: Collection[Thing]) -> tuple[Image, ...]:
        return tuple(image for image in images if (Kind.IMAGE, image.id) not in ready)

    # -- the classic builder ------------------------------------------------------------------------

    def _listed_below(self, image_id: str) -> str:
        """The nearest image below that is listed; empty when there is none, or the way is lost."""
        listed = self._inventory.images_by_id
        return next((one for one in self._holdings.ancestors(image_id, self._inventory) if one in listed), "")

    def _built_on(self) -> dict[str, tuple[Image, ...]]:
        """Image ID -> the listed images that were built on it, the nearest ones only."""
        children: defaultdict[str, list[Image]] = defaultdict(list)
        for image in self._inventory.images:
            parent = self._listed_below(image.id) if image.parent_id else ""
            if parent:
                children[parent].append(image)
        return _frozen(children)

    def _on_steps(self) -> dict[str, tuple[Container, ...]]:
        """Image ID -> containers on steps that were built on it: those stay, and keep what is below."""
        users: defaultdict[str, list[Container]] = defaultdict(list)
        for step, containers in steps_under_containers(self._inventory, self._holdings).items():
            parent = self._listed_below(step)
            if parent:
                users[parent].extend(containers)
        return _frozen(users)

    def _maybe_built_on(self) -> dict[str, tuple[Image, ...]]:
        """Image ID -> images whose way down is not known yet and whose layers begin with all of that image's."""
        tops: defaultdict[str, list[str]] = defaultdict(list)
        for image_id in self._inventory.images_by_id:
            layers = self._holdings.layers.get(image_id)
            if layers:
                tops[layers[-1][0]].append(image_id)
        likely: defaultdict[str, list[Image]] = defaultdict(list)
        for image in self._inventory.images:
            if not way_is_lost(image, self._inventory, self._holdings):
                continue
            for chain_id, _size in self._holdings.layers.get(image.id, ()):
                for below in tops.get(chain_id, ()):
                    if below != image.id:
                        likely[below].append(image)
        return _frozen(likely)


def _frozen(lists: Mapping[str, list[Item]]) -> dict[str, tuple[Item, ...]]:
    return {key: tuple(found) for key, found in lists.items()}
