"""The demo's layers as those who read a real engine's layers have them, and the bytes of their files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from posixpath import dirname
from zlib import crc32

from tui.engine.demo.files import File, folder, linked_file
from tui.engine.demo.objects import DemoImage
from tui.engine.errors import NotFoundError
from tui.model.layer_files import Kind, LayerBuilder, LayerFiles, clean_path

_KINDS = {"file": Kind.FILE, "dir": Kind.FOLDER, "link": Kind.SYMLINK, "hardlink": Kind.HARD_LINK}

_NUMBERS = {
    "root": 0, "daemon": 1, "bin": 2, "adm": 4, "tty": 5, "man": 6, "mail": 8, "utmp": 43, "shadow": 42, "staff": 50,
    "_apt": 42, "www-data": 33, "games": 60, "nginx": 101, "redis": 999, "postgres": 999, "node": 1000,
    "search": 1001, "nonroot": 65532, "nobody": 65534, "nogroup": 65534,
}  # fmt: skip
"""User and group IDs, as Debian, Alpine and the official images have them."""


def number_of(name: str) -> int:
    """The ID of a user or group; a name nobody knows has one of its own, the same every time."""
    known = _NUMBERS.get(name)
    if known is not None:
        return known
    return int(name) if name.isdecimal() else 2000 + crc32(name.encode("utf-8", "surrogatepass")) % 50_000


def layer_files(image: DemoImage, diff_id: str) -> LayerFiles:
    """What the layer with this diff ID holds; raises :class:`NotFoundError` when ``image`` has no such layer."""
    number = _number(image, diff_id)
    below = [layer.files for layer in image.layers[:number]]
    created = next((step.created for step in image.steps if step.layer is image.layers[number]), 0.0)
    return as_layer_files(image.layers[number].files, below, created)


def as_layer_files(files: Mapping[str, File], below: Sequence[Mapping[str, File]], moment: float) -> LayerFiles:
    """A layer's files as a reader of its tar has them.

    The folders above everything are in it, as they are in the tar of a real layer: the file system copies them up,
    with the mode and the owner they have in the layers ``below`` (lowest first). What has no time of its own was
    written at ``moment``.
    """
    builder = LayerBuilder()
    written: set[str] = set()
    for raw, entry in files.items():
        path = clean_path(raw)
        if not path:
            continue  # the root is no entry
        if entry.kind == "whiteout":
            builder.hide(path)
        else:
            _add(builder, path, _as_written(files, entry), moment)
            written.add(path)
        if entry.opaque:
            builder.make_opaque(path)
    for path in _missing_parents(map(clean_path, files), written):
        _add(builder, path, _folder_below(f"/{path}", below), moment)
    return builder.build()


def file_of_layer(image: DemoImage, diff_id: str, path: str) -> tuple[str, File]:
    """The file at ``path`` (relative to the root) of one layer, and its name; of a hard link, the file it is a name of.

    Raises:
        NotFoundError: that layer has no file there.
    """
    files = image.layers[_number(image, diff_id)].files
    entry = files.get(f"/{path}") or next((one for raw, one in files.items() if clean_path(raw) == path), None)
    if entry is not None and entry.kind == "hardlink":
        path, entry = clean_path(entry.target), linked_file(files, entry)
    if entry is None or entry.kind != "file":
        raise NotFoundError(f"The layer {diff_id[:19]} has no file {path}.", "Choose a file of this layer.")
    return path, entry


def _number(image: DemoImage, diff_id: str) -> int:
    if diff_id not in image.diff_ids:
        raise NotFoundError(f"The image {image.id[:19]} has no layer {diff_id[:19]}.", "Refresh to see what is there.")
    return image.diff_ids.index(diff_id)


def _add(builder: LayerBuilder, path: str, entry: File, moment: float) -> None:
    kind = _KINDS[entry.kind]
    builder.add(
        path,
        kind,
        entry.size_bytes if kind == Kind.FILE else 0,
        entry.mode,
        number_of(entry.owner),
        number_of(entry.group or entry.owner),
        int(moment if entry.modified is None else entry.modified),
        clean_path(entry.target) if kind == Kind.HARD_LINK else entry.target,
    )


def _as_written(files: Mapping[str, File], entry: File) -> File:
    """A hard link with the mode and owner of its file, as an engine writes it: all names are one file."""
    file = linked_file(files, entry)
    if file is entry:
        return entry
    return entry._replace(mode=file.mode, owner=file.owner, group=file.group, modified=file.modified)


def _missing_parents(paths: Iterator[str], written: set[str]) -> set[str]:
    """The folders above ``paths`` that are not ``written`` themselves."""
    missing: set[str] = set()
    for path in paths:
        parent = dirname(path)
        while parent and parent not in missing and parent not in written:
            missing.add(parent)
            parent = dirname(parent)
    return missing


def _folder_below(path: str, below: Sequence[Mapping[str, File]]) -> File:
    found = next((layer[path] for layer in reversed(below) if path in layer), None)
    return folder() if found is None or found.kind != "dir" else found._replace(opaque=False)
