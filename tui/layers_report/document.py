"""The report for programs: JSON with the keys of dive's export, and ours beside them (``docs/layers-report.md``).

Source of the common part: ``cmd/dive/cli/internal/command/export/export.go`` and ``dive/filetree/file_info.go`` in
https://github.com/wagoodman/dive
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Iterator
from typing import Any

import tui
from tui.layers_report.report import Report
from tui.model.layer import Layer
from tui.model.layer_files import WHITEOUT_PREFIX, Kind, LayerFiles
from tui.model.layer_rules import Verdict, user_wasted
from tui.model.waste import Loss, Offender
from tui.present.waste_words import advice

VERSION = 1
"""Goes up when a key changes its meaning or goes; a new key does not count."""

_TYPE_FLAGS = {
    Kind.FILE: ord("0"),
    Kind.HARD_LINK: ord("1"),
    Kind.SYMLINK: ord("2"),
    Kind.CHARACTER_DEVICE: ord("3"),
    Kind.BLOCK_DEVICE: ord("4"),
    Kind.FOLDER: ord("5"),
    Kind.FIFO: ord("6"),
    Kind.SOCKET: ord("0"),
    Kind.UNKNOWN: ord("0"),
}
"""The tar type flag of each kind; tar has none for a socket."""
_MODE_BITS = {
    Kind.FOLDER: 1 << 31,
    Kind.SYMLINK: 1 << 27,
    Kind.BLOCK_DEVICE: 1 << 26,
    Kind.CHARACTER_DEVICE: 1 << 26 | 1 << 21,
    Kind.FIFO: 1 << 25,
    Kind.SOCKET: 1 << 24,
}
"""What Go's ``os.FileMode`` adds to the permissions. Source: https://pkg.go.dev/io/fs#FileMode"""
_SETUID, _SETGID, _STICKY = 1 << 23, 1 << 22, 1 << 20

_SHELL = "/bin/sh -c "
_encode = json.JSONEncoder(separators=(",", ":")).encode


def document(report: Report) -> Iterator[str]:
    """The document, piece by piece: a layer of fifty thousand files need not wait in memory for the others.

    Only ASCII, without control characters: it may be shown on any terminal. One layer is one line.
    """
    yield '{"layer":['
    subject = report.subject
    for number, (layer, files) in enumerate(zip(subject.layers, subject.files, strict=True)):
        yield ",\n" if number else "\n"
        yield _text(_layer(layer, files, report.waste.per_layer_wasted[number]))
    yield '\n],\n"image":'
    yield _text(_image(report))
    for key, value in _ours(report):
        yield f',\n"{key}":'
        yield _text(value)
    yield "}\n"


def _text(value: Any) -> str:
    return _encode(value).replace("\x7f", "\\u007f")


def _layer(layer: Layer, files: LayerFiles, wasted_bytes: int) -> dict[str, Any]:
    return {
        "index": layer.index,
        "id": layer.chain_id.rpartition(":")[2],
        "digestId": layer.diff_id,
        "sizeBytes": files.stored_bytes,
        "command": unicode_only(layer.created_by.removeprefix(_SHELL)) or "(missing)",
        "fileList": [*_entries(files), *map(_whiteout, files.whiteouts)],
        "chainId": layer.chain_id,
        "createdBy": unicode_only(layer.created_by),
        "created": layer.created,
        "wastedBytes": wasted_bytes,
        "opaqueFolders": [unicode_only(folder) for folder in files.opaques],
    }


def _entries(files: LayerFiles) -> Iterator[dict[str, Any]]:
    """Every entry, folders before what is in them."""
    links = files.links
    for number, path in enumerate(files.paths):
        kind, mode = Kind(files.kinds[number]), files.modes[number]
        link = links.get(number, "")
        entry = {
            "path": path,
            "typeFlag": _TYPE_FLAGS[kind],
            "linkName": link,
            "size": max(0, files.sizes[number]),
            "fileMode": go_mode(kind, mode),
            "uid": files.uids[number],
            "gid": files.gids[number],
            "isDir": kind is Kind.FOLDER,
            "modified": files.modified[number],
        }
        if not path.isascii():
            _name(entry, "path", path)
        if link and not link.isascii():
            _name(entry, "linkName", link)
        if number in files.devices:
            entry["device"] = files.devices[number]
        yield entry


