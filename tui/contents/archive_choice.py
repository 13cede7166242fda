"""Which image of an archive is meant."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tui.contents.errors import ContentsError
from tui.contents.image_manifest import ArchiveImage, shown

_SOME_ID = re.compile(r"(?:sha256:)?([0-9a-f]{4,64})")
_MOST_NAMED = 10


class ImageChoiceError(ContentsError):
    """An archive holds no such image, or several, and nobody said which."""


def chosen_image(images: Sequence[ArchiveImage], archive: str, name: str = "") -> ArchiveImage:
    """The image called ``name``: by a tag (``:latest`` may be left out), or by its ID or the beginning of that.

    Without a name the only one there is. One image for several machines is one: this machine's is taken.

    Raises:
        ImageChoiceError: there is none, or it isn't clear which one is meant; the next step names those there are.
    """
    found = [image for image in images if not name or _is_called(image, name)]
    # Variants of one image for different machines have its tags in common; this machine's comes first.
    if found and all(image.tags == found[0].tags and image.tags for image in found):
        return found[0]
    if len(found) == 1:
        return found[0]
    there = ", ".join(_names(image) for image in images[:_MOST_NAMED])
    more = f" and {len(images) - _MOST_NAMED} more" if len(images) > _MOST_NAMED else ""
    if found:
        what = f"holds {len(found)} images" + (f" that {shown(name)} may mean" if name else "")
        raise ImageChoiceError(f"{archive} {what}.", f"Say which one is meant: {there}{more}.")
    raise ImageChoiceError(f"{archive} holds no image {shown(name)}.", f"It holds {there}{more}.")


def _is_called(image: ArchiveImage, name: str) -> bool:
    if name in image.tags or f"{name}:latest" in image.tags:
        return True
    some_id = _SOME_ID.fullmatch(name)
    return some_id is not None and image.id.removeprefix("sha256:").startswith(some_id[1])


def _names(image: ArchiveImage) -> str:
    """What to call it by. Safe to print."""
    return shown(image.tags[0]) if image.tags else image.id.removeprefix("sha256:")[:12]
