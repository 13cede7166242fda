"""How long the marked line takes to add up again after every mark: the model alone, on a made-up photograph."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from tests.bench.figures import Figure
from tests.model.worlds import host, volume_mount
from tui.model.build_cache import BuildCacheRecord
from tui.model.container import Container
from tui.model.holdings import Holdings
from tui.model.host import DiskUsage
from tui.model.image import Image
from tui.model.inventory import Inventory
from tui.model.layer import chain_ids
from tui.model.mark import Kind, Mark, going, surviving
from tui.model.marked_sum import marked_sum
from tui.model.removable import removable
from tui.model.volume import Volume
from tui.model.why_kept import why_kept

IMAGES, CONTAINERS, VOLUMES, RECORDS = 1_000, 1_000, 1_000, 500
GOAL_MILLISECONDS = 20
_WORLD = "marks"
_BASES = 40
_MB = 10**6


def photograph() -> tuple[Inventory, Holdings]:
    """Images of 8 to 15 layers on 40 bases, two containers on every second, a volume in each, a cache in chains."""
    chance = random.Random(4)
    bases = [[_digest(chance) for _ in range(chance.randint(4, 8))] for _ in range(_BASES)]
    images: list[Image] = []
    layers: dict[str, tuple[tuple[str, int | None], ...]] = {}
    for number in range(IMAGES):
        base = chance.choice(bases)
        chain = chain_ids([*base, *(_digest(chance) for _ in range(chance.randint(8, 15) - len(base)))])
        tags = tuple(f"depot-{number:04}:1.{tag}" for tag in range(chance.choice((0, 1, 1, 1, 2, 3))))
        images.append(Image(_digest(chance), tags, size_bytes=len(chain) * _MB))
        layers[images[-1].id] = tuple((chain_id, 1 + int(chain_id[7:15], 16) % (80 * _MB)) for chain_id in chain)
    inventory = Inventory(
        host=host(),
        images=tuple(images),
        containers=tuple(_container(number, images[number // 2].id) for number in range(CONTAINERS)),
        volumes=tuple(Volume(f"hold-{number:04}", size_bytes=_MB) for number in range(VOLUMES)),
        listed=frozenset({"images", "containers", "volumes"}),
        usage=DiskUsage(None, {}, {}, tuple(map(_record, range(RECORDS)))),
    )
    return inventory, Holdings(layers)


def every_mark(inventory: Inventory) -> list[Mark]:
    """Everything that can be marked, in a random order that is always the same."""
    marks = [
        *(Mark(Kind.IMAGE, image.id, tag) for image in inventory.images for tag in image.tags or ("",)),
        *(Mark(Kind.CONTAINER, container.id) for container in inventory.containers),
        *(Mark(Kind.VOLUME, volume.name) for volume in inventory.volumes),
        *(Mark(Kind.CACHE_RECORD, record_id) for record_id in inventory.cache_records_by_id),
    ]
    random.Random(5).shuffle(marks)
    return marks


def recompute_figures(*, quick: bool = False) -> Iterator[Figure]:
    """What one more mark costs, from one marked to everything marked."""
    inventory, holdings = photograph()
    order = every_mark(inventory)
    steps = 50 if quick else 250
    sets = [frozenset(order[: len(order) * step // steps]) for step in range(1, steps + 1)]
    marked_sum(inventory, holdings, sets[0])  # what is the same for all marks is worked out once
    ours: list[float] = []
    plain: list[float] = []
    for marks in sets:  # in turn, so that whatever else the machine does slows both down
        ours += _timed(lambda marks: marked_sum(inventory, holdings, marks), [marks])
        plain += _timed(lambda marks: plain_bytes(inventory, holdings, marks), [marks])
    checked = {
        len(marks)
        for marks in sets
        if marked_sum(inventory, holdings, marks).freed.bytes != plain_bytes(inventory, holdings, marks)
    }
    if checked:
        raise AssertionError(f"the figure is wrong with so many marks: {sorted(checked)}")
    note = f"{len(order):,} marks, {IMAGES:,} images"
    yield Figure("marked line added up, median", _WORLD, statistics.median(ours), "ms", note=note)
    yield Figure("marked line added up, p95", _WORLD, _p95(ours), "ms", GOAL_MILLISECONDS)
    yield Figure(
        "marked line, against disk before less disk after", _WORLD, statistics.median(ours), "ms", 1.0,
        reference=statistics.median(plain), note="median",
    )  # fmt: skip
    anew = _timed(
        lambda marks: marked_sum(replace(inventory), holdings, surviving(marks, inventory)), sets[:: steps // 25]
    )
    yield Figure("marked line after a refresh, p95", _WORLD, _p95(anew), "ms")
    whys = _timed(lambda marks: why_kept(inventory, holdings, order[-1], marks), sets[:: steps // 25])
    yield Figure("why bytes are kept, p95", _WORLD, _p95(whys), "ms")


def plain_bytes(inventory: Inventory, holdings: Holdings, marks: frozenset[Mark]) -> int:
    """The same figure without anything worked out before: the disk with everything, less the disk with what stays."""
    goes = removable(inventory, holdings, going(marks, inventory))

    def disk(images: Iterable[Image], containers: Iterable[Container]) -> int:
        users = list(containers)
        held: dict[str, int] = {}
        for image_id in {*(image.id for image in images), *(user.image_id for user in users)}:
            held.update((chain_id, size or 0) for chain_id, size in holdings.layers[image_id])
        return sum(held.values()) + sum(user.size_rw_bytes or 0 for user in users)

    before = disk(inventory.images, inventory.containers)
    after = disk(
        (image for image in inventory.images if image.id not in goes.images),
        (container for container in inventory.containers if container.id not in goes.containers),
    )
    volumes = sum(inventory.volumes_by_name[name].size_bytes or 0 for name in goes.volumes)
    records = (inventory.cache_records_by_id[record_id] for record_id in goes.cache_records)
    return before - after + volumes + sum(record.size_bytes for record in records if not record.shared)


def _timed(work: Callable[[frozenset[Mark]], object], sets: Iterable[frozenset[Mark]]) -> list[float]:
    """Milliseconds for each set of marks."""
    times = []
    for marks in sets:
        begun = time.perf_counter()
        work(marks)
        times.append((time.perf_counter() - begun) * 1000)
    return times


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _digest(chance: random.Random) -> str:
    return f"sha256:{chance.getrandbits(256):064x}"


def _container(number: int, image_id: str) -> Container:
    return Container(
        id=f"{number:064x}",
        names=(f"crane-{number:04}",),
        image_id=image_id,
        state="running" if number % 7 == 0 else "exited",
        mounts=(volume_mount(f"hold-{number:04}"),),
        size_rw_bytes=number,
    )


def _record(number: int) -> BuildCacheRecord:
    """Ten records on top of each other, a fifth of such chains shared with images."""
    below = (f"record-{number - 1}",) if number % 10 else ()
    return BuildCacheRecord(f"record-{number}", "regular", "RUN make", _MB, shared=number % 50 < 10, parents=below)
