"""Steps of the classic builder: images that the listing leaves out, and that are there all the same.

An engine leaves an image out of its list when it has no name and something was built on it. So what is under a
container and not listed is either such a step, and then a listed image stands on it, or an image that was removed by
force from under its container, and then nothing does. (moby ``daemon/images/images.go``, ``Images``.)
"""

from __future__ import annotations

from collections.abc import Mapping

from tui.model.container import Container
from tui.model.holdings import Holdings
from tui.model.image import Image
from tui.model.inventory import Inventory


def steps_below_images(inventory: Inventory, holdings: Holdings) -> frozenset[str]:
    """IDs of all steps that listed images were built on, as far as the ways down are known."""
    listed = inventory.images_by_id
    found: set[str] = set()
    for image_id in listed:
        for below in holdings.ancestors(image_id, inventory):
            if below in found:
                break  # and so is all below it
            if below not in listed and below not in holdings.gone:
                found.add(below)
    return frozenset(found)


def steps_under_containers(inventory: Inventory, holdings: Holdings) -> Mapping[str, tuple[Container, ...]]:
    """ID of a step -> the containers that were made from it.

    While the way down from some listed image is not known, whatever is not listed counts as a step.
    """
    listed = inventory.images_by_id
    unlisted = {
        image_id: containers
        for image_id, containers in inventory.containers_by_image.items()
        if image_id and image_id not in listed and image_id not in holdings.gone
    }
    if not unlisted or any(way_is_lost(image, inventory, holdings) for image in inventory.images):
        return unlisted
    steps = steps_below_images(inventory, holdings)
    return {image_id: containers for image_id, containers in unlisted.items() if image_id in steps}


def way_is_lost(image: Image, inventory: Inventory, holdings: Holdings) -> bool:
    """True when the way down from a listed image ends at one that nobody has read, before it comes to a listed one."""
    if not image.parent_id:
        return False
    last = ""
    for last in holdings.ancestors(image.id, inventory):
        if last in inventory.images_by_id:
            return False
    return bool(last) and last not in holdings.parents and last not in holdings.gone
