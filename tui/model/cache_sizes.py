"""Records of the build cache that hold more than the engine says."""

from __future__ import annotations

from tui.model.inventory import Inventory


def understated_records(inventory: Inventory) -> frozenset[str]:
    """IDs of records that may free more than their size, or, when they are shared, more than nothing."""
    return frozenset(_from_local_images(inventory) | _merged(inventory))


def _from_local_images(inventory: Inventory) -> set[str]:
    """Records that may stand for a layer of an image which is gone.

    A build on an image that is there makes a record for each of its layers, "from local …", with a size of 0. Once
    that image is removed the record still has the layer, and df tells of neither (measured on the disks of 20.10 and
    28). Such records are at the bottom, so whatever is of no size, down to the bottom, may be one. They are of the
    regular type.
    """
    by_id = inventory.cache_records_by_id
    sized = [record for record in by_id.values() if record.size_bytes]
    above: set[str] = set()
    while sized:
        record = sized.pop()
        if record.id not in above:
            above.add(record.id)
            sized.extend(inventory.cache_children_by_id.get(record.id, ()))
    return {one.id for one in by_id.values() if one.type == "regular" and not one.shared and one.id not in above}


def _merged(inventory: Inventory) -> set[str]:
    """Shared records that others were merged from: only the merged one need be in an image.

    Source: ``markShared`` in moby/buildkit ``cache/manager.go`` calls everything below a shared record shared.
    """
    by_id = inventory.cache_records_by_id
    found: set[str] = set()
    below = [parent for record in by_id.values() if len(record.parents) > 1 for parent in record.parents]
    while below:
        record_id = below.pop()
        if record_id in by_id and record_id not in found:
            found.add(record_id)
            below.extend(by_id[record_id].parents)
    return {record_id for record_id in found if by_id[record_id].shared}
