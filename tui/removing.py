"""Carrying out a reviewed removal: that, and nothing else."""

from __future__ import annotations

from tui.engine.errors import ConflictError
from tui.engine.port import Engine
from tui.model.inventory import Inventory
from tui.model.removal import Kind, Removal


async def carry_out(engine: Engine, removal: Removal, *, force: bool, anonymous_volumes: bool) -> None:
    """Remove what ``removal`` names, by whole ID; a tag only while it points where it did at the review.

    Raises:
        EngineError: the engine refused, or the tag has moved.
    """
    if removal.kind is Kind.CONTAINER:
        await engine.remove_container(removal.id, force=force, anonymous_volumes=anonymous_volumes)
    elif removal.kind is Kind.VOLUME:
        await engine.remove_volume(removal.id)
    else:
        if removal.expects_id:
            await _check_tag(engine, removal)
        await engine.remove_image(removal.reference, force=force)


async def _check_tag(engine: Engine, removal: Removal) -> None:
    """A tag is a name that may have moved since the review: look once more before taking it away."""
    if not removal.still_holds(Inventory(images=await engine.images())):
        raise ConflictError(
            f"The tag {removal.reference} no longer points to the image that was reviewed.",
            "Nothing was removed; look at it again.",
        )
