"""Which image of an archive is meant."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from tui.contents.archive_image import SAVE_ANEW, ArchiveImage, shown
from tui.contents.errors import BrokenArchiveError, ContentsError

_SOME_ID = re.compile(r"(?:sha256:)?([0-9a-f]{4,64})")
_MOST_NAMED = 10


class ImageChoiceError(ContentsError):
    """An archive holds no such image, or several, and nobody said which."""


def chosen_image(images: Sequence[ArchiveImage], archive: str, name: str = "") -> ArchiveImage:
    """The image called ``name``: by a tag (``:latest`` may be left out), or by its ID or the beginning of that.

    Of an image for several machines ``@`` and a platform say which: ``web:1@linux/arm64``; the platform alone does too.
    Without a name the only one there is. One image for several machines is one: this machine's is taken.

    Raises:
        ImageChoiceError: there is none, or it isn't clear which one is meant; the next step names those there are.
        BrokenArchiveError: its layers can't be read.
    """
    found = [image for image in images if not name or _is_called(image, name)]
    if not found:
        found = [image for image in images if _is_for(image, name)]
    # Variants of one image for different machines have its tags in common; this machine's comes first.
    if len(found) == 1 or (found and all(image.tags == found[0].tags and image.tags for image in found)):
        chosen = next((image for image in found if not image.problem), found[0])
        if chosen.problem:
            raise BrokenArchiveError(chosen.problem, _step(images))
        return chosen
    there = f"{_listed(images)}."
    if found:
        what = f"holds {len(found)} images" + (f" that {shown(name)} may mean" if name else "")
        raise ImageChoiceError(f"{archive} {what}.", f"Say which one is meant: {there}")
    raise ImageChoiceError(f"{archive} holds no image {shown(name)}.", f"It holds {there}")


def other_platforms(images: Sequence[ArchiveImage], chosen: ArchiveImage) -> tuple[str, ...]:
    """For which other machines the archive holds the image ``chosen``."""
    same = [image for image in images if image is not chosen and image.tags == chosen.tags and image.tags]
    return tuple(dict.fromkeys(image.platform for image in same if image.platform not in {"", chosen.platform}))


def _is_called(image: ArchiveImage, name: str) -> bool:
    if name in image.tags or f"{name}:latest" in image.tags:
        return True
    some_id = _SOME_ID.fullmatch(name)
    return some_id is not None and image.id.removeprefix("sha256:").startswith(some_id[1])


def _is_for(image: ArchiveImage, name: str) -> bool:
    """Whether ``name`` is ``NAME@PLATFORM`` or ``PLATFORM`` and means this one; a variant may be left out."""
    called, _, platform = name.rpartition("@")
    is_for = "/" in platform and f"{image.platform}/".startswith(f"{platform}/")
    return is_for and (not called or _is_called(image, called))


def _step(images: Sequence[ArchiveImage]) -> str:
    sound = _listed(images, only_sound=True)
    return f"Save it anew, or read {sound}." if sound else SAVE_ANEW


def _listed(images: Sequence[ArchiveImage], *, only_sound: bool = False) -> str:
    """What to call them by, one by one. Safe to print."""
    tags = Counter(image.tags for image in images)
    names = [_name(image, several=tags[image.tags] > 1) for image in images if not (only_sound and image.problem)]
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def _name(image: ArchiveImage, *, several: bool) -> str:
    if not image.tags:
        return image.id.removeprefix("sha256:")[:12]
    return shown(f"{image.tags[0]}@{image.platform}" if several and image.platform else image.tags[0])
