"""Where an image or a container lies on the engine's disk, as strata from the top down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from tui.model.container import Container, ContainerDetail, Mount, all_mounts
from tui.model.host import Host
from tui.model.image import ImageDetail
from tui.model.layer import Layer
from tui.present import figures
from tui.present.layer import command_line
from tui.present.storage_words import (
    ALL_READ_ONLY,
    CHAIN,
    CHAIN_UNKNOWN,
    INIT,
    INIT_SNAPSHOT,
    LAYER,
    MERGED,
    MERGED_NOW,
    MOUNTS,
    NO_IMAGE,
    NOT_MERGED,
    OWN,
    READ_ONLY,
    READING_IMAGE,
    TOGETHER,
    UPPER,
    UPPER_SNAPSHOT,
    WORK,
    driver_words,
)
from widgets.cell import Cell, Fact, Line, Role, Section
from widgets.strata_sheet import Stratum

_INIT_DIR = "-init/diff"


class StorageText(NamedTuple):
    """What the Storage tab shows."""

    strata: tuple[Stratum, ...]
    """Top first."""
    shafts: int
    """How many mounts pierce them."""
    sections: tuple[Section, ...]
    """What stands below."""


def container_storage(
    container: Container, detail: ContainerDetail, image: ImageDetail | None, host: Host | None, image_problem: str = ""
) -> StorageText:
    """A container's stack. ``image`` is ``None`` while it is being read, or when it can't be: ``image_problem``."""
    layers = image.layers if image is not None else ()
    overlay = _Overlay.of(detail.storage)
    if overlay is not None:
        strata: tuple[Stratum, ...] = _overlay_strata(container, detail.state, overlay, layers)
        notes: tuple[Section, ...] = ()
    else:
        strata, notes = _other_strata(container, detail, layers, host)
    if image is None:
        notes = (*notes, _sentences(f"{image_problem} {NO_IMAGE}" if image_problem else READING_IMAGE))
    mounts = all_mounts(detail)
    return StorageText(strata, len(mounts), (*notes, *_mount_sections(mounts)))


def image_storage(detail: ImageDetail, host: Host | None) -> StorageText:
    """An image's layers."""
    driver, data = graph_driver(detail.raw)
    overlay = _Overlay.of(data)
    if overlay is not None:
        dirs = (overlay.upper, *overlay.lowers)
        strata = tuple(_layer_strata(detail.layers, dirs, kind="Dir"))
        return StorageText(strata, 0, (_sentences(ALL_READ_ONLY),))
    if is_snapshotter(driver, data, host):
        strata = tuple(_layer_strata(detail.layers, [layer.chain_id for layer in reversed(detail.layers)], kind="Key"))
        return StorageText(strata, 0, (_sentences(CHAIN, CHAIN_UNKNOWN, ALL_READ_ONLY),))
    strata = tuple(_layer_strata(detail.layers, (), kind="Dir", words=READ_ONLY))
    return StorageText(strata, 0, (_driver_section(driver, data, host),))


def graph_driver(raw: Mapping[str, Any]) -> tuple[str, Mapping[str, str]]:
    """``GraphDriver`` of an inspect answer: its name and what it tells; nothing where the engine leaves it out."""
    driver = _mapping(raw.get("GraphDriver"))
    name = driver.get("Name")
    data = {str(key): str(value) for key, value in _mapping(driver.get("Data")).items() if value is not None}
    return (name if isinstance(name, str) else ""), data


def is_snapshotter(driver: str, data: Mapping[str, str], host: Host | None) -> bool:
    """True when containerd keeps the layers, as snapshots, and the engine has no folders to tell of."""
    return not data and (driver == "overlayfs" or (host is not None and host.image_store == "containerd"))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


# -- overlay ----------------------------------------------------------------------------------------


class _Overlay(NamedTuple):
    """The folders of an overlay mount, as overlay2, podman's overlay and fuse-overlayfs name them."""

    merged: str
    upper: str
    work: str
    init: str
    """Docker's own lower folder for one container; empty for images and on podman."""
    lowers: tuple[str, ...]
    """Top first, without ``init``."""

    @classmethod
    def of(cls, data: Mapping[str, str]) -> _Overlay | None:
        """``GraphDriver.Data``, when it is an overlay's."""
        if not data.get("UpperDir") and not data.get("LowerDir"):
            return None
        lowers = [path for path in data.get("LowerDir", "").split(":") if path]
        init = lowers.pop(0) if lowers and lowers[0].endswith(_INIT_DIR) else ""
        return cls(data.get("MergedDir", ""), data.get("UpperDir", ""), data.get("WorkDir", ""), init, tuple(lowers))


def _overlay_strata(
    container: Container, state: str, overlay: _Overlay, layers: Sequence[Layer]
) -> tuple[Stratum, ...]:
    mounted = state in {"running", "paused"}
    merged = Stratum(
        (Cell("merged view", Role.STRONG),),
        facts=(
            *_path("Dir", overlay.merged),
            _words(MERGED),
            _words(MERGED_NOW if mounted else NOT_MERGED),
            _together(container.size_root_fs_bytes),
        ),
        heavy=True,
    )
    upper = _upper(container, (*_path("Dir", overlay.upper), _words(UPPER)), overlay.work)
    init = (_init(overlay.init),) if overlay.init else ()
    return (merged, upper, *init, *_layer_strata(layers, overlay.lowers, kind="Dir"))


