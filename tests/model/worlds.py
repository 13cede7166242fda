"""Small worlds for the tests of the model and its words: records with just the fields that matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tui.model.build_cache import BuildCacheRecord
from tui.model.container import Container, Mount
from tui.model.holdings import Holdings
from tui.model.host import DiskUsage, Endpoint, Host
from tui.model.image import Image
from tui.model.inventory import Inventory
from tui.model.volume import Volume


def host(image_store: str = "classic", product: str = "Docker") -> Host:
    return Host(
        endpoint=Endpoint("unix:///run/docker.sock"),
        id="h",
        name="box",
        product=product,
        server_version="28.5.2",
        api_version="1.51",
        storage_driver="overlay2",
        image_store=image_store,
        root_dir="/var/lib/docker",
        operating_system="Debian",
        os_type="linux",
        architecture="x86_64",
        kernel="6.1",
        cpus=4,
        memory_bytes=1,
        rootless=False,
    )


def usage(*, shared_cache: bool = False) -> DiskUsage:
    cache = (BuildCacheRecord("c", "regular", "RUN make", 5, shared=True),) if shared_cache else ()
    return DiskUsage(layers_size_bytes=None, volumes={}, containers={}, build_cache=cache)


def image_id(letter: str) -> str:
    return "sha256:" + letter * 64


def image(letter: str, *tags: str, parent: str = "", size: int | None = 100, digests: tuple[str, ...] = ()) -> Image:
    return Image(image_id(letter), tags, digests=digests, parent_id=image_id(parent) if parent else "", size_bytes=size)


def container(
    letter: str,
    image_letter: str,
    state: str = "exited",
    *,
    size: int | None = 0,
    mounts: Iterable[Mount] = (),
    name: str = "",
) -> Container:
    return Container(
        id=letter * 64,
        names=(name or f"c-{letter}",),
        image_id=image_id(image_letter),
        state=state,
        mounts=tuple(mounts),
        size_rw_bytes=size,
    )


def volume_mount(name: str, at: str = "/data") -> Mount:
    return Mount("volume", name, f"/var/lib/docker/volumes/{name}/_data", at)


def holdings(layers: Mapping[str, Mapping[str, int | None]], parents: Mapping[str, str] | None = None) -> Holdings:
    """``{"a": {"base": 10, "top": 5}}``: image letter -> chain -> bytes, lowest first."""
    return Holdings(
        {image_id(letter): tuple(chains.items()) for letter, chains in layers.items()},
        {image_id(child): image_id(parent) if parent else "" for child, parent in (parents or {}).items()},
    )


def world(
    images: Iterable[Image] = (),
    containers: Iterable[Container] = (),
    volumes: Iterable[Volume] = (),
    *,
    engine: Host | None = None,
    disk: DiskUsage | None = None,
) -> Inventory:
    return Inventory(
        host=engine or host(),
        images=tuple(images),
        containers=tuple(containers),
        volumes=tuple(volumes),
        listed=frozenset({"images", "containers", "volumes"}),
        usage=disk or usage(),
    )