def _whiteout(path: str) -> dict[str, Any]:
    """A deleted path, as it stands in the layer's tar and in dive's export."""
    folder, slash, name = path.rpartition("/")
    written = f"{folder}{slash}{WHITEOUT_PREFIX}{name}"
    entry: dict[str, Any] = {
        "path": written, "typeFlag": _TYPE_FLAGS[Kind.FILE], "linkName": "", "size": 0,
        "fileMode": 0, "uid": 0, "gid": 0, "isDir": False,
    }  # fmt: skip
    _name(entry, "path", written)
    return entry


def go_mode(kind: Kind, mode: int) -> int:
    """Permission bits and kind as Go's ``os.FileMode`` has them."""
    special = (mode & 0o4000 and _SETUID) | (mode & 0o2000 and _SETGID) | (mode & 0o1000 and _STICKY)
    return mode & 0o777 | special | _MODE_BITS.get(kind, 0)


def _name(entry: dict[str, Any], key: str, name: str) -> None:
    """A file name under ``key``; one that is not UTF-8 also under ``keyBase64``, byte by byte."""
    shown = unicode_only(name)
    entry[key] = shown
    if shown != name:
        raw = name.encode("utf-8", "surrogateescape" if _is_escaped(name) else "surrogatepass")
        entry[f"{key}Base64"] = base64.b64encode(raw).decode("ascii")


def _is_escaped(name: str) -> bool:
    return all(not "\ud800" <= character <= "\udfff" or "\udc80" <= character <= "\udcff" for character in name)


def unicode_only(text: str) -> str:
    """``text`` with U+FFFD for every byte that was not UTF-8: JSON can't hold those, and parsers fail on attempts."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _image(report: Report) -> dict[str, Any]:
    subject, waste = report.subject, report.waste
    user = user_wasted(waste)
    return {
        "sizeBytes": waste.stored_bytes,
        "inefficientBytes": waste.wasted_bytes,
        "efficiencyScore": waste.efficiency,
        "fileReference": [
            {"count": one.copies, "sizeBytes": one.wasted_bytes, "file": f"/{unicode_only(one.path)}"}
            for one in waste.offenders
        ],
        "id": subject.image_id,
        "tags": [unicode_only(tag) for tag in subject.tags],
        "platform": unicode_only(subject.platform),
        "otherPlatforms": [unicode_only(platform) for platform in subject.other_platforms],
        "visibleBytes": waste.visible_bytes,
        "userSizeBytes": sum(waste.per_layer_stored[1:]),
        "userWastedPercent": None if math.isinf(user) else user,
    }


def _ours(report: Report) -> Iterator[tuple[str, Any]]:
    """What dive does not export."""
    subject, waste = report.subject, report.waste
    yield "version", VERSION
    yield "generator", f"orlop {tui.__version__}"
    yield (
        "source",
        {"kind": subject.kind, "name": unicode_only(subject.name), "place": unicode_only(subject.place)},
    )
    yield "offenders", [_offender(one) for one in waste.offenders]
    yield "losses", [_loss(one) for one in waste.losses]
    yield "advice", [unicode_only(sentence) for sentence in advice(waste, subject.layers)]
    yield "rules", {"pass": report.passes, "results": [_verdict(one) for one in report.verdicts]}


def _offender(one: Offender) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "path": one.path,
        "wastedBytes": one.wasted_bytes,
        "copies": one.copies,
        "addedBy": one.added_by,
        "hiddenBy": one.hidden_by,
        "deleted": one.deleted,
    }
    _name(entry, "path", one.path)
    return entry


def _loss(one: Loss) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "addedBy": one.added_by,
        "hiddenBy": one.hidden_by,
        "deleted": one.deleted,
        "wastedBytes": one.wasted_bytes,
        "files": one.files,
        "folder": one.folder,
    }
    _name(entry, "folder", one.folder)
    return entry


def _verdict(one: Verdict) -> dict[str, Any]:
    return {
        "rule": one.limit.rule.value,
        "status": one.status.value,
        "limit": one.limit.value,
        "measured": None if math.isinf(one.measured) else one.measured,
        "source": unicode_only(one.limit.source),
    }