def _together(size_bytes: int | None) -> Fact:
    """What the engine calls the container's virtual size: not what is seen, for hidden files are in it."""
    value = (Cell(figures.size(size_bytes), Role.NUMBER), Cell(f"  {TOGETHER}", Role.MUTED))
    return Fact("Strata", value, exact=figures.exact_bytes(size_bytes))


def _upper(container: Container, facts: tuple[Fact, ...], work: str = "") -> Stratum:
    shelf = (*_path("Work dir", work), _words(WORK)) if work else ()
    return Stratum(
        (Cell("upper", Role.STRONG), Cell("  writable, its own", Role.GOOD)),
        (Cell(figures.size(container.size_rw_bytes), Role.NUMBER),),
        figures.exact_bytes(container.size_rw_bytes),
        (*facts, *shelf),
        heavy=True,
    )


def _init(path: str) -> Stratum:
    return Stratum((Cell("init", Role.STRONG),), (), "", (*_path("Dir", path), _words(INIT)))


def _layer_strata(
    layers: Sequence[Layer], places: Sequence[str], *, kind: str, words: str = LAYER
) -> Iterable[Stratum]:
    """The image's layers, top first, each with its place: a folder, or a snapshot's key.

    Where there are not as many places as layers, what belongs together is not known: both are shown apart.
    """
    if layers and len(places) == len(layers):
        pairs: Iterable[tuple[Layer | None, str]] = zip(reversed(layers), places, strict=True)
    else:
        pairs = [*((layer, "") for layer in reversed(layers)), *((None, place) for place in places)]
    for number, (layer, place) in enumerate(pairs):
        told = (_words(words),) if number == 0 else ()
        if layer is None:
            title = (Cell(f"lower {len(places) - number}", Role.STRONG),)
            yield Stratum(title, (), "", (*_path(kind, place), *told), heavy=number == 0)
        else:
            yield _layer(layer, place, told, kind=kind, first=number == 0)


def _layer(layer: Layer, place: str, told: tuple[Fact, ...], *, kind: str, first: bool) -> Stratum:
    diff_id = Fact("Diff ID", (Cell(figures.short_id(layer.diff_id)),), exact=layer.diff_id)
    where = (_key(place),) if kind == "Key" else _path(kind, place)
    return Stratum(
        (Cell(f"layer {layer.index + 1}  ", Role.STRONG), *command_line(layer.created_by)),
        (Cell(figures.size(layer.size_bytes), Role.NUMBER),),
        figures.exact_bytes(layer.size_bytes),
        (diff_id, *where, *told),
        heavy=first,
    )


# -- everything else --------------------------------------------------------------------------------


def _other_strata(
    container: Container, detail: ContainerDetail, layers: Sequence[Layer], host: Host | None
) -> tuple[tuple[Stratum, ...], tuple[Section, ...]]:
    if is_snapshotter(detail.storage_driver, detail.storage, host):
        upper = _upper(container, (_key(container.id), _words(UPPER_SNAPSHOT)))
        init = Stratum((Cell("init", Role.STRONG),), (), "", (_key(f"{container.id}-init"), _words(INIT_SNAPSHOT)))
        keys = [layer.chain_id for layer in reversed(layers)]
        return (upper, init, *_layer_strata(layers, keys, kind="Key")), (_sentences(CHAIN, CHAIN_UNKNOWN),)
    strata = (_upper(container, (_words(OWN),)), *_layer_strata(layers, (), kind="Dir", words=READ_ONLY))
    return strata, (_driver_section(detail.storage_driver, detail.storage, host),)


def _key(key: str) -> Fact:
    """A snapshot's key: a chain ID, or a container's ID with what containerd's user adds to it."""
    digest, dash, ending = key.partition("-")
    return Fact("Snapshot", (Cell(f"{figures.short_id(digest)}{dash}{ending}"),), exact=key)


def _driver_section(driver: str, data: Mapping[str, str], host: Host | None) -> Section:
    sentence, untold = driver_words(driver, host.root_dir if host else "")
    told = tuple(Fact(key, (Cell(value),)) for key, value in sorted(data.items()))
    return Section("", (Fact("", (Cell(sentence),)), *(told or (_words(untold),))))


# -- mounts -----------------------------------------------------------------------------------------


def _mount_sections(mounts: Sequence[Mount]) -> tuple[Section, ...]:
    """What lies behind each shaft."""
    if not mounts:
        return ()
    facts = [_words(MOUNTS)]
    for number, mount in enumerate(mounts, 1):
        access = "read only" if mount.read_only else "read and write"
        facts.append(Fact(str(number), (Cell(mount.destination, Role.STRONG), Cell(f"  {access}", Role.MUTED))))
        facts += [Fact(" ", line) for line in _behind(mount)]
    return (Section("Mounts", tuple(facts)),)


def _behind(mount: Mount) -> Iterable[Line]:
    if mount.type == "tmpfs":
        yield (Cell("tmpfs: in the host's memory, gone when the container stops", Role.MUTED),)
        return
    name: Line = (Cell(mount.name, Role.LINK),) if mount.name else ()
    yield (Cell(f"{mount.type or 'mount'} ", Role.MUTED), *name)
    if mount.source:
        yield (Cell(mount.source),)


# -- lines ------------------------------------------------------------------------------------------


def _path(label: str, path: str) -> tuple[Fact, ...]:
    return (Fact(label, (Cell(path),)),) if path else ()


def _words(sentence: str) -> Fact:
    return Fact("", (Cell(sentence, Role.MUTED),))


def _sentences(*sentences: str) -> Section:
    return Section("", tuple(_words(sentence) for sentence in sentences))
