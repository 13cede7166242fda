"""An image in an archive file as the subject of a report: no engine and no event loop, only the readers are loaded."""

from __future__ import annotations

from pathlib import Path

from tui.contents.archive_choice import chosen_image, other_platforms
from tui.contents.archive_image import described_layers
from tui.contents.image_archive import read_file
from tui.contents.reading import OnReading
from tui.layers_report.report import Subject


def read_archive(path: Path, name: str | None, on_reading: OnReading) -> Subject:
    """Read the layers of the image called ``name`` in the archive, or of the only one there is.

    The cache is left alone. Nobody has checked that the layers of a file are what their diff IDs say, as an engine
    does when it takes an image in: one wrong file would make later reports wrong, or be taken for what it is not.

    Raises:
        ContentsError: there is no such archive or image, or it can't be read.
    """
    archive = read_file(path, None, on_reading)
    image = chosen_image(archive.images, path.name, name or "")
    files = tuple(archive.layers[diff_id] for diff_id in image.diff_ids)
    place = image.tags[0] if image.tags else ""
    return Subject(
        "archive", str(path), place, image.id, image.tags, described_layers(image, files), files, image.platform,
        other_platforms(archive.images, image),
    )  # fmt: skip
